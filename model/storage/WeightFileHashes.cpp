#include "model/storage/WeightFileHashes.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/JsonAccess.h"
#include "model/storage/WeightHasher.h"

#include <algorithm>

namespace layersmith {

namespace {

constexpr const char* kOurMember = "layersmith";
constexpr std::int64_t kMostGenerations = (std::int64_t(1) << 53) - 2;  // the next is exact in JavaScript too

/// The files of `groups` with these digests.
std::vector<WeightFileHashes::File> filesOf(const std::vector<QByteArray>& digests,
                                            const std::vector<WeightsGroup>& groups) {
  std::vector<WeightFileHashes::File> files;
  for (const WeightsGroup& group : groups)
    for (std::size_t i = 0; i < group.paths.size() && files.size() < digests.size(); ++i)
      files.push_back({group.paths[i], group.bytes[i], digests[files.size()].toHex().toStdString()});
  return files;
}

}  // namespace

std::vector<std::int64_t> fileBytes(const std::vector<WeightsGroup>& groups) {
  std::vector<std::int64_t> all;
  for (const WeightsGroup& group : groups) all.insert(all.end(), group.bytes.begin(), group.bytes.end());
  return all;
}

WeightFileHashes hashesOf(const std::vector<QByteArray>& digests, const std::vector<WeightsGroup>& groups,
                          std::int64_t generation, std::int64_t chunkBytes) {
  return {generation, chunkBytes, filesOf(digests, groups)};
}

void addHashes(ModelArtifacts& artifacts, const WeightFileHashes& hashes) {
  if (!artifacts.userDefinedMetadata.is_null() && !artifacts.userDefinedMetadata.is_object()) return;
  Json files = Json::array();
  for (const WeightFileHashes::File& file : hashes.files)
    files.push_back(Json{{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  Json& ours = artifacts.userDefinedMetadata[kOurMember];
  if (!ours.is_object()) ours = Json::object();
  ours["generation"] = hashes.generation;
  if (hashes.chunkBytes > 0) ours["chunkBytes"] = hashes.chunkBytes;
  ours["weightFiles"] = std::move(files);
}

WeightFileHashes takeHashes(ModelArtifacts& artifacts) {
  WeightFileHashes hashes;
  Json& metadata = artifacts.userDefinedMetadata;
  if (!metadata.is_object() || !metadata.contains(kOurMember)) return hashes;
  Json& ours = metadata[kOurMember];
  const Json files = memberOf(ours, "weightFiles");
  if (!files.is_array()) return hashes;
  if (const Json& generation = memberOf(ours, "generation"); generation.is_number_integer())
    hashes.generation = std::clamp<std::int64_t>(generation.get<std::int64_t>(), 0, kMostGenerations);
  if (const Json& chunk = memberOf(ours, "chunkBytes"); chunk.is_number_integer())
    hashes.chunkBytes = std::max(chunk.get<std::int64_t>(), limits::kMiB);  // the file says it: not a chunk a byte
  for (const Json& file : files) {
    const Json& path = memberOf(file, "path");
    const Json& bytes = memberOf(file, "bytes");
    const Json& digest = memberOf(file, "sha256");
    if (path.is_string() && bytes.is_number_integer() && digest.is_string())
      hashes.files.push_back({path.get<std::string>(), bytes.get<std::int64_t>(), digest.get<std::string>()});
  }
  ours.erase("generation");
  ours.erase("chunkBytes");
  ours.erase("weightFiles");
  if (!ours.empty()) return hashes;
  metadata.erase(kOurMember);
  if (metadata.empty()) {
    metadata = nullptr;
    std::erase(artifacts.memberOrder, "userDefinedMetadata");
  }
  return hashes;
}

bool isChangedAfterSaving(const Error& error) {
  return error.code() == "E111" && error.kind() == ErrorKind::Format;  // of another kind when a save is read back
}

void verifyWeights(const WeightFileHashes& hashes, const ModelArtifacts& artifacts) {
  if (hashes.files.empty() || !artifacts.weightData) return;
  WeightHasher hasher(*artifacts.weightData, fileBytes(artifacts.groups), artifacts.weightData->size(),
                      hashes.chunkBytes);
  verifyHashes(hashes, hasher.digests(), artifacts.groups);
}

void verifyHashes(const WeightFileHashes& hashes, const std::vector<QByteArray>& digests,
                  const std::vector<WeightsGroup>& groups) {
  for (const WeightFileHashes::File& found : filesOf(digests, groups)) {
    const auto file = std::ranges::find(hashes.files, found.path, &WeightFileHashes::File::path);
    if (file == hashes.files.end() || (file->bytes == found.bytes && file->sha256 == found.sha256)) continue;
    throw Error(ErrorKind::Format,
                found.path + " was changed or damaged after saving (generation " + std::to_string(hashes.generation) +
                    "). Open anyway? Restore the previous version?",
                "E111", found.path);
  }
}

}  // namespace layersmith

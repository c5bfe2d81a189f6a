#include "model/storage/WeightFileHashes.h"

#include "model/core/Error.h"
#include "model/format/JsonAccess.h"

#include <QCryptographicHash>

#include <algorithm>

namespace layersmith {

namespace {

constexpr const char* kOurMember = "layersmith";

/// Calls `use(path, bytes)` for every weight file in order.
template <class Use>
void forEachFile(const QByteArray& weights, const std::vector<WeightsGroup>& groups, Use use) {
  std::int64_t offset = 0;
  for (const WeightsGroup& group : groups)
    for (std::size_t i = 0; i < group.paths.size() && i < group.bytes.size(); ++i) {
      use(group.paths[i], QByteArrayView(weights).sliced(offset, group.bytes[i]));
      offset += group.bytes[i];
    }
}

std::string sha256(QByteArrayView bytes) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  hash.addData(QByteArray::fromRawData(bytes.data(), bytes.size()));
  return hash.result().toHex().toStdString();
}

}  // namespace

WeightFileHashes hashesOf(const QByteArray& weights, const std::vector<WeightsGroup>& groups, std::int64_t generation) {
  WeightFileHashes hashes;
  hashes.generation = generation;
  forEachFile(weights, groups, [&](const std::string& path, QByteArrayView bytes) {
    hashes.files.push_back({path, bytes.size(), sha256(bytes)});
  });
  return hashes;
}

void addHashes(ModelArtifacts& artifacts, const WeightFileHashes& hashes) {
  if (!artifacts.userDefinedMetadata.is_null() && !artifacts.userDefinedMetadata.is_object()) return;
  Json files = Json::array();
  for (const WeightFileHashes::File& file : hashes.files)
    files.push_back(Json{{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  Json& ours = artifacts.userDefinedMetadata[kOurMember];
  if (!ours.is_object()) ours = Json::object();
  ours["generation"] = hashes.generation;
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
    hashes.generation = generation.get<std::int64_t>();
  for (const Json& file : files) {
    const Json& path = memberOf(file, "path");
    const Json& bytes = memberOf(file, "bytes");
    const Json& digest = memberOf(file, "sha256");
    if (path.is_string() && bytes.is_number_integer() && digest.is_string())
      hashes.files.push_back({path.get<std::string>(), bytes.get<std::int64_t>(), digest.get<std::string>()});
  }
  ours.erase("generation");
  ours.erase("weightFiles");
  if (!ours.empty()) return hashes;
  metadata.erase(kOurMember);
  if (metadata.empty()) {
    metadata = nullptr;
    std::erase(artifacts.memberOrder, "userDefinedMetadata");
  }
  return hashes;
}

void verifyHashes(const WeightFileHashes& hashes, const QByteArray& weights, const std::vector<WeightsGroup>& groups) {
  if (hashes.files.empty()) return;
  forEachFile(weights, groups, [&](const std::string& path, QByteArrayView bytes) {
    const auto file = std::ranges::find(hashes.files, path, &WeightFileHashes::File::path);
    if (file == hashes.files.end() || (file->bytes == bytes.size() && file->sha256 == sha256(bytes))) return;
    throw Error(ErrorKind::Format,
                path + " was changed or damaged after saving (generation " + std::to_string(hashes.generation) +
                    "). Open anyway? Restore the previous version?",
                "E111", path);
  });
}

}  // namespace layersmith

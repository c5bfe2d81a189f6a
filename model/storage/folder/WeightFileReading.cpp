#include "model/storage/folder/WeightFileReading.h"

#include "model/storage/ModelSummary.h"
#include "model/storage/WeightFileErrors.h"
#include "model/storage/WeightHasher.h"

#include <numeric>
#include <optional>

namespace layersmith {

namespace {

constexpr qsizetype kMappedFiles = 256;  // each is open for a moment

/// Null when they cannot be mapped.
WeightData mapFiles(const OpenFolder& folder, const WeightFileRun& files, const LoadOptions& options,
                    std::int64_t chunkBytes, std::vector<QByteArray>* digests) {
  if (!options.mapWeights || files.names.size() > kMappedFiles) return nullptr;
  const std::optional<SharedBytes> mapped = folder.map(files.names, files.bytes);
  if (!mapped) return nullptr;
  WeightBytes bytes(*mapped);
  if (digests) {
    *digests = WeightHasher(bytes, files.bytes, bytes.size(), chunkBytes).digests();
    bytes.requireUncut();
  }
  report(options.progress, bytes.size(), bytes.size());
  return std::make_shared<const WeightBytes>(std::move(bytes));
}

}  // namespace

WeightData readWeightFiles(const OpenFolder& folder, const WeightFileRun& files, const LoadOptions& options,
                           std::int64_t chunkBytes, std::vector<QByteArray>* digests) {
  if (WeightData mapped = mapFiles(folder, files, options, chunkBytes, digests)) return mapped;
  const std::int64_t total = std::accumulate(files.bytes.begin(), files.bytes.end(), std::int64_t(0));
  requireMemory(total);
  const ByteBlock block{std::size_t(total)};
  std::optional<WeightHasher> hasher;
  if (digests) hasher.emplace(WeightBytes(block.share()), files.bytes, 0, chunkBytes);
  std::int64_t done = 0;
  for (std::size_t i = 0; i < files.bytes.size(); ++i) {
    const QString& name = files.names[qsizetype(i)];
    const auto to = block.span().subspan(std::size_t(done), std::size_t(files.bytes[i]));
    const std::int64_t found = folder.readInto(name, to, [&](std::int64_t ofFile) {
      if (hasher) hasher->advance(done + ofFile);
      report(options.progress, done + ofFile, total);
    });
    if (found != files.bytes[i]) throw shortFile(name, found, files.bytes[i]);
    done += found;
  }
  if (hasher) *digests = hasher->digests();
  return std::make_shared<const WeightBytes>(block.share());
}

}  // namespace layersmith

#pragma once

#include "model/core/Error.h"
#include "model/format/ModelArtifacts.h"

namespace layersmith {

/// The hashes our own saves put into userDefinedMetadata.layersmith: {generation, chunkBytes, weightFiles: [{path,
/// bytes, sha256}]}. How a file of more than `chunkBytes` is hashed: WeightHasher.h; absent: in one piece. Load takes
/// them out again, so that artifacts are the same before a save and after a load.
struct WeightFileHashes {
  struct File {
    std::string path;
    std::int64_t bytes = 0;
    std::string sha256;  ///< hex
  };
  std::int64_t generation = 0;
  std::int64_t chunkBytes = 0;
  std::vector<File> files;
};

/// Length of every weight file, in order: how a WeightHasher divides the bytes.
std::vector<std::int64_t> fileBytes(const std::vector<WeightsGroup>& groups);

/// `digests`: those a WeightHasher of `chunkBytes` found.
WeightFileHashes hashesOf(const std::vector<QByteArray>& digests, const std::vector<WeightsGroup>& groups,
                          std::int64_t generation, std::int64_t chunkBytes);
void addHashes(ModelArtifacts& artifacts, const WeightFileHashes& hashes);

/// Removes and returns them; empty when the file is not from us.
WeightFileHashes takeHashes(ModelArtifacts& artifacts);

/// Whether a model was refused because its files differ from what was saved: LoadOptions::acceptChangedFiles opens it.
bool isChangedAfterSaving(const Error& error);

/// Hashes all loaded weights. Errors: E111; nothing when there are no hashes.
void verifyWeights(const WeightFileHashes& hashes, const ModelArtifacts& artifacts);

/// Errors: E111, naming the file and the generation.
void verifyHashes(const WeightFileHashes& hashes, const std::vector<QByteArray>& digests,
                  const std::vector<WeightsGroup>& groups);

}  // namespace layersmith

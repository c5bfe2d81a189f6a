#pragma once

#include "model/storage/ModelStore.h"
#include "model/storage/folder/FileAccess.h"

namespace layersmith {

/// Weight files of a folder that follow one another, and how long each was measured to be.
struct WeightFileRun {
  QStringList names;
  std::vector<std::int64_t> bytes;
};

/// All of them in one block, or mapped where `options` ask for it and it can be done. `digests`, when not null, gets
/// what a WeightHasher of `chunkBytes` finds of each file while the next bytes are read.
/// Errors: E110 for a file that became shorter, E130 over the limit or the free memory; as OpenFolder.
WeightData readWeightFiles(const OpenFolder& folder, const WeightFileRun& files, const LoadOptions& options,
                           std::int64_t chunkBytes, std::vector<QByteArray>* digests);

}  // namespace layersmith

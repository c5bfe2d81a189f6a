#pragma once

#include "model/format/ModelArtifacts.h"

namespace layersmith {

/// A file as weight data without a copy in memory: pages come when they are read, and go when `giveBack` says so.
/// Errors: Io.
WeightData mapWeights(const QString& path, std::int64_t bytes);

/// Gives the memory of the first `done` bytes back to the system; they can be read again.
void giveBack(const WeightData& mapped, std::int64_t done);

}  // namespace layersmith

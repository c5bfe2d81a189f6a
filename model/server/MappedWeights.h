#pragma once

#include "model/format/ModelArtifacts.h"

namespace layersmith {

/// A file as weight data without a copy in memory: pages come when they are read. Errors: Io.
WeightData mapWeights(const QString& path, std::int64_t bytes);

}  // namespace layersmith

#pragma once

#include "model/core/Issue.h"
#include "model/format/ModelArtifacts.h"

#include <vector>

namespace layersmith {

/// Whether TensorFlow.js would load this model, told without reading its weights: topology, training settings,
/// manifest, shapes against layers, and the bytes there are. Returns what a person should know (unknown layers, say).
/// Errors: as readModel, and E110 and E112 as errors.
std::vector<Issue> checkModel(const ModelArtifacts& artifacts, std::int64_t weightBytes);

}  // namespace layersmith

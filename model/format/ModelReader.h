#pragma once

#include "model/core/Issue.h"
#include "model/format/ModelArtifacts.h"
#include "model/nn/Graph.h"
#include "model/nn/WeightBuffer.h"
#include "model/training/TrainingConfig.h"

#include <vector>

namespace layersmith {

/// A model.json understood: what the editor works on. Everything that is not understood is kept where it stood.
struct ReadModel {
  Graph graph;
  WeightSet weights;
  TrainingConfig trainingConfig;
  OptimizerState optimizerState;
  std::vector<Issue> issues;  ///< what a person should know: unknown layers, weights without a place, Keras 3 spelling
};

/// Reads every dialect of DESIGN section 4: bare and wrapped topologies, Keras 1 to 3, list configs, training_config
/// inside. Weights get their place by name (exact, then known Keras prefixes); quantized ones are dequantized.
/// Errors: Format E101-E104, E110, E112; LimitExceeded E130; Unsupported for graph models ("This is a graph model").
ReadModel readModel(const ModelArtifacts& artifacts);

}  // namespace layersmith

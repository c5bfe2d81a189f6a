#pragma once

#include "model/format/ModelArtifacts.h"
#include "model/nn/Graph.h"
#include "model/nn/WeightBuffer.h"
#include "model/training/TrainingConfig.h"

namespace layersmith {

struct WriteOptions {
  bool includeOptimizer = false;  ///< trainingConfig and optimizer weights
  bool trainableOnly = false;
};

/// The artifacts TensorFlow.js 4.22 itself would make of this model: same topology members in the same order, same
/// weight order, same spelling of numbers. `userDefinedMetadata` is written when not null.
/// Errors: InvalidConfig when a known layer lacks a required field.
ModelArtifacts writeModel(const Graph& graph, const WeightSet& weights, const TrainingConfig& trainingConfig,
                          const OptimizerState& optimizerState, const Json& userDefinedMetadata,
                          const WriteOptions& options = {});

}  // namespace layersmith

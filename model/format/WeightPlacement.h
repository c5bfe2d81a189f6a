#pragma once

#include "model/core/Issue.h"
#include "model/format/ModelArtifacts.h"
#include "model/nn/Graph.h"
#include "model/nn/WeightBuffer.h"
#include "model/training/TrainingConfig.h"

#include <vector>

namespace layersmith {

/// Weights of a manifest in their places.
struct PlacedWeights {
  WeightSet weights;  ///< layers in the order of the graph, a layer's weights as it declares them
  OptimizerState optimizerState;
  std::vector<Issue> issues;
};

/// Decodes all weights and gives each its layer and role. Those of the group "optimizer" go by position.
/// Weights without a place and places without a weight become one issue (E112) that names them.
/// Errors: E110 when bytes are missing.
PlacedWeights placeWeights(const ModelArtifacts& artifacts, const Graph& graph);

/// What would be wrong with placing the weights, told from their names and shapes alone: E112 as placeWeights reports.
std::vector<Issue> checkPlacement(const std::vector<WeightSpec>& specs, const Graph& graph);

/// A role as it stands in a weight's name on disk: "moving_mean". Roles of layers we know are as their layer says.
std::string roleOnDisk(const std::string& role);

/// Whether training changes this weight of its layer, were the layer trainable.
bool isTrainableRole(const std::string& role);

}  // namespace layersmith

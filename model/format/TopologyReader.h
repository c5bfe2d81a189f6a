#pragma once

#include "model/core/Issue.h"
#include "model/format/ModelArtifacts.h"
#include "model/nn/Graph.h"

#include <vector>

namespace layersmith {

/// A modelTopology understood.
struct ReadTopology {
  Graph graph;
  Json trainingConfig;  ///< Keras' training_config inside the topology; null when absent
  std::vector<Issue> issues;
};

/// Bare {class_name, config}, wrapped {model_config, ...}, config lists, Keras 1 to 3. Layer ids are unique over the
/// whole model, nested ones included; those of the outer graph are the largest.
/// Errors: E104 with the path of the member; E130; Unsupported for a graph model.
ReadTopology readTopology(const Json& topology);

}  // namespace layersmith

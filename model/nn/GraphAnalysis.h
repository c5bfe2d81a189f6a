#pragma once

#include "model/core/Issue.h"
#include "model/core/Scalar.h"
#include "model/core/Shape.h"
#include "model/nn/Graph.h"
#include "model/nn/WeightDeclaration.h"

#include <map>
#include <string>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// What is known of one layer of a graph without running it. Shapes hold the batch axis, usually unknown.
struct LayerReport {
  std::vector<Shape> inputShapes;   ///< of its first call; empty when an input is not known
  std::vector<Shape> outputShapes;  ///< of its first call; empty when they could not be found
  std::vector<WeightDeclaration> weights;
  std::int64_t parameters = 0;           ///< elements of all weights
  std::int64_t trainableParameters = 0;  ///< those that training changes (isTrainable of layer and weight)
  bool isKnown = true;                   ///< false: the class is not in the registry
};

/// What is known of a whole graph. `canRun` is true when there is no issue of severity Error.
struct GraphReport {
  std::map<LayerId, LayerReport> layers;
  std::vector<LayerId> order;  ///< the layers that lead from inputs to outputs, in the order they run
  std::vector<Issue> issues;
  std::int64_t parameters = 0;
  std::int64_t trainableParameters = 0;
  bool canRun = false;
};

/// Shapes, weights and problems of any graph, however broken. Never throws for what the graph says; the repairs it
/// proposes are what a one-click mend does: [Insert Flatten] before a Dense that gets an image, and so on.
/// Cost: linear in layers; under 1 ms for 200 of them. Thread rule: pure.
GraphReport analyse(const Graph& graph);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

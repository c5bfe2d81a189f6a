#pragma once

#include "model/nn/GraphAnalysis.h"
#include "model/nn/Layer.h"

#include <map>
#include <memory>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// One call of a layer of a graph.
struct CallRef {
  LayerId layer;
  int call = 0;
  friend auto operator<=>(const CallRef&, const CallRef&) = default;
};

/// A graph looked through: its report, and what a Network needs to run it.
struct InferredGraph {
  GraphReport report;
  std::map<LayerId, std::shared_ptr<const Layer>> layers;
  std::vector<CallRef> calls;    ///< those that lead to the outputs, in the order they run; an InputLayer is one call
  std::vector<Issue> obstacles;  ///< the issues that keep it from running at all; others of severity Error are advice
};

InferredGraph inferGraph(const Graph& graph);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/format/ModelArtifacts.h"
#include "model/nn/Graph.h"
#include "model/nn/WeightBuffer.h"

#include <vector>

namespace layersmith {

/// The ids of all layers by name, nested models included. A model.json has none, and a training draws its random
/// numbers by them.
Json layerIdsJson(const Graph& graph);

/// Gives the layers of a graph that was read back their ids, there and in `weights`. Ids that do not name every layer
/// are left aside: the graph stays as it is.
void restoreLayerIds(const Json& ids, Graph& graph, const std::vector<WeightSet*>& weights);

}  // namespace layersmith

#pragma once

#include "model/format/ModelArtifacts.h"
#include "model/nn/Graph.h"

#include <map>
#include <string>

namespace layersmith {

using LayerIds = std::map<std::string, LayerId, std::less<>>;

/// A layer's `inbound_nodes`: Keras 2 and TensorFlow.js lists ([[["a", 0, 0, {}]]]) and Keras 3 objects ({args,
/// kwargs}). Errors: E104 for another form and for a layer that is not there.
std::vector<LayerCall> readInboundNodes(const Json& nodes, const LayerIds& ids, const std::string& layerName);

/// `input_layers` and `output_layers`: a list of ["a", 0, 0], or one alone.
std::vector<TensorRef> readTensorRefs(const Json& json, const LayerIds& ids, const std::string& where);

/// A model used as a layer counts its own making as node 0, so its first call is 1 on disk; in a Graph it is 0.
void countNestedCallsFromZero(Graph& graph);

/// The same back, as TensorFlow.js writes it.
Json inboundNodesJson(const LayerSpec& layer, const Graph& graph);
Json tensorRefsJson(const std::vector<TensorRef>& refs, const Graph& graph);

}  // namespace layersmith

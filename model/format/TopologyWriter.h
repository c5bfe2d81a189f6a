#pragma once

#include "model/format/ModelArtifacts.h"
#include "model/nn/Graph.h"

namespace layersmith {

/// The modelTopology TensorFlow.js 4.22 writes for this graph: {class_name, config, keras_version, backend}.
/// Loose layers of a Sequential, which its format cannot hold, go to `config.loose_layers`; TensorFlow.js passes over
/// it. Errors: InvalidConfig when a known layer lacks a required field.
Json topologyJson(const Graph& graph);

}  // namespace layersmith

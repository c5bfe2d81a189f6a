#pragma once

#include "model/nn/Graph.h"

#include <QString>

namespace layersmith {

/// The family of the layer that says most of a model: recurrent before convolution before core; empty when it has none
/// of these.
QString familyOf(const Graph& graph);

}  // namespace layersmith

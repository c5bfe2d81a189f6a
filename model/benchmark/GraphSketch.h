#pragma once

#include "model/nn/Graph.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace layersmith {

/// Builds a graph layer by layer, as TensorFlow.js' functional API reads: `sketch.apply("Dense", {{"units", 10}}, x)`.
class GraphSketch {
 public:
  /// An InputLayer; `shape` is without the batch.
  TensorRef input(const std::vector<std::int64_t>& shape);

  TensorRef apply(std::string_view className, FieldMap config, const std::vector<TensorRef>& inputs);
  TensorRef apply(std::string_view className, FieldMap config, TensorRef input);

  /// The graph that ends in `output`: sequential when it is a chain, else functional.
  Graph finish(TensorRef output);

 private:
  Graph m_graph;
};

}  // namespace layersmith

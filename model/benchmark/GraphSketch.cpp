#include "model/benchmark/GraphSketch.h"

#include "model/core/Shape.h"

#include <algorithm>

namespace layersmith {

TensorRef GraphSketch::input(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> batchShape = shape;
  batchShape.insert(batchShape.begin(), kUnknownDim);
  LayerSpec layer;
  layer.id = m_graph.unusedId();
  layer.className = "InputLayer";
  layer.name = m_graph.unusedName(layer.className);
  layer.config = {{"batchInputShape", FieldValue::ofInts(batchShape, true)}, {"dtype", "float32"}};
  m_graph.layers.push_back(std::move(layer));
  m_graph.inputs.push_back({m_graph.layers.back().id});
  return m_graph.inputs.back();
}

TensorRef GraphSketch::apply(std::string_view className, FieldMap config, const std::vector<TensorRef>& inputs) {
  LayerSpec layer;
  layer.id = m_graph.unusedId();
  layer.className = className;
  layer.name = m_graph.unusedName(className);
  layer.config = std::move(config);
  layer.calls = {LayerCall{inputs, {}}};
  m_graph.layers.push_back(std::move(layer));
  return {m_graph.layers.back().id};
}

TensorRef GraphSketch::apply(std::string_view className, FieldMap config, TensorRef input) {
  return apply(className, std::move(config), std::vector<TensorRef>{input});
}

Graph GraphSketch::finish(TensorRef output) {
  m_graph.outputs = {output};
  bool isChain = m_graph.inputs.size() == 1;
  for (std::size_t i = 1; i < m_graph.layers.size(); ++i) {
    const std::vector<LayerCall>& calls = m_graph.layers[i].calls;
    isChain = isChain && calls.size() == 1 && calls[0].inputs == std::vector{TensorRef{m_graph.layers[i - 1].id}};
  }
  m_graph.kind = isChain ? GraphKind::Sequential : GraphKind::Functional;
  if (!isChain) m_graph.name = "model";
  return std::move(m_graph);
}

}  // namespace layersmith

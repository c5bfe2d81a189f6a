#pragma once

#include "model/core/Random.h"
#include "model/nn/GraphAnalysis.h"
#include "model/nn/NetworkImpl.h"
#include "tests/model/layers/LayerCases.h"
#include "tests/support/EngineFixtures.h"

#include <cmath>

namespace layersmith {

/// Appends a layer that reads `from`; its id.
inline LayerId append(Graph& graph, const std::string& className, const FieldMap& config, std::vector<TensorRef> from) {
  LayerSpec spec;
  spec.id = graph.unusedId();
  spec.className = className;
  spec.name = graph.unusedName(className);
  spec.config = config;
  spec.calls = {{std::move(from), {}}};
  graph.layers.push_back(spec);
  return spec.id;
}

/// The layer of a case behind a Dense per input: so the Dense's bias gradient is the layer's input gradient.
inline Graph graphOf(const LayerCase& layerCase) {
  const std::int64_t size = elementCount(layerCase.input);
  std::vector<std::pair<std::string, FieldMap>> layers = {{"Dense", {{"units", size}}},
                                                          {"Reshape", {{"targetShape", ints(layerCase.input)}}}};
  Graph graph = fixtures::chain({3}, layers);
  if (layerCase.className == "InputLayer") return graph;
  std::vector<TensorRef> inputs = graph.outputs;
  for (const Shape& shape : layerCase.moreInputs) {
    graph.kind = GraphKind::Functional;
    const LayerId dense = append(graph, "Dense", {{"units", elementCount(shape)}}, {{graph.layers.front().id}});
    inputs.push_back({append(graph, "Reshape", {{"targetShape", ints(shape)}}, {{dense}})});
  }
  const LayerId id = append(graph, layerCase.className, layerCase.config, inputs);
  graph.outputs = {{id}};
  for (int output = 1; output < int(analyse(graph).layers.at(id).outputShapes.size()); ++output)
    graph.outputs.push_back({id, 0, output});
  return graph;
}

/// Runs one case in training mode. The loss is the sum of the outputs, each times a fixed random number.
class LayerRun {
 public:
  LayerRun(const LayerCase& layerCase, ComputePath path) : m_network(graphOf(layerCase), {}, 7, path) {
    Network::Impl& impl = m_network.impl();
    const Random random(99);
    std::uint64_t at = 0;
    for (const Parameter& parameter : impl.parameters.parameters())
      for (Scalar& value : impl.parameters.values(parameter))
        value = Scalar(random.normal(at++) * 0.7 + (parameter.declaration.role == "gamma" ? 1 : 0));
    m_plan = &impl.plan(std::vector<Shape>{{2, 3}}, PlanMode::Training);
    for (int i = 0; i < 6; ++i) input()[i] = Scalar(random.normal(at++));
    for (const Plan::Output& output : m_plan->outputs)
      for (std::int64_t i = 0; i < sizeOf(output); ++i) m_factors.push_back(Scalar(random.normal(at++)));
  }

  Network::Impl& impl() { return m_network.impl(); }
  std::vector<Scalar> outputs() const {
    std::vector<Scalar> all;
    for (const Plan::Output& output : m_plan->outputs) {
      const Scalar* data = m_plan->data(output.value);
      all.insert(all.end(), data, data + sizeOf(output));
    }
    return all;
  }

  double loss() {
    ++impl().parameters.version;
    std::copy(m_input, m_input + 6, input());
    m_plan->forward(impl().context(3, 5));
    double sum = 0;
    const std::vector<Scalar> y = outputs();
    for (std::size_t i = 0; i < y.size(); ++i) sum += double(m_factors[i]) * double(y[i]);
    return sum;
  }

  void setInput() { std::copy(input(), input() + 6, m_input); }

  void backward() {
    loss();
    auto factor = m_factors.begin();
    for (const Plan::Output& output : m_plan->outputs) {
      std::copy_n(factor, sizeOf(output), m_plan->data(output.gradient));
      factor += sizeOf(output);
    }
    m_plan->backward(impl().context(3, 5));
  }

 private:
  std::int64_t sizeOf(const Plan::Output& output) const { return elementCount(m_plan->shape(output.value)); }
  Scalar* input() { return m_plan->data(m_plan->inputs[0]); }

  Network m_network;
  Plan* m_plan = nullptr;
  std::vector<Scalar> m_factors;
  Scalar m_input[6] = {};
};

inline std::string titleOf(const LayerCase& layerCase, std::size_t number) {
  std::string title = std::to_string(number) + " " + layerCase.className;
  for (const auto& [key, value] : layerCase.config) title += " " + key + " " + toDisplayString(value);
  title += " on " + toString(layerCase.input);
  for (const Shape& shape : layerCase.moreInputs) title += " and " + toString(shape);
  return title;
}

}  // namespace layersmith

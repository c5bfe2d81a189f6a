#pragma once

#include "model/core/FieldValue.h"
#include "model/nn/Graph.h"
#include "model/nn/Tensor.h"
#include "model/nn/WeightBuffer.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// Reads the fixtures that tests/fixtures/layers/make_fixtures.mjs writes, and builds small graphs.
namespace layersmith::fixtures {

using Json = nlohmann::ordered_json;

inline Json load(const std::string& name) {
  std::ifstream file(std::string(LAYERSMITH_SOURCE_DIR) + "/tests/fixtures/layers/" + name);
  if (!file) throw std::runtime_error("no fixture " + name);
  return Json::parse(file);
}

inline FieldValue toFieldValue(const Json& json) {
  if (json.is_null()) return {};
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_array()) {
    FieldArray array;
    for (const Json& item : json) array.push_back(toFieldValue(item));
    return array;
  }
  FieldMap map;
  for (const auto& [key, value] : json.items()) map.set(key, toFieldValue(value));
  return map;
}

inline double toNumber(const Json& json) {
  return json.is_string() ? std::stod(json.get<std::string>()) : json.get<double>();
}

inline Tensor toTensor(const Json& json) {
  Tensor tensor(json.at("shape").get<Shape>());
  for (std::size_t i = 0; i < tensor.values.size(); ++i) tensor.values[i] = Scalar(toNumber(json.at("values")[i]));
  return tensor;
}

inline Graph toGraph(const Json& json) {
  Graph graph;
  graph.kind = GraphKind::Functional;
  for (const Json& item : json.at("layers")) {
    LayerSpec spec;
    spec.id = {std::uint32_t(graph.layers.size() + 1)};
    spec.className = item.at("className");
    spec.name = item.at("name");
    spec.config = toFieldValue(item.at("config")).asMap();
    spec.isTrainable = item.value("trainable", true);
    graph.layers.push_back(std::move(spec));
  }
  const auto ref = [&](const Json& tensor) {
    return TensorRef{graph.findByName(tensor[0].get<std::string>())->id, tensor[1].get<int>(), tensor[2].get<int>()};
  };
  for (std::size_t i = 0; i < graph.layers.size(); ++i)
    for (const Json& call : json.at("layers")[i].at("calls")) {
      graph.layers[i].calls.emplace_back();
      for (const Json& input : call) graph.layers[i].calls.back().inputs.push_back(ref(input));
    }
  for (const Json& input : json.at("inputs")) graph.inputs.push_back({graph.findByName(input.get<std::string>())->id});
  for (const Json& output : json.at("outputs")) graph.outputs.push_back(ref(output));
  return graph;
}

inline WeightSet toWeights(const Graph& graph, const Json& json) {
  WeightSet weights;
  for (const Json& item : json) {
    std::vector<float> values;
    for (const Json& value : item.at("values")) values.push_back(float(toNumber(value)));
    weights.set(graph.findByName(item.at("layer").get<std::string>())->id, item.at("role").get<std::string>(),
                WeightBuffer::ofFloats(item.at("shape").get<Shape>(), values));
  }
  return weights;
}

/// A Sequential graph: an InputLayer of `input` (without the batch), then these layers.
inline Graph chain(const Shape& input, const std::vector<std::pair<std::string, FieldMap>>& layers) {
  Shape batched = input;
  batched.insert(batched.begin(), kUnknownDim);
  Graph graph;
  LayerSpec first;
  first.id = {1};
  first.className = "InputLayer";
  first.name = "input";
  first.config = {{"batchInputShape", FieldValue::ofInts(batched, true)}};
  graph.layers.push_back(first);
  graph.inputs = {{first.id}};
  for (const auto& [className, config] : layers) {
    LayerSpec spec;
    spec.id = graph.unusedId();
    spec.className = className;
    spec.name = graph.unusedName(className);
    spec.config = config;
    spec.calls = {{{TensorRef{graph.layers.back().id}}, {}}};
    graph.layers.push_back(spec);
  }
  graph.outputs = {{graph.layers.back().id}};
  return graph;
}

}  // namespace layersmith::fixtures

#include "model/format/TopologyWriter.h"

#include "model/format/FieldJson.h"
#include "model/format/InboundNodes.h"
#include "model/format/LayerConfigFormat.h"

#include <algorithm>

namespace layersmith {

namespace {

Json modelConfigJson(const Graph& graph);

void addUnknownMembers(Json& json, const LayerSpec& layer) {
  for (const auto& [key, value] : layer.unknownMembers)
    if (!json.contains(key)) json[key] = toJson(value);
}

Json layerJson(const LayerSpec& layer, const LayerSpec* implicitInput) {
  Json config = layer.subgraph ? modelConfigJson(*layer.subgraph) : layerConfigJson(layer, implicitInput);
  if (layer.subgraph && config.is_object()) config["name"] = layer.name;
  return Json{{"class_name", layer.className}, {"config", std::move(config)}};
}

bool isLoose(const LayerSpec& layer, const Graph& graph) {
  const auto isThis = [&](const TensorRef& ref) { return ref.layer == layer.id; };
  return layer.calls.empty() && std::ranges::none_of(graph.inputs, isThis) &&
         std::ranges::none_of(graph.outputs, isThis);
}

Json sequentialConfig(const Graph& graph) {
  Json layers = Json::array();
  Json loose = Json::array();
  const LayerSpec* implicitInput = nullptr;
  for (const LayerSpec& layer : graph.layers) {
    if (layer.className == "InputLayer" && layer.isImplicit) {
      implicitInput = &layer;
      continue;
    }
    Json json = layerJson(layer, layer.subgraph ? nullptr : implicitInput);
    addUnknownMembers(json, layer);
    if (!isLoose(layer, graph)) implicitInput = nullptr;
    (isLoose(layer, graph) ? loose : layers).push_back(std::move(json));
  }
  Json config{{"name", graph.name}, {"layers", std::move(layers)}};
  if (!loose.empty()) config["loose_layers"] = std::move(loose);
  return config;
}

Json functionalConfig(const Graph& graph) {
  Json layers = Json::array();
  for (const LayerSpec& layer : graph.layers) {
    Json json{{"name", layer.name}};
    const Json body = layerJson(layer, nullptr);
    json["class_name"] = body.at("class_name");
    json["config"] = body.at("config");
    json["inbound_nodes"] = inboundNodesJson(layer, graph);
    addUnknownMembers(json, layer);
    layers.push_back(std::move(json));
  }
  return Json{{"name", graph.name},
              {"layers", std::move(layers)},
              {"input_layers", tensorRefsJson(graph.inputs, graph)},
              {"output_layers", tensorRefsJson(graph.outputs, graph)}};
}

Json modelConfigJson(const Graph& graph) {
  Json config = graph.kind == GraphKind::Sequential ? sequentialConfig(graph) : functionalConfig(graph);
  if (const FieldValue* unknown = graph.unknownMembers.find("config"); unknown && unknown->isMap())
    for (const auto& [key, value] : unknown->asMap())
      if (!config.contains(key)) config[key] = toJson(value);
  return config;
}

}  // namespace

Json topologyJson(const Graph& graph) {
  const std::string byKind = graph.kind == GraphKind::Sequential ? "Sequential" : "Model";
  Json topology{{"class_name", graph.unknownMembers.stringAt("class_name", byKind)},
                {"config", modelConfigJson(graph)},
                {"keras_version", "tfjs-layers 4.22.0"},
                {"backend", "tensor_flow.js"}};
  for (const auto& [key, value] : graph.unknownMembers)
    if (key != "class_name" && key != "config" && !topology.contains(key)) topology[key] = toJson(value);
  return topology;
}

}  // namespace layersmith

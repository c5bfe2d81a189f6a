#include "model/format/TopologyReader.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/FieldJson.h"
#include "model/format/InboundNodes.h"
#include "model/format/JsonAccess.h"
#include "model/format/LayerConfigFormat.h"
#include "model/nn/LayerRegistry.h"

#include <algorithm>
#include <map>

namespace layersmith {

namespace {

constexpr std::int64_t kMembersOfAnObject = 10'000;

void requireSmallObjects(const Json& json) {
  if (json.is_object() && std::int64_t(json.size()) > kMembersOfAnObject)
    throw overLimit("the number of members of one object", std::int64_t(json.size()), kMembersOfAnObject,
                    "json.members");
  if (json.is_structured())
    for (const Json& item : json) requireSmallObjects(item);
}

bool isModelClass(const std::string& className, const Json& config) {
  return (className == "Sequential" || className == "Model" || className == "Functional" ||
          className == "LayersModel") &&
         (config.is_array() || memberOf(config, "layers").is_array());
}

/// Reads one model, nested ones first: so every id of a nested layer is smaller than those of the graph around it, and
/// Graph::unusedId() of the outer graph is unused in the whole model.
class GraphReader {
 public:
  explicit GraphReader(std::vector<Issue>& issues) : m_issues(issues) {}

  Graph read(const std::string& className, const Json& config, const std::string& where) {
    Graph graph;
    graph.kind = className == "Sequential" ? GraphKind::Sequential : GraphKind::Functional;
    const Json& layers = config.is_array() ? config : memberOf(config, "layers");
    if (!layers.is_array()) throw mistyped(where + ".config.layers", "a list of layers", layers);
    if (const Json& name = memberOf(config, "name"); name.is_string()) graph.name = name.get<std::string>();
    if (className == "Functional") graph.unknownMembers.set("class_name", className);
    keepUnknownConfig(config, graph);

    std::vector<LayerSpec> specs;
    for (std::size_t i = 0; i < layers.size(); ++i)
      specs.push_back(readLayer(layers[i], where + ".config.layers[" + std::to_string(i) + "]"));
    for (LayerSpec& spec : specs) spec.id = {++m_lastId};
    graph.layers = std::move(specs);
    if (graph.kind == GraphKind::Sequential)
      chain(graph, memberOf(config, "loose_layers"), where);
    else
      connect(graph, layers, config, where);
    return graph;
  }

 private:
  static void keepUnknownConfig(const Json& config, Graph& graph) {
    if (!config.is_object()) return;
    FieldMap unknown;
    for (const auto& [key, value] : config.items())
      if (key != "name" && key != "layers" && key != "input_layers" && key != "output_layers" && key != "loose_layers")
        unknown.set(key, fieldFromJson(key == "dtype" ? plainDType(value) : value));
    if (!unknown.empty()) graph.unknownMembers.set("config", std::move(unknown));
  }

  LayerSpec readLayer(const Json& json, const std::string& where) {
    if (++m_layerCount > limits::kLayers)
      throw overLimit("the number of layers", m_layerCount, limits::kLayers, "model.layers");
    if (!json.is_object()) throw mistyped(where, "an object", json);
    LayerSpec layer;
    const Json& className = memberOf(json, "class_name");
    if (!className.is_string()) throw mistyped(where + ".class_name", "a text", className);
    layer.className = className.get<std::string>();
    if (const Json& name = memberOf(json, "name"); name.is_string()) layer.name = name.get<std::string>();
    const Json& config = memberOf(json, "config");
    if (isModelClass(layer.className, config)) {
      layer.subgraph = std::make_shared<const Graph>(read(layer.className, config, where));
      layer.name = layer.subgraph->name;
      if (const Json& trainable = memberOf(config, "trainable"); trainable.is_boolean())
        layer.isTrainable = trainable.get<bool>();
    } else {
      if (!config.is_object()) throw mistyped(where + ".config", "an object", config);
      readLayerConfig(config, layer);
      noteIfUnknown(layer);
    }
    if (const Json& name = memberOf(json, "name"); name.is_string()) layer.name = name.get<std::string>();
    if (layer.name.empty()) layer.name = snakeCase(layer.className) + "_" + std::to_string(m_layerCount);
    for (const auto& [key, value] : json.items())
      if (key != "class_name" && key != "config" && key != "name" && key != "inbound_nodes")
        layer.unknownMembers.set(key, fieldFromJson(value));
    return layer;
  }

  void noteIfUnknown(const LayerSpec& layer) {
    if (findLayerType(layer.className)) return;
    const bool isCode = layer.className == "Lambda";
    m_issues.push_back(
        {Severity::Warning,
         {},
         {},
         "Layer `" + layer.name + "` (" + layer.className + ") " +
             (isCode ? "contains code. The studio does not run code from files." : "is not known here.") +
             " It is kept as it is, but the model cannot run with it.",
         "E120",
         {}});
  }

  /// Sequential: puts the InputLayer first when the file has none, then calls each layer with the one before it.
  void chain(Graph& graph, const Json& looseLayers, const std::string& where) {
    if (!graph.layers.empty() && graph.layers.front().className != "InputLayer")
      graph.layers.insert(graph.layers.begin(), implicitInput(graph));
    for (std::size_t i = 1; i < graph.layers.size(); ++i) graph.layers[i].calls = {{{{graph.layers[i - 1].id}}, {}}};
    if (!graph.layers.empty()) {
      graph.inputs = {{graph.layers.front().id}};
      graph.outputs = {{graph.layers.back().id}};
    }
    if (!looseLayers.is_array()) return;
    for (const Json& loose : looseLayers) {
      graph.layers.push_back(readLayer(loose, where + ".config.loose_layers"));
      graph.layers.back().id = {++m_lastId};
    }
  }

  LayerSpec implicitInput(const Graph& graph) {
    LayerSpec& first = const_cast<LayerSpec&>(graph.layers.front());
    LayerSpec input;
    input.id = {++m_lastId};
    input.className = "InputLayer";
    input.name = first.name + "_input";
    input.isImplicit = true;
    if (first.subgraph && !first.subgraph->inputs.empty()) {
      if (const LayerSpec* inner = first.subgraph->find(first.subgraph->inputs.front().layer))
        input.config = inner->config;
      return input;
    }
    const bool isKnown = findLayerType(first.className) != nullptr;
    FieldMap& source = isKnown ? first.unknownConfig : first.config;
    if (const FieldValue* shape = source.find("batch_input_shape")) input.config.set("batchInputShape", *shape);
    if (const FieldValue* dtype = source.find("dtype")) input.config.set("dtype", *dtype);
    if (isKnown) {
      source.remove("batch_input_shape");
      source.remove("dtype");
    }
    return input;
  }

  void connect(Graph& graph, const Json& layers, const Json& config, const std::string& where) {
    std::map<std::string, LayerId, std::less<>> ids;
    for (const LayerSpec& layer : graph.layers)
      if (!ids.emplace(layer.name, layer.id).second)
        throw Error(ErrorKind::Format, "Two layers are called `" + layer.name + "`. Names must differ within a model.",
                    "E104", where);
    for (std::size_t i = 0; i < graph.layers.size(); ++i)
      graph.layers[i].calls = readInboundNodes(memberOf(layers[i], "inbound_nodes"), ids, graph.layers[i].name);
    graph.inputs = readTensorRefs(memberOf(config, "input_layers"), ids, where + ".config.input_layers");
    graph.outputs = readTensorRefs(memberOf(config, "output_layers"), ids, where + ".config.output_layers");
    countNestedCallsFromZero(graph);
  }

  std::vector<Issue>& m_issues;
  std::uint32_t m_lastId = 0;
  int m_layerCount = 0;
};

void requireLayersModel(const Json& topology) {
  if (topology.is_null()) throw missingMember("model.json > modelTopology");
  if (!topology.is_object()) throw mistyped("model.json > modelTopology", "an object", topology);
  if (topology.contains("node"))
    throw Error(ErrorKind::Unsupported,
                "This is a graph model. It can be copied, not edited or trained. Look for the Layers version of it.",
                "E105", "model.json > modelTopology");
}

}  // namespace

ReadTopology readTopology(const Json& topology) {
  requireLayersModel(topology);
  requireSmallObjects(topology);
  const bool isWrapped = memberOf(topology, "model_config").is_object();
  const Json& model = isWrapped ? topology.at("model_config") : topology;
  const std::string where = isWrapped ? "modelTopology.model_config" : "modelTopology";
  const Json& className = memberOf(model, "class_name");
  if (!className.is_string()) throw mistyped(where + ".class_name", "a text", className);
  const Json& config = memberOf(model, "config");
  if (!isModelClass(className.get<std::string>(), config))
    throw Error(ErrorKind::Unsupported,
                "The model is of the class " + className.get<std::string>() +
                    ", which is not known here: Sequential, Model and Functional are.",
                "E120", where + ".class_name");

  ReadTopology result;
  GraphReader reader(result.issues);
  result.graph = reader.read(className.get<std::string>(), config, where);
  result.trainingConfig = memberOf(topology, "training_config");
  for (const auto& [key, value] : topology.items())
    if (key != "class_name" && key != "config" && key != "model_config" && key != "training_config" &&
        key != "keras_version" && key != "backend")
      result.graph.unknownMembers.set(key, fieldFromJson(value));
  return result;
}

}  // namespace layersmith

#include "model/format/InboundNodes.h"

#include "model/core/Error.h"
#include "model/format/FieldJson.h"
#include "model/format/JsonAccess.h"

#include <algorithm>
#include <limits>

namespace layersmith {

namespace {

TensorRef readRef(const Json& json, const LayerIds& ids, const std::string& where) {
  if (!json.is_array() || json.size() < 3 || !json[0].is_string() || !json[1].is_number_integer() ||
      !json[2].is_number_integer())
    throw mistyped(where, "[layer name, node, tensor]", json);
  const auto id = ids.find(json[0].get_ref<const std::string&>());
  if (id == ids.end())
    throw Error(ErrorKind::Format,
                where + " names the layer `" + json[0].get<std::string>() + "`, which the model does not have.", "E104",
                where);
  return {id->second, json[1].get<int>(), json[2].get<int>()};
}

bool isRef(const Json& json) {
  return json.is_array() && !json.empty() && json[0].is_string();
}

LayerCall readListNode(const Json& node, const LayerIds& ids, const std::string& where) {
  LayerCall call;
  const Json one = isRef(node) ? Json::array({node}) : node;
  for (const Json& ref : one) {
    call.inputs.push_back(readRef(ref, ids, where));
    if (ref.size() > 3 && ref[3].is_object())
      for (const auto& [key, value] : ref[3].items()) call.kwargs.set(key, fieldFromJson(value));
  }
  return call;
}

void collectKerasTensors(const Json& json, const LayerIds& ids, const std::string& where,
                         std::vector<TensorRef>& refs) {
  if (const Json& history = memberOf(memberOf(json, "config"), "keras_history"); history.is_array()) {
    refs.push_back(readRef(history, ids, where));
    return;
  }
  if (json.is_array())
    for (const Json& item : json) collectKerasTensors(item, ids, where, refs);
}

LayerCall readKeras3Node(const Json& node, const LayerIds& ids, const std::string& where) {
  LayerCall call;
  collectKerasTensors(memberOf(node, "args"), ids, where, call.inputs);
  if (const Json& kwargs = memberOf(node, "kwargs"); kwargs.is_object()) call.kwargs = fieldsFromJson(kwargs);
  return call;
}

Json refJson(const TensorRef& ref, const Graph& graph) {
  const LayerSpec* layer = graph.find(ref.layer);
  const int nodeIndex = ref.nodeIndex + (layer && layer->subgraph ? 1 : 0);
  return Json::array({layer ? layer->name : std::string(), nodeIndex, ref.tensorIndex});
}

}  // namespace

std::vector<LayerCall> readInboundNodes(const Json& nodes, const LayerIds& ids, const std::string& layerName) {
  const std::string where = layerName + ".inbound_nodes";
  if (nodes.is_null()) return {};
  if (!nodes.is_array()) throw mistyped(where, "a list", nodes);
  std::vector<LayerCall> calls;
  for (const Json& node : nodes) {
    if (!node.is_structured()) throw mistyped(where, "[layer name, node, tensor] or {args, kwargs}", node);
    calls.push_back(node.is_object() ? readKeras3Node(node, ids, where) : readListNode(node, ids, where));
  }
  return calls;
}

std::vector<TensorRef> readTensorRefs(const Json& json, const LayerIds& ids, const std::string& where) {
  if (json.is_null()) return {};
  if (!json.is_array()) throw mistyped(where, "a list", json);
  if (isRef(json)) return {readRef(json, ids, where)};
  std::vector<TensorRef> refs;
  for (const Json& item : json) refs.push_back(readRef(item, ids, where));
  return refs;
}

void countNestedCallsFromZero(Graph& graph) {
  const auto forEachRef = [&graph](LayerId id, auto&& use) {
    for (LayerSpec& layer : graph.layers)
      for (LayerCall& call : layer.calls)
        for (TensorRef& ref : call.inputs)
          if (ref.layer == id) use(ref);
    for (TensorRef& ref : graph.outputs)
      if (ref.layer == id) use(ref);
  };
  for (const LayerSpec& layer : graph.layers) {
    if (!layer.subgraph) continue;
    int smallest = std::numeric_limits<int>::max();
    forEachRef(layer.id, [&](const TensorRef& ref) { smallest = std::min(smallest, ref.nodeIndex); });
    if (smallest >= 1) forEachRef(layer.id, [](TensorRef& ref) { --ref.nodeIndex; });
  }
}

Json inboundNodesJson(const LayerSpec& layer, const Graph& graph) {
  Json nodes = Json::array();
  for (const LayerCall& call : layer.calls) {
    Json node = Json::array();
    for (const TensorRef& input : call.inputs) {
      Json ref = refJson(input, graph);
      ref.push_back(toJson(FieldValue(call.kwargs)));
      node.push_back(std::move(ref));
    }
    if (!node.empty()) nodes.push_back(std::move(node));
  }
  return nodes;
}

Json tensorRefsJson(const std::vector<TensorRef>& refs, const Graph& graph) {
  Json json = Json::array();
  for (const TensorRef& ref : refs) json.push_back(refJson(ref, graph));
  return json;
}

}  // namespace layersmith

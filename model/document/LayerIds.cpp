#include "model/document/LayerIds.h"

#include <map>
#include <set>

namespace layersmith {

namespace {

using NewIds = std::map<LayerId, LayerId>;

bool collect(const Json& ids, const Graph& graph, NewIds& found) {
  for (const LayerSpec& layer : graph.layers) {
    const auto own = ids.find(layer.name);
    if (own == ids.end()) return false;
    found[layer.id] = {own->at("id").get<std::uint32_t>()};
    if (layer.subgraph && !collect(own->at("layers"), *layer.subgraph, found)) return false;
  }
  return true;
}

bool areDistinct(const NewIds& ids) {
  std::set<LayerId> distinct;
  for (const auto& [before, after] : ids) distinct.insert(after);
  return distinct.size() == ids.size() && !distinct.contains(LayerId{});
}

void rename(std::vector<TensorRef>& refs, const NewIds& ids) {
  for (TensorRef& ref : refs)
    if (const auto found = ids.find(ref.layer); found != ids.end()) ref.layer = found->second;
}

void rename(Graph& graph, const NewIds& ids) {
  for (LayerSpec& layer : graph.layers) {
    layer.id = ids.at(layer.id);
    for (LayerCall& call : layer.calls) rename(call.inputs, ids);
    if (!layer.subgraph) continue;
    auto nested = std::make_shared<Graph>(*layer.subgraph);
    rename(*nested, ids);
    layer.subgraph = std::move(nested);
  }
  rename(graph.inputs, ids);
  rename(graph.outputs, ids);
}

}  // namespace

Json layerIdsJson(const Graph& graph) {
  Json ids = Json::object();
  for (const LayerSpec& layer : graph.layers) {
    ids[layer.name] = {{"id", layer.id.value}};
    if (layer.subgraph) ids[layer.name]["layers"] = layerIdsJson(*layer.subgraph);
  }
  return ids;
}

void restoreLayerIds(const Json& ids, Graph& graph, const std::vector<WeightSet*>& weights) {
  NewIds found;
  if (!collect(ids, graph, found) || !areDistinct(found)) return;
  rename(graph, found);
  for (WeightSet* set : weights) {
    WeightSet renamed;
    for (const WeightSet::Entry& entry : *set)
      renamed.set(found.at(entry.layer), entry.role, entry.buffer, entry.manifestName);
    *set = std::move(renamed);
  }
}

}  // namespace layersmith

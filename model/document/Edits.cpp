#include "model/document/Edits.h"

#include "model/core/FieldSpec.h"
#include "model/nn/LayerRegistry.h"

#include <algorithm>
#include <iterator>

namespace layersmith::edits {

namespace {

bool isInput(const LayerSpec& layer) {
  return layer.className == "InputLayer";
}

bool isLoose(const Graph& graph, const LayerSpec& layer) {
  return !isInput(layer) && layer.calls.empty() && graph.consumersOf(layer.id).empty();
}

/// Number of layers of a Sequential that stand in its chain: the loose ones follow behind.
std::size_t chainLength(const Graph& graph) {
  return std::size_t(
      std::ranges::count_if(graph.layers, [&](const LayerSpec& l) { return isInput(l) || !l.calls.empty(); }));
}

/// Makes calls and outputs of a Sequential follow the order of its first `chain` layers.
void linkChain(Graph& graph, std::size_t chain) {
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    LayerSpec& layer = graph.layers[i];
    layer.calls.clear();
    if (i > 0 && i < chain) layer.calls = {LayerCall{{TensorRef{graph.layers[i - 1].id}}, {}}};
  }
  graph.outputs.clear();
  if (chain > 0) graph.outputs = {TensorRef{graph.layers[chain - 1].id}};
}

/// An edited state: what was read byte for byte no longer describes it, weights that no longer fit are dropped.
DocumentState edited(DocumentState state) {
  state.source = nullptr;
  const GraphReport report = analyse(state.graph);
  WeightSet kept;
  for (const WeightSet::Entry& entry : state.weights) {
    const auto layer = report.layers.find(entry.layer);
    if (layer == report.layers.end()) continue;
    const auto& declared = layer->second.weights;
    const auto weight = std::ranges::find(declared, entry.role, &WeightDeclaration::role);
    const bool fits =
        weight == declared.end() ? !layer->second.isKnown || declared.empty() : weight->shape == entry.buffer->shape;
    if (fits) kept.set(entry.layer, entry.role, entry.buffer, entry.manifestName);
  }
  if (kept.size() != state.weights.size()) state.optimizer = {};
  state.weights = std::move(kept);
  std::erase_if(state.positions, [&](const auto& item) { return !state.graph.find(item.first); });
  return state;
}

/// Every reference to `from` becomes one to `to`.
void redirect(Graph& graph, LayerId from, const TensorRef& to) {
  for (LayerSpec& layer : graph.layers)
    for (LayerCall& call : layer.calls)
      for (TensorRef& input : call.inputs)
        if (input.layer == from) input = to;
  for (TensorRef& output : graph.outputs)
    if (output.layer == from) output = to;
}

void removeReferences(Graph& graph, LayerId gone) {
  for (LayerSpec& layer : graph.layers) {
    for (LayerCall& call : layer.calls)
      std::erase_if(call.inputs, [gone](const TensorRef& r) { return r.layer == gone; });
    std::erase_if(layer.calls, [](const LayerCall& call) { return call.inputs.empty(); });
  }
  const auto isGone = [gone](const TensorRef& ref) { return ref.layer == gone; };
  std::erase_if(graph.outputs, isGone);
  std::erase_if(graph.inputs, isGone);
}

/// Takes one layer out of the wiring: whoever it fed is fed by its first input.
void unlink(Graph& graph, LayerId id) {
  const LayerSpec* layer = graph.find(id);
  if (!layer) return;
  if (layer->calls.size() == 1 && !layer->calls.front().inputs.empty()) {
    const TensorRef source = layer->calls.front().inputs.front();
    redirect(graph, id, source);
  } else {
    removeReferences(graph, id);
  }
  if (LayerSpec* unlinked = graph.find(id)) unlinked->calls.clear();
}

/// Puts the loose layer `id` on the edge into input `index` of `target`'s first call.
void linkBefore(Graph& graph, LayerId id, LayerId target, int index) {
  LayerSpec* consumer = graph.find(target);
  if (!consumer || consumer->calls.empty() || std::size_t(index) >= consumer->calls.front().inputs.size()) return;
  TensorRef& input = consumer->calls.front().inputs[std::size_t(index)];
  const TensorRef source = input;
  input = TensorRef{id};
  graph.find(id)->calls = {LayerCall{{source}, {}}};
}

/// Puts the loose layer `id` between `before` and everything it feeds.
void linkAfter(Graph& graph, LayerId id, LayerId before) {
  redirect(graph, before, TensorRef{id});
  graph.find(id)->calls = {LayerCall{{TensorRef{before}}, {}}};
}

std::size_t indexOf(const Graph& graph, LayerId id) {
  return std::size_t(std::distance(graph.layers.begin(), std::ranges::find(graph.layers, id, &LayerSpec::id)));
}

/// Brings the layer, already in graph.layers as a loose one at the end, to its place.
void placeLayer(Graph& graph, LayerId id, const InsertPlace& place) {
  if (place.kind == InsertPlace::Kind::Loose || place.kind == InsertPlace::Kind::Replace) return;
  if (graph.kind == GraphKind::Functional) {
    if (place.kind == InsertPlace::Kind::AfterLayer)
      linkAfter(graph, id, place.layer);
    else
      linkBefore(graph, id, place.layer, place.inputIndex);
    return;
  }
  const std::size_t chain = chainLength(graph);
  const LayerSpec* neighbour = graph.find(place.layer);
  if (!neighbour || isLoose(graph, *neighbour)) return;
  std::size_t at = indexOf(graph, place.layer) + (place.kind == InsertPlace::Kind::AfterLayer ? 1 : 0);
  if (at == 0) at = 1;  // nothing stands before the input
  const std::size_t from = indexOf(graph, id);
  std::rotate(graph.layers.begin() + std::ptrdiff_t(at), graph.layers.begin() + std::ptrdiff_t(from),
              graph.layers.begin() + std::ptrdiff_t(from) + 1);
  linkChain(graph, chain + 1);
}

/// Values for required fields and fitting activations, so that a dropped layer works where it falls.
FieldMap placedConfig(const std::string& className, const FieldMap& given) {
  FieldMap config = given;
  const auto suggest = [&config](std::string_view key, FieldValue value) {
    if (!config.contains(key)) config.set(key, std::move(value));
  };
  const LayerType* type = findLayerType(className);
  if (!type) return config;
  if (className == "Dense") {
    suggest("units", 8);
    suggest("activation", "relu");
  } else if (className == "Conv2D") {
    suggest("filters", 8);
    suggest("kernelSize", FieldValue::ofInts({3, 3}));
    suggest("activation", "relu");
    suggest("padding", "same");
  } else if (className == "Dropout") {
    suggest("rate", 0.25);
  } else if (className == "Activation") {
    suggest("activation", "relu");
  }
  return config;
}

LayerSpec newLayer(const Graph& graph, const std::string& className, const FieldMap& config) {
  LayerSpec layer;
  layer.id = graph.unusedId();
  layer.className = className;
  layer.name = graph.unusedName(className);
  layer.config = placedConfig(className, config);
  return layer;
}

DocumentState replaced(DocumentState state, LayerId target, LayerSpec replacement) {
  LayerSpec* old = state.graph.find(target);
  if (!old || isInput(*old)) return state;
  replacement.id = old->id;
  replacement.calls = old->calls;
  *old = std::move(replacement);
  state.weights.removeLayer(target);
  return edited(std::move(state));
}

}  // namespace

DocumentState insertLayer(const DocumentState& state, const std::string& className, const InsertPlace& place,
                          const FieldMap& config, LayerId* inserted) {
  DocumentState after = state;
  LayerSpec layer = newLayer(after.graph, className, config);
  const LayerId id = place.kind == InsertPlace::Kind::Replace ? place.layer : layer.id;
  if (inserted) *inserted = id;
  if (place.kind == InsertPlace::Kind::Replace) return replaced(std::move(after), place.layer, std::move(layer));
  if (className == "InputLayer" && after.graph.kind == GraphKind::Sequential && !after.graph.inputs.empty()) {
    if (inserted) *inserted = after.graph.inputs.front().layer;
    return state;  // a sequential model has its input already
  }
  after.graph.layers.push_back(std::move(layer));
  if (className == "InputLayer") after.graph.inputs.push_back(TensorRef{id});
  if (place.kind == InsertPlace::Kind::Loose && place.position) after.positions[id] = *place.position;
  placeLayer(after.graph, id, place);
  return edited(std::move(after));
}

DocumentState removeLayers(const DocumentState& state, const std::vector<LayerId>& layers) {
  DocumentState after = state;
  bool changed = false;
  for (LayerId id : layers) {
    const LayerSpec* layer = after.graph.find(id);
    if (!layer || (isInput(*layer) && after.graph.kind == GraphKind::Sequential)) continue;
    unlink(after.graph, id);
    std::erase_if(after.graph.layers, [id](const LayerSpec& l) { return l.id == id; });
    removeReferences(after.graph, id);
    after.weights.removeLayer(id);
    changed = true;
  }
  return changed ? edited(std::move(after)) : state;
}

DocumentState moveLayer(const DocumentState& state, LayerId id, const InsertPlace& place) {
  const LayerSpec* layer = state.graph.find(id);
  if (!layer || isInput(*layer) || place.layer == id) return state;
  if (place.kind == InsertPlace::Kind::Replace) return state;
  DocumentState after = state;
  unlink(after.graph, id);
  const std::size_t at = indexOf(after.graph, id);
  std::rotate(after.graph.layers.begin() + std::ptrdiff_t(at), after.graph.layers.begin() + std::ptrdiff_t(at) + 1,
              after.graph.layers.end());
  if (after.graph.kind == GraphKind::Sequential) linkChain(after.graph, chainLength(after.graph));
  after.positions.erase(id);
  if (place.kind == InsertPlace::Kind::Loose && place.position) after.positions[id] = *place.position;
  placeLayer(after.graph, id, place);
  if (after.graph == state.graph) return state;
  return edited(std::move(after));
}

DocumentState shiftLayer(const DocumentState& state, LayerId id, int direction) {
  const Graph& graph = state.graph;
  const LayerSpec* layer = graph.find(id);
  if (!layer || isInput(*layer) || layer->calls.size() != 1 || layer->calls.front().inputs.size() != 1) return state;
  InsertPlace place;
  if (direction < 0) {
    const LayerSpec* previous = graph.find(layer->calls.front().inputs.front().layer);
    if (!previous || isInput(*previous)) return state;
    place = {InsertPlace::Kind::OnEdge, previous->id, 0, {}};
  } else {
    const std::vector<LayerId> next = graph.consumersOf(id);
    if (next.size() != 1) return state;
    place = {InsertPlace::Kind::AfterLayer, next.front(), 0, {}};
  }
  return moveLayer(state, id, place);
}

DocumentState connectLayers(const DocumentState& state, LayerId from, LayerId to) {
  const LayerSpec* target = state.graph.find(to);
  if (!target || !state.graph.find(from) || isInput(*target) || from == to) return state;
  if (state.graph.kind == GraphKind::Sequential)
    return moveLayer(state, to, {InsertPlace::Kind::AfterLayer, from, 0, {}});
  DocumentState after = state;
  LayerSpec* layer = after.graph.find(to);
  if (layer->calls.empty()) layer->calls.push_back({});
  layer->calls.front().inputs.push_back(TensorRef{from});
  std::erase_if(after.graph.outputs, [from](const TensorRef& ref) { return ref.layer == from; });
  if (after.graph.consumersOf(to).empty() &&
      std::ranges::find(after.graph.outputs, TensorRef{to}) == after.graph.outputs.end())
    after.graph.outputs.push_back(TensorRef{to});
  return edited(std::move(after));
}

DocumentState setField(const DocumentState& state, const std::vector<LayerId>& layers, const std::string& key,
                       const FieldValue& value) {
  DocumentState after = state;
  for (LayerId id : layers)
    if (LayerSpec* layer = after.graph.find(id)) layer->config.set(key, value);
  return after.graph == state.graph ? state : edited(std::move(after));
}

DocumentState renameLayer(const DocumentState& state, LayerId id, const std::string& name) {
  if (name.empty() || state.graph.findByName(name)) return state;
  DocumentState after = state;
  LayerSpec* layer = after.graph.find(id);
  if (!layer) return state;
  layer->name = name;
  WeightSet renamed;  // a name from a file names the old layer
  for (const WeightSet::Entry& entry : after.weights)
    renamed.set(entry.layer, entry.role, entry.buffer, entry.layer == id ? std::string() : entry.manifestName);
  after.weights = std::move(renamed);
  return edited(std::move(after));
}

DocumentState setTrainable(const DocumentState& state, const std::vector<LayerId>& layers, bool isTrainable) {
  DocumentState after = state;
  for (LayerId id : layers)
    if (LayerSpec* layer = after.graph.find(id)) layer->isTrainable = isTrainable;
  if (after.graph == state.graph) return state;
  after.optimizer = {};  // its slots belong to the weights that were trainable before
  return edited(std::move(after));
}

DocumentState setPosition(const DocumentState& state, LayerId layer, std::optional<CardPosition> position) {
  DocumentState after = state;
  if (position)
    after.positions[layer] = *position;
  else
    after.positions.erase(layer);
  return after;
}

DocumentState applyRepair(const DocumentState& state, const Repair& repair) {
  switch (repair.action) {
    case Repair::Action::InsertBefore:
      return insertLayer(state, repair.className, {InsertPlace::Kind::OnEdge, repair.layer, 0, {}}, repair.config);
    case Repair::Action::SetField: return setField(state, {repair.layer}, repair.fieldKey, repair.value);
    case Repair::Action::RemoveLayer: return removeLayers(state, {repair.layer});
    case Repair::Action::ConnectToEnd:
      if (state.graph.outputs.empty()) return state;
      return moveLayer(state, repair.layer, {InsertPlace::Kind::AfterLayer, state.graph.outputs.front().layer, 0, {}});
  }
  return state;
}

DocumentState setTraining(const DocumentState& state, const TrainingConfig& config, const FitOptions& fit) {
  DocumentState after = state;
  if (config.optimizer != after.training.optimizer) after.optimizer = {};
  if (!(config == after.training)) after.source = nullptr;
  after.training = config;
  after.fit = fit;
  return withFittingTargets(std::move(after));
}

DocumentState setWeights(const DocumentState& state, const WeightSet& weights, const OptimizerState& optimizer,
                         std::shared_ptr<const TrainingRun> run) {
  DocumentState after = state;
  after.weights = weights;
  after.optimizer = optimizer;
  after.lastRun = std::move(run);
  after.source = nullptr;
  return after;
}

DocumentState resetWeights(const DocumentState& state) {
  return setWeights(state, {}, {}, nullptr);
}

}  // namespace layersmith::edits

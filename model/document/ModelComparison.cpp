#include "model/document/ModelComparison.h"

#include "model/core/FieldSpec.h"
#include "model/nn/LayerRegistry.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>

namespace layersmith {

namespace {

using Differences = std::vector<ValueDifference>;

void addIfOther(Differences& differences, const std::string& key, const std::string& label, FieldValue before,
                FieldValue after) {
  if (before != after) differences.push_back({key, label, std::move(before), std::move(after)});
}

FieldValue valueIn(const FieldMap& map, const std::string& key) {
  const FieldValue* value = map.find(key);
  return value ? *value : FieldValue();
}

/// Members of any two maps, in the order of the later one.
void addMembers(Differences& differences, const FieldMap& before, const FieldMap& after) {
  const auto add = [&](const std::string& key) {
    addIfOther(differences, key, FieldSpec(key, FieldKind::Text).displayLabel(), valueIn(before, key),
               valueIn(after, key));
  };
  for (const auto& [key, value] : after) add(key);
  for (const auto& [key, value] : before)
    if (!after.contains(key)) add(key);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// Which layer of the earlier graph became which of the later one.
class Pairs {
 public:
  Pairs(const Graph& before, const Graph& after) {
    for (const LayerSpec& layer : after.layers)
      if (const LayerSpec* same = before.findByName(layer.name)) join(*same, layer);
    for (const LayerSpec& layer : after.layers) {
      if (m_before.contains(layer.id)) continue;
      const auto renamed = std::ranges::find_if(before.layers, [&](const LayerSpec& old) {
        return !m_taken.contains(old.id) && old.className == layer.className && old.config == layer.config;
      });
      if (renamed != before.layers.end()) join(*renamed, layer);
    }
  }

  const LayerSpec* before(const LayerSpec& after) const {
    const auto found = m_before.find(after.id);
    return found == m_before.end() ? nullptr : found->second;
  }
  bool isRemoved(const LayerSpec& before) const { return !m_taken.contains(before.id); }

  /// By the names of the later graph, so that a renamed layer is no other input.
  std::string inputNames(const Graph& graph, const std::vector<TensorRef>& refs, bool isBefore) const {
    std::vector<std::string> names;
    for (const TensorRef& ref : refs) {
      const LayerSpec* layer = graph.find(ref.layer);
      const auto renamed = isBefore ? m_names.find(ref.layer) : m_names.end();
      names.push_back(renamed != m_names.end() ? renamed->second : layer ? layer->name : std::string("?"));
      if (ref.nodeIndex > 0) names.back() += " (call " + std::to_string(ref.nodeIndex + 1) + ')';
      if (ref.tensorIndex > 0) names.back() += " (output " + std::to_string(ref.tensorIndex + 1) + ')';
    }
    return joined(names);
  }

 private:
  void join(const LayerSpec& before, const LayerSpec& after) {
    m_before[after.id] = &before;
    m_names[before.id] = after.name;
    m_taken.insert(before.id);
  }

  std::map<LayerId, const LayerSpec*> m_before;
  std::map<LayerId, std::string> m_names;  ///< of earlier layers, by now
  std::set<LayerId> m_taken;
};

std::string inputsOf(const Graph& graph, const LayerSpec& layer, const Pairs& pairs, bool isBefore) {
  std::vector<std::string> calls;
  for (const LayerCall& call : layer.calls) calls.push_back(pairs.inputNames(graph, call.inputs, isBefore));
  std::string text;
  for (const std::string& call : calls) text += (text.empty() ? "" : "; ") + call;
  return text;
}

void addConfig(Differences& differences, const LayerSpec& before, const LayerSpec& after) {
  const LayerType* type = before.className == after.className ? findLayerType(after.className) : nullptr;
  if (!type) return addMembers(differences, before.config, after.config);
  for (const FieldSpec& field : type->fields())
    addIfOther(differences, field.key, field.displayLabel(), fieldValue(type->fields(), before.config, field.key),
               fieldValue(type->fields(), after.config, field.key));
  addMembers(differences, before.unknownConfig, after.unknownConfig);
}

/// Nothing when they cannot be compared value by value.
std::optional<double> largestChange(const WeightBuffer& before, const WeightBuffer& after) {
  if (before.shape != after.shape || before.dtype != DType::Float32 || after.dtype != DType::Float32)
    return std::nullopt;
  const std::span<const float> old = before.floats(), now = after.floats();
  double largest = 0;
  for (std::size_t i = 0; i < old.size(); ++i) {
    const double change = std::abs(double(now[i]) - double(old[i]));
    if (!(change <= largest)) largest = change;
    if (std::isnan(largest)) return largest;
  }
  return largest;
}

bool isSame(const WeightBuffer& a, const WeightBuffer& b) {
  return &a == &b || (a.dtype == b.dtype && a.shape == b.shape && std::ranges::equal(a.bytes.span(), b.bytes.span()));
}

std::map<std::string, const WeightBuffer*> weightsOf(const WeightSet& weights, LayerId layer) {
  std::map<std::string, const WeightBuffer*> found;
  for (const WeightSet::Entry& entry : weights)
    if (entry.layer == layer) found[entry.role] = entry.buffer.get();
  return found;
}

void compareWeights(const WeightSet& weightsBefore, LayerId before, const WeightSet& weightsAfter, LayerId after,
                    LayerDifference& difference) {
  using Weights = LayerDifference::Weights;
  const auto old = weightsOf(weightsBefore, before), now = weightsOf(weightsAfter, after);
  if (old.empty() || now.empty()) {
    difference.weights = old.empty() && now.empty() ? Weights::Same
                         : old.empty()              ? Weights::OnlyAfter
                                                    : Weights::OnlyBefore;
    return;
  }
  const auto role = [](const auto& entry) { return entry.first; };
  bool isComparable = std::ranges::equal(old, now, {}, role, role);
  double largest = 0;
  if (!isComparable) difference.weights = Weights::Changed;
  for (const auto& [name, buffer] : now) {
    const auto earlier = old.find(name);
    if (earlier == old.end() || isSame(*earlier->second, *buffer)) continue;
    difference.weights = Weights::Changed;
    const std::optional<double> change = largestChange(*earlier->second, *buffer);
    isComparable = isComparable && change.has_value();
    if (change && !(*change <= largest)) largest = *change;
  }
  if (difference.weights == Weights::Changed && isComparable) difference.largestChange = largest;
}

class GraphComparison {
 public:
  GraphComparison(const DocumentState& before, const DocumentState& after, std::vector<LayerDifference>& layers)
      : m_before(before), m_after(after), m_layers(layers) {}

  void compare(const Graph& before, const Graph& after, const std::string& prefix) {
    const Pairs pairs(before, after);
    for (const LayerSpec& layer : after.layers)
      if (const LayerSpec* old = pairs.before(layer))
        compareLayers(before, *old, after, layer, pairs, prefix);
      else
        m_layers.push_back({LayerDifference::Kind::Added, layer.className, prefix + layer.name, {}, {}, {}});
    for (const LayerSpec& layer : before.layers)
      if (pairs.isRemoved(layer))
        m_layers.push_back({LayerDifference::Kind::Removed, layer.className, prefix + layer.name, {}, {}, {}});
  }

 private:
  void compareLayers(const Graph& graphBefore, const LayerSpec& before, const Graph& graphAfter, const LayerSpec& after,
                     const Pairs& pairs, const std::string& prefix) {
    LayerDifference difference;
    difference.className = after.className;
    difference.name = prefix + after.name;
    Differences& values = difference.values;
    addIfOther(values, "name", "Name", before.name, after.name);
    addIfOther(values, "className", "Type", before.className, after.className);
    addConfig(values, before, after);
    addIfOther(values, "trainable", "Trainable", before.isTrainable, after.isTrainable);
    addIfOther(values, "inputs", "Input", inputsOf(graphBefore, before, pairs, true),
               inputsOf(graphAfter, after, pairs, false));
    compareWeights(m_before.weights, before.id, m_after.weights, after.id, difference);
    if (!values.empty() || difference.weights != LayerDifference::Weights::Same)
      m_layers.push_back(std::move(difference));
    if (before.subgraph && after.subgraph) compare(*before.subgraph, *after.subgraph, prefix + after.name + '/');
  }

  const DocumentState& m_before;
  const DocumentState& m_after;
  std::vector<LayerDifference>& m_layers;
};

void compareTopology(const Graph& before, const Graph& after, Differences& differences) {
  const Pairs pairs(before, after);
  const auto kindOf = [](const Graph& graph) {
    return graph.kind == GraphKind::Sequential ? "Sequential" : "Functional";
  };
  addIfOther(differences, "kind", "Kind", kindOf(before), kindOf(after));
  addIfOther(differences, "inputs", "Inputs", pairs.inputNames(before, before.inputs, true),
             pairs.inputNames(after, after.inputs, false));
  addIfOther(differences, "outputs", "Outputs", pairs.inputNames(before, before.outputs, true),
             pairs.inputNames(after, after.outputs, false));
}

void compareTraining(const DocumentState& before, const DocumentState& after, ModelComparison& comparison) {
  Differences& differences = comparison.training;
  const TrainingConfig &old = before.training, &now = after.training;
  addIfOther(differences, "optimizer", "Optimizer", old.optimizer, now.optimizer);
  addMembers(differences, old.optimizerConfig, now.optimizerConfig);
  addIfOther(differences, "loss", "Loss", joined(old.losses), joined(now.losses));
  addIfOther(differences, "metrics", "Metrics", joined(old.metrics), joined(now.metrics));
  addIfOther(differences, "iterations", "Steps taken", before.optimizer.iterations, after.optimizer.iterations);
  comparison.isOptimizerStateOther = !std::ranges::equal(before.optimizer.slots, after.optimizer.slots,
                                                         [](const auto& a, const auto& b) { return isSame(*a, *b); });
}

/// A recipe with its columns by name.
FieldMap dataOf(const DocumentState& state) {
  if (!state.hasRecipe) return {};
  const auto namesOf = [&](ColumnRole role) {
    std::vector<std::string> names;
    for (const ColumnRecipe* column : state.recipe.columnsWith(role)) names.push_back(column->name.toStdString());
    return joined(names);
  };
  FieldMap fields = state.recipe.toFields();
  fields.remove("columns");
  fields.remove("version");
  fields.set("features", namesOf(ColumnRole::Feature));
  fields.set("target", namesOf(ColumnRole::Target));
  return fields;
}

void compareData(const DocumentState& before, const DocumentState& after, Differences& differences) {
  addMembers(differences, dataOf(before), dataOf(after));
  if (differences.empty() && before.recipe.toFields() != after.recipe.toFields())
    differences.push_back({"columns", "Scaling or categories", {}, {}});
}

std::optional<ModelScore> scoreIn(const DocumentState& state) {
  return state.lastRun ? bestScore(state.lastRun->history) : scoreOf(state.userDefinedMetadata);
}

}  // namespace

int ModelComparison::count(LayerDifference::Kind kind) const {
  return int(std::ranges::count(layers, kind, &LayerDifference::kind));
}

int ModelComparison::layersWithOtherWeights() const {
  return int(std::ranges::count_if(
      layers, [](const LayerDifference& layer) { return layer.weights != LayerDifference::Weights::Same; }));
}

bool ModelComparison::isSame() const {
  return layers.empty() && model.empty() && training.empty() && data.empty() && !isOptimizerStateOther;
}

ModelComparison compareModels(const DocumentState& before, const DocumentState& after) {
  ModelComparison comparison;
  GraphComparison(before, after, comparison.layers).compare(before.graph, after.graph, {});
  compareTopology(before.graph, after.graph, comparison.model);
  compareTraining(before, after, comparison);
  compareData(before, after, comparison.data);
  comparison.scoreBefore = scoreIn(before);
  comparison.scoreAfter = scoreIn(after);
  return comparison;
}

}  // namespace layersmith

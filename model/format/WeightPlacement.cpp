#include "model/format/WeightPlacement.h"

#include "model/format/CaseConversion.h"
#include "model/format/ModelJson.h"
#include "model/format/WeightDecoder.h"
#include "model/format/WeightNames.h"
#include "model/format/WeightsManifest.h"
#include "model/nn/GraphAnalysis.h"
#include "model/nn/LayerRegistry.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <span>

namespace layersmith {

namespace {

/// What every layer declares, for nested models too.
void collectDeclarations(const Graph& graph, std::map<LayerId, std::vector<WeightDeclaration>>& declarations) {
  GraphReport report = analyse(graph);
  for (auto& [id, layer] : report.layers)
    if (!layer.weights.empty()) declarations[id] = std::move(layer.weights);
  for (const LayerSpec& layer : graph.layers)
    if (layer.subgraph) collectDeclarations(*layer.subgraph, declarations);
}

class Placement {
 public:
  explicit Placement(const Graph& graph) : m_owners(weightOwners(graph)), m_names(m_owners) {
    collectDeclarations(graph, m_declarations);
  }

  void put(const WeightSpec& spec, std::shared_ptr<const WeightBuffer> buffer) {
    const auto place = m_names.find(spec.name);
    if (!place || !buffer) {
      m_extra.push_back(spec.name);
      return;
    }
    const WeightDeclaration* declaration = declared(place->layer, place->role);
    if (declaration && isFullyKnown(declaration->shape) && declaration->shape != buffer->shape) {
      m_misshapen.push_back(spec.name + " has " + toString(buffer->shape) + ", " + toString(declaration->shape) +
                            " fits");
      return;
    }
    const std::string role = declaration ? declaration->role : place->role;
    m_hasPrefixes = m_hasPrefixes || !place->isExact;
    m_found[place->layer].push_back({place->layer, role, spec.name, std::move(buffer)});
  }

  WeightSet inOrder() {
    WeightSet set;
    for (const WeightOwner& owner : m_owners) {
      std::vector<WeightSet::Entry> entries = m_found[owner.layer->id];
      const std::vector<WeightDeclaration>& declarations = m_declarations[owner.layer->id];
      const auto rank = [&](const WeightSet::Entry& entry) {
        return std::ranges::find(declarations, entry.role, &WeightDeclaration::role) - declarations.begin();
      };
      std::ranges::stable_sort(entries, {}, rank);
      for (WeightSet::Entry& entry : entries)
        set.set(entry.layer, entry.role, std::move(entry.buffer), entry.manifestName);
      for (const WeightDeclaration& declaration : declarations)
        if (!set.find(owner.layer->id, declaration.role))
          m_missing.push_back(owner.layer->name + "/" + roleOnDisk(declaration.role));
    }
    return set;
  }

  void report(bool hasWeights, std::vector<Issue>& issues) const {
    if (!m_misshapen.empty())
      issues.push_back({Severity::Error,
                        {},
                        {},
                        count(m_misshapen, "weight") + " of another shape: " + list(m_misshapen) + ".",
                        "E112",
                        {}});
    if (!m_extra.empty() || (hasWeights && !m_missing.empty()))
      issues.push_back({Severity::Warning,
                        {},
                        {},
                        lacking(m_extra, "weight", "no place in the model") +
                            (m_extra.empty() || m_missing.empty() ? "" : ", ") +
                            lacking(m_missing, "place", "no weight") + ".",
                        "E112",
                        {}});
    if (m_hasPrefixes)
      issues.push_back({Severity::Hint,
                        {},
                        {},
                        "Weights were matched to layers below the prefixes that Keras puts before their names.",
                        {},
                        {}});
  }

 private:
  const WeightDeclaration* declared(LayerId layer, const std::string& role) const {
    const auto it = m_declarations.find(layer);
    if (it == m_declarations.end()) return nullptr;
    const auto found = std::ranges::find_if(it->second, [&](const WeightDeclaration& declaration) {
      return declaration.role == role || roleOnDisk(declaration.role) == role;
    });
    return found == it->second.end() ? nullptr : &*found;
  }

  /// "2 weights have no place in the model (a/kernel, b/kernel)"; empty for none.
  static std::string lacking(const std::vector<std::string>& names, const std::string& noun, const std::string& what) {
    if (names.empty()) return {};
    return count(names, noun) + (names.size() == 1 ? " has " : " have ") + what + " (" + list(names) + ")";
  }

  static std::string count(const std::vector<std::string>& names, const std::string& noun) {
    return std::to_string(names.size()) + " " + noun + (names.size() == 1 ? "" : "s");
  }

  static std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 5); ++i) text += (i ? ", " : "") + names[i];
    return names.size() > 5 ? text + ", ..." : text;
  }

  std::vector<WeightOwner> m_owners;
  WeightNames m_names;
  std::map<LayerId, std::vector<WeightDeclaration>> m_declarations;
  std::map<LayerId, std::vector<WeightSet::Entry>> m_found;
  std::vector<std::string> m_extra, m_missing, m_misshapen;
  bool m_hasPrefixes = false;
};

void putOptimizerWeight(const WeightSpec& spec, std::shared_ptr<const WeightBuffer> buffer, OptimizerState& state) {
  if (!buffer) return;
  const bool isIterations = state.slots.empty() && buffer->dtype == DType::Int32 && buffer->bytes.size() == 4;
  if (isIterations) {
    std::int32_t iterations = 0;
    std::memcpy(&iterations, buffer->bytes.data(), 4);
    state.iterations = iterations;
    return;
  }
  state.slots.push_back(std::move(buffer));
  state.slotNames.push_back(spec.name);
}

/// Where each group's bytes begin: a file that is longer than its weights must not shift those of the next group.
std::vector<std::int64_t> groupOffsets(const ModelArtifacts& artifacts) {
  std::vector<std::int64_t> offsets;
  std::int64_t offset = 0;
  for (const WeightsGroup& group : artifacts.groups) {
    offsets.push_back(offset);
    for (const std::int64_t bytes : group.bytes) offset += bytes;
  }
  return offset == artifacts.weightData->size() ? offsets : std::vector<std::int64_t>{};
}

void reportSurplus(std::int64_t surplus, std::vector<Issue>& issues) {
  if (surplus > 0)
    issues.push_back({Severity::Warning,
                      {},
                      {},
                      "The weight files hold " + std::to_string(surplus) +
                          " bytes more than the manifest names. They are passed over.",
                      "E110",
                      {}});
}

}  // namespace

std::string roleOnDisk(const std::string& role) {
  return toSnakeCase(role);
}

bool isTrainableRole(const std::string& role) {
  const std::string last = roleOnDisk(role.substr(role.rfind('/') + 1));
  return last != "moving_mean" && last != "moving_variance";
}

std::vector<Issue> checkPlacement(const std::vector<WeightSpec>& specs, const Graph& graph) {
  Placement placement(graph);
  for (const WeightSpec& spec : specs) {
    if (spec.group == "optimizer") continue;
    auto buffer = std::make_shared<WeightBuffer>();
    buffer->shape = spec.shape;
    placement.put(spec, std::move(buffer));
  }
  placement.inOrder();
  std::vector<Issue> issues;
  placement.report(!specs.empty(), issues);
  return issues;
}

PlacedWeights placeWeights(const ModelArtifacts& artifacts, const Graph& graph) {
  PlacedWeights placed;
  if (!artifacts.weightData) return placed;
  requireEnoughBytes(artifacts, QStringLiteral("weights"));
  Placement placement(graph);
  WeightDecoder decoder(*artifacts.weightData);
  const std::vector<std::int64_t> offsets = groupOffsets(artifacts);
  std::int64_t used = 0;
  std::size_t next = 0;
  const auto decodeUpTo = [&](std::size_t end) {
    const std::int64_t start = decoder.offset();
    for (; next < end && next < artifacts.weightSpecs.size(); ++next) {
      const WeightSpec& spec = artifacts.weightSpecs[next];
      auto buffer = decoder.next(spec);
      if (spec.group == "optimizer")
        putOptimizerWeight(spec, std::move(buffer), placed.optimizerState);
      else
        placement.put(spec, std::move(buffer));
    }
    used += decoder.offset() - start;
  };
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    decoder.seek(offsets[i]);
    decodeUpTo(next + artifacts.groups[i].weights);
  }
  decodeUpTo(artifacts.weightSpecs.size());
  placed.weights = placement.inOrder();
  placement.report(true, placed.issues);
  reportSurplus(artifacts.weightData->size() - used, placed.issues);
  return placed;
}

}  // namespace layersmith

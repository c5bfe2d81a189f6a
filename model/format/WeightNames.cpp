#include "model/format/WeightNames.h"

#include "model/nn/LayerRegistry.h"

#include <algorithm>

namespace layersmith {

namespace {

void collect(const Graph& graph, bool isTrainable, std::vector<WeightOwner>& owners) {
  for (const LayerSpec& layer : graph.layers) {
    const bool trains = isTrainable && layer.isTrainable;
    if (layer.subgraph)
      collect(*layer.subgraph, trains, owners);
    else
      owners.push_back({&layer, trains});
  }
}

std::vector<std::string> split(const std::string& name) {
  std::vector<std::string> tokens(1);
  for (const char c : name) {
    if (c == '/')
      tokens.emplace_back();
    else
      tokens.back() += c;
  }
  return tokens;
}

std::string joined(const std::vector<std::string>& tokens, std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t i = first; i < last; ++i) text += (i > first ? "/" : "") + tokens[i];
  return text;
}

/// A wrapper holds several weights of one name: "forward_lstm/kernel". Layers we know have plain roles.
std::string roleWithin(const LayerSpec& layer, const std::vector<std::string>& tokens, std::size_t first) {
  return findLayerType(layer.className) ? tokens.back() : joined(tokens, first, tokens.size());
}

}  // namespace

std::vector<WeightOwner> weightOwners(const Graph& graph) {
  std::vector<WeightOwner> owners;
  collect(graph, true, owners);
  return owners;
}

WeightNames::WeightNames(const std::vector<WeightOwner>& owners) {
  for (const WeightOwner& owner : owners) m_layers.emplace_back(owner.layer->name, owner.layer);
  std::ranges::stable_sort(m_layers, {}, [](const auto& entry) { return entry.first; });
}

const LayerSpec* WeightNames::layerNamed(const std::string& name) const {
  const auto it = std::ranges::lower_bound(m_layers, name, {}, [](const auto& entry) { return entry.first; });
  return it == m_layers.end() || it->first != name ? nullptr : it->second;
}

std::optional<WeightPlace> WeightNames::find(const std::string& manifestName) const {
  const bool hasSuffix = manifestName.size() > 2 && manifestName.ends_with(":0");
  const std::vector<std::string> tokens =
      split(hasSuffix ? manifestName.substr(0, manifestName.size() - 2) : manifestName);
  // Prefixes dropped from none to all, and for each the longest layer name first: "a/b/kernel" before "a/kernel".
  for (std::size_t first = 0; first + 1 < tokens.size(); ++first)
    for (std::size_t last = tokens.size() - 1; last > first; --last)
      if (const LayerSpec* layer = layerNamed(joined(tokens, first, last)))
        return WeightPlace{layer->id, roleWithin(*layer, tokens, last),
                           first == 0 && last + 1 == tokens.size() && !hasSuffix};
  return std::nullopt;
}

}  // namespace layersmith

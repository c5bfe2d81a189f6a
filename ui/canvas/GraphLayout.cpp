#include "ui/canvas/GraphLayout.h"

#include "ui/canvas/CardPainter.h"

#include <algorithm>
#include <vector>

namespace layersmith {

namespace {

constexpr qreal kBranchGap = 48;

struct Place {
  int rank = 0;
  int lane = 0;
};

std::vector<LayerId> sourcesOf(const LayerSpec& layer) {
  std::vector<LayerId> sources;
  for (const LayerCall& call : layer.calls)
    for (const TensorRef& input : call.inputs)
      if (std::ranges::find(sources, input.layer) == sources.end()) sources.push_back(input.layer);
  return sources;
}

/// Ranks and lanes, found layer by layer in an order in which sources come first. A cycle, which only a broken file
/// has, ends the walk: its layers count as loose.
class LaneFinder {
 public:
  explicit LaneFinder(const Graph& graph) {
    std::vector<const LayerSpec*> waiting;
    for (const LayerSpec& layer : graph.layers) waiting.push_back(&layer);
    bool isMoving = true;
    while (isMoving) {
      isMoving = false;
      for (const LayerSpec*& layer : waiting)
        if (layer && isReady(*layer, graph)) {
          if (!isLoose(*layer, graph))
            place(*layer);
          else
            m_loose.push_back(layer->id);
          layer = nullptr;
          isMoving = true;
        }
    }
    for (const LayerSpec* layer : waiting)
      if (layer) m_loose.push_back(layer->id);
  }

  const std::map<LayerId, Place>& places() const { return m_places; }
  const std::vector<LayerId>& loose() const { return m_loose; }
  int laneCount() const { return int(m_laneEnds.size()); }

 private:
  static bool isLoose(const LayerSpec& layer, const Graph& graph) {
    return layer.className != "InputLayer" && layer.calls.empty() && graph.consumersOf(layer.id).empty();
  }

  bool isReady(const LayerSpec& layer, const Graph& graph) const {
    return std::ranges::all_of(sourcesOf(layer), [&](LayerId id) { return m_places.contains(id) || !graph.find(id); });
  }

  void place(const LayerSpec& layer) {
    Place at;
    int lane = -1;
    for (LayerId source : sourcesOf(layer)) {
      const auto known = m_places.find(source);
      if (known == m_places.end()) continue;
      at.rank = std::max(at.rank, known->second.rank + 1);
      const bool isOpen = m_laneEnds[std::size_t(known->second.lane)] == source;
      if (isOpen && (lane < 0 || known->second.lane < lane)) lane = known->second.lane;
    }
    // The lanes of its other sources end here and are free for later branches.
    for (LayerId source : sourcesOf(layer)) {
      const auto known = m_places.find(source);
      if (known == m_places.end()) continue;
      LayerId& end = m_laneEnds[std::size_t(known->second.lane)];
      if (end == source && known->second.lane != lane) end = LayerId();
    }
    at.lane = lane >= 0 ? lane : freeLane();
    m_laneEnds[std::size_t(at.lane)] = layer.id;
    m_places[layer.id] = at;
  }

  int freeLane() {
    const auto free = std::ranges::find(m_laneEnds, LayerId());
    if (free != m_laneEnds.end()) return int(free - m_laneEnds.begin());
    m_laneEnds.emplace_back();
    return int(m_laneEnds.size()) - 1;
  }

  std::map<LayerId, Place> m_places;
  std::vector<LayerId> m_loose;
  std::vector<LayerId> m_laneEnds;
};

}  // namespace

std::map<LayerId, QPointF> layoutGraph(const Graph& graph, const std::map<LayerId, CardPosition>& placed, qreal gap,
                                       const std::function<qreal(LayerId)>& heightOf) {
  const LaneFinder finder(graph);
  std::map<int, qreal> rankHeights;
  for (const auto& [layer, place] : finder.places())
    rankHeights[place.rank] = std::max(rankHeights[place.rank], heightOf(layer));
  std::map<int, qreal> rankTops;
  qreal top = 0;
  for (const auto& [rank, height] : rankHeights) {
    rankTops[rank] = top;
    top += height + gap;
  }
  std::map<LayerId, QPointF> positions;
  for (const auto& [layer, place] : finder.places())
    positions[layer] = {place.lane * (kCardWidth + kBranchGap), rankTops[place.rank]};
  qreal looseTop = 0;
  for (LayerId layer : finder.loose()) {
    positions[layer] = {std::max(1, finder.laneCount()) * (kCardWidth + kBranchGap), looseTop};
    looseTop += heightOf(layer) + gap;
  }
  for (const auto& [layer, position] : placed)
    if (graph.find(layer)) positions[layer] = {position.x, position.y};
  return positions;
}

}  // namespace layersmith

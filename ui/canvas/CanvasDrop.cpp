#include "ui/canvas/CanvasScene.h"
#include "ui/canvas/LayerText.h"
#include "ui/commands/DocumentContext.h"

#include <QPainterPathStroker>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr qreal kCardEdgeBand = 10;  // so far into a card a drop still means the link beside it
constexpr qreal kCatchWidth = 48;    // links are easier to hit with something in the hand

bool contains(const std::vector<LayerId>& layers, LayerId layer) {
  return std::ranges::find(layers, layer) != layers.end();
}

}  // namespace

DropTarget CanvasScene::edgeDrop(const EdgeKey& key) const {
  DropTarget target;
  target.place = {edits::InsertPlace::Kind::OnEdge, key.to, key.inputIndex, std::nullopt};
  target.edge = key;
  const LayerCard* to = card(key.to);
  const LayerCard* from = card(key.from);
  const QRectF base = to->cardRect().translated(placeOf(key.to));
  const QRectF source = from->cardRect().translated(placeOf(key.from));
  if (key.sideIndex == 0) {
    target.slot = QRectF(base.left(), base.top(), kCardWidth, m_isCompact ? 40 : 56);
    // Cards that were placed by hand stay: the plate then lies over the link.
    target.isOpening = base.top() > source.bottom() && base.top() - source.bottom() < 2.5 * cardGap(false);
  }
  if (!target.isOpening) {
    const QPainterPath route = routeEdge(source, base, key.sideIndex);
    const QPointF middle = route.pointAtPercent(0.5);
    target.slot = QRectF(middle.x() - 84, middle.y() - 18, 168, 36);
  }
  return target;
}

DropTarget CanvasScene::tailDrop(LayerId layer) const {
  DropTarget target;
  target.place = {edits::InsertPlace::Kind::AfterLayer, layer, 0, std::nullopt};
  const QRectF base = card(layer)->cardRect().translated(placeOf(layer));
  target.slot = QRectF(base.left(), base.bottom() + cardGap(m_isCompact), kCardWidth, m_isCompact ? 40 : 56);
  target.isOpening = !m_context->state().graph.consumersOf(layer).empty();
  return target;
}

std::optional<DropTarget> CanvasScene::edgeDropAt(const QPointF& position, const std::vector<LayerId>& dragged) const {
  QPainterPathStroker stroker;
  stroker.setWidth(kCatchWidth);
  for (const auto& [key, item] : m_edges) {
    if (contains(dragged, key.from) || contains(dragged, key.to)) continue;
    const QRectF from = card(key.from)->cardRect().translated(placeOf(key.from));
    const QRectF to = card(key.to)->cardRect().translated(placeOf(key.to));
    bool isHit = false;
    if (key.sideIndex == 0 && std::abs(from.center().x() - to.center().x()) < 1 && to.top() > from.bottom())
      isHit =
          QRectF(from.left(), from.bottom() - kCardEdgeBand, kCardWidth, to.top() - from.bottom() + 2 * kCardEdgeBand)
              .contains(position);
    else
      isHit = stroker.createStroke(routeEdge(from, to, key.sideIndex)).contains(position) && !cardAt(position);
    if (isHit) return edgeDrop(key);
  }
  return std::nullopt;
}

std::optional<DropTarget> CanvasScene::tailDropAt(const QPointF& position, const std::vector<LayerId>& dragged) const {
  for (const TensorRef& output : m_context->state().graph.outputs) {
    const LayerCard* last = card(output.layer);
    if (!last || contains(dragged, output.layer)) continue;
    const QRectF base = last->cardRect().translated(placeOf(output.layer));
    if (QRectF(base.left(), base.bottom() - kCardEdgeBand, kCardWidth, 2 * cardGap(false) + kCardEdgeBand)
            .contains(position))
      return tailDrop(output.layer);
  }
  return std::nullopt;
}

std::optional<DropTarget> CanvasScene::cardDropAt(const QPointF& position, const std::vector<LayerId>& dragged) const {
  for (const auto& [layer, item] : m_cards) {
    const QRectF base = item->cardRect().translated(placeOf(layer));
    if (!base.contains(position) || contains(dragged, layer)) continue;
    const LayerSpec* spec = m_context->state().graph.find(layer);
    if (!spec) continue;
    if (dragged.empty()) {
      if (isInputLayer(*spec)) return tailDrop(layer);
      DropTarget target;
      target.place = {edits::InsertPlace::Kind::Replace, layer, 0, std::nullopt};
      target.slot = base;
      return target;
    }
    // A card over a card: before it in its upper half, after it in its lower half.
    if (position.y() >= base.center().y() || isInputLayer(*spec)) return tailDrop(layer);
    for (const auto& [key, edgeItem] : m_edges)
      if (key.to == layer && key.sideIndex == 0 && !contains(dragged, key.from)) return edgeDrop(key);
  }
  return std::nullopt;
}

DropTarget CanvasScene::dropTargetAt(const QPointF& position, const std::vector<LayerId>& dragged) const {
  // An open slot holds on to the pointer: the cards that made room for it must not catch what is over it.
  if (m_drop && m_drop->isOpening) {
    const qreal gap = cardGap(m_isCompact);
    if (m_drop->slot.adjusted(0, -gap, 0, gap / 2).contains(position)) return *m_drop;
  }
  DropTarget loose;
  loose.place.position = CardPosition{position.x() - kCardWidth / 2, position.y() - 28};
  if (!m_context) return loose;
  if (const auto onEdge = edgeDropAt(position, dragged)) return *onEdge;
  if (const auto onCard = cardDropAt(position, dragged)) return *onCard;
  if (const auto atEnd = tailDropAt(position, dragged)) return *atEnd;
  return loose;
}

void CanvasScene::showDrop(const DropTarget& target, const QString& text, const std::vector<LayerId>& dragged) {
  const bool isSame = m_drop && m_drop->place.kind == target.place.kind && m_drop->place.layer == target.place.layer &&
                      m_drop->slot == target.slot && m_dragged == dragged;
  if (isSame && text == m_dropText) return;
  m_drop = target;
  m_dropText = text;
  m_dragged = dragged;
  refreshStates();
  moveCards();
  update();
}

void CanvasScene::clearDrop() {
  if (!m_drop && m_dragged.empty()) return;
  m_drop.reset();
  m_dropText.clear();
  m_dragged.clear();
  refreshStates();
  moveCards();
  update();
}

}  // namespace layersmith

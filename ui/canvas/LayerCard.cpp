#include "ui/canvas/LayerCard.h"

#include <QPainter>
#include <QPainterPath>

namespace layersmith {

LayerCard::LayerCard(LayerId layer) {
  m_content.layer = layer;
  setAcceptHoverEvents(true);
  setCacheMode(DeviceCoordinateCache);
  connect(this, &QGraphicsObject::xChanged, this, &LayerCard::moved);
  connect(this, &QGraphicsObject::yChanged, this, &LayerCard::moved);
}

void LayerCard::setContent(CardContent content) {
  if (content == m_content) return;
  if (cardHeight(content) != cardHeight(m_content)) prepareGeometryChange();
  m_content = std::move(content);
  update();
}

void LayerCard::setState(const CardState& state) {
  m_state = state;
  setZValue(state.isDragged ? 2 : 1);
  update();
}

QRectF LayerCard::boundingRect() const {
  return cardRect().adjusted(-kCardRoom, -kCardRoom, kCardRoom, kCardRoom);
}

QPainterPath LayerCard::shape() const {
  QPainterPath path;
  path.addRoundedRect(cardRect(), 8, 8);
  return path;
}

void LayerCard::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  const qreal scale = painter->worldTransform().m11() / painter->device()->devicePixelRatioF();
  paintCard(painter, m_content, m_state, scale / theme().fontScale());
}

void LayerCard::hoverEnterEvent(QGraphicsSceneHoverEvent*) {
  m_state.isHovered = true;
  update();
}

void LayerCard::hoverLeaveEvent(QGraphicsSceneHoverEvent*) {
  m_state.isHovered = false;
  update();
}

}  // namespace layersmith

#include "ui/canvas/EdgeItem.h"

#include "ui/canvas/CardPainter.h"
#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"

#include <QGraphicsSceneHoverEvent>
#include <QLineF>
#include <QPainter>
#include <QPainterPathStroker>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr qreal kHitWidth = 12;
constexpr qreal kCornerRadius = 8;
constexpr qreal kPlus = 24;
constexpr qreal kSideStep = 24;

/// A path through the points with rounded corners.
QPainterPath rounded(const QList<QPointF>& points) {
  QPainterPath path(points.constFirst());
  for (qsizetype i = 1; i + 1 < points.size(); ++i) {
    const QLineF in(points[i], points[i - 1]);
    const QLineF out(points[i], points[i + 1]);
    const qreal radius = std::min({kCornerRadius, in.length() / 2, out.length() / 2});
    if (radius < 0.5) continue;
    path.lineTo(in.pointAt(radius / in.length()));
    path.quadTo(points[i], out.pointAt(radius / out.length()));
  }
  path.lineTo(points.constLast());
  return path;
}

}  // namespace

QPainterPath routeEdge(const QRectF& from, const QRectF& to, int sideIndex) {
  const QPointF start(from.center().x(), from.bottom());
  if (sideIndex > 0) {
    // Around the right of the target's column when both stand in one; else straight down, then in from that side.
    const bool isSameColumn = std::abs(from.center().x() - to.center().x()) < kCardWidth / 2;
    const qreal wayX = isSameColumn ? std::max(from.right(), to.right()) + kSideStep * sideIndex : from.center().x();
    const bool fromRight = wayX > to.center().x();
    const QPointF end(fromRight ? to.right() : to.left(), to.center().y());
    if (!isSameColumn) return rounded({start, {wayX, end.y()}, end});
    const qreal turnY = start.y() + 12;
    return rounded({start, {start.x(), turnY}, {wayX, turnY}, {wayX, end.y()}, end});
  }
  const QPointF end(to.center().x(), to.top());
  if (std::abs(start.x() - end.x()) < 1) {
    QPainterPath path(start);
    path.lineTo(end);
    return path;
  }
  const qreal turnY = end.y() > start.y() + 24 ? start.y() + 12 : (start.y() + end.y()) / 2;
  return rounded({start, {start.x(), turnY}, {end.x(), turnY}, end});
}

EdgeItem::EdgeItem(const EdgeKey& key) : m_key(key) {
  setZValue(0);
  setAcceptHoverEvents(true);
}

void EdgeItem::setRoute(const QRectF& from, const QRectF& to) {
  prepareGeometryChange();
  m_route = routeEdge(from, to, m_key.sideIndex);
  m_isStraight = m_key.sideIndex == 0 && std::abs(from.center().x() - to.center().x()) < 1;
}

void EdgeItem::setLabel(const QString& text) {
  prepareGeometryChange();
  m_label = text;
  update();
}

void EdgeItem::setLook(bool isActive, bool isClash) {
  m_isActive = isActive;
  m_isClash = isClash;
  update();
}

void EdgeItem::setDropHere(bool isDropHere) {
  m_isDropHere = isDropHere;
  update();
}

QRectF EdgeItem::plusRect() const {
  const QPointF center = middle();
  return {center.x() - kPlus / 2, center.y() - kPlus / 2, kPlus, kPlus};
}

QRectF EdgeItem::labelRect() const {
  if (m_label.isEmpty()) return {};
  const qreal width = QFontMetricsF(sceneFont(Theme::TextRole::Caption, true)).horizontalAdvance(m_label) + 8;
  // Beside the last stretch, above where the link enters.
  const QPointF end = m_route.pointAtPercent(1);
  if (m_isStraight) return {middle().x() + 9, middle().y() - 8, width, 16};
  if (m_key.sideIndex > 0) {
    const QPointF half = m_route.pointAtPercent(0.5);
    return {half.x() + 9, half.y() - 8, width, 16};
  }
  return {end.x() + 9, end.y() - 22, width, 16};
}

QRectF EdgeItem::boundingRect() const {
  QRectF rect = m_route.boundingRect().adjusted(-kPlus / 2, -kPlus / 2, kPlus / 2, kPlus / 2);
  return m_label.isEmpty() ? rect : rect.united(labelRect());
}

QPainterPath EdgeItem::shape() const {
  QPainterPathStroker stroker;
  stroker.setWidth(kHitWidth);
  QPainterPath path = stroker.createStroke(m_route);
  if (m_isHovered) path.addEllipse(plusRect());
  return path;
}

void EdgeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  const qreal zoom = painter->worldTransform().m11() / painter->device()->devicePixelRatioF() / theme().fontScale();
  painter->setRenderHint(QPainter::Antialiasing);
  const bool isStrong = m_isActive || m_isHovered || m_isDropHere;
  QPen pen(theme().color(m_isClash ? "danger" : isStrong ? "edgeActive" : "edge"), isStrong || m_isClash ? 2 : 1.5);
  if (m_isClash) pen.setDashPattern({2.5, 2});
  painter->setPen(pen);
  painter->setBrush(Qt::NoBrush);
  painter->drawPath(m_route);
  if (!m_label.isEmpty() && zoom >= 0.75 && !m_isDropHere) {
    const QRectF rect = labelRect();
    paintBox(painter, rect, {theme().color("canvas"), {}, 4});
    painter->setFont(sceneFont(Theme::TextRole::Caption, true));
    painter->setPen(theme().color(m_isClash ? "danger" : "text3"));
    painter->drawText(rect, Qt::AlignCenter, m_label);
  }
  if (!m_isHovered || m_isDropHere) return;
  paintBox(painter, plusRect(), {theme().color("accent"), {}, kPlus / 2});
  const QPixmap plus =
      iconPixmap(QStringLiteral("add"), theme().color("textOnAccent"), 16, painter->device()->devicePixelRatioF());
  painter->drawPixmap(QRectF(middle() - QPointF(8, 8), QSizeF(16, 16)), plus, plus.rect());
}

void EdgeItem::hoverEnterEvent(QGraphicsSceneHoverEvent*) {
  m_isHovered = true;
  update();
}

void EdgeItem::hoverLeaveEvent(QGraphicsSceneHoverEvent*) {
  m_isHovered = false;
  update();
}

}  // namespace layersmith

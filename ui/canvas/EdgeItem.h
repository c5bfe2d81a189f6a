#pragma once

#include "model/core/LayerId.h"

#include <QGraphicsItem>
#include <QPainterPath>

namespace layersmith {

/// Which input of which layer a link leads into.
struct EdgeKey {
  LayerId from;
  LayerId to;
  int inputIndex = 0;
  int sideIndex = 0;  ///< 0 enters at the top, a further input of a merge at the side

  friend auto operator<=>(const EdgeKey&, const EdgeKey&) = default;
};

/// A link between two cards, with the shape that flows beside it and, while hovered, a plus that inserts.
class EdgeItem final : public QGraphicsItem {
 public:
  enum { Type = UserType + 1 };

  explicit EdgeItem(const EdgeKey& key);

  const EdgeKey& key() const { return m_key; }
  void setRoute(const QRectF& from, const QRectF& to);
  void setLabel(const QString& text);
  void setLook(bool isActive, bool isClash);
  void setDropHere(bool isDropHere);

  const QPainterPath& route() const { return m_route; }
  QPointF middle() const { return m_route.pointAtPercent(0.5); }
  QRectF plusRect() const;
  bool isStraight() const { return m_isStraight; }

  int type() const override { return Type; }
  QRectF boundingRect() const override;
  QPainterPath shape() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 protected:
  void hoverEnterEvent(QGraphicsSceneHoverEvent* event) override;
  void hoverLeaveEvent(QGraphicsSceneHoverEvent* event) override;

 private:
  QRectF labelRect() const;

  EdgeKey m_key;
  QPainterPath m_route;
  QString m_label;
  bool m_isStraight = true;
  bool m_isActive = false;
  bool m_isClash = false;
  bool m_isHovered = false;
  bool m_isDropHere = false;
};

/// The way of a link: straight down, or right-angled with rounded corners; into the side when `sideIndex` > 0.
QPainterPath routeEdge(const QRectF& from, const QRectF& to, int sideIndex);

}  // namespace layersmith

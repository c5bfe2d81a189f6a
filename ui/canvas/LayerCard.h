#pragma once

#include <QGraphicsObject>  // first: moc cannot read <compare> before a Qt header

#include "ui/canvas/CardPainter.h"

namespace layersmith {

/// One layer on the canvas. Looks only; what the pointer does is decided by LayerCanvas.
class LayerCard final : public QGraphicsObject {
  Q_OBJECT

 public:
  explicit LayerCard(LayerId layer);

  LayerId layer() const { return m_content.layer; }
  const CardContent& content() const { return m_content; }
  void setContent(CardContent content);
  const CardState& state() const { return m_state; }
  void setState(const CardState& state);

  QRectF cardRect() const { return {0, 0, kCardWidth, cardHeight(m_content)}; }
  QPointF outputPort() const { return pos() + QPointF(kCardWidth / 2, cardHeight(m_content)); }
  QPointF inputPort() const { return pos() + QPointF(kCardWidth / 2, 0); }

  QRectF boundingRect() const override;
  QPainterPath shape() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 Q_SIGNALS:
  void moved();

 protected:
  void hoverEnterEvent(QGraphicsSceneHoverEvent* event) override;
  void hoverLeaveEvent(QGraphicsSceneHoverEvent* event) override;

 private:
  CardContent m_content;
  CardState m_state;
};

}  // namespace layersmith

#include "ui/canvas/MiniMap.h"

#include "ui/canvas/CanvasScene.h"
#include "ui/canvas/LayerCanvas.h"
#include "ui/theme/StylePainting.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace layersmith {

MiniMap::MiniMap(LayerCanvas* canvas) : QWidget(canvas), m_canvas(*canvas) {
  setObjectName(QStringLiteral("canvasMiniMap"));
  setAccessibleName(tr("Overview of the model"));
  setToolTip(tr("Press to go there"));
  setFixedSize(144, 168);
  setFocusPolicy(Qt::NoFocus);
  hide();
}

QTransform MiniMap::toMap() const {
  const QRectF content = m_canvas.canvasScene().contentRect();
  if (content.isEmpty()) return {};
  const QRectF room = QRectF(rect()).adjusted(10, 10, -10, -10);
  const qreal scale = std::min(room.width() / content.width(), room.height() / content.height());
  QTransform transform;
  transform.translate(room.center().x(), room.center().y());
  transform.scale(scale, scale);
  transform.translate(-content.center().x(), -content.center().y());
  return transform;
}

void MiniMap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(&painter, rect(), {theme().color("raised"), theme().color("lineStrong"), 8});
  const QTransform transform = toMap();
  const CanvasScene& scene = m_canvas.canvasScene();
  for (LayerId layer : scene.layersIn(scene.contentRect())) {
    const LayerCard* card = scene.card(layer);
    const QRectF block = transform.mapRect(card->cardRect().translated(scene.placeOf(layer)));
    const CardContent& content = card->content();
    paintBox(&painter, block.adjusted(0, 0, 0, -.5),
             {theme().familyInk(content.family), content.isFaulty ? theme().color("danger") : QColor(), 1.5, 2});
  }
  painter.setClipRect(rect().adjusted(2, 2, -2, -2));
  const QRectF view = m_canvas.mapToScene(m_canvas.viewport()->rect()).boundingRect();
  paintBox(&painter, transform.mapRect(view), {{}, theme().color("focus"), 3});
}

void MiniMap::goTo(const QPoint& position) {
  m_canvas.centerOn(toMap().inverted().map(QPointF(position)));
  update();
}

void MiniMap::mousePressEvent(QMouseEvent* event) {
  goTo(event->pos());
}

void MiniMap::mouseMoveEvent(QMouseEvent* event) {
  goTo(event->pos());
}

}  // namespace layersmith

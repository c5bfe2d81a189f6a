#include "ui/data/ClassMarks.h"

#include "ui/theme/Theme.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <array>

namespace layersmith {

namespace {

constexpr int kColors = 8;
constexpr int kShapes = 4;
constexpr std::array<int, kColors> kSeriesOfClass = {0, 1, 2, 3, 4, 5, 6, 7};

QPolygonF triangle(const QPointF& c, double r) {
  return QPolygonF({c + QPointF(0, -r), c + QPointF(r, r * 0.8), c + QPointF(-r, r * 0.8)});
}

QPolygonF diamond(const QPointF& c, double r) {
  return QPolygonF({c + QPointF(0, -r), c + QPointF(r, 0), c + QPointF(0, r), c + QPointF(-r, 0)});
}

}  // namespace

QColor classColor(int index) {
  return theme().series(kSeriesOfClass[std::size_t(std::max(index, 0) % kColors)]);
}

void paintClassMark(QPainter& painter, const QPointF& center, double size, int classIndex, bool isHollow) {
  const QColor color = classIndex < 0 ? theme().color("text3") : classColor(classIndex);
  const double radius = size / 2;
  painter.setPen(isHollow ? QPen(color, 1.4) : QPen(Qt::NoPen));
  painter.setBrush(isHollow ? QBrush(Qt::NoBrush) : QBrush(color));
  switch (std::max(classIndex, 0) % kShapes) {
    case 0: painter.drawEllipse(center, radius, radius); break;
    case 1:
      painter.drawRect(QRectF(center.x() - radius * 0.9, center.y() - radius * 0.9, size * 0.9, size * 0.9));
      break;
    case 2: painter.drawPolygon(triangle(center, radius * 1.15)); break;
    default: painter.drawPolygon(diamond(center, radius * 1.2));
  }
}

void paintBar(QPainter& painter, const QRectF& track, double share, const QColor& color) {
  const double radius = track.height() / 2;
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme().color("pressed"));
  painter.drawRoundedRect(track, radius, radius);
  QRectF filled = track;
  filled.setWidth(track.width() * std::clamp(share, 0.0, 1.0));
  if (filled.width() < 0.5) return;
  painter.save();
  painter.setClipRect(filled);
  painter.setBrush(color);
  painter.drawRoundedRect(track, radius, radius);
  painter.restore();
}

}  // namespace layersmith

#include "ui/theme/StylePainting.h"

#include "ui/theme/Theme.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>

namespace layersmith {

namespace {

/// Restores the painter at the end of the scope.
class PainterScope {
 public:
  explicit PainterScope(QPainter* painter) : m_painter(painter) {
    m_painter->save();
    m_painter->setRenderHint(QPainter::Antialiasing);
  }
  ~PainterScope() { m_painter->restore(); }
  PainterScope(const PainterScope&) = delete;
  PainterScope& operator=(const PainterScope&) = delete;

 private:
  QPainter* m_painter;
};

struct Elevation {
  qreal y;
  qreal blur;
  qreal alpha;
};

}  // namespace

void paintBox(QPainter* painter, const QRectF& rect, const BoxLook& look) {
  const PainterScope scope(painter);
  const bool hasLine = look.line.isValid() && look.width > 0;
  painter->setPen(hasLine ? QPen(look.line, look.width, look.penStyle) : QPen(Qt::NoPen));
  painter->setBrush(look.fill.isValid() ? QBrush(look.fill) : QBrush(Qt::NoBrush));
  const qreal half = hasLine ? look.width / 2 : 0;
  const qreal radius = std::max<qreal>(0, look.radius - half);
  painter->drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius);
}

void paintFocusRing(QPainter* painter, const QRectF& rect, qreal radius) {
  paintBox(painter, rect, {.fill = {}, .line = theme().color("focus"), .radius = radius, .width = 2});
}

void paintChevron(QPainter* painter, const QPointF& center, Chevron direction, const QColor& color, qreal size) {
  const PainterScope scope(painter);
  painter->setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter->translate(center);
  painter->rotate(direction == Chevron::Down   ? 0
                  : direction == Chevron::Up   ? 180
                  : direction == Chevron::Left ? 90
                                               : -90);
  painter->drawPolyline(QPolygonF{{-size, -size / 2}, {0, size / 2}, {size, -size / 2}});
}

void paintShadow(QPainter* painter, const QRectF& rect, qreal radius, int level) {
  if (theme().isDark() || theme().isHighContrast()) return;
  static constexpr Elevation kLevels[] = {{0, 0, 0}, {1, 2, .06}, {4, 16, .14}, {12, 32, .22}};
  const Elevation& elevation = kLevels[std::clamp(level, 0, 3)];
  const PainterScope scope(painter);
  painter->setPen(Qt::NoPen);
  // Rings laid over one another fall off like a blur; few enough to be cheap, since only one thing at a time is lifted.
  const int rings = std::max(1, int(elevation.blur / 2));
  QColor color = theme().color("shadow");
  color.setAlphaF(float(elevation.alpha / rings * 1.6));
  painter->setBrush(color);
  for (int ring = 0; ring < rings; ++ring) {
    const qreal grow = elevation.blur / 2 * (ring + 1) / rings - 1;
    painter->drawRoundedRect(rect.translated(0, elevation.y).adjusted(-grow, -grow, grow, grow), radius + grow,
                             radius + grow);
  }
}

}  // namespace layersmith

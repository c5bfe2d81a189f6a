#pragma once

#include <QColor>
#include <QRectF>

class QPainter;
class QStyleOption;

namespace layersmith {

/// Small strokes that the style, the cards and the widgets share. All keep within the rectangle they are given, and
/// leave the painter as it was.

struct BoxLook {
  QColor fill;
  QColor line;
  qreal radius = 6;
  qreal width = 1;
  Qt::PenStyle penStyle = Qt::SolidLine;
};
void paintBox(QPainter* painter, const QRectF& rect, const BoxLook& look);

/// The ring of keyboard focus, inside `rect`: 2 px.
void paintFocusRing(QPainter* painter, const QRectF& rect, qreal radius = 6);

enum class Chevron { Up, Down, Left, Right };
void paintChevron(QPainter* painter, const QPointF& center, Chevron direction, const QColor& color, qreal size = 5);

/// A soft shadow around a rounded rectangle, level 1 to 3 of tokens.json; nothing in dark, where surfaces climb by
/// lightness.
void paintShadow(QPainter* painter, const QRectF& rect, qreal radius, int level);

}  // namespace layersmith

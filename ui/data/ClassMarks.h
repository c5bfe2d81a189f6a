#pragma once

#include <QColor>
#include <QPointF>

class QPainter;
class QRectF;

namespace layersmith {

/// The colour of class `index` in every view: 0 blue, 1 orange, ... Eight colours, then again from the first.
QColor classColor(int index);

/// The mark of a class, told apart by shape as well as by colour: circle, square, triangle, diamond, then again.
/// `size` is its width; hollow marks are validation rows.
void paintClassMark(QPainter& painter, const QPointF& center, double size, int classIndex, bool isHollow = false);

/// A bar that starts at zero, for probabilities and scores: `share` in 0..1, on its track.
void paintBar(QPainter& painter, const QRectF& track, double share, const QColor& color);

}  // namespace layersmith

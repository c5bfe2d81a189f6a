#pragma once

#include <QList>
#include <QPointF>

#include <span>
#include <vector>

namespace layersmith {

/// A curve as a chart of `columns` pixels can show it: per pixel column the first, lowest, highest and last point, in
/// order, so that no spike is lost. A value that is not finite ends one piece and begins the next; its place goes to
/// `gaps`. Points must rise in x; one point on either side of [xMin, xMax] is kept, so that lines reach the border.
struct ThinnedCurve {
  std::vector<QList<QPointF>> pieces;
  std::vector<double> gaps;
};
ThinnedCurve thinned(std::span<const QPointF> points, double xMin, double xMax, int columns);

/// Exponential moving average of the finite values, corrected for its start; `factor` 0 gives the points back.
std::vector<QPointF> smoothed(std::span<const QPointF> points, double factor);

}  // namespace layersmith

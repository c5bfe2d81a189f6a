#include "ui/training/Thinning.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace layersmith {

namespace {

/// The points of one pixel column that matter.
class Column {
 public:
  void add(const QPointF& point) {
    if (m_count++ == 0) {
      m_first = m_lowest = m_highest = m_last = point;
      return;
    }
    m_last = point;
    if (point.y() < m_lowest.y()) m_lowest = point;
    if (point.y() > m_highest.y()) m_highest = point;
  }

  void flushInto(QList<QPointF>& piece) {
    if (m_count == 0) return;
    const bool isLowFirst = m_lowest.x() <= m_highest.x();
    const std::array<QPointF, 4> kept = {m_first, isLowFirst ? m_lowest : m_highest, isLowFirst ? m_highest : m_lowest,
                                         m_last};
    for (const QPointF& point : kept)
      if (piece.isEmpty() || piece.back() != point) piece.append(point);
    m_count = 0;
  }

 private:
  int m_count = 0;
  QPointF m_first, m_lowest, m_highest, m_last;
};

}  // namespace

ThinnedCurve thinned(std::span<const QPointF> points, double xMin, double xMax, int columns) {
  ThinnedCurve result;
  const auto byX = [](const QPointF& point, double x) { return point.x() < x; };
  auto first = std::lower_bound(points.begin(), points.end(), xMin, byX);
  if (first != points.begin()) --first;
  auto last = std::lower_bound(first, points.end(), xMax, byX);
  if (last != points.end()) ++last;

  const double perColumn = (xMax - xMin) / std::max(columns, 1);
  QList<QPointF> piece;
  Column column;
  std::int64_t current = INT64_MIN;
  for (auto point = first; point != last; ++point) {
    if (!std::isfinite(point->y())) {
      column.flushInto(piece);
      if (!piece.isEmpty()) result.pieces.push_back(std::move(piece));
      piece = {};
      result.gaps.push_back(point->x());
      continue;
    }
    const auto index = perColumn > 0 ? std::int64_t(std::floor((point->x() - xMin) / perColumn)) : 0;
    if (index != current) column.flushInto(piece);
    current = index;
    column.add(*point);
  }
  column.flushInto(piece);
  if (!piece.isEmpty()) result.pieces.push_back(std::move(piece));
  return result;
}

std::vector<QPointF> smoothed(std::span<const QPointF> points, double factor) {
  std::vector<QPointF> result(points.begin(), points.end());
  if (factor <= 0) return result;
  double average = 0;
  double weight = 0;
  for (QPointF& point : result) {
    if (!std::isfinite(point.y())) continue;
    average = factor * average + (1 - factor) * point.y();
    weight = factor * weight + (1 - factor);
    point.setY(average / weight);
  }
  return result;
}

}  // namespace layersmith

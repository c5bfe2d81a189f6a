#pragma once

#include <QPointF>
#include <QRectF>
#include <QString>

#include <vector>

namespace layersmith {

struct ChartTick {
  double value;  ///< in data units
  QString text;
};

/// Whole numbers on a linear axis at steps of 1, 2 or 5 times a power of ten, at most `most` of them.
std::vector<ChartTick> linearTicks(double low, double high, int most);

/// 1-2-5 ticks of a logarithmic axis; thinned to 1-5 or 1 when there would be more than `most`. low > 0.
std::vector<ChartTick> logTicks(double low, double high, int most);

/// Where data lies in the plot: x linear, y linear or log10.
/// view() is in axis units: y is log10(value) on a logarithmic axis.
class ChartScale {
 public:
  void setLog(bool isLog) { m_isLog = isLog; }
  bool isLog() const { return m_isLog; }
  void setView(const QRectF& view) { m_view = view; }
  const QRectF& view() const { return m_view; }
  void setPlot(const QRectF& plot) { m_plot = plot; }
  const QRectF& plot() const { return m_plot; }

  double axisOf(double value) const;  ///< NaN for what a log axis cannot show
  double valueOf(double axis) const;
  double xToPixel(double x) const;
  double yToPixel(double value) const;
  QPointF toPixel(const QPointF& point) const { return {xToPixel(point.x()), yToPixel(point.y())}; }
  double pixelToX(double pixel) const;
  double pixelToAxis(double pixel) const;

 private:
  bool m_isLog = false;
  QRectF m_view = {0, 0, 1, 1};
  QRectF m_plot = {0, 0, 1, 1};
};

}  // namespace layersmith

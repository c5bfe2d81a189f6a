#include "ui/training/ChartScale.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace layersmith {

std::vector<ChartTick> linearTicks(double low, double high, int most) {
  std::vector<ChartTick> ticks;
  if (!(high > low) || most < 1) return ticks;
  double step = std::pow(10, std::floor(std::log10((high - low) / most)));
  for (double factor : {1.0, 2.0, 5.0, 10.0}) {
    if ((high - low) / (step * factor) > most) continue;
    step *= factor;
    break;
  }
  const int decimals = std::clamp(int(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
  const double slack = step * 1e-6;
  for (double index = std::ceil((low - slack) / step); index * step <= high + slack; ++index) {
    const double value = index == 0 ? 0 : index * step;
    ticks.push_back({value, QLocale().toString(value, 'f', decimals)});
  }
  return ticks;
}

std::vector<ChartTick> logTicks(double low, double high, int most) {
  const int first = int(std::floor(std::log10(low) + 1e-9));
  const int last = int(std::ceil(std::log10(high) - 1e-9));
  const auto collect = [&](std::initializer_list<int> digits, int every) {
    std::vector<ChartTick> ticks;
    for (int decade = first; decade <= last; ++decade) {
      if ((decade - first) % every != 0) continue;
      for (int digit : digits) {
        const double value = digit * std::pow(10, decade);
        if (value < low * 0.999999 || value > high * 1.000001) continue;
        const QString text = decade < -5 || decade > 5 ? QLocale().toString(value, 'g', 2)
                                                       : QLocale().toString(value, 'f', std::max(0, -decade));
        ticks.push_back({value, text});
      }
    }
    return ticks;
  };
  for (std::initializer_list<int> digits : {std::initializer_list<int>{1, 2, 5}, {1, 5}, {1}}) {
    const std::vector<ChartTick> ticks = collect(digits, 1);
    if (int(ticks.size()) <= most && !ticks.empty()) return ticks;
  }
  return collect({1}, std::max(1, (last - first + most - 1) / std::max(most, 1)));
}

double ChartScale::axisOf(double value) const {
  if (!m_isLog) return value;
  return value > 0 ? std::log10(value) : std::numeric_limits<double>::quiet_NaN();
}

double ChartScale::valueOf(double axis) const {
  return m_isLog ? std::pow(10, axis) : axis;
}

double ChartScale::xToPixel(double x) const {
  return m_plot.left() + (x - m_view.left()) / m_view.width() * m_plot.width();
}

double ChartScale::yToPixel(double value) const {
  return m_plot.bottom() - (axisOf(value) - m_view.top()) / m_view.height() * m_plot.height();
}

double ChartScale::pixelToX(double pixel) const {
  return m_view.left() + (pixel - m_plot.left()) / m_plot.width() * m_view.width();
}

double ChartScale::pixelToAxis(double pixel) const {
  return m_view.top() + (m_plot.bottom() - pixel) / m_plot.height() * m_view.height();
}

}  // namespace layersmith

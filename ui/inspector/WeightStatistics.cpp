#include "ui/inspector/WeightStatistics.h"

#include <algorithm>
#include <cmath>

namespace layersmith {

WeightStatistics weightStatistics(std::span<const float> values, int bins) {
  WeightStatistics result;
  result.histogram.assign(std::size_t(bins), 0);
  std::int64_t count = 0;
  std::int64_t zeros = 0;
  double sum = 0;
  double squares = 0;
  for (const float value : values) {
    if (!std::isfinite(value)) {
      ++result.notNumbers;
      continue;
    }
    if (count == 0) result.smallest = result.largest = value;
    result.smallest = std::min<double>(result.smallest, value);
    result.largest = std::max<double>(result.largest, value);
    sum += value;
    squares += double(value) * value;
    zeros += value == 0;
    ++count;
  }
  if (count == 0) return result;
  result.mean = sum / double(count);
  result.deviation = std::sqrt(std::max(0., squares / double(count) - result.mean * result.mean));
  result.zeroShare = double(zeros) / double(count);
  const double range = result.largest - result.smallest;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    const double share = range > 0 ? (value - result.smallest) / range : 0.5;
    ++result.histogram[std::size_t(std::min(bins - 1, int(share * bins)))];
  }
  return result;
}

}  // namespace layersmith

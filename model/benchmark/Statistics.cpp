#include "model/benchmark/Statistics.h"

#include <algorithm>
#include <vector>

namespace layersmith {

Statistics statisticsOf(std::span<const double> values) {
  if (values.empty()) return {};
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const std::size_t n = sorted.size();
  return {sorted.front(), sorted[n / 2], sorted[std::size_t(double(n) * 0.9)], n};
}

}  // namespace layersmith

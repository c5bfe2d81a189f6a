#pragma once

#include <cstddef>
#include <span>

namespace layersmith {

/// What a row of repeats says. `best` is the smallest; median and p90 are values that were measured (the upper one of
/// two), so that lines of different programs compare.
struct Statistics {
  double best = 0;
  double median = 0;
  double p90 = 0;
  std::size_t n = 0;
};

/// All zero for no values.
Statistics statisticsOf(std::span<const double> values);

}  // namespace layersmith

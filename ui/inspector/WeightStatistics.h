#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace layersmith {

/// What the Weights page shows of one weight. NaN and infinity are counted and left out of the rest.
struct WeightStatistics {
  double mean = 0;
  double deviation = 0;
  double smallest = 0;
  double largest = 0;
  double zeroShare = 0;  ///< 0 to 1
  std::int64_t notNumbers = 0;
  std::vector<int> histogram;  ///< counts of equal steps from smallest to largest
};

WeightStatistics weightStatistics(std::span<const float> values, int bins);

}  // namespace layersmith

#pragma once

#include "model/benchmark/BenchLine.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace layersmith {

/// One line per workload and engine out of several rounds, in the order of their first appearance: best is the best of
/// all rounds, median the median of the rounds' medians, n counts all repeats, peakMb is the largest. An engine that
/// gave no figure in any round keeps its error.
std::vector<BenchLine> joinRounds(std::span<const BenchLine> lines);

/// Rate of the large matrix product in GFLOP/s, the best of all engines; 0 when it was not measured.
double sgemmRate(std::span<const BenchLine> lines);

/// How one workload of ours stands beside the other engines.
struct Comparison {
  BenchLine ours;
  std::optional<BenchLine> torch;     ///< the PyTorch variant with the smallest best time
  std::optional<BenchLine> tfjs;      ///< TensorFlow.js, its line with the smallest best time, or its error
  std::optional<double> limitMs;      ///< gflop at the rate of the large matrix product
  std::optional<double> ratio;        ///< our best / PyTorch's best; W8: our median / the bare disk work
  std::optional<double> medianRatio;  ///< our median / the smallest median of a PyTorch variant
  std::optional<double> torchPeakMb;  ///< of the process that ran all PyTorch variants
  double goal = 0;                    ///< `ratio` should not be above; 0: none

  bool isGoalMet() const { return goal > 0 && ratio && *ratio <= goal; }
};

/// One comparison per line of ours, machine rates left out. `lines` are joined: one per workload and engine.
std::vector<Comparison> compareEngines(std::span<const BenchLine> lines);

}  // namespace layersmith

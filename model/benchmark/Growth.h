#pragma once

#include "model/benchmark/Repeats.h"
#include "model/core/Scalar.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// The training step of one dense network out of a row that grows along one axis.
struct GrowthPoint {
  std::string axis;        ///< "batch", "width", "depth"
  std::int64_t value = 0;  ///< samples of a step, units of a hidden layer, number of hidden layers
  std::int64_t batch = 0;
  double gflop = 0;   ///< of a step, counted as three forward passes
  double stepMs = 0;  ///< median
  double bestMs = 0;
  double jump = 0;  ///< how much more the best time grew than the work did, since the point before; 0 at the first

  double msPerSample() const { return stepMs / double(batch); }
};

/// Times `jump` above this are a jump: the step became dearer than its work.
inline constexpr double kJump = 1.5;

/// Batch 1 to 1024 (3 hidden layers of 256), width 64 to 4096 (2 hidden layers, batch 32), depth 2 to 200 (64 units,
/// batch 32); values double, from 64 inputs to 10 classes. Tells each point as it is measured.
std::vector<GrowthPoint> measureGrowth(const RepeatLimits& limits,
                                       const std::function<void(const GrowthPoint&)>& measured = {});

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

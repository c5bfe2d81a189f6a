#include "model/benchmark/Growth.h"

#include "model/benchmark/GraphSketch.h"
#include "model/benchmark/Statistics.h"
#include "model/benchmark/WorkloadRun.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

constexpr std::int64_t kInputs = 64, kClasses = 10;

struct Mlp {
  std::int64_t batch, width, depth;

  Graph graph() const {
    GraphSketch sketch;
    TensorRef x = sketch.input({kInputs});
    for (std::int64_t layer = 0; layer < depth; ++layer)
      x = sketch.apply("Dense", {{"units", width}, {"activation", "relu"}}, x);
    return sketch.finish(sketch.apply("Dense", {{"units", kClasses}, {"activation", "softmax"}}, x));
  }

  double gflop() const {
    const std::int64_t products = kInputs * width + (depth - 1) * width * width + width * kClasses;
    return 3 * 2e-9 * double(batch * products);
  }
};

std::vector<std::int64_t> doubling(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> values;
  for (std::int64_t value = first; value < last; value *= 2) values.push_back(value);
  values.push_back(last);
  return values;
}

GrowthPoint measurePoint(const char* axis, std::int64_t value, const Mlp& mlp, const RepeatLimits& limits) {
  const TrainingConfig config = {"adam", {}, {"categoricalCrossentropy"}, {}, {}};
  const Statistics times = statisticsOf(timeTrainingSteps(mlp.graph(), config, mlp.batch, limits).ms);
  return {axis, value, mlp.batch, mlp.gflop(), times.median, times.best, 0};
}

}  // namespace

std::vector<GrowthPoint> measureGrowth(const RepeatLimits& limits,
                                       const std::function<void(const GrowthPoint&)>& measured) {
  std::vector<GrowthPoint> points;
  const auto add = [&](GrowthPoint point) {
    if (!points.empty() && points.back().axis == point.axis)
      point.jump = (point.bestMs / points.back().bestMs) / (point.gflop / points.back().gflop);
    if (measured) measured(point);
    points.push_back(std::move(point));
  };
  for (const std::int64_t batch : doubling(1, 1024)) add(measurePoint("batch", batch, {batch, 256, 3}, limits));
  for (const std::int64_t width : doubling(64, 4096)) add(measurePoint("width", width, {32, width, 2}, limits));
  for (const std::int64_t depth : doubling(2, 200)) add(measurePoint("depth", depth, {32, 64, depth}, limits));
  return points;
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#include "model/session/Evaluation.h"

#include "model/core/Error.h"
#include "model/nn/Network.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace layersmith {

namespace {

struct Axis {
  const ColumnRecipe* column;
  double low;
  double high;

  double scaled(double value) const { return (value - column->offset) / column->scale; }
};

/// The two feature columns a boundary is drawn over, with their range in the data and a margin of a tenth.
std::array<Axis, 2> featureAxes(const Dataset& dataset) {
  std::array<Axis, 2> axes{};
  std::size_t found = 0;
  for (qsizetype i = 0; i < qsizetype(dataset.recipe.columns.size()); ++i) {
    const ColumnRecipe& column = dataset.recipe.columns[std::size_t(i)];
    if (column.role != ColumnRole::Feature) continue;
    if (found == axes.size() || column.isCategorical)
      throw Error(ErrorKind::Unsupported, "A boundary can be drawn for models with two numeric inputs only.");
    Axis axis{&column, std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest()};
    for (double value : dataset.raw->columns[std::size_t(i)].numbers) {
      if (!std::isfinite(value)) continue;
      axis.low = std::min(axis.low, value);
      axis.high = std::max(axis.high, value);
    }
    const double margin = std::max(1e-9, (axis.high - axis.low) * 0.1);
    axis.low -= margin;
    axis.high += margin;
    axes[found++] = axis;
  }
  if (found != axes.size())
    throw Error(ErrorKind::Unsupported, "A boundary can be drawn for models with two numeric inputs only.");
  return axes;
}

Tensor grid(const std::array<Axis, 2>& axes, int width, int height) {
  Tensor points(Shape{std::int64_t(width) * height, 2});
  std::size_t at = 0;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const double px = axes[0].low + (axes[0].high - axes[0].low) * (x + 0.5) / width;
      const double py = axes[1].high - (axes[1].high - axes[1].low) * (y + 0.5) / height;
      points.values[at++] = Scalar(axes[0].scaled(px));
      points.values[at++] = Scalar(axes[1].scaled(py));
    }
  return points;
}

}  // namespace

BoundaryField boundaryField(const DocumentState& state, const WeightSet& weights, int resolution) {
  if (!state.dataset) throw Error(ErrorKind::InvalidConfig, "There is no data to draw a boundary for.");
  const std::array<Axis, 2> axes = featureAxes(*state.dataset);
  BoundaryField field;
  field.width = field.height = std::clamp(resolution, 8, 512);
  field.xMin = axes[0].low;
  field.xMax = axes[0].high;
  field.yMin = axes[1].low;
  field.yMax = axes[1].high;

  Network network(state.graph, weights, state.fit.seed);
  const Tensor points[] = {grid(axes, field.width, field.height)};
  const Tensor output = std::move(network.predict(points, 1024).front());
  const std::int64_t units = output.sampleSize();
  field.classes = std::max<int>(2, int(units));
  field.values.reserve(std::size_t(output.batch()));
  field.bestClass.reserve(std::size_t(output.batch()));
  for (std::int64_t i = 0; i < output.batch(); ++i) {
    const auto sample = output.sample(i);
    const auto best = std::ranges::max_element(sample);
    const bool isBinary = units <= 2;
    field.values.push_back(float(isBinary ? sample.back() : *best));
    field.bestClass.push_back(isBinary ? int(sample.back() > Scalar(0.5)) : int(std::distance(sample.begin(), best)));
  }
  return field;
}

}  // namespace layersmith

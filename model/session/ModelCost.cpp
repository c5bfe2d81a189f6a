#include "model/session/ModelCost.h"

#include "model/benchmark/Profile.h"
#include "model/core/Error.h"
#include "model/core/Random.h"
#include "model/nn/GraphAnalysis.h"
#include "model/session/FirstSamples.h"

#include <algorithm>

namespace layersmith {

namespace {

constexpr double kMsForRepeats = 500;
constexpr int kMostRepeats = 10;

/// The shape of every input of the model, as far as the model tells.
std::vector<Shape> inputShapes(const Graph& graph) {
  if (graph.inputs.empty()) throw Error(ErrorKind::InvalidConfig, "There is no model to measure.");
  const GraphReport report = analyse(graph);
  std::vector<Shape> shapes;
  for (const TensorRef& input : graph.inputs) {
    const auto found = report.layers.find(input.layer);
    if (found == report.layers.end() || found->second.outputShapes.empty())
      throw Error(ErrorKind::InvalidConfig, "The shape of an input is not known.");
    shapes.push_back(found->second.outputShapes.front());
  }
  return shapes;
}

bool fits(const Shape& shape, const Tensor& tensor) {
  if (shape.size() != tensor.shape.size() || tensor.batch() == 0) return false;
  for (std::size_t axis = 1; axis < shape.size(); ++axis)
    if (shape[axis] >= 0 && shape[axis] != tensor.shape[axis]) return false;
  return true;
}

Tensor madeSamples(Shape shape, std::int64_t count, std::uint64_t stream) {
  shape[0] = count;
  if (std::ranges::any_of(shape, [](std::int64_t axis) { return axis < 0; }))
    throw Error(ErrorKind::InvalidConfig, "The size of an input is not fixed. Load data that fits the model.");
  Tensor batch(shape);
  const Random random(1, stream);
  for (std::size_t i = 0; i < batch.values.size(); ++i) batch.values[i] = Scalar(random.uniform(i));
  return batch;
}

std::vector<Tensor> oneBatch(const DocumentState& state) {
  const std::vector<Shape> shapes = inputShapes(state.graph);
  const std::int64_t count = std::max(1, state.fit.batchSize);
  const std::vector<Tensor> none;
  const std::vector<Tensor>& xs = state.dataset ? state.dataset->training.xs : none;
  const bool isOfData = std::ranges::equal(shapes, xs, fits);
  std::vector<Tensor> batch;
  for (std::size_t i = 0; i < shapes.size(); ++i)
    batch.push_back(isOfData ? firstSamples(xs[i], count) : madeSamples(shapes[i], count, i));
  return batch;
}

std::string joined(const std::string& first, const std::string& second) {
  if (first.empty() || first == second) return second;
  return second.empty() ? first : first + ", " + second;
}

LayerCost costOf(const LayerProfile& layer, double allMs) {
  const PassProfile& forward = layer.forward;
  const PassProfile& backward = layer.backward;
  LayerCost cost;
  cost.forwardMs = forward.ms;
  cost.backwardMs = backward.ms;
  cost.ms = forward.ms + backward.ms;
  cost.percent = allMs > 0 ? 100 * cost.ms / allMs : 0;
  cost.gflopPerSecond = cost.ms > 0 ? (forward.flops + backward.flops) / cost.ms * 1e-6 : 0;
  cost.weightBytes = layer.weightBytes;
  cost.outputBytes = layer.outputBytes;
  cost.kernel = joined(forward.kernel, backward.kernel);
  cost.isReference = forward.isReference() || backward.isReference();
  cost.hasSteps = forward.steps + backward.steps > 0;
  return cost;
}

}  // namespace

ModelCost measureCost(const DocumentState& state) {
  const std::vector<Tensor> batch = oneBatch(state);
  Network network(state.graph, state.weights, state.fit.seed);
  NetworkProfile profile = profileNetwork(network, batch, PlanMode::Training, 1);
  const double stepMs = profile.forwardMs + profile.backwardMs;
  if (const int repeats = int(std::min<double>(kMsForRepeats / std::max(stepMs, 1e-3), kMostRepeats)); repeats > 1)
    profile = profileNetwork(network, batch, PlanMode::Training, repeats);

  double allMs = 0;
  for (const LayerProfile& layer : profile.layers) allMs += layer.forward.ms + layer.backward.ms;
  ModelCost cost;
  cost.samples = profile.samples;
  for (const LayerProfile& layer : profile.layers) cost.layers[layer.layer] = costOf(layer, allMs);
  return cost;
}

}  // namespace layersmith

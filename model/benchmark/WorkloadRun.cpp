#include "model/benchmark/WorkloadRun.h"

#include "model/core/Error.h"
#include "model/core/Random.h"
#include "model/nn/GraphAnalysis.h"
#include "model/nn/Network.h"

#include <limits>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

constexpr std::uint64_t kSeed = 1;
constexpr int kWarmUp = 3;
constexpr int kFirstSteps = 10;  // a fit tries thread counts first
constexpr int kFitEpochs = 40;
constexpr std::int64_t kFitSamples = 150;
constexpr std::int64_t kBatches = 16;  // so that batches come from memory, not from a cache

WorkloadTimes runFits(const Workload& workload, const RepeatLimits& limits) {
  const TrainingData data = makeWorkloadData(workload.makeGraph(), kFitSamples);
  FitOptions options;
  options.epochs = kFitEpochs;
  options.batchSize = int(workload.batch);
  std::string threads;
  const auto fit = [&] {
    Network network(workload.makeGraph(), {}, kSeed);
    threads = Trainer(network, workload.trainingConfig()).fit(data, nullptr, options).threads;
  };
  WorkloadTimes times;
  times.firstMs = timedMs(fit);
  for (int i = 0; i < kWarmUp; ++i) fit();
  times.ms = repeatedMs(limits, fit);
  times.threads = threads;
  return times;
}

WorkloadTimes runInference(const Workload& workload, const RepeatLimits& limits) {
  const Graph graph = workload.makeGraph();
  Network network(graph, {}, kSeed);
  const std::vector<Tensor> xs = makeWorkloadData(graph, workload.batch).xs;
  const auto predict = [&] { network.predict(xs, workload.batch); };
  for (int i = 0; i < kWarmUp; ++i) predict();
  return {repeatedMs(limits, predict), {}, {}};
}

}  // namespace

WorkloadTimes timeTrainingSteps(const Graph& graph, const TrainingConfig& config, std::int64_t batch,
                                const RepeatLimits& limits) {
  Network network(graph, {}, kSeed);
  Trainer trainer(network, config);
  const TrainingData data = makeWorkloadData(graph, kBatches * batch);
  FitOptions options;
  options.epochs = std::numeric_limits<int>::max();
  options.batchSize = int(batch);

  std::optional<Repeats> repeats;
  int step = 0;
  std::chrono::steady_clock::time_point before;
  TrainerCallbacks callbacks;
  callbacks.batchFinished = [&](const BatchLog&) {
    if (repeats)
      repeats->add(msSince(before));
    else if (++step == kFirstSteps)
      repeats.emplace(limits);
    before = std::chrono::steady_clock::now();
    return !repeats || !repeats->areEnough();
  };
  const FitResult result = trainer.fit(data, nullptr, options, callbacks);
  if (result.end == FitResult::End::Diverged) throw Error(ErrorKind::Numeric, "The loss is no longer a number.");
  return {repeats->take(), {}, result.threads};
}

TrainingData makeWorkloadData(const Graph& graph, std::int64_t samples) {
  const GraphReport report = analyse(graph);
  Shape shape = report.layers.at(graph.inputs.front().layer).outputShapes.front();
  shape[0] = samples;
  TrainingData data{{Tensor(shape)}, {}};
  const Random inputs(kSeed, 1), targets(kSeed, 2);
  for (std::size_t i = 0; i < data.xs[0].values.size(); ++i) data.xs[0].values[i] = Scalar(2 * inputs.uniform(i) - 1);

  const LayerReport& last = report.layers.at(graph.outputs.front().layer);
  const std::int64_t classes = last.outputShapes.empty() ? 1 : last.outputShapes.front().back();
  data.ys.emplace_back(Shape{samples, classes});
  std::vector<Scalar>& values = data.ys[0].values;
  for (std::int64_t i = 0; i < samples; ++i) {
    if (classes == 1)
      values[std::size_t(i)] = Scalar(targets.below(std::uint64_t(i), 2));
    else
      values[std::size_t(i * classes + targets.below(std::uint64_t(i), std::uint32_t(classes)))] = 1;
  }
  return data;
}

WorkloadTimes runWorkload(const Workload& workload, const RepeatLimits& limits) {
  switch (workload.kind) {
    case WorkloadKind::Fit: return runFits(workload, limits);
    case WorkloadKind::TrainingStep:
      return timeTrainingSteps(workload.makeGraph(), workload.trainingConfig(), workload.batch, limits);
    case WorkloadKind::Inference: return runInference(workload, limits);
  }
  return {};
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

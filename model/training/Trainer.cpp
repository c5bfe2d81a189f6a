#include "model/training/Trainer.h"

#include "model/core/Random.h"
#include "model/nn/NetworkImpl.h"
#include "model/nn/Threads.h"
#include "model/nn/kernels/Elementwise.h"
#include "model/training/Metrics.h"
#include "model/training/Optimizer.h"
#include "model/training/Penalties.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

/// One output of the model, its loss and its metrics.
struct OutputLoss {
  LossType loss;
  std::vector<Metric> metrics;
  std::vector<Scalar> targets;  // of the current batch
};

/// The samples of a pass, in the order they are taken.
struct Samples {
  const TrainingData& data;
  std::vector<std::uint32_t> order;
};

Samples allSamples(const TrainingData& data, std::size_t begin, std::size_t end) {
  Samples samples{data, std::vector<std::uint32_t>(end - begin)};
  std::iota(samples.order.begin(), samples.order.end(), std::uint32_t(begin));
  return samples;
}

/// Batch-size-weighted means, as TensorFlow.js logs them.
class Means {
 public:
  void add(const std::vector<MetricValue>& values, std::int64_t samples) {
    if (m_sums.empty()) m_sums = values, std::ranges::for_each(m_sums, [](MetricValue& v) { v.value = 0; });
    for (std::size_t i = 0; i < values.size(); ++i) m_sums[i].value += values[i].value * double(samples);
    m_samples += samples;
  }
  std::vector<MetricValue> values(const std::string& prefix = {}) const {
    std::vector<MetricValue> means = m_sums;
    for (MetricValue& mean : means) mean = {prefix + mean.name, mean.value / double(m_samples)};
    return means;
  }

 private:
  std::vector<MetricValue> m_sums;
  std::int64_t m_samples = 0;
};

void gather(const Tensor& from, std::span<const std::uint32_t> order, Scalar* to) {
  const auto size = std::size_t(from.sampleSize());
  for (const std::uint32_t index : order) to = std::copy_n(from.values.data() + index * size, size, to);
}

std::string uniqueName(const std::vector<MetricValue>& values, const std::string& name) {
  const auto count = std::ranges::count(values, name, &MetricValue::name);
  return count == 0 ? name : name + "_" + std::to_string(count);
}

}  // namespace

double EpochLog::valueOf(const std::string& name, double fallback) const {
  const auto it = std::ranges::find(values, name, &MetricValue::name);
  return it == values.end() ? fallback : it->value;
}

struct Trainer::Impl {
  Impl(Network& net, const TrainingConfig& config, const OptimizerState& state)
      : network(net.impl()), optimizer(config, network.parameters, state), penalties(network.parameters) {
    addOutputs(config);
    stepNumber = std::uint64_t(optimizer.iterations());
  }

  void addOutputs(const TrainingConfig& config);
  void checkData(const TrainingData& data) const;
  std::int64_t lastAxis(std::size_t output) const;

  /// Forward, loss and metrics of one batch; `plan` keeps what backward needs.
  std::vector<MetricValue> measure(Plan& plan, const Samples& samples, std::size_t first, std::size_t count,
                                   const StepContext& context, bool withPenalties);
  void fillInputs(Plan& plan, const Samples& samples, std::size_t first, std::size_t count);
  LossBatch lossBatch(const Plan& plan, std::size_t output) const;
  void startBackward(Plan& plan);
  Plan& planFor(const Samples& samples, std::size_t count, PlanMode mode);
  LayerId firstNonFinite(const Samples& samples, std::size_t first, std::size_t count);
  std::vector<MetricValue> evaluate(const Samples& samples, int batchSize);
  FitResult fit(const Samples& training, const Samples* validation, const FitOptions& options,
                const TrainerCallbacks& callbacks);
  bool runEpoch(Samples& samples, int epoch, const FitOptions& options, const TrainerCallbacks& callbacks,
                FitResult& result, Means& means);

  Network::Impl& network;
  Optimizer optimizer;
  Penalties penalties;
  std::vector<OutputLoss> outputs;
  std::uint64_t stepNumber = 0;
};

std::int64_t Trainer::Impl::lastAxis(std::size_t output) const {
  const TensorRef& ref = network.graph.outputs[output];
  return network.inferred.report.layers.at(ref.layer).outputShapes.at(std::size_t(ref.tensorIndex)).back();
}

void Trainer::Impl::addOutputs(const TrainingConfig& config) {
  const std::size_t count = network.graph.outputs.size();
  if (config.losses.size() != 1 && config.losses.size() != count)
    throw Error(ErrorKind::InvalidConfig,
                "The model has " + std::to_string(count) + " outputs, but " + std::to_string(config.losses.size()) +
                    " losses were given.",
                {}, "loss");
  for (std::size_t i = 0; i < count; ++i) {
    OutputLoss output{lossFromName(config.losses.size() == 1 ? config.losses[0] : config.losses[i]), {}, {}};
    const bool isCategorical = output.loss == LossType::CategoricalCrossentropy || isSparse(output.loss);
    if (isCategorical && lastAxis(i) == 1)
      throw Error(ErrorKind::ShapeMismatch, "The output `" + network.outputName(i) + "` has one value; the loss " +
                                                config.losses.front() +
                                                " needs one per class. Use binaryCrossentropy.");
    for (const std::string& metric : config.metrics)
      output.metrics.push_back(metricFromName(metric, output.loss, lastAxis(i)));
    outputs.push_back(std::move(output));
  }
}

void Trainer::Impl::checkData(const TrainingData& data) const {
  network.checkInputs(data.xs);
  if (data.samples() == 0) throw Error(ErrorKind::ShapeMismatch, "There are no samples to train on.");
  if (data.ys.size() != outputs.size())
    throw Error(ErrorKind::ShapeMismatch, "The model has " + std::to_string(outputs.size()) +
                                              " outputs, but the data has " + std::to_string(data.ys.size()) +
                                              " targets.");
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const TensorRef& ref = network.graph.outputs[i];
    Shape wanted = network.inferred.report.layers.at(ref.layer).outputShapes.at(std::size_t(ref.tensorIndex));
    if (isSparse(outputs[i].loss)) wanted.back() = 1;
    const Tensor& y = data.ys[i];
    const std::int64_t perSample = elementCount(Shape(wanted.begin() + 1, wanted.end()));
    if (y.batch() != data.samples() ||
        (isFullyKnown(Shape(wanted.begin() + 1, wanted.end())) && y.sampleSize() != perSample))
      throw Error(ErrorKind::ShapeMismatch, "The targets of `" + network.outputName(i) + "` must have the shape " +
                                                toString(wanted) + " for " + std::to_string(data.samples()) +
                                                " samples; found " + toString(y.shape) + ".");
  }
}

Plan& Trainer::Impl::planFor(const Samples& samples, std::size_t count, PlanMode mode) {
  return network.plan(network.batchShapes(samples.data.xs, std::int64_t(count)), mode);
}

void Trainer::Impl::fillInputs(Plan& plan, const Samples& samples, std::size_t first, std::size_t count) {
  const auto order = std::span(samples.order).subspan(first, count);
  for (std::size_t i = 0; i < samples.data.xs.size(); ++i) gather(samples.data.xs[i], order, plan.data(plan.inputs[i]));
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Tensor& y = samples.data.ys[i];
    outputs[i].targets.resize(count * std::size_t(y.sampleSize()));
    gather(y, order, outputs[i].targets.data());
  }
}

LossBatch Trainer::Impl::lossBatch(const Plan& plan, std::size_t output) const {
  const Value value = plan.outputs[output].value;
  const std::int64_t columns = plan.shape(value).back();
  return {plan.data(value), outputs[output].targets.data(), elementCount(plan.shape(value)) / columns, columns};
}

std::vector<MetricValue> Trainer::Impl::measure(Plan& plan, const Samples& samples, std::size_t first,
                                                std::size_t count, const StepContext& context, bool withPenalties) {
  fillInputs(plan, samples, first, count);
  plan.forward(context);
  const bool hasSeveral = outputs.size() > 1;
  std::vector<MetricValue> values = {{"loss", withPenalties ? penalties.value(network.parameters) : 0}};
  std::vector<MetricValue> others;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const double loss = lossValue(outputs[i].loss, lossBatch(plan, i));
    values.front().value += loss;
    if (hasSeveral) values.push_back({uniqueName(values, network.outputName(i) + "_loss"), loss});
  }
  for (std::size_t i = 0; i < outputs.size(); ++i)
    for (const Metric& metric : outputs[i].metrics) {
      const std::string name = hasSeveral ? network.outputName(i) + "_" + metric.name : metric.name;
      values.push_back({uniqueName(values, name), metricValue(metric, lossBatch(plan, i), isSparse(outputs[i].loss))});
    }
  return values;
}

void Trainer::Impl::startBackward(Plan& plan) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    Plan::Output& output = plan.outputs[i];
    Scalar* gradient = plan.data(output.gradient);
    if (!gradient) continue;  // nothing before this output can be trained
    output.isTailFused = fusesWith(outputs[i].loss, output.tail);
    (output.isTailFused ? fusedLossGradient : lossGradient)(outputs[i].loss, lossBatch(plan, i), gradient);
  }
}

LayerId Trainer::Impl::firstNonFinite(const Samples& samples, std::size_t first, std::size_t count) {
  Plan& plan = planFor(samples, count, PlanMode::Inspect);
  fillInputs(plan, samples, first, count);
  plan.forward(network.context());
  for (const Plan::LayerValue& value : plan.layerValues) {
    if (!kernels::isFinite(plan.data(value.value), elementCount(plan.shape(value.value)))) return value.layer;
    for (const Parameter& parameter : network.parameters.parameters())
      if (parameter.layer == value.layer &&
          !kernels::isFinite(network.parameters.values(parameter).data(), parameter.count))
        return value.layer;
  }
  return network.graph.outputs.front().layer;
}

std::vector<MetricValue> Trainer::Impl::evaluate(const Samples& samples, int batchSize) {
  Means means;
  for (std::size_t first = 0; first < samples.order.size(); first += std::size_t(batchSize)) {
    const std::size_t count = std::min(std::size_t(batchSize), samples.order.size() - first);
    Plan& plan = planFor(samples, count, PlanMode::Inference);
    means.add(measure(plan, samples, first, count, network.context(), false), std::int64_t(count));
  }
  return means.values();
}

/// Returns false when the fit ends here; `result` says how.
bool Trainer::Impl::runEpoch(Samples& samples, int epoch, const FitOptions& options, const TrainerCallbacks& callbacks,
                             FitResult& result, Means& means) {
  const std::size_t batchSize = std::size_t(options.batchSize);
  for (std::size_t first = 0, batch = 0; first < samples.order.size(); first += batchSize, ++batch) {
    const std::size_t count = std::min(batchSize, samples.order.size() - first);
    const StepContext context = network.context(stepNumber++, options.seed);
    Plan& plan = planFor(samples, count, PlanMode::Training);
    const std::vector<MetricValue> values = measure(plan, samples, first, count, context, true);
    bool isFine = std::isfinite(values.front().value);
    if (isFine) {
      startBackward(plan);
      plan.backward(context);
      penalties.addGradients(network.parameters);
      isFine = optimizer.step(network.parameters);
      penalties.constrain(network.parameters);
    }
    result.epoch = epoch;
    result.batch = int(batch);
    if (!isFine) {
      result.end = FitResult::End::Diverged;
      result.divergedLayer = firstNonFinite(samples, first, count);
      return false;
    }
    means.add(values, std::int64_t(count));
    if (callbacks.batchFinished && !callbacks.batchFinished({epoch, int(batch), int(count), values})) {
      result.end = FitResult::End::Stopped;
      return false;
    }
  }
  return true;
}

FitResult Trainer::Impl::fit(const Samples& training, const Samples* validation, const FitOptions& options,
                             const TrainerCallbacks& callbacks) {
  FitResult result;
  Samples samples = training;
  const std::span<Scalar> weights = network.parameters.all();
  for (int epoch = options.initialEpoch; epoch < options.epochs; ++epoch) {
    const auto start = std::chrono::steady_clock::now();
    if (options.shuffle) {
      const auto order = Random(options.seed, std::uint64_t(epoch)).permutation(std::uint32_t(training.order.size()));
      std::ranges::transform(order, samples.order.begin(), [&](std::uint32_t i) { return training.order[i]; });
    }
    const std::vector<Scalar> weightsBefore(weights.begin(), weights.end());
    Optimizer::Snapshot before = optimizer.snapshot();
    Means means;
    if (!runEpoch(samples, epoch, options, callbacks, result, means)) {
      if (result.end == FitResult::End::Diverged) {
        std::ranges::copy(weightsBefore, weights.begin());
        optimizer.restore(std::move(before));
        ++network.parameters.version;
      }
      return result;
    }
    EpochLog log{epoch, 0, means.values()};
    if (validation)
      for (const MetricValue& value : evaluate(*validation, options.batchSize))
        log.values.push_back({"val_" + value.name, value.value});
    log.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.history.push_back(log);
    if (callbacks.epochFinished && !callbacks.epochFinished(log)) {
      result.end = FitResult::End::Stopped;
      return result;
    }
  }
  return result;
}

Trainer::Trainer(Network& network, const TrainingConfig& config, const OptimizerState& state)
    : m_impl(std::make_unique<Impl>(network, config, state)) {}
Trainer::~Trainer() = default;

FitResult Trainer::fit(const TrainingData& data, const TrainingData* validation, const FitOptions& options,
                       const TrainerCallbacks& callbacks) {
  const auto require = [](bool isMet, const char* message, const char* field) {
    if (!isMet) throw Error(ErrorKind::InvalidConfig, message, {}, field);
  };
  require(options.batchSize >= 1, "The batch size must be at least 1.", "batchSize");
  require(options.epochs >= 0, "The number of epochs must not be negative.", "epochs");
  require(options.validationSplit >= 0 && options.validationSplit < 1,
          "The validation split must be from 0 to below 1.", "validationSplit");
  m_impl->checkData(data);
  if (validation) m_impl->checkData(*validation);

  const ThreadScope scope(threadCount());
  const auto count = std::size_t(data.samples());
  if (validation) {
    const Samples held = allSamples(*validation, 0, std::size_t(validation->samples()));
    return m_impl->fit(allSamples(data, 0, count), &held, options, callbacks);
  }
  const auto split = std::size_t(std::floor(double(count) * (1 - options.validationSplit)));
  require(split > 0, "The validation split leaves nothing to train on.", "validationSplit");
  const Samples tail = allSamples(data, split, count);
  return m_impl->fit(allSamples(data, 0, split), split < count ? &tail : nullptr, options, callbacks);
}

std::vector<MetricValue> Trainer::evaluate(const TrainingData& data, int batchSize) {
  if (batchSize < 1) throw Error(ErrorKind::InvalidConfig, "The batch size must be at least 1.", {}, "batchSize");
  m_impl->checkData(data);
  const ThreadScope scope(threadCount());
  return m_impl->evaluate(allSamples(data, 0, std::size_t(data.samples())), batchSize);
}

OptimizerState Trainer::optimizerState() const {
  return m_impl->optimizer.state(m_impl->network.parameters);
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#include "model/training/Trainer.h"

#include "model/core/Random.h"
#include "model/nn/NetworkImpl.h"
#include "model/nn/Threads.h"
#include "model/nn/kernels/Elementwise.h"
#include "model/training/BatchLoader.h"
#include "model/training/Optimizer.h"
#include "model/training/OutputLosses.h"
#include "model/training/Penalties.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <numeric>
#include <optional>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

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

std::vector<MetricValue> zeros(const std::vector<std::string>& names, const std::string& prefix = {}) {
  std::vector<MetricValue> values;
  for (const std::string& name : names) values.push_back({prefix + name, 0});
  return values;
}

/// Batch-size-weighted means, as TensorFlow.js logs them.
class Means {
 public:
  Means() = default;
  explicit Means(std::vector<MetricValue> sums, std::int64_t samples = 0)
      : m_sums(std::move(sums)), m_samples(std::size_t(samples)) {}
  void add(const std::vector<MetricValue>& values, std::size_t samples) {
    for (std::size_t i = 0; i < values.size(); ++i) m_sums[i].value += values[i].value * double(samples);
    m_samples += samples;
  }
  std::vector<MetricValue> values() const {
    std::vector<MetricValue> means = m_sums;
    for (MetricValue& mean : means) mean.value /= double(m_samples);
    return means;
  }
  const std::vector<MetricValue>& sums() const { return m_sums; }
  std::int64_t samples() const { return std::int64_t(m_samples); }

 private:
  std::vector<MetricValue> m_sums;
  std::size_t m_samples = 0;
};

/// Batches live shorter than plans.
void resetInputs(Plan& plan) {
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) plan.resetInput(i);
}

/// Stops reading ahead before the samples go, however a fit ends.
class EndOfLoading {
 public:
  explicit EndOfLoading(std::optional<BatchLoader>& loader) : m_loader(loader) {}
  ~EndOfLoading() { m_loader.reset(); }
  EndOfLoading(const EndOfLoading&) = delete;
  EndOfLoading& operator=(const EndOfLoading&) = delete;

 private:
  std::optional<BatchLoader>& m_loader;
};

/// The network with its weights in one block, for the optimizer.
Network::Impl& owned(Network& network) {
  network.impl().ownWeights();
  return network.impl();
}

}  // namespace

double EpochLog::valueOf(const std::string& name, double fallback) const {
  const auto it = std::ranges::find(values, name, &MetricValue::name);
  return it == values.end() ? fallback : it->value;
}

struct Trainer::Impl {
  Impl(Network& net, const TrainingConfig& config, const OptimizerState& state)
      : network(owned(net)),
        optimizer(config, network.parameters, state),
        penalties(network.parameters),
        losses(network, config) {
    stepNumber = std::uint64_t(optimizer.iterations());
  }

  /// The plan of a pass for `count` samples. Looked up once for each size: a lookup compares shapes.
  Plan& planFor(const Samples& samples, std::size_t count, PlanMode mode);
  void forgetPlans() { m_current = {}; }
  /// Forward, loss and metrics of one batch into `values`; `plan` keeps what backward needs.
  void measure(Plan& plan, const Batch& batch, const StepContext& context, double penalty,
               std::vector<MetricValue>& values);
  bool step(const Samples& samples, const Batch& batch, const FitOptions& options, std::vector<MetricValue>& values);
  LayerId firstNonFinite(const Samples& samples, const Batch& batch);
  std::vector<MetricValue> evaluate(const Samples& samples, int batchSize, const std::string& prefix = {});
  FitResult fit(const Samples& training, const Samples* validation, const FitOptions& options,
                const TrainerCallbacks& callbacks, const FitPosition& from);
  bool runEpoch(Samples& samples, int batch, const FitOptions& options, const TrainerCallbacks& callbacks);
  FitPosition position() const;
  void chooseThreads(const Samples& samples, const FitOptions& options, int earlier);

  Network::Impl& network;
  Optimizer optimizer;
  Penalties penalties;
  OutputLosses losses;
  std::uint64_t stepNumber = 0;

 private:
  struct Current {
    Plan* plan = nullptr;
    std::size_t count = 0;
    PlanMode mode = PlanMode::Inference;
    int threads = 0;
  };
  Current m_current;
  std::optional<ThreadTrial> m_trial;
  std::optional<BatchLoader> m_loader;
  BatchLog m_log;
  FitResult m_result;
  Means m_means;  // of the epoch under way
  int m_nextEpoch = 0, m_nextBatch = 0;
};

Plan& Trainer::Impl::planFor(const Samples& samples, std::size_t count, PlanMode mode) {
  const int threads = threadCount();
  if (!m_current.plan || m_current.count != count || m_current.mode != mode || m_current.threads != threads)
    m_current = {&network.plan(network.batchShapes(samples.data.xs, std::int64_t(count)), mode), count, mode, threads};
  return *m_current.plan;
}

void Trainer::Impl::measure(Plan& plan, const Batch& batch, const StepContext& context, double penalty,
                            std::vector<MetricValue>& values) {
  for (std::size_t i = 0; i < batch.xs.size(); ++i) plan.setInput(i, batch.xs[i]);
  plan.forward(context);
  losses.measure(plan, batch, penalty, values);
}

/// One step of training; false when loss or weights are not finite any more.
bool Trainer::Impl::step(const Samples& samples, const Batch& batch, const FitOptions& options,
                         std::vector<MetricValue>& values) {
  const ThreadScope scope(m_trial->threads());
  const StepContext context = network.context(stepNumber++, options.seed);
  Plan& plan = planFor(samples, batch.count, PlanMode::Training);
  const auto start = Clock::now();
  measure(plan, batch, context, penalties.value(network.parameters), values);
  if (!std::isfinite(values.front().value)) {
    resetInputs(plan);
    return false;
  }
  losses.startBackward(plan, batch);
  plan.backward(context);
  penalties.addGradients(network.parameters);
  const bool isFine = optimizer.step(network.parameters);
  penalties.constrain(network.parameters);
  resetInputs(plan);
  if (m_trial->isDecided() || batch.count != std::size_t(options.batchSize)) return isFine;
  m_trial->record(secondsSince(start));
  if (m_trial->isDecided()) {
    forgetPlans();
    network.keepPlansOf(m_trial->threads());
  }
  return isFine;
}

LayerId Trainer::Impl::firstNonFinite(const Samples& samples, const Batch& batch) {
  Plan& plan = planFor(samples, batch.count, PlanMode::Inspect);
  for (std::size_t i = 0; i < batch.xs.size(); ++i) plan.setInput(i, batch.xs[i]);
  plan.forward(network.context());
  const auto isFine = [&](const Plan::LayerValue& value) {
    return kernels::isFinite(plan.data(value.value), elementCount(plan.shape(value.value))) &&
           std::ranges::all_of(network.parameters.parameters(), [&](const Parameter& parameter) {
             return parameter.layer != value.layer ||
                    kernels::isFinite(network.parameters.values(parameter).data(), parameter.count);
           });
  };
  const auto found = std::ranges::find_if_not(plan.layerValues, isFine);
  resetInputs(plan);
  return found == plan.layerValues.end() ? network.graph.outputs.front().layer : found->layer;
}

std::vector<MetricValue> Trainer::Impl::evaluate(const Samples& samples, int batchSize, const std::string& prefix) {
  Means means(zeros(losses.names(), prefix));
  std::vector<MetricValue> values = zeros(losses.names());
  BatchLoader loader{std::size_t(batchSize)};
  loader.start(samples.data, samples.order);
  forgetPlans();
  while (const Batch* batch = loader.next()) {
    Plan& plan = planFor(samples, batch->count, PlanMode::Inference);
    measure(plan, *batch, network.context(), 0, values);
    resetInputs(plan);
    means.add(values, batch->count);
  }
  forgetPlans();
  return means.values();
}

/// An epoch from one of its batches on. Returns false when the fit ends here; m_result says how.
bool Trainer::Impl::runEpoch(Samples& samples, int batch, const FitOptions& options,
                             const TrainerCallbacks& callbacks) {
  const std::size_t taken = std::min(samples.order.size(), std::size_t(batch) * std::size_t(options.batchSize));
  m_loader->start(samples.data, std::span<const std::uint32_t>(samples.order).subspan(taken));
  m_log.epoch = m_result.epoch;
  for (m_log.batch = batch; const Batch* next = m_loader->next(); ++m_log.batch) {
    m_result.batch = m_log.batch;
    m_log.size = int(next->count);
    if (!step(samples, *next, options, m_log.values)) {
      m_result.end = FitResult::End::Diverged;
      m_result.divergedLayer = firstNonFinite(samples, *next);
      return false;
    }
    m_means.add(m_log.values, next->count);
    m_nextBatch = m_log.batch + 1;
    if (callbacks.batchFinished && !callbacks.batchFinished(m_log)) {
      m_result.end = FitResult::End::Stopped;
      return false;
    }
  }
  return true;
}

FitPosition Trainer::Impl::position() const {
  const int threads = m_trial && m_trial->isDecided() ? m_trial->threads() : 0;
  return {m_nextEpoch, m_nextBatch, m_means.sums(), m_means.samples(), m_result.history, {threads, network.path}};
}

/// Compiles the plan of a whole batch, and lets what it computes decide whether threads are tried.
void Trainer::Impl::chooseThreads(const Samples& samples, const FitOptions& options, int earlier) {
  const std::size_t count = std::min(std::size_t(options.batchSize), samples.order.size());
  double flops = 0;
  const Plan& plan = planFor(samples, count, PlanMode::Training);
  for (const auto* steps : {&plan.forwardSteps, &plan.backwardSteps})
    for (const Plan::Step& one : *steps) flops += std::max(one.cost.flops, one.cost.bytes / sizeof(Scalar));
  m_trial.emplace(flops, earlier);
}

FitResult Trainer::Impl::fit(const Samples& training, const Samples* validation, const FitOptions& options,
                             const TrainerCallbacks& callbacks, const FitPosition& from) {
  m_result = {};
  m_result.history = from.history;
  Samples samples = training;
  const std::span<Scalar> weights = network.parameters.all();
  forgetPlans();
  chooseThreads(samples, options, from.compute.threads > 0 ? from.compute.threads : options.threads);
  m_loader.emplace(std::size_t(options.batchSize));
  const EndOfLoading ending(m_loader);
  m_log.values = zeros(losses.names());
  m_means = from.sums.empty() ? Means(zeros(losses.names())) : Means(from.sums, from.samples);
  m_nextBatch = from.batch;
  std::vector<Scalar> weightsBefore(weights.size());
  for (int epoch = from.epoch; epoch < options.epochs; ++epoch) {
    m_nextEpoch = m_result.epoch = epoch;
    const auto start = Clock::now();
    if (options.shuffle) {
      const auto order = Random(options.seed, std::uint64_t(epoch)).permutation(std::uint32_t(training.order.size()));
      std::ranges::transform(order, samples.order.begin(), [&](std::uint32_t i) { return training.order[i]; });
    }
    std::ranges::copy(weights, weightsBefore.begin());
    Optimizer::Snapshot before = optimizer.snapshot();
    const bool isWhole = runEpoch(samples, m_nextBatch, options, callbacks);
    m_result.compute = {m_trial->threads(), network.path};
    m_result.threads = m_trial->summary();
    if (!isWhole) {
      if (m_result.end == FitResult::End::Diverged) {
        std::ranges::copy(weightsBefore, weights.begin());
        optimizer.restore(std::move(before));
        ++network.parameters.version;
      }
      return m_result;
    }
    EpochLog log{epoch, 0, m_means.values()};
    if (validation) std::ranges::copy(evaluate(*validation, options.batchSize, "val_"), std::back_inserter(log.values));
    log.seconds = secondsSince(start);
    m_result.history.push_back(log);
    m_means = Means(zeros(losses.names()));
    m_nextEpoch = epoch + 1;
    m_nextBatch = 0;
    if (callbacks.epochFinished && !callbacks.epochFinished(log)) {
      m_result.end = FitResult::End::Stopped;
      return m_result;
    }
  }
  return m_result;
}

Trainer::Trainer(Network& network, const TrainingConfig& config, const OptimizerState& state)
    : m_impl(std::make_unique<Impl>(network, config, state)) {}
Trainer::~Trainer() = default;

FitResult Trainer::fit(const TrainingData& data, const TrainingData* validation, const FitOptions& options,
                       const TrainerCallbacks& callbacks, const FitPosition* from) {
  const auto require = [](bool isMet, const char* message, const char* field) {
    if (!isMet) throw Error(ErrorKind::InvalidConfig, message, {}, field);
  };
  require(options.batchSize >= 1, "The batch size must be at least 1.", "batchSize");
  require(options.epochs >= 0, "The number of epochs must not be negative.", "epochs");
  require(options.validationSplit >= 0 && options.validationSplit < 1,
          "The validation split must be from 0 to below 1.", "validationSplit");
  m_impl->losses.check(data);
  if (validation) m_impl->losses.check(*validation);

  FitPosition start;
  start.epoch = options.initialEpoch;
  if (from) start = *from;
  const ThreadScope scope(threadCount());
  const auto count = std::size_t(data.samples());
  if (validation) {
    const Samples held = allSamples(*validation, 0, std::size_t(validation->samples()));
    return m_impl->fit(allSamples(data, 0, count), &held, options, callbacks, start);
  }
  const auto split = std::size_t(std::floor(double(count) * (1 - options.validationSplit)));
  require(split > 0, "The validation split leaves nothing to train on.", "validationSplit");
  const Samples tail = allSamples(data, split, count);
  return m_impl->fit(allSamples(data, 0, split), split < count ? &tail : nullptr, options, callbacks, start);
}

std::vector<MetricValue> Trainer::evaluate(const TrainingData& data, int batchSize) {
  if (batchSize < 1) throw Error(ErrorKind::InvalidConfig, "The batch size must be at least 1.", {}, "batchSize");
  m_impl->losses.check(data);
  const ThreadScope scope(threadCount());
  return m_impl->evaluate(allSamples(data, 0, std::size_t(data.samples())), batchSize);
}

FitPosition Trainer::position() const {
  return m_impl->position();
}

OptimizerState Trainer::optimizerState() const {
  return m_impl->optimizer.state(m_impl->network.parameters);
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

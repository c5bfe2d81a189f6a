#include "model/session/TrainingJob.h"

#include "model/training/Trainer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace layersmith {

namespace {

constexpr auto kWatchedEpoch = std::chrono::milliseconds(50);  // 20 epochs a second: a speed that eyes can follow
constexpr std::size_t kBatchLossesKept = 20'000;               // between two ticks; beyond it a fast model thins itself

double seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::string layerName(const Graph& graph, LayerId id) {
  const LayerSpec* layer = graph.find(id);
  return layer ? layer->name : std::string("the loss");
}

/// What the best epoch is judged by: validation where there is any.
double judgedLoss(const EpochLog& log) {
  return log.valueOf("val_loss", log.valueOf("loss"));
}

/// What the steps before were computed with, where this fit goes on from them: unlike batches are tried anew.
ComputeChoice earlierChoice(const DocumentState& state) {
  const bool goesOn =
      state.lastRun && !state.optimizer.empty() && state.lastRun->options.batchSize == state.fit.batchSize;
  return goesOn ? state.lastRun->compute : ComputeChoice{0, defaultComputePath()};
}

}  // namespace

TrainingJob::TrainingJob(DocumentState state, ComputeThread& compute, std::shared_ptr<const TrainingCheckpoint> from)
    : m_state(std::move(state)), m_compute(compute), m_from(std::move(from)) {
  if (!m_from) return;
  m_bestEpoch = m_from->bestEpoch;
  m_bestLoss = m_from->bestLoss;
  m_bestWeights = m_from->bestWeights;
}

void TrainingJob::resume() {
  m_stepsAllowed = 0;
  m_isPaused = false;
}

void TrainingJob::step() {
  m_isPaused = true;
  ++m_stepsAllowed;
}

TrainingOutcome TrainingJob::run() {
  try {
    return fit();
  } catch (...) {
    TrainingOutcome outcome;
    outcome.end = TrainingOutcome::End::Failed;
    outcome.error = currentError();
    outcome.weights = m_state.weights;
    outcome.optimizer = m_state.optimizer;
    return outcome;
  }
}

TrainingOutcome TrainingJob::fit() {
  if (!m_state.dataset)
    throw Error(ErrorKind::InvalidConfig, "There is no data to train on. Open a CSV file or take a sample.");
  const ComputeChoice before = m_from ? m_from->position.compute : earlierChoice(m_state);
  Network network(m_state.graph, m_from ? m_from->weights : m_state.weights, m_state.fit.seed, before.kernels);
  Trainer trainer(network, m_state.training, m_from ? m_from->optimizer : m_state.optimizer);
  const Dataset& data = *m_state.dataset;
  const TrainingData* validation = data.validation.samples() > 0 ? &data.validation : nullptr;
  const std::int64_t batchSize = std::max(1, m_state.fit.batchSize);
  m_batchesPerEpoch = int((data.training.samples() + batchSize - 1) / batchSize);
  m_start = m_epochStart = Clock::now();
  {
    const std::lock_guard lock(m_mutex);
    m_latestWeights = network.weights();
  }
  waitWhilePaused();  // a step-by-step start waits before its first batch only when no step is allowed

  TrainerCallbacks callbacks;
  callbacks.batchFinished = [this](const BatchLog& log) { return batchFinished(log); };
  callbacks.epochFinished = [this, &network](const EpochLog& log) { return epochFinished(log, network); };
  FitOptions options = m_state.fit;
  options.threads = before.threads;
  m_network = &network;
  m_trainer = &trainer;
  const FitResult result =
      trainer.fit(data.training, validation, options, callbacks, m_from ? &m_from->position : nullptr);

  TrainingOutcome outcome;
  outcome.end = result.end == FitResult::End::Finished  ? TrainingOutcome::End::Finished
                : result.end == FitResult::End::Stopped ? TrainingOutcome::End::Stopped
                                                        : TrainingOutcome::End::Diverged;
  outcome.run =
      std::make_shared<TrainingRun>(TrainingRun{result.history, m_state.training, m_state.fit, result.compute});
  outcome.bestEpoch = m_bestEpoch;
  outcome.bestWeights = m_bestWeights;
  if (outcome.end == TrainingOutcome::End::Diverged) {
    const bool hasBest = m_bestEpoch >= 0;
    outcome.weights = hasBest ? m_bestWeights : m_from ? m_from->weights : m_state.weights;
    outcome.error = Error(
        ErrorKind::Numeric,
        "The loss is no longer a number at epoch " + std::to_string(result.epoch + 1) + ", batch " +
            std::to_string(result.batch + 1) + ", first in `" + layerName(m_state.graph, result.divergedLayer) + "`. " +
            (hasBest ? "Stopped; the weights of epoch " + std::to_string(m_bestEpoch + 1) + " are back."
                     : "Stopped; the weights are as they were before."),
        "E401", {}, "A learning rate ten times smaller usually helps.");
  } else {
    outcome.weights = network.weights();
    outcome.optimizer = trainer.optimizerState();
  }
  return outcome;
}

bool TrainingJob::batchFinished(const BatchLog& log) {
  ++m_steps;
  {
    const std::lock_guard lock(m_mutex);
    if (!m_progress.tick) m_progress.tick.emplace();
    TrainingTick& tick = *m_progress.tick;
    tick.epoch = log.epoch;
    tick.batch = log.batch;
    tick.batches = m_batchesPerEpoch;
    tick.steps = m_steps;
    tick.values = log.values;
    if (!log.values.empty() && tick.batchLosses.size() < kBatchLossesKept)
      tick.batchLosses.emplace_back(log.epoch + double(log.batch + 1) / m_batchesPerEpoch, log.values.front().value);
  }
  int allowed = m_stepsAllowed;
  while (allowed > 0 && !m_stepsAllowed.compare_exchange_weak(allowed, allowed - 1)) {
  }
  m_compute.runWaitingJobs();
  takeCheckpoint();
  waitWhilePaused();
  return !m_isStopped;
}

bool TrainingJob::epochFinished(const EpochLog& log, const Network& network) {
  keepBest(log, network);
  WeightSet weights = network.weights();
  {
    const std::lock_guard lock(m_mutex);
    m_progress.epochs.push_back(log);
    m_latestWeights = std::move(weights);
  }
  const auto due = m_epochStart + kWatchedEpoch;
  while (m_isWatching && !m_isStopped && Clock::now() < due) {
    m_compute.runWaitingJobs();
    m_compute.sleepUntil(due);
  }
  m_epochStart = Clock::now();
  return !m_isStopped;
}

/// Where one is asked for, and there was a step since the last.
void TrainingJob::takeCheckpoint() {
  if (!m_isCheckpointWanted || m_steps == m_checkpointStep) return;
  m_isCheckpointWanted = false;
  m_checkpointStep = m_steps;
  const auto start = Clock::now();
  auto checkpoint = std::make_shared<TrainingCheckpoint>(
      TrainingCheckpoint{m_network->weights(), m_trainer->optimizerState(), m_trainer->position(), m_bestEpoch,
                         m_bestLoss, m_bestWeights, 0});
  checkpoint->seconds = seconds(Clock::now() - start);
  const std::lock_guard lock(m_mutex);
  m_progress.checkpoint = std::move(checkpoint);
}

void TrainingJob::keepBest(const EpochLog& log, const Network& network) {
  const double loss = judgedLoss(log);
  if (!std::isfinite(loss) || (m_bestEpoch >= 0 && loss >= m_bestLoss)) return;
  m_bestEpoch = log.epoch;
  m_bestLoss = loss;
  m_bestWeights = network.weights();
}

void TrainingJob::waitWhilePaused() {
  const auto start = Clock::now();
  while (m_isPaused && m_stepsAllowed == 0 && !m_isStopped) {
    m_compute.runWaitingJobs();
    takeCheckpoint();
    m_compute.sleepUntil(Clock::now() + std::chrono::seconds(1));
  }
  m_paused += Clock::now() - start;
}

TrainingJob::Progress TrainingJob::takeProgress() {
  const std::lock_guard lock(m_mutex);
  Progress progress = std::exchange(m_progress, {});
  if (progress.tick) {
    TrainingTick& tick = *progress.tick;
    tick.elapsedSeconds = seconds(Clock::now() - m_start);
    const double first =
        m_from ? m_from->position.epoch + double(m_from->position.batch) / m_batchesPerEpoch : m_state.fit.initialEpoch;
    const double done = tick.epoch + double(tick.batch + 1) / m_batchesPerEpoch - first;
    const double planned = m_state.fit.epochs - first;
    tick.secondsLeft = done > 0 ? tick.elapsedSeconds * std::max(0.0, planned - done) / done : 0;
  }
  return progress;
}

WeightSet TrainingJob::latestWeights() const {
  const std::lock_guard lock(m_mutex);
  return m_latestWeights;
}

}  // namespace layersmith

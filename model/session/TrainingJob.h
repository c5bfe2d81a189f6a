#pragma once

#include "model/document/TrainingCheckpoint.h"
#include "model/session/TrainingSession.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <vector>

namespace layersmith {

/// One fit, as it runs on the compute thread, and the few words the GUI thread exchanges with it.
/// Thread rule: run() on the compute thread, once; everything else from any thread.
class TrainingJob {
 public:
  /// `from`: where an earlier fit of this state stood; null: from the beginning.
  TrainingJob(DocumentState state, ComputeThread& compute, std::shared_ptr<const TrainingCheckpoint> from = nullptr);

  /// Never throws: what went wrong is in the outcome.
  TrainingOutcome run();

  int epochs() const { return m_state.fit.epochs; }
  void pause() { m_isPaused = true; }
  void resume();
  void step();
  void stop() { m_isStopped = true; }
  void requestCheckpoint() { m_isCheckpointWanted = true; }
  void setWatching(bool isWatching) { m_isWatching = isWatching; }

  struct Progress {
    std::vector<EpochLog> epochs;                          ///< finished since the last call
    std::optional<TrainingTick> tick;                      ///< nothing new: empty
    std::shared_ptr<const TrainingCheckpoint> checkpoint;  ///< the one asked for
  };
  Progress takeProgress();
  WeightSet latestWeights() const;

 private:
  using Clock = std::chrono::steady_clock;

  TrainingOutcome fit();
  bool batchFinished(const BatchLog& log);
  bool epochFinished(const EpochLog& log, const Network& network);
  void waitWhilePaused();
  void takeCheckpoint();
  void keepBest(const EpochLog& log, const Network& network);

  const DocumentState m_state;
  ComputeThread& m_compute;
  const std::shared_ptr<const TrainingCheckpoint> m_from;
  std::atomic<bool> m_isPaused = false;
  std::atomic<bool> m_isStopped = false;
  std::atomic<bool> m_isWatching = true;
  std::atomic<bool> m_isCheckpointWanted = false;
  std::atomic<int> m_stepsAllowed = 0;

  // Compute thread only.
  const Network* m_network = nullptr;  ///< while it trains
  const Trainer* m_trainer = nullptr;
  std::int64_t m_checkpointStep = 0;
  Clock::time_point m_start;
  Clock::time_point m_epochStart;
  Clock::duration m_paused{};
  std::int64_t m_steps = 0;
  int m_batchesPerEpoch = 1;
  int m_bestEpoch = -1;
  double m_bestLoss = 0;
  WeightSet m_bestWeights;

  mutable std::mutex m_mutex;
  Progress m_progress;
  WeightSet m_latestWeights;
};

}  // namespace layersmith

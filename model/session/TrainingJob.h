#pragma once

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
  TrainingJob(DocumentState state, ComputeThread& compute);

  /// Never throws: what went wrong is in the outcome.
  TrainingOutcome run();

  int epochs() const { return m_state.fit.epochs; }
  void pause() { m_isPaused = true; }
  void resume();
  void step();
  void stop() { m_isStopped = true; }
  void setWatching(bool isWatching) { m_isWatching = isWatching; }

  struct Progress {
    std::vector<EpochLog> epochs;      ///< finished since the last call
    std::optional<TrainingTick> tick;  ///< nothing new: empty
  };
  Progress takeProgress();
  WeightSet latestWeights() const;

 private:
  using Clock = std::chrono::steady_clock;

  TrainingOutcome fit();
  bool batchFinished(const BatchLog& log);
  bool epochFinished(const EpochLog& log, const Network& network);
  void waitWhilePaused();
  void keepBest(const EpochLog& log, const Network& network);

  const DocumentState m_state;
  ComputeThread& m_compute;
  std::atomic<bool> m_isPaused = false;
  std::atomic<bool> m_isStopped = false;
  std::atomic<bool> m_isWatching = true;
  std::atomic<int> m_stepsAllowed = 0;

  // Compute thread only.
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

#pragma once

#include "app/cli/Output.h"
#include "model/training/Trainer.h"

#include <chrono>

namespace layersmith {

/// Shows a training on standard error: a bar that is redrawn, a line for every tenth of the epochs, or JSON lines.
class TrainingProgress {
 public:
  /// `from`: where a training that goes on stood; null: at its beginning.
  TrainingProgress(Output& output, const FitOptions& fit, std::int64_t samples, const FitPosition* from = nullptr);
  ~TrainingProgress();  ///< ends the bar's line
  TrainingProgress(const TrainingProgress&) = delete;
  TrainingProgress& operator=(const TrainingProgress&) = delete;

  void batchFinished(const BatchLog& log);
  void epochFinished(const EpochLog& log);

 private:
  using Clock = std::chrono::steady_clock;

  double secondsLeft() const;
  void drawBar();
  void writeLine(const EpochLog& log) const;
  void writeJson(const EpochLog& log) const;

  Output& m_output;
  const int m_epochs;
  const std::int64_t m_batchesPerEpoch;
  const Clock::time_point m_start = Clock::now();
  Clock::time_point m_lastDraw{};
  std::int64_t m_first = 0;  ///< batches of before
  std::int64_t m_batches = 0;
  int m_epoch = 0;
  std::vector<MetricValue> m_values;
  bool m_hasDrawn = false;
};

}  // namespace layersmith

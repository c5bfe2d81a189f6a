#pragma once

#include "model/core/Error.h"
#include "model/document/DocumentState.h"
#include "model/document/TrainingCheckpoint.h"
#include "model/session/ComputeThread.h"
#include "model/training/Trainer.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace layersmith {

/// The newest progress of a run, read by a timer; never queued.
struct TrainingTick {
  int epoch = 0;    ///< from 0
  int batch = 0;    ///< within the epoch
  int batches = 0;  ///< per epoch
  std::int64_t steps = 0;
  double elapsedSeconds = 0;
  double secondsLeft = 0;
  std::vector<std::pair<double, double>> batchLosses;  ///< (epoch as a fraction, loss) since the last tick
  std::vector<MetricValue> values;                     ///< of the newest batch
};

struct TrainingOutcome {
  enum class End { Finished, Stopped, Diverged, Failed } end = End::Finished;
  std::optional<Error> error;  ///< Failed; also says what diverged
  WeightSet weights;           ///< what was learned; when diverged, the best weights before
  OptimizerState optimizer;
  std::shared_ptr<const TrainingRun> run;
  int bestEpoch = -1;  ///< by validation loss, else loss
  WeightSet bestWeights;
};

class TrainingJob;

/// One training in the studio: starts, pauses, steps and stops a fit on the compute thread, and reports in the GUI
/// thread at most 15 times a second.
/// Thread rule: GUI thread.
class TrainingSession : public QObject {
  Q_OBJECT

 public:
  enum class State { Idle, Running, Paused, Stopping };
  enum class Speed { Watch, Full };  ///< Watch: at most 20 epochs a second, so that eyes can follow

  explicit TrainingSession(ComputeThread& compute, QObject* parent = nullptr);
  ~TrainingSession() override;

  State state() const { return m_state; }
  bool isActive() const { return m_state != State::Idle; }
  const std::vector<EpochLog>& history() const { return m_history; }
  int epochs() const;  ///< planned

  /// Trains a copy of the state; needs state.dataset. Goes on from its weights and optimizer. Does nothing while
  /// active.
  void start(const DocumentState& state, Speed speed = Speed::Watch);
  void startPaused(const DocumentState& state);  ///< runs one batch, then waits: Step when nothing is training
  /// Waits, paused, where the checkpoint stands; Resume goes on as if there had been no break. `state` is the document
  /// as the training began.
  void startFrom(const DocumentState& state, std::shared_ptr<const TrainingCheckpoint> checkpoint);
  void pause();
  void resume();
  void step();  ///< one more batch while paused
  void stop();
  void setSpeed(Speed speed);

  /// Asks for a checkpoint after the batch under way; none comes when nothing was trained since the last.
  void requestCheckpoint();

  /// Weights as of the end of the newest epoch, for previews; empty before the first.
  WeightSet latestWeights() const;

 Q_SIGNALS:
  void stateChanged(layersmith::TrainingSession::State state);
  void restored();  ///< startFrom() brought a history with it
  void ticked(const layersmith::TrainingTick& tick);
  void epochFinished(const layersmith::EpochLog& log);
  void checkpointTaken(const std::shared_ptr<const layersmith::TrainingCheckpoint>& checkpoint);
  void finished(const layersmith::TrainingOutcome& outcome);

 private:
  void launch(std::shared_ptr<TrainingJob> job, State state);
  void setState(State state);
  void readProgress();

  ComputeThread& m_compute;
  State m_state = State::Idle;
  std::vector<EpochLog> m_history;
  std::shared_ptr<TrainingJob> m_job;  ///< of the newest run, also after its end
  QTimer m_timer;
};

}  // namespace layersmith

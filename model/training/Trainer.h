#pragma once

#include "model/core/Scalar.h"
#include "model/nn/ComputePath.h"
#include "model/nn/Network.h"
#include "model/training/MetricValue.h"
#include "model/training/TrainingConfig.h"
#include "model/training/TrainingData.h"

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// What a fit is computed with. One that goes on from another's weights, with the same choice, gives the same bits as
/// if there had been no break.
struct ComputeChoice {
  int threads = 0;  ///< 0: the first steps are timed on all and on one, and the better is kept
  ComputePath kernels = ComputePath::Fast;

  friend bool operator==(const ComputeChoice&, const ComputeChoice&) = default;
};

/// What model.fit() takes.
struct FitOptions {
  int epochs = 1;
  int batchSize = 32;
  bool shuffle = true;         ///< a fresh permutation each epoch, from the seed
  double validationSplit = 0;  ///< the unshuffled tail, as TensorFlow.js; ignored when validation data is given
  std::uint64_t seed = 0;      ///< shuffling and dropout; initial weights come from the Network's seed
  int initialEpoch = 0;
  int threads = 0;  ///< of the fit that this one goes on from, as ComputeChoice

  friend bool operator==(const FitOptions&, const FitOptions&) = default;
};

struct BatchLog {
  int epoch = 0;  ///< from 0
  int batch = 0;  ///< from 0
  int size = 0;   ///< samples in it
  std::vector<MetricValue> values;
};

struct EpochLog {
  int epoch = 0;
  double seconds = 0;
  std::vector<MetricValue> values;

  double valueOf(const std::string& name, double fallback = std::numeric_limits<double>::quiet_NaN()) const;
};

/// Where a fit stands between two batches. With the weights and the optimizer's state of that moment it goes on bit for
/// bit as if there had been no break, on the same threads. Not kept: what stateful layers remember.
struct FitPosition {
  int epoch = 0;                  ///< of the next batch
  int batch = 0;                  ///< the next one; one past the last: only validation is left
  std::vector<MetricValue> sums;  ///< over the samples of this epoch so far
  std::int64_t samples = 0;
  std::vector<EpochLog> history;  ///< whole epochs before
  ComputeChoice compute;
};

/// Called on the training thread. Return false to stop after this batch; a callback may block (that is what Pause is).
struct TrainerCallbacks {
  std::function<bool(const BatchLog&)> batchFinished;
  std::function<bool(const EpochLog&)> epochFinished;
};

/// How a fit ended. Stopping is not an error; a loss that is not finite is an outcome too.
struct FitResult {
  enum class End { Finished, Stopped, Diverged };
  End end = End::Finished;
  std::vector<EpochLog> history;  ///< whole epochs only
  int epoch = 0;                  ///< where it ended
  int batch = 0;
  LayerId divergedLayer;  ///< first layer with a value that is not finite, when diverged
  ComputeChoice compute;
  std::string threads;  ///< how many were chosen, and why: "2 threads (a step: ...)"
};

/// Trains a Network in place: model.fit() of TensorFlow.js. Losses, metrics and averages as tfjs-layers
/// src/engine/training.ts counts them (batch-size-weighted mean over an epoch).
/// Thread rule: as Network.
class Trainer {
 public:
  /// Errors: InvalidConfig for an unknown optimizer, loss or metric; ShapeMismatch when the loss does not fit an
  /// output; LimitExceeded E402 when what the optimizer keeps does not fit into memory.
  Trainer(Network& network, const TrainingConfig& config, const OptimizerState& state = {});
  ~Trainer();

  /// Errors: ShapeMismatch when the data does not fit the model, naming both shapes; InvalidConfig for options;
  /// LimitExceeded E402 when a batch does not fit into memory, with the batch size that would. `from`: goes on there
  /// instead of at initialEpoch; its history is part of the result's.
  FitResult fit(const TrainingData& data, const TrainingData* validation, const FitOptions& options,
                const TrainerCallbacks& callbacks = {}, const FitPosition* from = nullptr);

  /// Where the fit stands. Inside its callbacks only.
  FitPosition position() const;

  /// Loss and metrics over the data: "loss", "acc".
  std::vector<MetricValue> evaluate(const TrainingData& data, int batchSize = 32);

  OptimizerState optimizerState() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

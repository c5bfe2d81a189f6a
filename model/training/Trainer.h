#pragma once

#include "model/core/Scalar.h"
#include "model/nn/Network.h"
#include "model/nn/Tensor.h"
#include "model/training/TrainingConfig.h"

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// One tensor per model input and per model output, equal batch axes. For sparseCategoricalCrossentropy the target has
/// one axis less (or a last axis of 1) and holds class numbers.
struct TrainingData {
  std::vector<Tensor> xs;
  std::vector<Tensor> ys;

  std::int64_t samples() const { return xs.empty() ? 0 : xs.front().batch(); }
};

/// What model.fit() takes.
struct FitOptions {
  int epochs = 1;
  int batchSize = 32;
  bool shuffle = true;         ///< a fresh permutation each epoch, from the seed
  double validationSplit = 0;  ///< the unshuffled tail, as TensorFlow.js; ignored when validation data is given
  std::uint64_t seed = 0;      ///< shuffling and dropout; initial weights come from the Network's seed
  int initialEpoch = 0;

  friend bool operator==(const FitOptions&, const FitOptions&) = default;
};

struct MetricValue {
  std::string name;  ///< "loss", "acc", "val_loss", "val_acc": TensorFlow.js' log keys
  double value;
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
};

/// Trains a Network in place: model.fit() of TensorFlow.js. Losses, metrics and averages as tfjs-layers
/// src/engine/training.ts counts them (batch-size-weighted mean over an epoch).
/// Thread rule: as Network.
class Trainer {
 public:
  /// Errors: InvalidConfig for an unknown optimizer, loss or metric; ShapeMismatch when the loss does not fit an
  /// output.
  Trainer(Network& network, const TrainingConfig& config, const OptimizerState& state = {});
  ~Trainer();

  /// Errors: ShapeMismatch when the data does not fit the model, naming both shapes; InvalidConfig for options.
  FitResult fit(const TrainingData& data, const TrainingData* validation, const FitOptions& options,
                const TrainerCallbacks& callbacks = {});

  /// Loss and metrics over the data: "loss", "acc".
  std::vector<MetricValue> evaluate(const TrainingData& data, int batchSize = 32);

  OptimizerState optimizerState() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

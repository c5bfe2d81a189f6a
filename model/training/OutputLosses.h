#pragma once

#include "model/nn/NetworkImpl.h"
#include "model/training/BatchLoader.h"
#include "model/training/MetricValue.h"
#include "model/training/Metrics.h"
#include "model/training/TrainingConfig.h"

#include <string>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// The losses and metrics of all outputs of a network: what TensorFlow.js logs of a batch, and where backward starts.
class OutputLosses {
 public:
  /// Errors: InvalidConfig for an unknown loss or metric, or a wrong number of losses; ShapeMismatch when a loss does
  /// not fit its output.
  OutputLosses(const Network::Impl& network, const TrainingConfig& config);

  /// Errors: ShapeMismatch when inputs or targets do not fit the model, naming both shapes.
  void check(const TrainingData& data) const;

  /// The names in the order of TensorFlow.js' logs: the loss, the loss of each output when there are several, metrics.
  const std::vector<std::string>& names() const { return m_names; }

  /// Fills in the values of a batch whose forward pass has run; `values` as names(). `penalty` is added to the loss.
  void measure(const Plan& plan, const Batch& batch, double penalty, std::vector<MetricValue>& values) const;

  /// Writes the gradients of the outputs.
  void startBackward(Plan& plan, const Batch& batch) const;

 private:
  struct Output {
    LossType loss;
    std::vector<Metric> metrics;
  };

  const Shape& shapeOf(std::size_t output) const;
  LossBatch lossBatch(const Plan& plan, const Batch& batch, std::size_t output) const;
  void addName(const std::string& name);

  const Network::Impl& m_network;
  std::vector<Output> m_outputs;
  std::vector<std::string> m_names;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

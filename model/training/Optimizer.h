#pragma once

#include "model/nn/ParameterBlock.h"
#include "model/training/TrainingConfig.h"

#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// Changes all trainable weights by their gradients in one pass. sgd, momentum and adam as tfjs-core/src/optimizers do
/// it, operation by operation.
class Optimizer {
 public:
  /// A state that does not fit these weights (the model was edited since) is left aside.
  /// Errors: InvalidConfig for an unknown optimizer or a bad field.
  Optimizer(const TrainingConfig& config, const ParameterBlock& parameters, const OptimizerState& state);

  /// Returns false when a weight is not finite any more.
  bool step(ParameterBlock& parameters);

  std::int64_t iterations() const { return m_iterations; }
  OptimizerState state(const ParameterBlock& parameters) const;

  /// Everything that a step changes, to go back to.
  struct Snapshot {
    std::int64_t iterations;
    Scalar beta1Power, beta2Power;
    std::vector<std::vector<Scalar>> slots;
  };
  Snapshot snapshot() const { return {m_iterations, m_beta1Power, m_beta2Power, m_slots}; }
  void restore(Snapshot snapshot);

 private:
  enum class Kind { Sgd, Momentum, Adam };

  Kind m_kind = Kind::Sgd;
  double m_learningRate = 0.01;
  double m_momentum = 0.9;
  bool m_useNesterov = false;
  double m_beta1 = 0.9, m_beta2 = 0.999, m_epsilon = 1e-7;
  std::int64_t m_iterations = 0;
  Scalar m_beta1Power = 0, m_beta2Power = 0;  // beta^(step + 1), multiplied up in Scalars as TensorFlow.js does
  std::vector<std::vector<Scalar>> m_slots;   // each laid out as the trainable part of the block
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

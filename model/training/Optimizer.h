#pragma once

#include "model/nn/ParameterBlock.h"
#include "model/training/TrainingConfig.h"
#include "model/training/UpdateRule.h"

#include <memory>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// Changes all trainable weights by their gradients in one pass, and keeps what the UpdateRule remembers of each.
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
    std::vector<std::vector<Scalar>> slots;
  };
  Snapshot snapshot() const { return {m_iterations, m_slots}; }
  void restore(Snapshot snapshot);

 private:
  std::unique_ptr<UpdateRule> m_rule;
  std::int64_t m_iterations = 0;
  std::vector<std::vector<Scalar>> m_slots;  // each laid out as the trainable part of the block
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

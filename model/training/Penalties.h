#pragma once

#include "model/nn/ParameterBlock.h"

#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// The regularizers and constraints that the weights of a network declare.
/// Sources: tfjs-layers/src/regularizers.ts (L1L2), tfjs-layers/src/constraints.ts. TensorFlow.js forgets the
/// constraints while it trains; Keras applies them after each step, and so do we.
class Penalties {
 public:
  /// Errors: InvalidConfig for a class that does not exist.
  explicit Penalties(const ParameterBlock& parameters);

  /// Sum of all penalties, frozen weights included, as TensorFlow.js adds it to the training loss.
  double value(const ParameterBlock& parameters) const;
  void addGradients(const ParameterBlock& parameters) const;
  void constrain(const ParameterBlock& parameters) const;

 private:
  struct Regularizer {
    const Parameter* parameter;
    double l1;
    double l2;
  };
  struct Constraint {
    const Parameter* parameter;
    std::string className;
    double minValue, maxValue, rate;
    std::vector<std::int64_t> axes;
  };
  std::vector<Regularizer> m_regularizers;
  std::vector<Constraint> m_constraints;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

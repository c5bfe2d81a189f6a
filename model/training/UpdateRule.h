#pragma once

#include "model/core/Scalar.h"
#include "model/training/TrainingConfig.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// How one optimizer changes weights by their gradients: tfjs-core/src/optimizers, operation by operation.
class UpdateRule {
 public:
  virtual ~UpdateRule() = default;

  /// What a slot holds before the first step.
  virtual Scalar initialSlot() const { return 0; }

  /// What a number of steps leaves behind besides the slots. Multiplied up as the steps do it, so that a resumed run is
  /// the same bit for bit.
  virtual void startAfter(std::int64_t) {}

  /// One pass over all weights. `slots`: in the order of optimizerSlots(), laid out as the weights.
  /// Returns 0 when every new weight is finite, else NaN.
  virtual Scalar step(Scalar* weights, const Scalar* gradients, std::vector<std::vector<Scalar>>& slots,
                      std::int64_t count) = 0;
};

/// Errors: InvalidConfig for an unknown optimizer.
std::unique_ptr<UpdateRule> makeUpdateRule(const TrainingConfig& config);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

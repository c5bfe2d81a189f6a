#pragma once

#include "model/nn/Tensor.h"

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

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/core/Scalar.h"
#include "model/nn/ActivationType.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// The losses of TensorFlow.js (tfjs-layers/src/losses.ts), clipping included.
enum class LossType {
  MeanSquaredError,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredLogarithmicError,
  SquaredHinge,
  Hinge,
  CategoricalHinge,
  Logcosh,
  CategoricalCrossentropy,
  SparseCategoricalCrossentropy,
  BinaryCrossentropy,
  KullbackLeiblerDivergence,
  Poisson,
  CosineProximity
};

struct LossInfo {
  LossType type;
  std::string name;       ///< "meanSquaredError"
  std::string className;  ///< "mean_squared_error"
  std::string help;
};
const std::vector<LossInfo>& lossInfos();

/// By name, snake-case name or TensorFlow.js' short name ("mse"). Errors: InvalidConfig.
LossType lossFromName(std::string_view name);

constexpr bool isSparse(LossType type) {
  return type == LossType::SparseCategoricalCrossentropy;
}

/// A batch of predictions (rows, columns) and targets: (rows, columns), or (rows) class numbers when isSparse.
struct LossBatch {
  const Scalar* predictions = nullptr;
  const Scalar* targets = nullptr;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
};

/// The mean over all rows.
double lossValue(LossType type, const LossBatch& batch);

/// gradient (rows, columns) = d lossValue / d predictions.
void lossGradient(LossType type, const LossBatch& batch, Scalar* gradient);

/// Softmax with a categorical crossentropy, sigmoid with the binary one: their gradients in one, before the activation.
bool fusesWith(LossType type, ActivationType tail);
void fusedLossGradient(LossType type, const LossBatch& batch, Scalar* gradient);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/training/Losses.h"

#include <optional>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// What a metric counts. Source: tfjs-layers/src/metrics.ts and src/engine/training.ts (how "accuracy" is chosen).
enum class MetricType { BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy, Precision, Recall, Loss };

struct Metric {
  std::string name;  ///< its key in logs: "acc", "mse"
  MetricType type = MetricType::Loss;
  LossType loss = LossType::MeanSquaredError;  ///< for MetricType::Loss
};

/// "accuracy" and "crossentropy" are chosen by the loss and by the last axis of the output, as TensorFlow.js does.
/// Errors: InvalidConfig for an unknown name.
Metric metricFromName(std::string_view name, LossType loss, std::int64_t lastAxis);

/// `batch.targets` are class numbers when `hasSparseTargets`.
double metricValue(const Metric& metric, const LossBatch& batch, bool hasSparseTargets);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#include "model/training/Metrics.h"

#include "model/core/Error.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

double binaryAccuracy(const LossBatch& batch) {
  const std::int64_t count = batch.rows * batch.columns;
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < count; ++i)
    right += batch.targets[i] == (batch.predictions[i] > Scalar(0.5) ? Scalar(1) : Scalar(0));
  return double(right) / double(count);
}

std::int64_t argMax(const Scalar* values, std::int64_t count) {
  return std::max_element(values, values + count) - values;
}

double categoricalAccuracy(const LossBatch& batch, bool hasSparseTargets) {
  std::int64_t right = 0;
  for (std::int64_t row = 0; row < batch.rows; ++row) {
    const std::int64_t predicted = argMax(batch.predictions + row * batch.columns, batch.columns);
    right += hasSparseTargets ? batch.targets[row] == Scalar(predicted)
                              : argMax(batch.targets + row * batch.columns, batch.columns) == predicted;
  }
  return double(right) / double(batch.rows);
}

/// As TensorFlow.js counts them: only predictions of exactly 0 and 1.
double precisionOrRecall(const LossBatch& batch, Scalar missedTarget, Scalar missedPrediction) {
  std::int64_t hits = 0, misses = 0;
  for (std::int64_t i = 0; i < batch.rows * batch.columns; ++i) {
    hits += batch.targets[i] == 1 && batch.predictions[i] == 1;
    misses += batch.targets[i] == missedTarget && batch.predictions[i] == missedPrediction;
  }
  return hits + misses == 0 ? 0 : double(hits) / double(hits + misses);
}

}  // namespace

Metric metricFromName(std::string_view name, LossType loss, std::int64_t lastAxis) {
  const bool isAccuracy = name == "accuracy" || name == "acc";
  if (isAccuracy || name == "crossentropy" || name == "ce") {
    const bool isBinary = lastAxis == 1 || loss == LossType::BinaryCrossentropy;
    const std::string key = isAccuracy ? "acc" : "ce";
    if (isBinary)
      return {key, isAccuracy ? MetricType::BinaryAccuracy : MetricType::Loss, LossType::BinaryCrossentropy};
    if (isSparse(loss))
      return {key, isAccuracy ? MetricType::SparseCategoricalAccuracy : MetricType::Loss,
              LossType::SparseCategoricalCrossentropy};
    return {key, isAccuracy ? MetricType::CategoricalAccuracy : MetricType::Loss, LossType::CategoricalCrossentropy};
  }
  const std::string key(name);
  if (name == "binaryAccuracy") return {key, MetricType::BinaryAccuracy, {}};
  if (name == "categoricalAccuracy") return {key, MetricType::CategoricalAccuracy, {}};
  if (name == "sparseCategoricalAccuracy") return {key, MetricType::SparseCategoricalAccuracy, {}};
  if (name == "precision") return {key, MetricType::Precision, {}};
  if (name == "recall") return {key, MetricType::Recall, {}};
  try {
    return {key, MetricType::Loss, lossFromName(name)};
  } catch (const Error&) {
    throw Error(ErrorKind::InvalidConfig, "There is no metric `" + key + "`.", {}, "metrics");
  }
}

double metricValue(const Metric& metric, const LossBatch& batch, bool hasSparseTargets) {
  switch (metric.type) {
    case MetricType::BinaryAccuracy: return binaryAccuracy(batch);
    case MetricType::CategoricalAccuracy:
    case MetricType::SparseCategoricalAccuracy: return categoricalAccuracy(batch, hasSparseTargets);
    case MetricType::Precision: return precisionOrRecall(batch, 0, 1);
    case MetricType::Recall: return precisionOrRecall(batch, 1, 0);
    case MetricType::Loss: return lossValue(metric.loss, batch);
  }
  return 0;
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

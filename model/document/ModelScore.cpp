#include "model/document/ModelScore.h"

#include "model/format/JsonAccess.h"

#include <cmath>
#include <limits>

namespace layersmith {

namespace {

std::optional<ModelScore> bestBy(const std::string& metric, const std::vector<EpochLog>& history) {
  ModelScore best{metric, std::numeric_limits<double>::quiet_NaN(), 0};
  for (const EpochLog& log : history) {
    const double value = log.valueOf(metric);
    const bool isBetter = std::isnan(best.value) || (best.isShare() ? value > best.value : value < best.value);
    if (std::isfinite(value) && isBetter) best = {metric, value, log.epoch};
  }
  return std::isnan(best.value) ? std::nullopt : std::optional(best);
}

}  // namespace

std::optional<ModelScore> bestScore(const std::vector<EpochLog>& history) {
  for (const char* metric : {"val_acc", "acc", "val_loss", "loss"})
    if (const std::optional<ModelScore> best = bestBy(metric, history)) return best;
  return std::nullopt;
}

Json scoreJson(const ModelScore& score) {
  return {{"metric", score.metric}, {"value", score.value}, {"epoch", score.epoch}};
}

std::optional<ModelScore> scoreOf(const Json& userDefinedMetadata) {
  const Json& score = memberOf(memberOf(userDefinedMetadata, "layersmith"), "score");
  const Json &metric = memberOf(score, "metric"), &value = memberOf(score, "value"), &epoch = memberOf(score, "epoch");
  if (!metric.is_string() || !value.is_number() || !epoch.is_number_integer()) return std::nullopt;
  return ModelScore{metric.get<std::string>(), value.get<double>(), epoch.get<int>()};
}

}  // namespace layersmith

#pragma once

#include "model/format/ModelArtifacts.h"
#include "model/training/Trainer.h"

#include <optional>
#include <string>
#include <vector>

namespace layersmith {

/// The best that a training came to, as a save keeps it in userDefinedMetadata.layersmith.score.
struct ModelScore {
  std::string metric;  ///< as TensorFlow.js logs it: "val_acc", else "acc", "val_loss", "loss"
  double value = 0;
  int epoch = 0;  ///< from 0

  bool isShare() const { return metric.ends_with("acc"); }  ///< of right answers: more is better

  friend bool operator==(const ModelScore&, const ModelScore&) = default;
};

/// By the most telling metric there is; nothing when no epoch has a finite one.
std::optional<ModelScore> bestScore(const std::vector<EpochLog>& history);

Json scoreJson(const ModelScore& score);
/// Of a saved model; nothing when it keeps none, or none that can be read.
std::optional<ModelScore> scoreOf(const Json& userDefinedMetadata);

}  // namespace layersmith

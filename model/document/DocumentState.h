#pragma once

#include "model/data/Dataset.h"
#include "model/format/ModelArtifacts.h"
#include "model/nn/Graph.h"
#include "model/nn/WeightBuffer.h"
#include "model/training/Trainer.h"
#include "model/training/TrainingConfig.h"

#include <map>
#include <memory>
#include <optional>

namespace layersmith {

/// Where a person put a card, in scene coordinates. Cards not named here follow the automatic layout.
struct CardPosition {
  double x = 0;
  double y = 0;
  friend bool operator==(const CardPosition&, const CardPosition&) = default;
};

/// One finished or stopped training, as the curves show it.
struct TrainingRun {
  std::vector<EpochLog> history;
  TrainingConfig config;
  FitOptions options;
  ComputeChoice compute;
};

/// Everything a document is, as one value: undo keeps two of these and swaps them. Cheap to copy: weights and data are
/// shared and immutable.
struct DocumentState {
  Graph graph;
  WeightSet weights;
  TrainingConfig training;
  FitOptions fit;
  OptimizerState optimizer;
  std::shared_ptr<const Dataset> dataset;  ///< null: none loaded
  DataRecipe recipe;                       ///< of `dataset`, or as the model file brought it
  bool hasRecipe = false;
  Json userDefinedMetadata;  ///< as read, our own part (`layersmith`) included
  std::map<LayerId, CardPosition> positions;
  std::shared_ptr<const TrainingRun> lastRun;
  std::shared_ptr<const ModelArtifacts> source;  ///< as loaded; saved again byte for byte while nothing was changed
};

}  // namespace layersmith

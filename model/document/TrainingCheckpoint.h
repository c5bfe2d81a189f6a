#pragma once

#include "model/nn/WeightBuffer.h"
#include "model/training/Trainer.h"

namespace layersmith {

/// All that a training needs to go on after a crash. A value: the buffers are shared and immutable.
struct TrainingCheckpoint {
  WeightSet weights;
  OptimizerState optimizer;
  FitPosition position;
  int bestEpoch = -1;  ///< -1: none yet
  double bestLoss = 0;
  WeightSet bestWeights;
  double seconds = 0;  ///< what taking it cost the training
};

/// Whether all weights and all that the optimizer keeps are numbers: others never replace a good checkpoint.
bool isFinite(const TrainingCheckpoint& checkpoint);

}  // namespace layersmith

#pragma once

#include "model/core/Issue.h"
#include "model/format/ModelArtifacts.h"
#include "model/training/TrainingConfig.h"

#include <vector>

namespace layersmith {

/// TensorFlow.js' `trainingConfig` or Keras' `training_config`: {loss, metrics, optimizer_config}, keys in either case.
/// What has no place in TrainingConfig is kept in unknownMembers; a learning rate schedule is read at its start.
TrainingConfig readTrainingConfig(const Json& json, std::vector<Issue>& issues);

/// The object getTrainingConfig() of TensorFlow.js makes; null when the model was never compiled.
Json trainingConfigJson(const TrainingConfig& config);

}  // namespace layersmith

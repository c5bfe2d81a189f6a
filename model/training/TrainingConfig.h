#pragma once

#include "model/core/FieldValue.h"
#include "model/nn/WeightBuffer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace layersmith {

/// What model.compile() fixes. Names as TensorFlow.js spells them in code (camelCase): "adam", "meanSquaredError".
struct TrainingConfig {
  std::string optimizer;             ///< "sgd", "momentum", "adam"; empty: the model was never compiled
  FieldMap optimizerConfig;          ///< camelCase keys of the optimizer's schema: learningRate, beta1, ...
  std::vector<std::string> losses;   ///< one for all outputs, or one per output
  std::vector<std::string> metrics;  ///< "accuracy", "meanSquaredError", ...
  FieldMap unknownMembers;           ///< what else a trainingConfig held, written back as it is

  bool isCompiled() const { return !optimizer.empty() && !losses.empty(); }
  friend bool operator==(const TrainingConfig&, const TrainingConfig&) = default;
};

/// What an optimizer remembers between steps, as the format keeps it: matched by position, never by name.
struct OptimizerState {
  std::int64_t iterations = 0;
  std::vector<std::shared_ptr<const WeightBuffer>> slots;  ///< adam: every m in weight order, then every v
  std::vector<std::string> slotNames;                      ///< as the file spelled them; empty: made on saving

  bool empty() const { return slots.empty() && iterations == 0; }
};

}  // namespace layersmith

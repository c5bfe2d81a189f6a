#pragma once

#include "model/core/FieldSpec.h"
#include "model/training/TrainingConfig.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace layersmith {

/// One loss, metric, optimizer, initializer, regularizer or constraint as menus, help and checks see it.
struct NamedType {
  std::string name;  ///< as TensorFlow.js spells it in code: "adam", "meanSquaredError", "glorotNormal"
  std::string
      className;  ///< on disk: "Adam", "VarianceScaling", ...; losses and metrics: snake_case "mean_squared_error"
  std::string help;
  FieldList fields;
};

std::span<const NamedType> optimizerTypes();
/// What the optimizer keeps of each trainable weight, named and ordered as TensorFlow.js saves it: adam has "m" of
/// every weight, then "v" of every weight. Empty for an unknown one.
std::vector<std::string> optimizerSlots(const TrainingConfig& config);
std::span<const NamedType> lossTypes();
std::span<const NamedType> metricTypes();
std::span<const NamedType> initializerTypes();
std::span<const NamedType> regularizerTypes();
std::span<const NamedType> constraintTypes();
std::span<const NamedType> activationTypes();

/// By name or by className; nullptr when unknown.
const NamedType* findNamedType(std::span<const NamedType> types, std::string_view name);

}  // namespace layersmith

#pragma once

#include "model/core/Scalar.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// The activation functions of TensorFlow.js (tfjs-layers/src/activations.ts).
enum class ActivationType {
  Linear,
  Relu,
  Sigmoid,
  Tanh,
  Softmax,
  Elu,
  Selu,
  Relu6,
  Softplus,
  Softsign,
  HardSigmoid,
  Swish,
  Mish,
  Gelu,
  GeluNew,
  LogSoftmax
};

struct ActivationInfo {
  ActivationType type;
  std::string name;  ///< as TensorFlow.js spells it in code: "hardSigmoid", "gelu_new"
  std::string help;
};

const std::vector<ActivationInfo>& activationInfos();
const std::vector<std::string>& activationNames();

/// Errors: InvalidConfig when there is no such activation.
ActivationType activationFromName(std::string_view name);

/// Whether its derivative needs the input; the others make do with the output.
constexpr bool derivativeNeedsInput(ActivationType type) {
  return type == ActivationType::Swish || type == ActivationType::Mish || type == ActivationType::Gelu ||
         type == ActivationType::GeluNew;
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

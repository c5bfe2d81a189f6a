#include "model/nn/ActivationType.h"

#include "model/core/Error.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

const std::vector<ActivationInfo>& activationInfos() {
  using enum ActivationType;
  static const std::vector<ActivationInfo> all = {
      {Linear, "linear", "The value as it is."},
      {Relu, "relu", "max(0, x)."},
      {Sigmoid, "sigmoid", "1 / (1 + exp(-x)): a probability from 0 to 1."},
      {Tanh, "tanh", "Hyperbolic tangent: from -1 to 1."},
      {Softmax, "softmax", "exp(x) over the sum of exp(x): probabilities that add up to 1."},
      {Elu, "elu", "x above 0, exp(x) - 1 below."},
      {Selu, "selu", "Scaled elu that keeps mean and variance."},
      {Relu6, "relu6", "relu cut at 6."},
      {Softplus, "softplus", "log(1 + exp(x)): a smooth relu."},
      {Softsign, "softsign", "x / (1 + |x|)."},
      {HardSigmoid, "hardSigmoid", "0.2 x + 0.5 cut to 0 .. 1: a cheap sigmoid."},
      {Swish, "swish", "x sigmoid(x)."},
      {Mish, "mish", "x tanh(softplus(x))."},
      {Gelu, "gelu", "x times the normal distribution function of x."},
      {GeluNew, "gelu_new", "gelu by its tanh approximation."},
      {LogSoftmax, "logSoftmax", "The logarithm of softmax."},
  };
  return all;
}

const std::vector<std::string>& activationNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const ActivationInfo& info : activationInfos()) all.push_back(info.name);
    return all;
  }();
  return names;
}

ActivationType activationFromName(std::string_view name) {
  const auto it = std::ranges::find(activationInfos(), name, &ActivationInfo::name);
  if (it == activationInfos().end())
    throw Error(ErrorKind::InvalidConfig, "There is no activation `" + std::string(name) + "`.", {}, "activation");
  return it->type;
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

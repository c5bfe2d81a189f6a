#include "model/training/Catalogue.h"

#include "model/nn/ActivationType.h"
#include "model/nn/Graph.h"
#include "model/nn/Initializers.h"
#include "model/training/Losses.h"

#include <algorithm>
#include <cctype>

namespace layersmith {

namespace {

FieldSpec learningRate(double byDefault) {
  return number("learningRate").byDefault(byDefault).atLeast(0).help("How far each step goes.");
}

FieldSpec decay(const char* key, double byDefault, const char* help) {
  return number(key).byDefault(byDefault).atLeast(0).below(1).advanced().help(help);
}

FieldSpec epsilon() {
  return number("epsilon").byDefault(1e-7).atLeast(0).nullable().advanced().help("Added against division by 0.");
}

template <class Infos>
std::vector<NamedType> named(const Infos& infos) {
  std::vector<NamedType> all;
  for (const auto& info : infos) all.push_back({info.name, info.className, info.help, {}});
  return all;
}

}  // namespace

std::span<const NamedType> optimizerTypes() {
  static const std::vector<NamedType> all = {
      {"adam",
       "Adam",
       "Adapts the step of every weight. A good first choice.",
       {learningRate(0.001), decay("beta1", 0.9, "Decay of the mean of gradients."),
        decay("beta2", 0.999, "Decay of the mean of squared gradients."), epsilon()}},
      {"sgd", "SGD", "Plain gradient descent.", {learningRate(0.01)}},
      {"momentum",
       "Momentum",
       "Gradient descent that keeps some of its last direction.",
       {learningRate(0.01),
        number("momentum").byDefault(0.9).atLeast(0).atMost(1).help("How much of the last direction is kept."),
        flag("useNesterov").byDefault(false).advanced().help("Looks ahead along the last direction.")}},
      {"rmsprop",
       "RMSProp",
       "Divides each step by the size of recent gradients. Often used for recurrent networks.",
       {learningRate(0.001), decay("decay", 0.9, "Decay of the mean of squared gradients."),
        number("momentum").byDefault(0).atLeast(0).atMost(1).advanced().help("How much of the last step is kept."),
        epsilon(), flag("centered").byDefault(false).advanced().help("Measures gradients around their mean.")}},
      {"adagrad",
       "Adagrad",
       "Smaller steps for weights that have moved much. For sparse data.",
       {learningRate(0.01), number("initialAccumulatorValue")
                                .byDefault(0.1)
                                .atLeast(0)
                                .advanced()
                                .help("Where the sums of squares begin.")}},
      {"adadelta",
       "Adadelta",
       "Finds the size of its steps from those before.",
       {learningRate(1), decay("rho", 0.95, "Decay of the means of squares."), epsilon()}},
      {"adamax",
       "Adamax",
       "Adam, with the largest recent gradient in place of the mean square.",
       {learningRate(0.002), decay("beta1", 0.9, "Decay of the mean of gradients."),
        decay("beta2", 0.999, "Decay of the largest gradient."), epsilon(),
        number("decay").byDefault(0).atLeast(0).advanced().help("How much steps shrink with their number.")}},
  };
  return all;
}

std::vector<std::string> optimizerSlots(const TrainingConfig& config) {
  const NamedType* type = findNamedType(optimizerTypes(), config.optimizer);
  const std::string name = type ? type->name : std::string();
  if (name == "adam" || name == "adamax") return {"m", "v"};
  if (name == "momentum") return {"momentum"};
  if (name == "adagrad") return {"accumulator"};
  if (name == "adadelta") return {"accum_grad", "accum_var"};
  if (name != "rmsprop") return {};
  if (config.optimizerConfig.boolAt("centered", false)) return {"rms", "momentum", "mg"};
  return {"rms", "momentum"};
}

std::span<const NamedType> lossTypes() {
  static const std::vector<NamedType> all = named(lossInfos());
  return all;
}

std::span<const NamedType> metricTypes() {
  static const std::vector<NamedType> all = [] {
    std::vector<NamedType> types = {
        {"accuracy", "accuracy", "Share of right answers.", {}},
        {"binaryAccuracy", "binary_accuracy", "Share of right yes-or-no answers.", {}},
        {"categoricalAccuracy", "categorical_accuracy", "Share of right classes, targets one-hot.", {}},
        {"sparseCategoricalAccuracy", "sparse_categorical_accuracy", "Share of right classes, targets as numbers.", {}},
        {"precision", "precision", "Share of the found that are right.", {}},
        {"recall", "recall", "Share of the right that were found.", {}},
        {"mse", "mse", "Mean of squared differences.", {}},
        {"mae", "mae", "Mean of differences.", {}},
        {"mape", "mape", "Mean difference in percent.", {}},
        {"cosine", "cosine", "Minus the cosine of the angle between the two.", {}},
    };
    for (const NamedType& loss : named(lossInfos())) types.push_back(loss);
    return types;
  }();
  return all;
}

std::span<const NamedType> initializerTypes() {
  static const std::vector<NamedType> all = [] {
    std::vector<NamedType> types;
    for (const InitializerType& info : initializerInfos())
      types.push_back({info.name, info.className, info.help, info.fields});
    return types;
  }();
  return all;
}

std::span<const NamedType> regularizerTypes() {
  const auto factor = [](const char* key, double byDefault) { return number(key).byDefault(byDefault).atLeast(0); };
  static const std::vector<NamedType> all = {
      {"l1l2", "L1L2", "Sum of sizes and of squares of the weights.", {factor("l1", 0.01), factor("l2", 0.01)}},
      {"l1", "L1L2", "Sum of the sizes of the weights: drives many to 0.", {factor("l1", 0.01), factor("l2", 0)}},
      {"l2", "L1L2", "Sum of the squares of the weights: keeps them small.", {factor("l1", 0), factor("l2", 0.01)}},
  };
  return all;
}

std::span<const NamedType> constraintTypes() {
  const auto axis = [] { return integer("axis").byDefault(0).advanced().help("The axis that norms run along."); };
  static const std::vector<NamedType> all = {
      {"maxNorm", "MaxNorm", "No norm above a limit.", {number("maxValue").byDefault(2).atLeast(0), axis()}},
      {"unitNorm", "UnitNorm", "Every norm is 1.", {axis()}},
      {"nonNeg", "NonNeg", "No weight below 0.", {}},
      {"minMaxNorm",
       "MinMaxNorm",
       "Every norm between two limits.",
       {number("minValue").byDefault(0).atLeast(0), number("maxValue").byDefault(1).atLeast(0),
        number("rate").byDefault(1).atLeast(0).atMost(1), axis()}},
  };
  return all;
}

std::span<const NamedType> activationTypes() {
  static const std::vector<NamedType> all = [] {
    std::vector<NamedType> types;
    for (const ActivationInfo& info : activationInfos())
      types.push_back({info.name, snakeCase(info.name), info.help, {}});
    return types;
  }();
  return all;
}

const NamedType* findNamedType(std::span<const NamedType> types, std::string_view name) {
  const auto find = [&](std::string_view wanted, std::string NamedType::*member) -> const NamedType* {
    const auto it = std::ranges::find(types, wanted, member);
    return it == types.end() ? nullptr : &*it;
  };
  if (const NamedType* type = find(name, &NamedType::name)) return type;
  // "VarianceScaling" is the class of six initializers; the one that bears its name goes first.
  std::string lowered(name);
  if (!lowered.empty()) lowered[0] = char(std::tolower(static_cast<unsigned char>(lowered[0])));
  if (const NamedType* type = find(lowered, &NamedType::name)) return type;
  return find(name, &NamedType::className);
}

}  // namespace layersmith

#include "model/nn/Layer.h"

#include "model/nn/Initializers.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

std::vector<WeightDeclaration> Layer::weights(std::span<const Shape>) const {
  return {};
}

FieldValue initializerConfig(std::string_view name) {
  const InitializerType* type = findInitializerType(name);
  if (!type) throw Error(ErrorKind::InvalidConfig, "There is no initializer `" + std::string(name) + "`.");
  return FieldMap{{"className", type->className}, {"config", completed(type->fields, {})}};
}

const Shape& onlyInput(std::span<const Shape> inputs) {
  if (inputs.size() != 1) throw Error(ErrorKind::ShapeMismatch, "needs exactly one input");
  return inputs.front();
}

void requireSeveralInputs(std::span<const Shape> inputs) {
  if (inputs.size() < 2) throw Error(ErrorKind::ShapeMismatch, "needs two inputs or more", {}, "inputs");
}

void requireChannelsLast(const FieldMap& config) {
  if (config.stringAt("dataFormat", "channelsLast") == "channelsFirst")
    throw Error(ErrorKind::InvalidConfig,
                "Data format channelsFirst does not run here. Choose channelsLast, with images as (height, width, "
                "channels).",
                {}, "dataFormat");
}

void requireNoActivityRegularizer(const FieldMap& config) {
  const FieldValue* value = config.find("activityRegularizer");
  if (value && !value->isNull())
    throw Error(ErrorKind::InvalidConfig,
                "An activity regularizer does not run here, nor in TensorFlow.js. Set it to none.", {},
                "activityRegularizer");
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

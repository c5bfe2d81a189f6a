#include "model/training/Penalties.h"

#include "model/core/Error.h"
#include "model/training/Catalogue.h"

#include <algorithm>
#include <cmath>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

/// The checked config of a {className, config} value, and its type. Errors: InvalidConfig.
std::pair<const NamedType*, FieldMap> resolved(std::span<const NamedType> types, const FieldValue& value,
                                               const char* what) {
  const std::string name = value.isString() ? value.asString() : value.asMap().stringAt("className");
  const NamedType* type = findNamedType(types, name);
  if (!type) throw Error(ErrorKind::InvalidConfig, std::string("There is no ") + what + " `" + name + "`.");
  FieldMap given;
  if (value.isMap())
    if (const FieldValue* config = value.asMap().find("config"); config && config->isMap()) given = config->asMap();
  return {type, completed(type->fields, given)};
}

/// Calls body(indices of one vector) for every vector whose norm the axes sum over.
template <class Body>
void overVectors(const Shape& shape, const std::vector<std::int64_t>& axes, const Body& body) {
  const auto isSummed = [&](std::size_t axis) {
    return std::ranges::any_of(
        axes, [&](std::int64_t a) { return std::size_t(a < 0 ? a + std::int64_t(shape.size()) : a) == axis; });
  };
  const std::int64_t count = elementCount(shape);
  std::vector<std::vector<std::int64_t>> vectors;
  std::vector<std::int64_t> groupOf(static_cast<std::size_t>(count));
  std::int64_t groups = 1;
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    if (!isSummed(axis)) groups *= shape[axis];
  vectors.resize(std::size_t(groups));
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t rest = i, stride = count, group = 0;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      stride /= shape[axis];
      if (!isSummed(axis)) group = group * shape[axis] + rest / stride;
      rest %= stride;
    }
    vectors[std::size_t(group)].push_back(i);
  }
  for (const auto& vector : vectors) body(vector);
}

}  // namespace

Penalties::Penalties(const ParameterBlock& parameters) {
  for (const Parameter& parameter : parameters.parameters()) {
    if (const FieldValue& value = parameter.declaration.regularizer; !value.isNull()) {
      const auto [type, config] = resolved(regularizerTypes(), value, "regularizer");
      m_regularizers.push_back({&parameter, config.numberAt("l1", 0), config.numberAt("l2", 0)});
    }
    if (const FieldValue& value = parameter.declaration.constraint; !value.isNull()) {
      const auto [type, config] = resolved(constraintTypes(), value, "constraint");
      m_constraints.push_back({&parameter,
                               type->className,
                               config.numberAt("minValue", 0),
                               config.numberAt("maxValue", 2),
                               config.numberAt("rate", 1),
                               {config.intAt("axis", 0)}});
    }
  }
}

double Penalties::value(const ParameterBlock& parameters) const {
  double sum = 0;
  for (const Regularizer& regularizer : m_regularizers)
    for (const Scalar weight : parameters.values(*regularizer.parameter))
      sum += regularizer.l1 * std::fabs(double(weight)) + regularizer.l2 * double(weight) * double(weight);
  return sum;
}

void Penalties::addGradients(const ParameterBlock& parameters) const {
  for (const Regularizer& regularizer : m_regularizers) {
    if (!regularizer.parameter->isTrainable) continue;
    const auto weights = parameters.values(*regularizer.parameter);
    const auto gradients = parameters.gradients(*regularizer.parameter);
    for (std::size_t i = 0; i < weights.size(); ++i)
      gradients[i] += Scalar(regularizer.l1) * Scalar((weights[i] > 0) - (weights[i] < 0)) +
                      2 * Scalar(regularizer.l2) * weights[i];
  }
}

void Penalties::constrain(const ParameterBlock& parameters) const {
  for (const Constraint& constraint : m_constraints) {
    if (!constraint.parameter->isTrainable) continue;
    const auto weights = parameters.values(*constraint.parameter);
    if (constraint.className == "NonNeg") {
      for (Scalar& weight : weights) weight = std::max(weight, Scalar(0));
      continue;
    }
    overVectors(constraint.parameter->declaration.shape, constraint.axes, [&](const std::vector<std::int64_t>& vector) {
      double square = 0;
      for (const std::int64_t i : vector) square += double(weights[std::size_t(i)]) * double(weights[std::size_t(i)]);
      const double norm = std::sqrt(square);
      double wanted = 1;
      if (constraint.className == "MaxNorm") wanted = std::min(norm, constraint.maxValue);
      if (constraint.className == "MinMaxNorm")
        wanted =
            constraint.rate * std::clamp(norm, constraint.minValue, constraint.maxValue) + (1 - constraint.rate) * norm;
      const auto scale = Scalar(wanted / (1e-7 + norm));
      for (const std::int64_t i : vector) weights[std::size_t(i)] *= scale;
    });
  }
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

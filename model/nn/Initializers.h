#pragma once

#include "model/core/FieldSpec.h"
#include "model/core/Random.h"
#include "model/core/Scalar.h"
#include "model/core/Shape.h"

#include <span>
#include <string>
#include <string_view>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// One initializer by its name in code; several names share a class on disk ("heNormal" is a VarianceScaling).
/// Source: tfjs-layers/src/initializers.ts.
struct InitializerType {
  std::string name;       ///< "glorotNormal"
  std::string className;  ///< "VarianceScaling"
  std::string help;
  FieldList fields;
};

std::span<const InitializerType> initializerInfos();

/// By name or class name ("GlorotNormal" is understood too); nullptr when unknown.
const InitializerType* findInitializerType(std::string_view name);

/// Fills `values` (TF order, `shape`). The config's own seed, when it has one, goes before `random`.
/// Errors: InvalidConfig for an unknown class, a bad field, or a shape it cannot fill (Identity needs a square).
void initialize(const FieldValue& initializer, const Shape& shape, const Random& random, std::span<Scalar> values);

/// Fills the bias of an LSTM with unitForgetBias: (units) by the initializer, (units) ones, (2 units) by the
/// initializer.
void initializeForgetBias(const FieldValue& initializer, const Random& random, std::span<Scalar> values);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

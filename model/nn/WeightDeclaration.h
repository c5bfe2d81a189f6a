#pragma once

#include "model/core/FieldValue.h"
#include "model/core/Scalar.h"
#include "model/core/Shape.h"

#include <cstdint>
#include <string>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// A weight as its layer declares it, in manifest order.
struct WeightDeclaration {
  std::string role;  ///< "kernel"
  Shape shape;
  bool isTrainable = true;
  FieldValue initializer;        ///< {className, config}
  FieldValue regularizer;        ///< {className, config} or null
  FieldValue constraint;         ///< {className, config} or null
  std::int64_t forgetUnits = 0;  ///< not 0: a bias of four gates of so many units, the second of which starts at 1
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

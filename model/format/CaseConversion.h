#pragma once

#include "model/core/FieldSpec.h"

#include <string>
#include <string_view>

namespace layersmith {

/// "kernel_size" -> "kernelSize", "beta_1" -> "beta1". Source: toCamelCase of tfjs-layers/src/utils/generic_utils.ts.
std::string toCamelCase(std::string_view snake);

/// "kernelSize" -> "kernel_size", "fanAvg" -> "fan_avg". Source: toSnakeCase of the same file.
std::string toSnakeCase(std::string_view camel);

/// The choice of `field` that `onDisk` spells, in either case; `onDisk` itself when it is none of them.
std::string choiceFromDisk(const FieldSpec& field, const std::string& onDisk);

}  // namespace layersmith

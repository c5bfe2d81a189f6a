#pragma once

#include "model/core/Scalar.h"

#include <string>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// Version of the kernel library and the instructions that it chose for this processor: "oneDNN 2.6.3 (avx512_core)".
std::string libraryDescription();

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

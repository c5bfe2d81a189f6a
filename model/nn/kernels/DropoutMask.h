#pragma once

#include "model/core/Random.h"
#include "model/core/Scalar.h"

#include <cstdint>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// mask[i] = 1 / keep with probability `keep`, else 0. The number at `first + i` of the stream decides; `first` is a
/// multiple of 4.
void dropoutMask(const Random& random, double keep, std::uint64_t first, Scalar* mask, std::int64_t count);

/// The mask value that one random word decides.
Scalar dropoutFactor(std::uint32_t word, double keep);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

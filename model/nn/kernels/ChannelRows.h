#pragma once

#include "model/core/Scalar.h"

#include <cstdint>

/// Batch normalization's loops over x (count, channels), channels last: vectors run along the channels; where those are
/// few, several rows are taken as one. One thread.
namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels::rows {

/// Mean, and the sum of squared distances from it, per channel.
void moments(const Scalar* x, std::int64_t count, std::int64_t channels, Scalar* mean, Scalar* squares);

/// Takes the moments of another `moreCount` rows into those of `count` rows.
void joinMoments(std::int64_t count, Scalar* mean, Scalar* squares, std::int64_t moreCount, const Scalar* moreMean,
                 const Scalar* moreSquares, std::int64_t channels);

/// Per channel: the sum of dy, and of dy * (x - mean).
void gradients(const Scalar* x, const Scalar* dy, const Scalar* mean, std::int64_t count, std::int64_t channels,
               Scalar* sumDy, Scalar* sumDyDistance);

/// y = x * scale + shift. y may be x.
void scale(const Scalar* x, const Scalar* scale, const Scalar* shift, Scalar* y, std::int64_t count,
           std::int64_t channels);

/// dx = dy * a + x * b + c. dx may be dy.
void combine(const Scalar* x, const Scalar* dy, const Scalar* a, const Scalar* b, const Scalar* c, Scalar* dx,
             std::int64_t count, std::int64_t channels);

}  // namespace kernels::rows
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

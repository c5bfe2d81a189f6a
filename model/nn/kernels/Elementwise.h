#pragma once

#include "model/core/Scalar.h"
#include "model/nn/ActivationType.h"
#include "model/nn/ComputePath.h"

#include <cstdint>

/// Loops over plain arrays. Arrays do not overlap unless they are the same array.
namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// to[i] += from[i]
void addTo(Scalar* to, const Scalar* from, std::int64_t count);

/// z (rows, columns) becomes z + bias (columns; may be null), y = activation of it. y may be z. Softmax runs over
/// columns.
void biasActivation(ComputePath path, ActivationType type, Scalar* z, const Scalar* bias, Scalar* y, std::int64_t rows,
                    std::int64_t columns);

/// y = activation of x; x is kept.
void activationForward(ComputePath path, ActivationType type, const Scalar* x, Scalar* y, std::int64_t rows,
                       std::int64_t columns);

/// dx = derivative times dy. x is read only where derivativeNeedsInput(type). dx may be dy.
void activationBackward(ComputePath path, ActivationType type, const Scalar* x, const Scalar* y, const Scalar* dy,
                        Scalar* dx, std::int64_t rows, std::int64_t columns);

/// y = x between 0 and largest. y may be x.
void rectify(ComputePath path, const Scalar* x, Scalar* y, Scalar largest, std::int64_t count);

/// dx = dy where 0 < y < largest, else 0. dx may be dy.
void rectifyBackward(ComputePath path, const Scalar* y, const Scalar* dy, Scalar* dx, Scalar largest,
                     std::int64_t count);

/// sums (columns) = the sum of every column of values (rows, columns)
void sumRows(const Scalar* values, Scalar* sums, std::int64_t rows, std::int64_t columns);

/// Whether no value is NaN or infinite.
bool isFinite(const Scalar* values, std::int64_t count);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

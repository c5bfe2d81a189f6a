#pragma once

#include "model/core/Scalar.h"
#include "model/nn/ComputePath.h"

#include <cstdint>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// Matrix products of row-major matrices, results written afresh. Small ones run in loops of our own, large ones in
/// oneDNN's sgemm.

/// c (m, n) = a (m, k) * b (k, n)
void product(ComputePath path, const Scalar* a, const Scalar* b, Scalar* c, std::int64_t m, std::int64_t n,
             std::int64_t k);

/// c (m, n) = a (m, k) * transposed b (n, k)
void productTransposedB(ComputePath path, const Scalar* a, const Scalar* b, Scalar* c, std::int64_t m, std::int64_t n,
                        std::int64_t k);

/// c (m, n) = transposed a (k, m) * b (k, n)
void productTransposedA(ComputePath path, const Scalar* a, const Scalar* b, Scalar* c, std::int64_t m, std::int64_t n,
                        std::int64_t k);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

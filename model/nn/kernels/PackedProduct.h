#pragma once

#include "model/core/Scalar.h"
#include "model/nn/Arena.h"

#include <cstdint>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// A matrix b (k, n) laid out for many products of a few rows each, as a recurrence makes them: one per time step, all
/// with the same weights. A library would lay it out anew in each of them.
class PackedMatrix {
 public:
  PackedMatrix(std::int64_t k, std::int64_t n);

  /// Copies b (k, n), row-major.
  void pack(const Scalar* b);
  /// Copies the transpose of b (n, k), row-major.
  void packTransposed(const Scalar* b);

  /// c (rows, n) = a (rows, k) * b, or c += with `isAdded`. Rows lie `strideA` and `strideC` apart.
  /// Thread rule: any number of threads at once, each with rows of its own.
  void multiply(const Scalar* a, std::int64_t strideA, Scalar* c, std::int64_t strideC, std::int64_t rows,
                bool isAdded) const;

 private:
  std::int64_t m_k;
  std::int64_t m_n;
  Arena m_panels;  // panel by panel of columns, in each k rows; the last one is filled up with zeros
};

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#include "model/nn/kernels/Product.h"

#include "model/core/Error.h"
#include "model/nn/Threads.h"
#include "model/nn/kernels/Clones.h"

#include <oneapi/dnnl/dnnl.h>

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

/// Below this many multiplications a call into oneDNN costs more than the product.
constexpr std::int64_t kSmallProduct = 32 * 1024;

LAYERSMITH_CLONES void small(const Scalar* a, const Scalar* b, Scalar* c, std::int64_t m, std::int64_t n,
                             std::int64_t k) {
  for (std::int64_t row = 0; row < m; ++row, a += k, c += n) {
    std::fill_n(c, n, Scalar(0));
    for (std::int64_t inner = 0; inner < k; ++inner) {
      const Scalar factor = a[inner];
      const Scalar* line = b + inner * n;
      for (std::int64_t column = 0; column < n; ++column) c[column] += factor * line[column];
    }
  }
}

LAYERSMITH_CLONES void smallTransposedB(const Scalar* a, const Scalar* b, Scalar* c, std::int64_t m, std::int64_t n,
                                        std::int64_t k) {
  for (std::int64_t row = 0; row < m; ++row, a += k, c += n)
    for (std::int64_t column = 0; column < n; ++column) {
      const Scalar* line = b + column * k;
      Scalar sum = 0;
#pragma omp simd reduction(+ : sum)
      for (std::int64_t inner = 0; inner < k; ++inner) sum += a[inner] * line[inner];
      c[column] = sum;
    }
}

LAYERSMITH_CLONES void smallTransposedA(const Scalar* a, const Scalar* b, Scalar* c, std::int64_t m, std::int64_t n,
                                        std::int64_t k) {
  std::fill_n(c, m * n, Scalar(0));
  for (std::int64_t inner = 0; inner < k; ++inner, a += m, b += n)
    for (std::int64_t row = 0; row < m; ++row) {
      const Scalar factor = a[row];
      Scalar* line = c + row * n;
      for (std::int64_t column = 0; column < n; ++column) line[column] += factor * b[column];
    }
}

bool isSmall(ComputePath path, std::int64_t m, std::int64_t n, std::int64_t k) {
  return path == ComputePath::Reference || m * n * k <= kSmallProduct;
}

#if defined(LAYERSMITH_SCALAR_DOUBLE)
void large(char, char, std::int64_t, std::int64_t, std::int64_t, const double*, std::int64_t, const double*,
           std::int64_t, double*) {
  throw Error(ErrorKind::Internal, "The double build has the reference path only.");
}
#else
void large(char transposeA, char transposeB, std::int64_t m, std::int64_t n, std::int64_t k, const float* a,
           std::int64_t strideA, const float* b, std::int64_t strideB, float* c) {
  const ThreadScope scope(threadsFor(m * n * k / 16));
  if (dnnl_sgemm(transposeA, transposeB, m, n, k, 1.0f, a, strideA, b, strideB, 0.0f, c, n) != dnnl_success)
    throw Error(ErrorKind::Internal, "oneDNN refused a matrix product.");
}
#endif

}  // namespace

void product(ComputePath path, const Scalar* a, const Scalar* b, Scalar* c, std::int64_t m, std::int64_t n,
             std::int64_t k) {
  if (isSmall(path, m, n, k)) return small(a, b, c, m, n, k);
  large('N', 'N', m, n, k, a, k, b, n, c);
}

void productTransposedB(ComputePath path, const Scalar* a, const Scalar* b, Scalar* c, std::int64_t m, std::int64_t n,
                        std::int64_t k) {
  if (isSmall(path, m, n, k)) return smallTransposedB(a, b, c, m, n, k);
  large('N', 'T', m, n, k, a, k, b, k, c);
}

void productTransposedA(ComputePath path, const Scalar* a, const Scalar* b, Scalar* c, std::int64_t m, std::int64_t n,
                        std::int64_t k) {
  if (isSmall(path, m, n, k)) return smallTransposedA(a, b, c, m, n, k);
  large('T', 'N', m, n, k, a, m, b, n, c);
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/core/Scalar.h"
#include "model/nn/ComputePath.h"
#include "model/nn/Plan.h"

#include <cstdint>
#include <memory>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// Which operand is stored transposed. Matrices are row-major.
enum class ProductForm {
  Plain,        ///< a (m, k) * b (k, n)
  TransposedA,  ///< a (k, m), b (k, n)
  TransposedB   ///< a (m, k), b (n, k)
};

/// A matrix product c (m, n) = a * b made ready: sizes, kernel and room are fixed once. The result is written afresh.
/// Small ones run in loops of our own, which cost less than a call into a library; large ones in oneDNN.
class MatrixProduct {
 public:
  MatrixProduct();
  MatrixProduct(ComputePath path, ProductForm form, std::int64_t m, std::int64_t n, std::int64_t k,
                ScratchPad& scratch);
  ~MatrixProduct();
  MatrixProduct(MatrixProduct&&) noexcept;
  MatrixProduct& operator=(MatrixProduct&&) noexcept;

  void run(const Scalar* a, const Scalar* b, Scalar* c);
  std::string kernel() const;  ///< name of the implementation; empty: a loop of our own

 private:
  struct Large;
  ProductForm m_form = ProductForm::Plain;
  std::int64_t m_m = 0, m_n = 0, m_k = 0;
  std::unique_ptr<Large> m_large;
};

/// The same once, without making it ready.
void product(ComputePath path, const Scalar* a, const Scalar* b, Scalar* c, std::int64_t m, std::int64_t n,
             std::int64_t k);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

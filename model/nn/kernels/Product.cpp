#include "model/nn/kernels/Product.h"

#include "model/nn/Threads.h"
#include "model/nn/kernels/Clones.h"
#include "model/nn/kernels/Primitive.h"

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

}  // namespace

#if defined(LAYERSMITH_SCALAR_DOUBLE)

struct MatrixProduct::Large {  // the double build has the reference path only
  Large(ProductForm, std::int64_t, std::int64_t, std::int64_t, ScratchPad&) {}
  void run(const Scalar*, const Scalar*, Scalar*) {}
  std::string name;
};

#else

struct MatrixProduct::Large {
  Large(ProductForm form, std::int64_t m, std::int64_t n, std::int64_t k, ScratchPad& pad)
      : threads(threadsFor(m * n * k / 16)), scratch(&pad) {
    const ThreadScope scope(threads);
    const auto transposed = [](bool isTransposed) { return isTransposed ? DnnlTag::ba : DnnlTag::ab; };
    const dnnl::memory::desc aDesc = floatsAs({m, k}, transposed(form == ProductForm::TransposedA));
    const dnnl::memory::desc bDesc = floatsAs({k, n}, transposed(form == ProductForm::TransposedB));
    const dnnl::memory::desc cDesc = floatsAs({m, n}, DnnlTag::ab);
    const dnnl::matmul::primitive_desc descriptor({aDesc, bDesc, cDesc}, scratchAttributes(), dnnlEngine());
    name = descriptor.impl_info_str();
    primitive = Primitive(dnnl::matmul(descriptor), descriptor.scratchpad_desc());
    pad.need(primitive.scratchBytes());
    primitive.add(DNNL_ARG_SRC, aMemory = placeless(aDesc));
    primitive.add(DNNL_ARG_WEIGHTS, bMemory = placeless(bDesc));
    primitive.add(DNNL_ARG_DST, cMemory = placeless(cDesc));
  }

  void run(const Scalar* a, const Scalar* b, Scalar* c) {
    const ThreadScope scope(threads);
    place(aMemory, a);
    place(bMemory, b);
    place(cMemory, c);
    primitive.run(scratch->data());
  }

  int threads;
  ScratchPad* scratch;
  std::string name;
  Primitive primitive;
  dnnl::memory aMemory, bMemory, cMemory;
};

#endif

MatrixProduct::MatrixProduct(ComputePath path, ProductForm form, std::int64_t m, std::int64_t n, std::int64_t k,
                             ScratchPad& scratch)
    : m_form(form), m_m(m), m_n(n), m_k(k) {
  if (!isSmall(path, m, n, k)) m_large = std::make_unique<Large>(form, m, n, k, scratch);
}

MatrixProduct::MatrixProduct() = default;
MatrixProduct::~MatrixProduct() = default;
MatrixProduct::MatrixProduct(MatrixProduct&&) noexcept = default;
MatrixProduct& MatrixProduct::operator=(MatrixProduct&&) noexcept = default;

std::string MatrixProduct::kernel() const {
  return m_large ? m_large->name : std::string();
}

void MatrixProduct::run(const Scalar* a, const Scalar* b, Scalar* c) {
  if (m_large) return m_large->run(a, b, c);
  switch (m_form) {
    case ProductForm::Plain: return small(a, b, c, m_m, m_n, m_k);
    case ProductForm::TransposedA: return smallTransposedA(a, b, c, m_m, m_n, m_k);
    case ProductForm::TransposedB: return smallTransposedB(a, b, c, m_m, m_n, m_k);
  }
}

void product(ComputePath path, const Scalar* a, const Scalar* b, Scalar* c, std::int64_t m, std::int64_t n,
             std::int64_t k) {
  ScratchPad scratch;
  MatrixProduct once(path, ProductForm::Plain, m, n, k, scratch);
  scratch.allocate();
  once.run(a, b, c);
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

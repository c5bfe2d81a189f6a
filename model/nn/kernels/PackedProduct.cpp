#include "model/nn/kernels/PackedProduct.h"

#include "model/nn/kernels/Clones.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

/// Columns of a panel: two of the widest vectors.
constexpr std::int64_t kPanel = 128 / sizeof(Scalar);
constexpr int kTileRows = 8;

struct Tile {
  const Scalar* a;
  std::int64_t strideA;
  const Scalar* panel;
  std::int64_t k;
  Scalar* c;
  std::int64_t strideC;
  bool isAdded;
};

template <int Bytes>
struct VectorOf {
  using Type __attribute__((vector_size(Bytes), aligned(sizeof(Scalar)), may_alias)) = Scalar;
};

/// Rows x 2 vectors of c, held in registers over the whole of k.
template <int Bytes, int Rows>
LAYERSMITH_INLINE void multiplyTile(const Tile& tile) {
  using Vector = typename VectorOf<Bytes>::Type;
  constexpr std::int64_t lanes = Bytes / sizeof(Scalar);
  for (std::int64_t column = 0; column < kPanel; column += 2 * lanes) {
    Vector sums[Rows][2];
#pragma GCC unroll 8
    for (int row = 0; row < Rows; ++row) {
      const Scalar* c = tile.c + row * tile.strideC + column;
      sums[row][0] = tile.isAdded ? *reinterpret_cast<const Vector*>(c) : Vector{};
      sums[row][1] = tile.isAdded ? *reinterpret_cast<const Vector*>(c + lanes) : Vector{};
    }
    const Scalar* a = tile.a;
    const Scalar* b = tile.panel + column;
    for (std::int64_t inner = 0; inner < tile.k; ++inner, b += kPanel) {
      const Vector b0 = *reinterpret_cast<const Vector*>(b), b1 = *reinterpret_cast<const Vector*>(b + lanes);
#pragma GCC unroll 8
      for (int row = 0; row < Rows; ++row) {
        const Scalar factor = a[row * tile.strideA + inner];
        sums[row][0] += factor * b0;
        sums[row][1] += factor * b1;
      }
    }
#pragma GCC unroll 8
    for (int row = 0; row < Rows; ++row) {
      Scalar* c = tile.c + row * tile.strideC + column;
      *reinterpret_cast<Vector*>(c) = sums[row][0];
      *reinterpret_cast<Vector*>(c + lanes) = sums[row][1];
    }
  }
}

// Not by target_clones: how many rows fit depends on the number of registers, which a clone cannot ask for.
#if defined(__x86_64__)
template <int Rows>
__attribute__((target("arch=x86-64-v4"))) void tile512(const Tile& tile) {
  multiplyTile<64, Rows>(tile);
}
template <int Rows>
__attribute__((target("arch=x86-64-v3"))) void tile256(const Tile& tile) {
  multiplyTile<32, Rows>(tile);
}
#endif
template <int Rows>
void tile128(const Tile& tile) {
  multiplyTile<16, Rows>(tile);
}

using TileFunction = void (*)(const Tile&);

struct TileSet {
  int rows;  ///< most that one tile takes
  TileFunction byRows[kTileRows];
};

const TileSet& tileSet() {
  static const TileSet chosen = [] {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
      return TileSet{8,
                     {tile512<1>, tile512<2>, tile512<3>, tile512<4>, tile512<5>, tile512<6>, tile512<7>, tile512<8>}};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
      return TileSet{6, {tile256<1>, tile256<2>, tile256<3>, tile256<4>, tile256<5>, tile256<6>}};
#endif
    return TileSet{4, {tile128<1>, tile128<2>, tile128<3>, tile128<4>}};
  }();
  return chosen;
}

/// The last columns of c: computed in a whole tile on the side.
void multiplyNarrow(TileFunction multiply, Tile tile, int rows, std::int64_t columns) {
  Scalar whole[kTileRows * kPanel] = {};
  Scalar* c = tile.c;
  const std::int64_t stride = tile.strideC;
  for (int row = 0; tile.isAdded && row < rows; ++row) std::copy_n(c + row * stride, columns, whole + row * kPanel);
  tile.c = whole;
  tile.strideC = kPanel;
  multiply(tile);
  for (int row = 0; row < rows; ++row) std::copy_n(whole + row * kPanel, columns, c + row * stride);
}

std::int64_t panelsOf(std::int64_t n) {
  return (n + kPanel - 1) / kPanel;
}

}  // namespace

PackedMatrix::PackedMatrix(std::int64_t k, std::int64_t n)
    : m_k(k), m_n(n), m_panels(std::size_t(panelsOf(n) * kPanel * k) * sizeof(Scalar)) {}

void PackedMatrix::pack(const Scalar* b) {
  auto* to = reinterpret_cast<Scalar*>(m_panels.data());
  for (std::int64_t first = 0; first < m_n; first += kPanel) {
    const std::int64_t columns = std::min(kPanel, m_n - first);
    for (std::int64_t inner = 0; inner < m_k; ++inner, to += kPanel) std::copy_n(b + inner * m_n + first, columns, to);
  }
}

void PackedMatrix::packTransposed(const Scalar* b) {
  auto* to = reinterpret_cast<Scalar*>(m_panels.data());
  for (std::int64_t first = 0; first < m_n; first += kPanel, to += m_k * kPanel) {
    const std::int64_t columns = std::min(kPanel, m_n - first);
    for (std::int64_t column = 0; column < columns; ++column)
      for (std::int64_t inner = 0; inner < m_k; ++inner)
        to[inner * kPanel + column] = b[(first + column) * m_k + inner];
  }
}

void PackedMatrix::multiply(const Scalar* a, std::int64_t strideA, Scalar* c, std::int64_t strideC, std::int64_t rows,
                            bool isAdded) const {
  const TileSet& tiles = tileSet();
  const auto* panel = reinterpret_cast<const Scalar*>(m_panels.data());
  for (std::int64_t first = 0; first < m_n; first += kPanel, panel += m_k * kPanel) {
    const std::int64_t columns = std::min(kPanel, m_n - first);
    for (std::int64_t row = 0; row < rows; row += tiles.rows) {
      const int count = int(std::min<std::int64_t>(tiles.rows, rows - row));
      const Tile tile{a + row * strideA, strideA, panel, m_k, c + row * strideC + first, strideC, isAdded};
      const TileFunction multiplyTile = tiles.byRows[count - 1];
      if (columns == kPanel)
        multiplyTile(tile);
      else
        multiplyNarrow(multiplyTile, tile, count, columns);
    }
  }
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

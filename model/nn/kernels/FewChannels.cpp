#include "model/nn/kernels/FewChannels.h"

#if !defined(LAYERSMITH_SCALAR_DOUBLE)

#include "model/nn/Threads.h"
#include "model/nn/kernels/Clones.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace layersmith {
inline namespace f32 {
namespace kernels {

namespace {

constexpr int kLanes = 8;
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float)), aligned(4), may_alias));

LAYERSMITH_INLINE Lanes load(const float* from) {
  return *reinterpret_cast<const Lanes*>(from);
}
LAYERSMITH_INLINE void store(float* to, Lanes value) {
  *reinterpret_cast<Lanes*>(to) = value;
}

/// One line of outputs of one image, kLanes channels of it.
struct LineJob {
  const float* x;       // the window's first value at the first output
  const float* kernel;  // (kernelHeight, taps, filters), at the lanes' first filter
  float* y;             // likewise
  Lanes bias;
  Lanes smallest, largest;
  std::int64_t line;  // values from one line of the image to the next
  std::int64_t step;  // values from one output to the next
  std::int64_t kernelHeight, taps, filters, outWidth;
};

/// Step: job.step where it is known when this is compiled (addresses become constants), else 0.
template <int Pixels, int Step>
LAYERSMITH_INLINE void pixels(const LineJob& job, std::int64_t first) {
  const std::int64_t step = Step ? Step : job.step;
  Lanes sums[Pixels];
  for (int p = 0; p < Pixels; ++p) sums[p] = job.bias;
  const float* kernel = job.kernel;
  for (std::int64_t ky = 0; ky < job.kernelHeight; ++ky) {
    const float* x = job.x + ky * job.line + first * step;
    for (std::int64_t tap = 0; tap < job.taps; ++tap, kernel += job.filters) {
      const Lanes weights = load(kernel);
#pragma GCC unroll 16
      for (int p = 0; p < Pixels; ++p) sums[p] += x[p * step + tap] * weights;
    }
  }
  for (int p = 0; p < Pixels; ++p) {
    Lanes value = sums[p];
    value = value < job.smallest ? job.smallest : value;
    value = value > job.largest ? job.largest : value;
    store(job.y + (first + p) * job.filters, value);
  }
}

template <int Step>
LAYERSMITH_INLINE void lineOf(const LineJob& job) {
  std::int64_t first = 0;
  for (; first + 12 <= job.outWidth; first += 12) pixels<12, Step>(job, first);
  for (; first + 4 <= job.outWidth; first += 4) pixels<4, Step>(job, first);
  for (; first < job.outWidth; ++first) pixels<1, Step>(job, first);
}

LAYERSMITH_CLONES void line(const LineJob& job) {
  switch (job.step) {
    case 1: return lineOf<1>(job);
    case 3: return lineOf<3>(job);
    default: return lineOf<0>(job);
  }
}

/// The kernel's gradient over one line of outputs, for `Rows` lines of the window at once.
struct GradientJob {
  const float* x;   // the window's first value at the first output
  const float* dy;  // at the lanes' first filter
  const float* y;   // likewise; null: dy is as it is. Else dy counts where 0 < y < limit
  float* gradient;  // (Rows, Taps, filters), at the lanes' first filter; added to
  float* bias;      // (filters), likewise
  float limit;
  std::int64_t line, step, filters, outWidth;
};

template <int Rows, int Taps, bool WithBias>
LAYERSMITH_INLINE void gradientLine(const GradientJob& job) {
  Lanes sums[Rows][Taps];
  for (int r = 0; r < Rows; ++r)
    for (int t = 0; t < Taps; ++t) sums[r][t] = load(job.gradient + (r * Taps + t) * job.filters);
  Lanes bias = WithBias ? load(job.bias) : Lanes{};
  for (std::int64_t p = 0; p < job.outWidth; ++p) {
    Lanes dy = load(job.dy + p * job.filters);
    if (job.y) {
      const Lanes y = load(job.y + p * job.filters);
      dy = y > 0.0f ? dy : Lanes{};
      dy = y < job.limit ? dy : Lanes{};
    }
    if (WithBias) bias += dy;
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
      const float* x = job.x + r * job.line + p * job.step;
#pragma GCC unroll 16
      for (int t = 0; t < Taps; ++t) sums[r][t] += x[t] * dy;
    }
  }
  for (int r = 0; r < Rows; ++r)
    for (int t = 0; t < Taps; ++t) store(job.gradient + (r * Taps + t) * job.filters, sums[r][t]);
  if (WithBias) store(job.bias, bias);
}

/// Rows: as many as registers hold at once.
template <int Taps, int Rows>
LAYERSMITH_INLINE void gradientLines(GradientJob job, std::int64_t kernelHeight) {
  for (std::int64_t ky = 0; ky < kernelHeight;) {
    const int rows = ky + Rows <= kernelHeight ? Rows : 1;
    if (rows == Rows)
      ky == 0 ? gradientLine<Rows, Taps, true>(job) : gradientLine<Rows, Taps, false>(job);
    else
      ky == 0 ? gradientLine<1, Taps, true>(job) : gradientLine<1, Taps, false>(job);
    ky += rows;
    job.x += rows * job.line;
    job.gradient += rows * Taps * job.filters;
  }
}

LAYERSMITH_CLONES void gradient(const GradientJob& job, std::int64_t kernelHeight, std::int64_t taps) {
  switch (taps) {
    case 3: return gradientLines<3, 3>(job, kernelHeight);
    case 5: return gradientLines<5, 5>(job, kernelHeight);
    case 7: return gradientLines<7, 3>(job, kernelHeight);
    case 9: return gradientLines<9, 3>(job, kernelHeight);
    default: return;
  }
}

bool suitsBoth(const WindowGeometry& g) {
  return g.groups == 1 && g.outChannels % kLanes == 0 && g.outChannels <= 64 && g.dilationY == 1 && g.dilationX == 1;
}

}  // namespace

bool FewChannels::suitsForward(const WindowGeometry& g) {
  return g.inChannels == 1 && suitsBoth(g);
}

bool FewChannels::suitsGradient(const WindowGeometry& g) {
  const std::int64_t taps = g.kernelWidth * g.inChannels;
  return g.inChannels <= 3 && suitsBoth(g) && (taps == 3 || taps == 5 || taps == 7 || taps == 9);
}

FewChannels::FewChannels(const WindowGeometry& geometry, ScratchPad& scratch, bool forTraining)
    : m_geometry(geometry), m_scratch(&scratch) {
  const WindowGeometry& g = m_geometry;
  const auto parts = std::min<std::int64_t>(threadsFor(std::int64_t(g.flops() / 32)), g.batch);
  m_threads = int(std::max<std::int64_t>(parts, 1));
  const bool isPadded = g.padTop > 0 || g.padLeft > 0 || g.padBottom > 0 || g.padRight > 0;
  const std::int64_t width = g.inWidth + std::max<std::int64_t>(g.padLeft, 0) + std::max<std::int64_t>(g.padRight, 0);
  const std::int64_t height = g.inHeight + std::max<std::int64_t>(g.padTop, 0) + std::max<std::int64_t>(g.padBottom, 0);
  m_line = width * g.inChannels;
  const auto rounded = [](std::int64_t values) { return (std::size_t(values) * sizeof(Scalar) + 63) / 64 * 64; };
  if (isPadded) m_imageBytes = rounded(height * m_line);
  m_partBytes = m_imageBytes;
  if (forTraining) m_partBytes += rounded((g.kernelHeight * g.kernelWidth * g.inChannels + 1) * g.outChannels);
  scratch.need(m_partBytes * std::size_t(m_threads));
}

std::byte* FewChannels::roomOf(std::int64_t part) const {
  return m_scratch->data() + std::size_t(part) * m_partBytes;
}

const Scalar* FewChannels::padded(const Scalar* image, std::byte* room) const {
  if (m_imageBytes == 0) return image;
  const WindowGeometry& g = m_geometry;
  auto* to = reinterpret_cast<Scalar*>(room);
  std::memset(to, 0, m_imageBytes);
  to += g.padTop * m_line + g.padLeft * g.inChannels;
  for (std::int64_t y = 0; y < g.inHeight; ++y, to += m_line, image += g.inWidth * g.inChannels)
    std::copy_n(image, g.inWidth * g.inChannels, to);
  return reinterpret_cast<Scalar*>(room);
}

void FewChannels::forward(const Scalar* x, const Scalar* kernel, const Scalar* bias, Scalar* y, bool withRelu,
                          Scalar largest) {
  const WindowGeometry& g = m_geometry;
  const float infinity = std::numeric_limits<float>::infinity();
  const Lanes smallest = Lanes{} + (withRelu ? 0.0f : -infinity), limit = Lanes{} + (withRelu ? largest : infinity);
  const std::int64_t imageSize = g.inHeight * g.inWidth * g.inChannels, outLine = g.outWidth * g.outChannels;
  inParts(m_threads, [&](int part) {
    for (std::int64_t n = g.batch * part / m_threads; n < g.batch * (part + 1) / m_threads; ++n) {
      const Scalar* image = padded(x + n * imageSize, roomOf(part));
      for (std::int64_t oy = 0; oy < g.outHeight; ++oy)
        for (std::int64_t o = 0; o < g.outChannels; o += kLanes)
          line({image + oy * g.strideY * m_line, kernel + o, y + (n * g.outHeight + oy) * outLine + o,
                bias ? load(bias + o) : Lanes{}, smallest, limit, m_line, g.strideX * g.inChannels, g.kernelHeight,
                g.kernelWidth * g.inChannels, g.outChannels, g.outWidth});
    }
  });
}

void FewChannels::backwardWeights(const Scalar* x, const Scalar* dy, const Scalar* y, Scalar limit,
                                  Scalar* kernelGradient, Scalar* biasGradient) {
  const WindowGeometry& g = m_geometry;
  const std::int64_t imageSize = g.inHeight * g.inWidth * g.inChannels, outLine = g.outWidth * g.outChannels;
  const std::int64_t taps = g.kernelWidth * g.inChannels, count = g.kernelHeight * taps * g.outChannels;
  inParts(m_threads, [&](int part) {
    auto* sums = reinterpret_cast<Scalar*>(roomOf(part) + m_imageBytes);
    std::fill_n(sums, count + g.outChannels, Scalar(0));
    for (std::int64_t n = g.batch * part / m_threads; n < g.batch * (part + 1) / m_threads; ++n) {
      const Scalar* image = padded(x + n * imageSize, roomOf(part));
      for (std::int64_t oy = 0; oy < g.outHeight; ++oy)
        for (std::int64_t o = 0; o < g.outChannels; o += kLanes) {
          const std::int64_t at = (n * g.outHeight + oy) * outLine + o;
          gradient({image + oy * g.strideY * m_line, dy + at, y ? y + at : nullptr, sums + o, sums + count + o, limit,
                    m_line, g.strideX * g.inChannels, g.outChannels, g.outWidth},
                   g.kernelHeight, taps);
        }
    }
  });
  // Added up in the order of the parts: the same numbers in every run with as many threads.
  for (int part = 0; part < m_threads; ++part) {
    const auto* sums = reinterpret_cast<const Scalar*>(roomOf(part) + m_imageBytes);
    for (std::int64_t i = 0; i < count; ++i) kernelGradient[i] = sums[i] + (part ? kernelGradient[i] : Scalar(0));
    if (biasGradient)
      for (std::int64_t o = 0; o < g.outChannels; ++o)
        biasGradient[o] = sums[count + o] + (part ? biasGradient[o] : Scalar(0));
  }
}

}  // namespace kernels
}  // namespace f32
}  // namespace layersmith

#endif

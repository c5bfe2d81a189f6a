#include "model/nn/kernels/PlainWindows.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

/// visit(input pixel, output pixel, kernel position) for every pair that meets; pixels count without channels.
template <class Visit>
void visitWindows(const WindowGeometry& g, const Visit& visit) {
  for (std::int64_t n = 0; n < g.batch; ++n)
    for (std::int64_t oy = 0; oy < g.outHeight; ++oy)
      for (std::int64_t ox = 0; ox < g.outWidth; ++ox)
        for (std::int64_t ky = 0; ky < g.kernelHeight; ++ky)
          for (std::int64_t kx = 0; kx < g.kernelWidth; ++kx) {
            const std::int64_t iy = oy * g.strideY + ky * g.dilationY - g.padTop;
            const std::int64_t ix = ox * g.strideX + kx * g.dilationX - g.padLeft;
            if (iy < 0 || iy >= g.inHeight || ix < 0 || ix >= g.inWidth) continue;
            visit((n * g.inHeight + iy) * g.inWidth + ix, (n * g.outHeight + oy) * g.outWidth + ox,
                  ky * g.kernelWidth + kx);
          }
}

}  // namespace

void plainConvolution(const WindowGeometry& g, const Scalar* x, const Scalar* kernel, const Scalar* bias, Scalar* y) {
  const std::int64_t pixels = g.batch * g.outHeight * g.outWidth;
  for (std::int64_t pixel = 0; pixel < pixels; ++pixel)
    for (std::int64_t o = 0; o < g.outChannels; ++o) y[pixel * g.outChannels + o] = bias ? bias[o] : Scalar(0);
  visitWindows(g, [&](std::int64_t in, std::int64_t out, std::int64_t position) {
    for (std::int64_t i = 0; i < g.inChannels; ++i) {
      const Scalar value = x[in * g.inChannels + i];
      const Scalar* line = kernel + (position * g.inChannels + i) * g.outChannels;
      for (std::int64_t o = 0; o < g.outChannels; ++o) y[out * g.outChannels + o] += value * line[o];
    }
  });
}

void plainConvolutionData(const WindowGeometry& g, const Scalar* dy, const Scalar* kernel, Scalar* dx) {
  std::fill_n(dx, g.batch * g.inHeight * g.inWidth * g.inChannels, Scalar(0));
  visitWindows(g, [&](std::int64_t in, std::int64_t out, std::int64_t position) {
    for (std::int64_t i = 0; i < g.inChannels; ++i) {
      const Scalar* line = kernel + (position * g.inChannels + i) * g.outChannels;
      Scalar sum = 0;
      for (std::int64_t o = 0; o < g.outChannels; ++o) sum += dy[out * g.outChannels + o] * line[o];
      dx[in * g.inChannels + i] += sum;
    }
  });
}

void plainConvolutionWeights(const WindowGeometry& g, const Scalar* x, const Scalar* dy, Scalar* kernelGradient) {
  std::fill_n(kernelGradient, g.kernelHeight * g.kernelWidth * g.inChannels * g.outChannels, Scalar(0));
  visitWindows(g, [&](std::int64_t in, std::int64_t out, std::int64_t position) {
    for (std::int64_t i = 0; i < g.inChannels; ++i) {
      const Scalar value = x[in * g.inChannels + i];
      Scalar* line = kernelGradient + (position * g.inChannels + i) * g.outChannels;
      for (std::int64_t o = 0; o < g.outChannels; ++o) line[o] += value * dy[out * g.outChannels + o];
    }
  });
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

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

/// visit(input value, first output value, first kernel value, outputs in a row) for every input value of every window:
/// the outputs are those of its group.
template <class Visit>
void visitChannels(const WindowGeometry& g, const Visit& visit) {
  const std::int64_t inputs = g.inPerGroup(), outputs = g.outChannels / g.groups;
  visitWindows(g, [&](std::int64_t in, std::int64_t out, std::int64_t position) {
    for (std::int64_t i = 0; i < g.inChannels; ++i) {
      const std::int64_t first = i / inputs * outputs;
      visit(in * g.inChannels + i, out * g.outChannels + first,
            (position * inputs + i % inputs) * g.outChannels + first, outputs);
    }
  });
}

}  // namespace

void plainConvolution(const WindowGeometry& g, const Scalar* x, const Scalar* kernel, const Scalar* bias, Scalar* y) {
  for (std::int64_t pixel = 0; pixel < g.outPixels(); ++pixel)
    for (std::int64_t o = 0; o < g.outChannels; ++o) y[pixel * g.outChannels + o] = bias ? bias[o] : Scalar(0);
  visitChannels(g, [&](std::int64_t in, std::int64_t out, std::int64_t line, std::int64_t count) {
    for (std::int64_t o = 0; o < count; ++o) y[out + o] += x[in] * kernel[line + o];
  });
}

void plainConvolutionData(const WindowGeometry& g, const Scalar* dy, const Scalar* kernel, Scalar* dx) {
  std::fill_n(dx, g.batch * g.inHeight * g.inWidth * g.inChannels, Scalar(0));
  visitChannels(g, [&](std::int64_t in, std::int64_t out, std::int64_t line, std::int64_t count) {
    Scalar sum = 0;
    for (std::int64_t o = 0; o < count; ++o) sum += dy[out + o] * kernel[line + o];
    dx[in] += sum;
  });
}

void plainConvolutionWeights(const WindowGeometry& g, const Scalar* x, const Scalar* dy, Scalar* kernelGradient) {
  std::fill_n(kernelGradient, g.kernelHeight * g.kernelWidth * g.inPerGroup() * g.outChannels, Scalar(0));
  visitChannels(g, [&](std::int64_t in, std::int64_t out, std::int64_t line, std::int64_t count) {
    for (std::int64_t o = 0; o < count; ++o) kernelGradient[line + o] += x[in] * dy[out + o];
  });
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

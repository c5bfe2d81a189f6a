#include "model/nn/Threads.h"
#include "model/nn/kernels/Clones.h"
#include "model/nn/kernels/Pooling.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

constexpr std::int64_t kTile = 256;  // channels that one item of work sums up

/// Sums of `columns` columns of `rows` rows. columns <= kTile.
LAYERSMITH_CLONES void sumTile(const Scalar* x, std::int64_t stride, std::int64_t rows, std::int64_t columns,
                               Scalar* sums) {
  std::fill_n(sums, columns, Scalar(0));
  for (std::int64_t row = 0; row < rows; ++row, x += stride)
    for (std::int64_t i = 0; i < columns; ++i) sums[i] += x[i];
}

/// The mean of a tile's channels. Few channels: several pixels are read as one wide row, so that vectors are full.
void averageTile(const Scalar* x, Scalar* y, std::int64_t pixels, std::int64_t channels, std::int64_t columns) {
  Scalar sums[kTile];
  const Scalar scale = Scalar(1) / Scalar(pixels);
  if (channels > kTile / 2) {
    sumTile(x, channels, pixels, columns, sums);
    for (std::int64_t c = 0; c < columns; ++c) y[c] = sums[c] * scale;
    return;
  }
  const std::int64_t wide = kTile / channels, rows = pixels / wide;
  sumTile(x, wide * channels, rows, wide * channels, sums);
  for (std::int64_t c = 0; c < channels; ++c) {
    Scalar sum = 0;
    for (std::int64_t i = 0; i < wide; ++i) sum += sums[i * channels + c];
    for (std::int64_t pixel = rows * wide; pixel < pixels; ++pixel) sum += x[pixel * channels + c];
    y[c] = sum * scale;
  }
}

LAYERSMITH_CLONES void spreadPixel(const Scalar* dy, Scalar scale, Scalar* dx, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) dx[i] = dy[i] * scale;
}

}  // namespace

void averagePixels(ComputePath path, const Scalar* x, Scalar* y, std::int64_t batch, std::int64_t pixels,
                   std::int64_t channels) {
  if (path == ComputePath::Reference) {
    for (std::int64_t n = 0; n < batch; ++n)
      for (std::int64_t c = 0; c < channels; ++c) {
        Scalar sum = 0;
        for (std::int64_t pixel = 0; pixel < pixels; ++pixel) sum += x[(n * pixels + pixel) * channels + c];
        y[n * channels + c] = sum / Scalar(pixels);
      }
    return;
  }
  const std::int64_t tiles = (channels + kTile - 1) / kTile;
  parallelFor(batch * tiles, pixels * std::min(channels, kTile), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t item = begin; item < end; ++item) {
      const std::int64_t n = item / tiles, first = item % tiles * kTile;
      averageTile(x + n * pixels * channels + first, y + n * channels + first, pixels, channels,
                  std::min(kTile, channels - first));
    }
  });
}

void spreadOverPixels(ComputePath path, const Scalar* dy, Scalar* dx, std::int64_t batch, std::int64_t pixels,
                      std::int64_t channels) {
  const Scalar scale = Scalar(1) / Scalar(pixels);
  if (path == ComputePath::Reference) {
    for (std::int64_t row = 0; row < batch * pixels; ++row)
      for (std::int64_t c = 0; c < channels; ++c) dx[row * channels + c] = dy[row / pixels * channels + c] * scale;
    return;
  }
  parallelFor(batch * pixels, channels, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row)
      spreadPixel(dy + row / pixels * channels, scale, dx + row * channels, channels);
  });
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

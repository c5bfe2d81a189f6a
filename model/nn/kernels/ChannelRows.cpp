#include "model/nn/kernels/ChannelRows.h"

#include "model/nn/kernels/Clones.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels::rows {

namespace {

constexpr std::int64_t kTile = 256;    // columns worked on at a time: their sums stay in the first cache
constexpr std::int64_t kBlock = 4096;  // values of a block, which is read twice while it lies in that cache

/// Rows that are taken as one, so that it has many columns but no more than a tile.
std::int64_t rowsInOne(std::int64_t channels) {
  return std::max<std::int64_t>(1, kTile / channels);
}

LAYERSMITH_CLONES void join(Scalar count, Scalar* mean, Scalar* squares, Scalar moreCount, const Scalar* moreMean,
                            const Scalar* moreSquares, std::int64_t columns) {
  const Scalar share = moreCount / (count + moreCount), weight = count * share;
  for (std::int64_t c = 0; c < columns; ++c) {
    const Scalar distance = moreMean[c] - mean[c];
    mean[c] += distance * share;
    squares[c] += moreSquares[c] + distance * distance * weight;
  }
}

/// columns <= kTile; a row has `stride` values.
LAYERSMITH_CLONES void momentsOfTile(const Scalar* x, std::int64_t stride, std::int64_t count, std::int64_t columns,
                                     Scalar* mean, Scalar* squares) {
  const std::int64_t block = std::max<std::int64_t>(8, kBlock / columns);
  std::fill_n(mean, columns, Scalar(0));
  std::fill_n(squares, columns, Scalar(0));
  for (std::int64_t first = 0; first < count; first += block, x += block * stride) {
    const std::int64_t here = std::min(block, count - first);
    Scalar sum[kTile] = {}, square[kTile] = {};
    for (std::int64_t row = 0; row < here; ++row)
      for (std::int64_t c = 0; c < columns; ++c) sum[c] += x[row * stride + c];
    const Scalar scale = Scalar(1) / Scalar(here);
    for (std::int64_t c = 0; c < columns; ++c) sum[c] *= scale;
    for (std::int64_t row = 0; row < here; ++row)
      for (std::int64_t c = 0; c < columns; ++c) {
        const Scalar distance = x[row * stride + c] - sum[c];
        square[c] += distance * distance;
      }
    const Scalar share = Scalar(here) / Scalar(first + here), weight = Scalar(first) * share;
    for (std::int64_t c = 0; c < columns; ++c) {
      const Scalar distance = sum[c] - mean[c];
      mean[c] += distance * share;
      squares[c] += square[c] + distance * distance * weight;
    }
  }
}

LAYERSMITH_CLONES void gradientsOfTile(const Scalar* x, const Scalar* dy, const Scalar* mean, std::int64_t stride,
                                       std::int64_t count, std::int64_t columns, Scalar* sumDy, Scalar* sumDyDistance) {
  const std::int64_t block = std::max<std::int64_t>(8, kBlock / columns);
  std::fill_n(sumDy, columns, Scalar(0));
  std::fill_n(sumDyDistance, columns, Scalar(0));
  for (std::int64_t first = 0; first < count; first += block) {
    const std::int64_t last = std::min(first + block, count);
    Scalar sum[kTile] = {}, product[kTile] = {};
    for (std::int64_t at = first * stride; at < last * stride; at += stride)
      for (std::int64_t c = 0; c < columns; ++c) {
        sum[c] += dy[at + c];
        product[c] += dy[at + c] * (x[at + c] - mean[c]);
      }
    for (std::int64_t c = 0; c < columns; ++c) sumDy[c] += sum[c], sumDyDistance[c] += product[c];
  }
}

LAYERSMITH_CLONES void scaleRows(const Scalar* x, const Scalar* scale, const Scalar* shift, Scalar* y,
                                 std::int64_t count, std::int64_t columns) {
  for (std::int64_t row = 0; row < count; ++row, x += columns, y += columns) {
#pragma GCC ivdep
    for (std::int64_t c = 0; c < columns; ++c) y[c] = x[c] * scale[c] + shift[c];
  }
}

LAYERSMITH_CLONES void combineRows(const Scalar* x, const Scalar* dy, const Scalar* a, const Scalar* b,
                                   const Scalar* c0, Scalar* dx, std::int64_t count, std::int64_t columns) {
  for (std::int64_t row = 0; row < count; ++row, x += columns, dy += columns, dx += columns) {
#pragma GCC ivdep
    for (std::int64_t c = 0; c < columns; ++c) dx[c] = dy[c] * a[c] + x[c] * b[c] + c0[c];
  }
}

/// `values` of every channel, once for each of `times` rows.
void repeat(const Scalar* values, std::int64_t channels, std::int64_t times, Scalar* to) {
  for (std::int64_t i = 0; i < times; ++i) std::copy_n(values, channels, to + i * channels);
}

}  // namespace

void joinMoments(std::int64_t count, Scalar* mean, Scalar* squares, std::int64_t moreCount, const Scalar* moreMean,
                 const Scalar* moreSquares, std::int64_t channels) {
  if (moreCount > 0) join(Scalar(count), mean, squares, Scalar(moreCount), moreMean, moreSquares, channels);
}

void moments(const Scalar* x, std::int64_t count, std::int64_t channels, Scalar* mean, Scalar* squares) {
  const std::int64_t joined = rowsInOne(channels), wide = count / joined;
  if (joined == 1 || wide < 2) {
    for (std::int64_t first = 0; first < channels; first += kTile)
      momentsOfTile(x + first, channels, count, std::min(kTile, channels - first), mean + first, squares + first);
    return;
  }
  Scalar wideMean[kTile], wideSquares[kTile];
  const std::int64_t width = joined * channels, rest = count - wide * joined;
  momentsOfTile(x, width, wide, width, wideMean, wideSquares);
  std::copy_n(wideMean, channels, mean);
  std::copy_n(wideSquares, channels, squares);
  for (std::int64_t i = 1; i < joined; ++i)
    joinMoments(i * wide, mean, squares, wide, wideMean + i * channels, wideSquares + i * channels, channels);
  if (rest == 0) return;
  momentsOfTile(x + wide * width, channels, rest, channels, wideMean, wideSquares);
  joinMoments(wide * joined, mean, squares, rest, wideMean, wideSquares, channels);
}

void gradients(const Scalar* x, const Scalar* dy, const Scalar* mean, std::int64_t count, std::int64_t channels,
               Scalar* sumDy, Scalar* sumDyDistance) {
  const std::int64_t joined = rowsInOne(channels), wide = count / joined;
  if (joined == 1 || wide < 2) {
    for (std::int64_t first = 0; first < channels; first += kTile)
      gradientsOfTile(x + first, dy + first, mean + first, channels, count, std::min(kTile, channels - first),
                      sumDy + first, sumDyDistance + first);
    return;
  }
  Scalar wideMean[kTile], wideSum[kTile], wideDistance[kTile];
  const std::int64_t width = joined * channels, done = wide * width;
  repeat(mean, channels, joined, wideMean);
  gradientsOfTile(x, dy, wideMean, width, wide, width, wideSum, wideDistance);
  gradientsOfTile(x + done, dy + done, mean, channels, count - wide * joined, channels, sumDy, sumDyDistance);
  for (std::int64_t i = 0; i < width; ++i) {
    sumDy[i % channels] += wideSum[i];
    sumDyDistance[i % channels] += wideDistance[i];
  }
}

void scale(const Scalar* x, const Scalar* scale, const Scalar* shift, Scalar* y, std::int64_t count,
           std::int64_t channels) {
  const std::int64_t joined = rowsInOne(channels), wide = count / joined, width = joined * channels;
  if (joined == 1 || wide < 2) return scaleRows(x, scale, shift, y, count, channels);
  Scalar wideScale[kTile], wideShift[kTile];
  repeat(scale, channels, joined, wideScale);
  repeat(shift, channels, joined, wideShift);
  scaleRows(x, wideScale, wideShift, y, wide, width);
  scaleRows(x + wide * width, scale, shift, y + wide * width, count - wide * joined, channels);
}

void combine(const Scalar* x, const Scalar* dy, const Scalar* a, const Scalar* b, const Scalar* c, Scalar* dx,
             std::int64_t count, std::int64_t channels) {
  const std::int64_t joined = rowsInOne(channels), wide = count / joined, width = joined * channels;
  if (joined == 1 || wide < 2) return combineRows(x, dy, a, b, c, dx, count, channels);
  Scalar wideA[kTile], wideB[kTile], wideC[kTile];
  repeat(a, channels, joined, wideA);
  repeat(b, channels, joined, wideB);
  repeat(c, channels, joined, wideC);
  combineRows(x, dy, wideA, wideB, wideC, dx, wide, width);
  const std::int64_t done = wide * width;
  combineRows(x + done, dy + done, a, b, c, dx + done, count - wide * joined, channels);
}

}  // namespace kernels::rows
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

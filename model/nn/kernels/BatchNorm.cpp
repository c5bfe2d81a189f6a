#include "model/nn/kernels/BatchNorm.h"

#include "model/nn/Threads.h"
#include "model/nn/kernels/Clones.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

/// Channels [begin, end) of every outer line.
struct Part {
  std::int64_t outer, channels, inner, begin, end;
};

LAYERSMITH_CLONES void momentsOf(Part p, const Scalar* x, Scalar* mean, Scalar* variance) {
  const Scalar scale = Scalar(1) / Scalar(p.outer * p.inner);
  std::fill(mean + p.begin, mean + p.end, Scalar(0));
  std::fill(variance + p.begin, variance + p.end, Scalar(0));
  for (std::int64_t o = 0; o < p.outer; ++o) {
    const Scalar* line = x + o * p.channels * p.inner;
    if (p.inner == 1)
      for (std::int64_t c = p.begin; c < p.end; ++c) mean[c] += line[c];
    else
      for (std::int64_t c = p.begin; c < p.end; ++c)
        for (std::int64_t i = 0; i < p.inner; ++i) mean[c] += line[c * p.inner + i];
  }
  for (std::int64_t c = p.begin; c < p.end; ++c) mean[c] *= scale;
  for (std::int64_t o = 0; o < p.outer; ++o) {
    const Scalar* line = x + o * p.channels * p.inner;
    if (p.inner == 1)
      for (std::int64_t c = p.begin; c < p.end; ++c) variance[c] += (line[c] - mean[c]) * (line[c] - mean[c]);
    else
      for (std::int64_t c = p.begin; c < p.end; ++c)
        for (std::int64_t i = 0; i < p.inner; ++i) {
          const Scalar distance = line[c * p.inner + i] - mean[c];
          variance[c] += distance * distance;
        }
  }
  for (std::int64_t c = p.begin; c < p.end; ++c) variance[c] *= scale;
}

LAYERSMITH_CLONES void scaleOf(Part p, const Scalar* x, const Scalar* scale, const Scalar* shift, Scalar* y) {
  for (std::int64_t o = 0; o < p.outer; ++o) {
    const std::int64_t at = o * p.channels * p.inner;
    if (p.inner == 1)
      for (std::int64_t c = 0; c < p.channels; ++c) y[at + c] = x[at + c] * scale[c] + shift[c];
    else
      for (std::int64_t c = 0; c < p.channels; ++c)
        for (std::int64_t i = 0; i < p.inner; ++i)
          y[at + c * p.inner + i] = x[at + c * p.inner + i] * scale[c] + shift[c];
  }
}

LAYERSMITH_CLONES void gradientsOf(Part p, const Scalar* x, const Scalar* dy, const Scalar* mean, const Scalar* inverse,
                                   Scalar* sumDy, Scalar* sumDyNormed) {
  std::fill(sumDy + p.begin, sumDy + p.end, Scalar(0));
  std::fill(sumDyNormed + p.begin, sumDyNormed + p.end, Scalar(0));
  for (std::int64_t o = 0; o < p.outer; ++o) {
    const std::int64_t at = o * p.channels * p.inner;
    if (p.inner == 1)
      for (std::int64_t c = p.begin; c < p.end; ++c) {
        sumDy[c] += dy[at + c];
        sumDyNormed[c] += dy[at + c] * (x[at + c] - mean[c]) * inverse[c];
      }
    else
      for (std::int64_t c = p.begin; c < p.end; ++c)
        for (std::int64_t i = at + c * p.inner; i < at + (c + 1) * p.inner; ++i) {
          sumDy[c] += dy[i];
          sumDyNormed[c] += dy[i] * (x[i] - mean[c]) * inverse[c];
        }
  }
}

LAYERSMITH_CLONES void combineOf(Part p, const Scalar* x, const Scalar* dy, const Scalar* a, const Scalar* b,
                                 const Scalar* c0, Scalar* dx) {
  for (std::int64_t o = 0; o < p.outer; ++o) {
    const std::int64_t at = o * p.channels * p.inner;
    if (p.inner == 1)
      for (std::int64_t c = 0; c < p.channels; ++c) dx[at + c] = dy[at + c] * a[c] + x[at + c] * b[c] + c0[c];
    else
      for (std::int64_t c = 0; c < p.channels; ++c)
        for (std::int64_t i = at + c * p.inner; i < at + (c + 1) * p.inner; ++i)
          dx[i] = dy[i] * a[c] + x[i] * b[c] + c0[c];
  }
}

template <class Body>
void overChannels(const ChannelView& view, const Body& body) {
  parallelFor(view.channels, view.outer * view.inner, [&](std::int64_t begin, std::int64_t end) {
    body(Part{view.outer, view.channels, view.inner, begin, end});
  });
}

template <class Body>
void overLines(const ChannelView& view, const Body& body) {
  parallelFor(view.outer, view.channels * view.inner, [&](std::int64_t begin, std::int64_t end) {
    body(Part{end - begin, view.channels, view.inner, 0, view.channels}, begin * view.channels * view.inner);
  });
}

}  // namespace

void channelMoments(const ChannelView& view, const Scalar* x, Scalar* mean, Scalar* variance) {
  overChannels(view, [&](const Part& part) { momentsOf(part, x, mean, variance); });
}

void scaleChannels(const ChannelView& view, const Scalar* x, const Scalar* scale, const Scalar* shift, Scalar* y) {
  overLines(view, [&](const Part& part, std::int64_t at) { scaleOf(part, x + at, scale, shift, y + at); });
}

void channelGradients(const ChannelView& view, const Scalar* x, const Scalar* dy, const Scalar* mean,
                      const Scalar* inverseDeviation, Scalar* sumDy, Scalar* sumDyNormed) {
  overChannels(view, [&](const Part& part) { gradientsOf(part, x, dy, mean, inverseDeviation, sumDy, sumDyNormed); });
}

void combineChannels(const ChannelView& view, const Scalar* x, const Scalar* dy, const Scalar* a, const Scalar* b,
                     const Scalar* c, Scalar* dx) {
  overLines(view, [&](const Part& part, std::int64_t at) { combineOf(part, x + at, dy + at, a, b, c, dx + at); });
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

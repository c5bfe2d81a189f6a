#include "model/nn/kernels/BatchNorm.h"

#include "model/nn/Threads.h"
#include "model/nn/kernels/ChannelRows.h"
#include "model/nn/kernels/Clones.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

/// The formulas, one loop per axis: the reference, and what runs where channels are not the last axis.
/// Channels [begin, end).
template <class Visit>
void eachOf(const ChannelView& v, std::int64_t begin, std::int64_t end, const Visit& visit) {
  for (std::int64_t o = 0; o < v.outer; ++o)
    for (std::int64_t c = begin; c < end; ++c)
      for (std::int64_t i = 0; i < v.inner; ++i) visit(c, (o * v.channels + c) * v.inner + i);
}

void plainMoments(const ChannelView& v, std::int64_t begin, std::int64_t end, const Scalar* x, Scalar* mean,
                  Scalar* variance) {
  const Scalar scale = Scalar(1) / Scalar(v.outer * v.inner);
  std::fill(mean + begin, mean + end, Scalar(0));
  std::fill(variance + begin, variance + end, Scalar(0));
  eachOf(v, begin, end, [&](std::int64_t c, std::int64_t at) { mean[c] += x[at]; });
  for (std::int64_t c = begin; c < end; ++c) mean[c] *= scale;
  eachOf(v, begin, end, [&](std::int64_t c, std::int64_t at) { variance[c] += (x[at] - mean[c]) * (x[at] - mean[c]); });
  for (std::int64_t c = begin; c < end; ++c) variance[c] *= scale;
}

void plainGradients(const ChannelView& v, std::int64_t begin, std::int64_t end, const Scalar* x, const Scalar* dy,
                    const Scalar* mean, const Scalar* inverse, Scalar* sumDy, Scalar* sumDyNormed) {
  std::fill(sumDy + begin, sumDy + end, Scalar(0));
  std::fill(sumDyNormed + begin, sumDyNormed + end, Scalar(0));
  eachOf(v, begin, end, [&](std::int64_t c, std::int64_t at) {
    sumDy[c] += dy[at];
    sumDyNormed[c] += dy[at] * (x[at] - mean[c]) * inverse[c];
  });
}

template <class Body>
void overChannels(ComputePath path, const ChannelView& view, const Body& body) {
  if (path == ComputePath::Reference) return body(std::int64_t(0), view.channels);
  parallelFor(view.channels, view.outer * view.inner, body);
}

/// Lines [begin, end) of the outer axis.
LAYERSMITH_CLONES void scaleLines(ChannelView v, std::int64_t begin, std::int64_t end, const Scalar* x,
                                  const Scalar* scale, const Scalar* shift, Scalar* y) {
  for (std::int64_t o = begin; o < end; ++o)
    for (std::int64_t c = 0; c < v.channels; ++c)
      for (std::int64_t i = (o * v.channels + c) * v.inner; i < (o * v.channels + c + 1) * v.inner; ++i)
        y[i] = x[i] * scale[c] + shift[c];
}

LAYERSMITH_CLONES void combineLines(ChannelView v, std::int64_t begin, std::int64_t end, const Scalar* x,
                                    const Scalar* dy, const Scalar* a, const Scalar* b, const Scalar* c0, Scalar* dx) {
  for (std::int64_t o = begin; o < end; ++o)
    for (std::int64_t c = 0; c < v.channels; ++c)
      for (std::int64_t i = (o * v.channels + c) * v.inner; i < (o * v.channels + c + 1) * v.inner; ++i)
        dx[i] = dy[i] * a[c] + x[i] * b[c] + c0[c];
}

/// body(begin, end) over the outer axis.
template <class Body>
void overLines(ComputePath path, const ChannelView& view, const Body& body) {
  if (path == ComputePath::Reference) return body(std::int64_t(0), view.outer);
  parallelFor(view.outer, view.channels * view.inner, body);
}

}  // namespace

ChannelSums::ChannelSums(ComputePath path, const ChannelView& view) : m_path(path), m_view(view) {
  if (path == ComputePath::Fast && view.inner == 1)
    m_parts =
        std::clamp<std::int64_t>(threadsFor(view.outer * view.channels), 1, std::max<std::int64_t>(view.outer, 1));
}

std::int64_t ChannelSums::scratchSize() const {
  return 2 * m_parts * m_view.channels;
}

void ChannelSums::moments(const Scalar* x, Scalar* mean, Scalar* variance, Scalar* scratch) const {
  if (m_path == ComputePath::Reference || m_view.inner != 1)
    return overChannels(m_path, m_view, [&](std::int64_t begin, std::int64_t end) {
      plainMoments(m_view, begin, end, x, mean, variance);
    });
  const std::int64_t channels = m_view.channels;
  parallelFor(m_parts, m_view.outer * channels / m_parts, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = begin; part < end; ++part)
      rows::moments(x + firstRow(part) * channels, firstRow(part + 1) - firstRow(part), channels,
                    scratch + 2 * part * channels, scratch + (2 * part + 1) * channels);
  });
  std::copy_n(scratch, channels, mean);
  std::copy_n(scratch + channels, channels, variance);
  for (std::int64_t part = 1; part < m_parts; ++part)
    rows::joinMoments(firstRow(part), mean, variance, firstRow(part + 1) - firstRow(part),
                      scratch + 2 * part * channels, scratch + (2 * part + 1) * channels, channels);
  const Scalar scale = Scalar(1) / Scalar(m_view.outer);
  for (std::int64_t c = 0; c < channels; ++c) variance[c] *= scale;
}

void ChannelSums::gradients(const Scalar* x, const Scalar* dy, const Scalar* mean, const Scalar* inverseDeviation,
                            Scalar* sumDy, Scalar* sumDyNormed, Scalar* scratch) const {
  if (m_path == ComputePath::Reference || m_view.inner != 1)
    return overChannels(m_path, m_view, [&](std::int64_t begin, std::int64_t end) {
      plainGradients(m_view, begin, end, x, dy, mean, inverseDeviation, sumDy, sumDyNormed);
    });
  const std::int64_t channels = m_view.channels;
  parallelFor(m_parts, m_view.outer * channels / m_parts, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = begin; part < end; ++part) {
      const std::int64_t at = firstRow(part) * channels;
      rows::gradients(x + at, dy + at, mean, firstRow(part + 1) - firstRow(part), channels,
                      scratch + 2 * part * channels, scratch + (2 * part + 1) * channels);
    }
  });
  for (std::int64_t c = 0; c < channels; ++c) {
    sumDy[c] = sumDyNormed[c] = 0;
    for (std::int64_t part = 0; part < m_parts; ++part) {
      sumDy[c] += scratch[2 * part * channels + c];
      sumDyNormed[c] += scratch[(2 * part + 1) * channels + c];
    }
    sumDyNormed[c] *= inverseDeviation[c];
  }
}

void scaleChannels(ComputePath path, const ChannelView& view, const Scalar* x, const Scalar* scale, const Scalar* shift,
                   Scalar* y) {
  overLines(path, view, [&](std::int64_t begin, std::int64_t end) {
    if (path == ComputePath::Fast && view.inner == 1)
      rows::scale(x + begin * view.channels, scale, shift, y + begin * view.channels, end - begin, view.channels);
    else
      scaleLines(view, begin, end, x, scale, shift, y);
  });
}

void combineChannels(ComputePath path, const ChannelView& view, const Scalar* x, const Scalar* dy, const Scalar* a,
                     const Scalar* b, const Scalar* c, Scalar* dx) {
  overLines(path, view, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t at = begin * view.channels;
    if (path == ComputePath::Fast && view.inner == 1)
      rows::combine(x + at, dy + at, a, b, c, dx + at, end - begin, view.channels);
    else
      combineLines(view, begin, end, x, dy, a, b, c, dx);
  });
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

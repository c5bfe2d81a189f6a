#pragma once

#include "model/core/Scalar.h"

#include <cstdint>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// A tensor seen as (outer, channels, inner): statistics are per channel. inner is 1 when channels are the last axis.
struct ChannelView {
  std::int64_t outer = 0;
  std::int64_t channels = 0;
  std::int64_t inner = 1;
};

/// Mean and (biased) variance per channel.
void channelMoments(const ChannelView& view, const Scalar* x, Scalar* mean, Scalar* variance);

/// y = x * scale + shift, per channel.
void scaleChannels(const ChannelView& view, const Scalar* x, const Scalar* scale, const Scalar* shift, Scalar* y);

/// Per channel: sum of dy, and sum of dy * (x - mean) * inverseDeviation.
void channelGradients(const ChannelView& view, const Scalar* x, const Scalar* dy, const Scalar* mean,
                      const Scalar* inverseDeviation, Scalar* sumDy, Scalar* sumDyNormed);

/// dx = dy * a + x * b + c, per channel: the gradient through the batch's own mean and variance is of this form.
void combineChannels(const ChannelView& view, const Scalar* x, const Scalar* dy, const Scalar* a, const Scalar* b,
                     const Scalar* c, Scalar* dx);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/core/Scalar.h"
#include "model/nn/ComputePath.h"

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

/// Sums over all values of a channel. Made ready once: into how many parts the work is split is settled then, so that
/// equal input gives equal bits, however many threads run. Fast where inner is 1: one pass over memory.
class ChannelSums {
 public:
  ChannelSums(ComputePath path, const ChannelView& view);

  /// Scalars that both functions need to work in.
  std::int64_t scratchSize() const;

  /// Mean and (biased) variance per channel. Safe for values far from 0: distances are taken from the mean of a block
  /// of rows, and blocks are joined.
  /// Source: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances".
  void moments(const Scalar* x, Scalar* mean, Scalar* variance, Scalar* scratch) const;

  /// Per channel: sum of dy, and sum of dy * (x - mean) * inverseDeviation.
  void gradients(const Scalar* x, const Scalar* dy, const Scalar* mean, const Scalar* inverseDeviation, Scalar* sumDy,
                 Scalar* sumDyNormed, Scalar* scratch) const;

 private:
  std::int64_t firstRow(std::int64_t part) const { return m_view.outer * part / m_parts; }

  ComputePath m_path;
  ChannelView m_view;
  std::int64_t m_parts = 1;
};

/// y = x * scale + shift, per channel. y may be x.
void scaleChannels(ComputePath path, const ChannelView& view, const Scalar* x, const Scalar* scale, const Scalar* shift,
                   Scalar* y);

/// dx = dy * a + x * b + c, per channel: the gradient through the batch's own mean and variance is of this form.
/// dx may be dy.
void combineChannels(ComputePath path, const ChannelView& view, const Scalar* x, const Scalar* dy, const Scalar* a,
                     const Scalar* b, const Scalar* c, Scalar* dx);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/nn/kernels/Lstm.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// Where a run's numbers lie in LstmRun::kept. Time comes first, and counts in the order computed: what belongs to one
/// step is one block. Prediction keeps a few steps at a time.
class LstmBuffers {
 public:
  LstmBuffers(const LstmGeometry& geometry, Scalar* kept)
      : m_g(geometry), m_kept(kept), m_states(geometry.batch * geometry.units) {
    const std::int64_t steps = m_g.forTraining ? m_g.steps : chunk(m_g), rows = steps * m_g.batch;
    m_x = take(rows * m_g.features);
    m_gates = take(4 * steps * m_states);
    m_before = take(needsBefore() ? 4 * steps * m_states : 0);
    m_h = take((m_g.forTraining ? m_g.steps + 1 : 2) * m_states);
    m_maskedH = take(m_g.hasRecurrentMask ? steps * m_states : 0);
    m_c = take((m_g.forTraining ? m_g.steps + 1 : 1) * m_states);
    m_cell = take((m_g.forTraining ? m_g.steps : 1) * m_states);
  }

  std::int64_t size() const { return m_size; }

  /// Time steps whose x * kernel is computed at once.
  static std::int64_t chunk(const LstmGeometry& g) {
    constexpr std::int64_t kRows = 512;
    const std::int64_t steps = std::max<std::int64_t>(1, g.steps);
    return std::clamp<std::int64_t>(kRows / std::max<std::int64_t>(1, g.batch), 1, steps);
  }

  Scalar* x(std::int64_t t) const { return m_kept + m_x + place(t) * m_g.batch * m_g.features; }
  Scalar* gates(std::int64_t t) const { return m_kept + m_gates + place(t) * 4 * m_states; }
  /// The gates before their activation, where its derivative needs that; else null.
  Scalar* before(std::int64_t t) const { return needsBefore() ? m_kept + m_before + place(t) * 4 * m_states : nullptr; }
  /// What step t starts from; also what step t - 1 ends with.
  Scalar* h(std::int64_t t) const { return m_kept + m_h + (m_g.forTraining ? t : t % 2) * m_states; }
  Scalar* c(std::int64_t t) const { return m_kept + m_c + (m_g.forTraining ? t : 0) * m_states; }
  /// h(t) as it enters the gates.
  Scalar* enteringH(std::int64_t t) const {
    return m_g.hasRecurrentMask ? m_kept + m_maskedH + place(t) * m_states : h(t);
  }
  /// The activation of c(t + 1).
  Scalar* cell(std::int64_t t) const { return m_kept + m_cell + (m_g.forTraining ? t : 0) * m_states; }

 private:
  bool needsBefore() const {
    return m_g.forTraining && (derivativeNeedsInput(m_g.activation) || derivativeNeedsInput(m_g.recurrentActivation));
  }
  std::int64_t place(std::int64_t t) const { return m_g.forTraining ? t : t % chunk(m_g); }
  std::int64_t take(std::int64_t count) {
    constexpr std::int64_t kAlignment = 64 / sizeof(Scalar);
    const std::int64_t here = m_size;
    m_size += (count + kAlignment - 1) / kAlignment * kAlignment;
    return here;
  }

  const LstmGeometry& m_g;
  Scalar* m_kept;
  std::int64_t m_states;
  std::int64_t m_size = 0;
  std::int64_t m_x, m_gates, m_before, m_h, m_maskedH, m_c, m_cell;
};

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

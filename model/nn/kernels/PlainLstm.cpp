#include "model/nn/kernels/PlainLstm.h"

#include "model/nn/kernels/Elementwise.h"
#include "model/nn/kernels/LstmBuffers.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

/// One sample of a run.
class PlainSample {
 public:
  PlainSample(const LstmGeometry& geometry, const LstmRun& run, std::int64_t sample)
      : m_g(geometry), m_run(run), m_at(geometry, run.kept), m_sample(sample), m_units(geometry.units) {}

  void start() const {
    for (std::int64_t j = 0; j < m_units; ++j) {
      row(m_at.h(0))[j] = m_run.startH ? row(m_run.startH)[j] : Scalar(0);
      row(m_at.c(0))[j] = m_run.startC ? row(m_run.startC)[j] : Scalar(0);
    }
  }

  void step(std::int64_t t) const {
    Scalar* const z = gatesOf(m_at.gates(t));
    for (std::int64_t j = 0; j < 4 * m_units; ++j) {
      z[j] = m_run.bias ? m_run.bias[j] : Scalar(0);
      for (std::int64_t i = 0; i < m_g.features; ++i) z[j] += input(t, i) * m_run.kernel[i * 4 * m_units + j];
      for (std::int64_t i = 0; i < m_units; ++i)
        z[j] += row(m_at.h(t))[i] * recurrentFactor(i) * m_run.recurrentKernel[i * 4 * m_units + j];
    }
    if (m_at.before(t)) std::copy_n(z, 4 * m_units, gatesOf(m_at.before(t)));
    for (std::int64_t gate = 0; gate < 4; ++gate) activate(typeOf(gate), z + gate * m_units, z + gate * m_units);
    Scalar *const c = row(m_at.c(t + 1)), *const cell = row(m_at.cell(t)), *const h = row(m_at.h(t + 1));
    for (std::int64_t j = 0; j < m_units; ++j) c[j] = z[m_units + j] * row(m_at.c(t))[j] + z[j] * z[2 * m_units + j];
    activate(m_g.activation, c, cell);
    for (std::int64_t j = 0; j < m_units; ++j) h[j] = z[3 * m_units + j] * cell[j];
    if (m_g.returnsSequences)
      std::copy_n(h, m_units, m_run.y + (m_sample * m_g.steps + t) * m_units);
    else if (t + 1 == m_g.steps)
      std::copy_n(h, m_units, row(m_run.y));
  }

  void finish() const {
    if (m_run.lastH) std::copy_n(row(m_at.h(m_g.steps)), m_units, row(m_run.lastH));
    if (m_run.lastC) std::copy_n(row(m_at.c(m_g.steps)), m_units, row(m_run.lastC));
  }

  void backward(const LstmGradients& d) const {
    Scalar *const dh = row(d.scratch), *const dc = dh + m_g.batch * m_units;
    for (std::int64_t j = 0; j < m_units; ++j) {
      dh[j] = d.lastH ? row(d.lastH)[j] : Scalar(0);
      dc[j] = d.lastC ? row(d.lastC)[j] : Scalar(0);
    }
    for (std::int64_t t = m_g.steps; t-- > 0;) {
      const bool isLast = t + 1 == m_g.steps;
      if (d.y && (m_g.returnsSequences || isLast))
        for (std::int64_t j = 0; j < m_units; ++j)
          dh[j] += m_g.returnsSequences ? d.y[(m_sample * m_g.steps + t) * m_units + j] : row(d.y)[j];
      gateGradients(t, dh, dc, dc + m_g.batch * m_units);
      addWeightGradients(t, d);
      passBack(t, d, dh);
    }
    if (d.startH) std::copy_n(dh, m_units, row(d.startH));
    if (d.startC) std::copy_n(dc, m_units, row(d.startC));
  }

 private:
  template <class T>
  T* row(T* values) const {
    return values + m_sample * m_units;
  }
  Scalar* gatesOf(Scalar* values) const { return values + m_sample * 4 * m_units; }
  ActivationType typeOf(std::int64_t gate) const { return gate == 2 ? m_g.activation : m_g.recurrentActivation; }
  std::int64_t inputAt(std::int64_t t) const {
    return (m_sample * m_g.steps + (m_g.goesBackwards ? m_g.steps - 1 - t : t)) * m_g.features;
  }
  Scalar inputFactor(std::int64_t i) const {
    return m_run.inputMask ? m_run.inputMask[m_sample * m_g.features + i] : Scalar(1);
  }
  Scalar recurrentFactor(std::int64_t i) const { return m_run.recurrentMask ? row(m_run.recurrentMask)[i] : Scalar(1); }
  Scalar input(std::int64_t t, std::int64_t i) const { return m_run.x[inputAt(t) + i] * inputFactor(i); }
  void activate(ActivationType type, const Scalar* x, Scalar* y) const {
    activationForward(ComputePath::Reference, type, x, y, 1, m_units);
  }
  void differentiate(ActivationType type, const Scalar* x, const Scalar* y, Scalar* dy) const {
    activationBackward(ComputePath::Reference, type, x, y, dy, dy, 1, m_units);
  }

  /// The gates become the gradients before their activation; dc becomes the one of c(t).
  void gateGradients(std::int64_t t, const Scalar* dh, Scalar* dc, Scalar* share) const {
    Scalar* const gates = gatesOf(m_at.gates(t));
    const Scalar* const z = m_at.before(t) ? gatesOf(m_at.before(t)) : nullptr;
    const auto gate = [&](std::int64_t index) { return gates + index * m_units; };
    const auto replace = [&](std::int64_t index) {
      differentiate(typeOf(index), z ? z + index * m_units : nullptr, gate(index), share);
      std::swap_ranges(share, share + m_units, gate(index));
    };
    for (std::int64_t j = 0; j < m_units; ++j) share[j] = dh[j] * gate(3)[j];
    differentiate(m_g.activation, row(m_at.c(t + 1)), row(m_at.cell(t)), share);
    for (std::int64_t j = 0; j < m_units; ++j) dc[j] += share[j];
    for (std::int64_t j = 0; j < m_units; ++j) share[j] = dh[j] * row(m_at.cell(t))[j];
    replace(3);
    for (std::int64_t j = 0; j < m_units; ++j) share[j] = dc[j] * gate(2)[j];
    replace(0);  // share is now the input gate itself
    for (std::int64_t j = 0; j < m_units; ++j) share[j] *= dc[j];
    replace(2);
    for (std::int64_t j = 0; j < m_units; ++j) share[j] = dc[j] * row(m_at.c(t))[j];
    replace(1);  // share is now the forget gate itself
    for (std::int64_t j = 0; j < m_units; ++j) dc[j] *= share[j];
  }

  void addWeightGradients(std::int64_t t, const LstmGradients& d) const {
    const Scalar* const dz = gatesOf(m_at.gates(t));
    for (std::int64_t j = 0; j < 4 * m_units; ++j) {
      if (d.bias) d.bias[j] += dz[j];
      for (std::int64_t i = 0; d.kernel && i < m_g.features; ++i) d.kernel[i * 4 * m_units + j] += input(t, i) * dz[j];
      for (std::int64_t i = 0; d.recurrentKernel && i < m_units; ++i)
        d.recurrentKernel[i * 4 * m_units + j] += row(m_at.h(t))[i] * recurrentFactor(i) * dz[j];
    }
  }

  void passBack(std::int64_t t, const LstmGradients& d, Scalar* dh) const {
    const Scalar* const dz = gatesOf(m_at.gates(t));
    const auto through = [&](const Scalar* weights, std::int64_t i) {
      Scalar sum = 0;
      for (std::int64_t j = 0; j < 4 * m_units; ++j) sum += weights[i * 4 * m_units + j] * dz[j];
      return sum;
    };
    for (std::int64_t i = 0; d.x && i < m_g.features; ++i)
      d.x[inputAt(t) + i] = through(m_run.kernel, i) * inputFactor(i);
    for (std::int64_t i = 0; i < m_units; ++i) dh[i] = through(m_run.recurrentKernel, i) * recurrentFactor(i);
  }

  const LstmGeometry& m_g;
  const LstmRun& m_run;
  LstmBuffers m_at;
  std::int64_t m_sample;
  std::int64_t m_units;
};

}  // namespace

void plainLstmForward(const LstmGeometry& geometry, const LstmRun& run) {
  for (std::int64_t sample = 0; sample < geometry.batch; ++sample) {
    const PlainSample one(geometry, run, sample);
    one.start();
    for (std::int64_t t = 0; t < geometry.steps; ++t) one.step(t);
    one.finish();
  }
}

void plainLstmBackward(const LstmGeometry& geometry, const LstmRun& run, const LstmGradients& gradients) {
  const std::int64_t columns = 4 * geometry.units;
  if (gradients.kernel) std::fill_n(gradients.kernel, geometry.features * columns, Scalar(0));
  if (gradients.recurrentKernel) std::fill_n(gradients.recurrentKernel, geometry.units * columns, Scalar(0));
  if (gradients.bias) std::fill_n(gradients.bias, columns, Scalar(0));
  for (std::int64_t sample = 0; sample < geometry.batch; ++sample)
    PlainSample(geometry, run, sample).backward(gradients);
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#include "model/nn/kernels/LstmGates.h"

#include "model/nn/kernels/Clones.h"
#include "model/nn/kernels/Elementwise.h"
#include "model/nn/kernels/VectorMath.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

struct Sigmoid {
  static LAYERSMITH_INLINE Scalar of(Scalar x) { return Scalar(1) / (Scalar(1) + vectormath::exponential(-x)); }
  static LAYERSMITH_INLINE Scalar derivative(Scalar y) { return y * (1 - y); }
};

struct HardSigmoid {
  static LAYERSMITH_INLINE Scalar of(Scalar x) {
    const Scalar line = Scalar(0.5) + Scalar(0.2) * x;
    return line < 0 ? Scalar(0) : line > 1 ? Scalar(1) : line;
  }
  static LAYERSMITH_INLINE Scalar derivative(Scalar y) { return y > 0 && y < 1 ? Scalar(0.2) : Scalar(0); }
};

/// activation is tanh, recurrentActivation is Gate.
template <class Gate>
LAYERSMITH_INLINE void forwardRows(const LstmStep& s) {
  const std::int64_t units = s.units;
  const Scalar *biasI = s.bias, *biasF = biasI + units, *biasG = biasF + units, *biasO = biasG + units;
  for (std::int64_t row = 0; row < s.rows; ++row) {
    Scalar *i = s.gates + row * 4 * units, *f = i + units, *g = f + units, *o = g + units;
    const Scalar* cBefore = s.cBefore + row * units;
    Scalar *c = s.c + row * units, *cell = s.cell + row * units, *h = s.h + row * units;
#pragma omp simd
    for (std::int64_t unit = 0; unit < units; ++unit) {
      i[unit] = Gate::of(i[unit] + biasI[unit]);
      f[unit] = Gate::of(f[unit] + biasF[unit]);
      g[unit] = vectormath::hyperbolicTangent(g[unit] + biasG[unit]);
      o[unit] = Gate::of(o[unit] + biasO[unit]);
      c[unit] = f[unit] * cBefore[unit] + i[unit] * g[unit];
      cell[unit] = vectormath::hyperbolicTangent(c[unit]);
      h[unit] = o[unit] * cell[unit];
    }
  }
}

template <class Gate>
LAYERSMITH_INLINE void backwardRows(const LstmStep& s, const LstmStepGradients& d) {
  const std::int64_t units = s.units;
  for (std::int64_t row = 0; row < s.rows; ++row) {
    Scalar *i = s.gates + row * 4 * units, *f = i + units, *g = f + units, *o = g + units;
    const Scalar *cBefore = s.cBefore + row * units, *cell = s.cell + row * units, *dh = d.dh + row * units;
    Scalar* dc = d.dc + row * units;
#pragma omp simd
    for (std::int64_t unit = 0; unit < units; ++unit) {
      const Scalar in = i[unit], forget = f[unit], value = g[unit], out = o[unit], tanhC = cell[unit];
      const Scalar dCell = dc[unit] + dh[unit] * out * (1 - tanhC * tanhC);
      o[unit] = dh[unit] * tanhC * Gate::derivative(out);
      i[unit] = dCell * value * Gate::derivative(in);
      g[unit] = dCell * in * (1 - value * value);
      f[unit] = dCell * cBefore[unit] * Gate::derivative(forget);
      dc[unit] = dCell * forget;
    }
  }
}

LAYERSMITH_CLONES void sigmoidForward(const LstmStep& s) {
  forwardRows<Sigmoid>(s);
}
LAYERSMITH_CLONES void hardSigmoidForward(const LstmStep& s) {
  forwardRows<HardSigmoid>(s);
}
LAYERSMITH_CLONES void sigmoidBackward(const LstmStep& s, const LstmStepGradients& d) {
  backwardRows<Sigmoid>(s, d);
}
LAYERSMITH_CLONES void hardSigmoidBackward(const LstmStep& s, const LstmStepGradients& d) {
  backwardRows<HardSigmoid>(s, d);
}

LAYERSMITH_CLONES void multiplyRow(const Scalar* a, const Scalar* b, Scalar* product, std::int64_t units) {
#pragma omp simd
  for (std::int64_t unit = 0; unit < units; ++unit) product[unit] = a[unit] * b[unit];
}
LAYERSMITH_CLONES void addRow(const Scalar* from, Scalar* to, std::int64_t units) {
#pragma omp simd
  for (std::int64_t unit = 0; unit < units; ++unit) to[unit] += from[unit];
}
LAYERSMITH_CLONES void mixRow(const Scalar* forget, const Scalar* cBefore, const Scalar* in, const Scalar* value,
                              Scalar* c, std::int64_t units) {
#pragma omp simd
  for (std::int64_t unit = 0; unit < units; ++unit) c[unit] = forget[unit] * cBefore[unit] + in[unit] * value[unit];
}

void anyForward(const LstmGeometry& g, const LstmStep& s) {
  const std::int64_t units = s.units;
  const auto activate = [&](ActivationType type, Scalar* values) {
    activationForward(ComputePath::Fast, type, values, values, 1, units);
  };
  for (std::int64_t row = 0; row < s.rows; ++row) {
    Scalar* const gates = s.gates + row * 4 * units;
    addRow(s.bias, gates, 4 * units);
    if (s.before) std::copy_n(gates, 4 * units, s.before + row * 4 * units);
    for (const int gate : {0, 1, 3}) activate(g.recurrentActivation, gates + gate * units);
    activate(g.activation, gates + 2 * units);
    Scalar *const c = s.c + row * units, *const cell = s.cell + row * units;
    mixRow(gates + units, s.cBefore + row * units, gates, gates + 2 * units, c, units);
    activationForward(ComputePath::Fast, g.activation, c, cell, 1, units);
    multiplyRow(gates + 3 * units, cell, s.h + row * units, units);
  }
}

void anyBackward(const LstmGeometry& g, const LstmStep& s, const LstmStepGradients& d) {
  const std::int64_t units = s.units;
  Scalar* const share = d.scratch;
  for (std::int64_t row = 0; row < s.rows; ++row) {
    Scalar *const in = s.gates + row * 4 * units, *const forget = in + units, *const value = forget + units;
    Scalar* const out = value + units;
    const Scalar* const before = s.before ? s.before + row * 4 * units : nullptr;
    const Scalar *const c = s.c + row * units, *const cell = s.cell + row * units;
    Scalar *const dh = d.dh + row * units, *const dc = d.dc + row * units;
    const auto differentiate = [&](ActivationType type, int gate, const Scalar* y, const Scalar* dy, Scalar* dx) {
      activationBackward(ComputePath::Fast, type, before ? before + gate * units : nullptr, y, dy, dx, 1, units);
    };
    multiplyRow(dh, out, share, units);
    activationBackward(ComputePath::Fast, g.activation, c, cell, share, share, 1, units);
    addRow(share, dc, units);
    multiplyRow(dh, cell, dh, units);
    differentiate(g.recurrentActivation, 3, out, dh, out);
    multiplyRow(dc, value, share, units);
    multiplyRow(dc, in, dh, units);
    differentiate(g.recurrentActivation, 0, in, share, in);
    differentiate(g.activation, 2, value, dh, value);
    multiplyRow(dc, s.cBefore + row * units, share, units);
    multiplyRow(dc, forget, dc, units);
    differentiate(g.recurrentActivation, 1, forget, share, forget);
  }
}

}  // namespace

void lstmStepForward(const LstmGeometry& geometry, const LstmStep& step) {
  if (geometry.activation != ActivationType::Tanh) return anyForward(geometry, step);
  if (geometry.recurrentActivation == ActivationType::Sigmoid) return sigmoidForward(step);
  if (geometry.recurrentActivation == ActivationType::HardSigmoid) return hardSigmoidForward(step);
  anyForward(geometry, step);
}

void lstmStepBackward(const LstmGeometry& geometry, const LstmStep& step, const LstmStepGradients& gradients) {
  if (geometry.activation != ActivationType::Tanh) return anyBackward(geometry, step, gradients);
  if (geometry.recurrentActivation == ActivationType::Sigmoid) return sigmoidBackward(step, gradients);
  if (geometry.recurrentActivation == ActivationType::HardSigmoid) return hardSigmoidBackward(step, gradients);
  anyBackward(geometry, step, gradients);
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

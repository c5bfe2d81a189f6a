#include "model/nn/kernels/Lstm.h"

#include "model/nn/Threads.h"
#include "model/nn/kernels/Clones.h"
#include "model/nn/kernels/Elementwise.h"
#include "model/nn/kernels/LstmBuffers.h"
#include "model/nn/kernels/LstmGates.h"
#include "model/nn/kernels/PackedProduct.h"
#include "model/nn/kernels/PlainLstm.h"
#include "model/nn/kernels/Product.h"

#include <algorithm>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

void copyOrZero(const Scalar* from, Scalar* to, std::int64_t count) {
  if (from)
    std::copy_n(from, count, to);
  else
    std::fill_n(to, count, Scalar(0));
}

LAYERSMITH_CLONES void multiplyBy(Scalar* values, const Scalar* factors, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) values[i] *= factors[i];
}

LAYERSMITH_CLONES void addRows(const Scalar* from, std::int64_t strideFrom, Scalar* to, std::int64_t rows,
                               std::int64_t columns) {
  for (std::int64_t row = 0; row < rows; ++row, from += strideFrom, to += columns)
    for (std::int64_t i = 0; i < columns; ++i) to[i] += from[i];
}

}  // namespace

struct Lstm::Fast {
  explicit Fast(const LstmGeometry& geometry)
      : g(geometry),
        states(g.batch * g.units),
        recurrent(g.units, 4 * g.units),
        recurrentBack(g.forTraining ? 4 * g.units : 0, g.units),
        noBias(std::size_t(4 * g.units)) {}

  void prepare(ScratchPad& scratch);
  void forward(const LstmRun& run);
  void backward(const LstmRun& run, const LstmGradients& d);

  std::int64_t sourceTime(std::int64_t t) const { return g.goesBackwards ? g.steps - 1 - t : t; }
  std::int64_t workPerSample(std::int64_t steps) const { return steps * g.units * g.units / 4; }

  void gatherInputs(const LstmRun& run, const LstmBuffers& at, std::int64_t first, std::int64_t end) const;
  void stepForward(const LstmRun& run, const LstmBuffers& at, std::int64_t t, std::int64_t sample,
                   std::int64_t rows) const;
  void stepBackward(const LstmRun& run, const LstmBuffers& at, const LstmGradients& d, std::int64_t t,
                    std::int64_t sample, std::int64_t rows) const;
  void scatterInputGradient(const LstmRun& run, const LstmBuffers& at, Scalar* dx) const;
  LstmStep step(const LstmRun& run, const LstmBuffers& at, std::int64_t t, std::int64_t sample,
                std::int64_t rows) const;

  const LstmGeometry& g;
  std::int64_t states;
  PackedMatrix recurrent;
  PackedMatrix recurrentBack;
  std::uint64_t packedVersion = 0;  // versions count from 1
  std::vector<Scalar> noBias;
  MatrixProduct inputs, lastInputs;  // of a whole chunk of time steps, and of the shorter last one
  MatrixProduct recurrentGradient, kernelGradient, inputGradient;
};

void Lstm::Fast::prepare(ScratchPad& scratch) {
  const std::int64_t chunk = LstmBuffers::chunk(g), rows = g.steps * g.batch, columns = 4 * g.units;
  const auto product = [&](ProductForm form, std::int64_t m, std::int64_t n, std::int64_t k) {
    return MatrixProduct(ComputePath::Fast, form, m, n, k, scratch);
  };
  inputs = product(ProductForm::Plain, chunk * g.batch, columns, g.features);
  if (g.steps % chunk > 0) lastInputs = product(ProductForm::Plain, g.steps % chunk * g.batch, columns, g.features);
  if (!g.forTraining) return;
  recurrentGradient = product(ProductForm::TransposedA, g.units, columns, rows);
  kernelGradient = product(ProductForm::TransposedA, g.features, columns, rows);
  inputGradient = product(ProductForm::TransposedB, rows, g.features, columns);
}

LstmStep Lstm::Fast::step(const LstmRun& run, const LstmBuffers& at, std::int64_t t, std::int64_t sample,
                          std::int64_t rows) const {
  const std::int64_t state = sample * g.units, gates = 4 * state;
  return {rows,
          g.units,
          run.bias ? run.bias : noBias.data(),
          at.gates(t) + gates,
          at.before(t) ? at.before(t) + gates : nullptr,
          at.c(t) + state,
          at.c(t + 1) + state,
          at.cell(t) + state,
          at.h(t + 1) + state};
}

void Lstm::Fast::gatherInputs(const LstmRun& run, const LstmBuffers& at, std::int64_t first, std::int64_t end) const {
  parallelFor(end - first, g.batch * g.features, [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t t = first + from; t < first + to; ++t) {
      for (std::int64_t sample = 0; sample < g.batch; ++sample)
        std::copy_n(run.x + (sample * g.steps + sourceTime(t)) * g.features, g.features, at.x(t) + sample * g.features);
      if (run.inputMask) multiplyBy(at.x(t), run.inputMask, g.batch * g.features);
    }
  });
}

void Lstm::Fast::stepForward(const LstmRun& run, const LstmBuffers& at, std::int64_t t, std::int64_t sample,
                             std::int64_t rows) const {
  const std::int64_t state = sample * g.units;
  if (t > 0 || run.startH) {
    Scalar* const entering = at.enteringH(t) + state;
    if (run.recurrentMask) {
      std::copy_n(at.h(t) + state, rows * g.units, entering);
      multiplyBy(entering, run.recurrentMask + state, rows * g.units);
    }
    recurrent.multiply(entering, g.units, at.gates(t) + 4 * state, 4 * g.units, rows, true);
  } else if (run.recurrentMask) {
    std::fill_n(at.enteringH(t) + state, rows * g.units, Scalar(0));
  }
  lstmStepForward(g, step(run, at, t, sample, rows));
  if (!g.returnsSequences) return;
  for (std::int64_t row = 0; row < rows; ++row)
    std::copy_n(at.h(t + 1) + state + row * g.units, g.units, run.y + ((sample + row) * g.steps + t) * g.units);
}

void Lstm::Fast::forward(const LstmRun& run) {
  const LstmBuffers at(g, run.kept);
  if (packedVersion != run.weightsVersion) {
    recurrent.pack(run.recurrentKernel);
    if (g.forTraining) recurrentBack.packTransposed(run.recurrentKernel);
    packedVersion = run.weightsVersion;
  }
  copyOrZero(run.startH, at.h(0), states);
  copyOrZero(run.startC, at.c(0), states);
  const std::int64_t chunk = LstmBuffers::chunk(g);
  for (std::int64_t first = 0; first < g.steps; first += chunk) {
    const std::int64_t end = std::min(first + chunk, g.steps);
    gatherInputs(run, at, first, end);
    (end - first == chunk ? inputs : lastInputs).run(at.x(first), run.kernel, at.gates(first));
    parallelFor(g.batch, workPerSample(end - first), [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t t = first; t < end; ++t) stepForward(run, at, t, from, to - from);
    });
  }
  if (!g.returnsSequences) std::copy_n(at.h(g.steps), states, run.y);
  if (run.lastH) std::copy_n(at.h(g.steps), states, run.lastH);
  if (run.lastC) std::copy_n(at.c(g.steps), states, run.lastC);
}

void Lstm::Fast::stepBackward(const LstmRun& run, const LstmBuffers& at, const LstmGradients& d, std::int64_t t,
                              std::int64_t sample, std::int64_t rows) const {
  const std::int64_t state = sample * g.units;
  Scalar *const dh = d.scratch + state, *const dc = dh + states;
  if (d.y && g.returnsSequences) addRows(d.y + (sample * g.steps + t) * g.units, g.steps * g.units, dh, rows, g.units);
  lstmStepBackward(g, step(run, at, t, sample, rows), {dh, dc, dc + states});
  if (t == 0 && !d.startH) return;
  recurrentBack.multiply(at.gates(t) + 4 * state, 4 * g.units, dh, g.units, rows, false);
  if (run.recurrentMask) multiplyBy(dh, run.recurrentMask + state, rows * g.units);
}

void Lstm::Fast::scatterInputGradient(const LstmRun& run, const LstmBuffers& at, Scalar* dx) const {
  parallelFor(g.batch, g.steps * g.features, [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t sample = from; sample < to; ++sample)
      for (std::int64_t t = 0; t < g.steps; ++t) {
        Scalar* const line = dx + (sample * g.steps + sourceTime(t)) * g.features;
        std::copy_n(at.x(t) + sample * g.features, g.features, line);
        if (run.inputMask) multiplyBy(line, run.inputMask + sample * g.features, g.features);
      }
  });
}

void Lstm::Fast::backward(const LstmRun& run, const LstmGradients& d) {
  const LstmBuffers at(g, run.kept);
  Scalar *const dh = d.scratch, *const dc = dh + states;
  copyOrZero(d.lastH, dh, states);
  copyOrZero(d.lastC, dc, states);
  if (d.y && !g.returnsSequences) addTo(dh, d.y, states);
  parallelFor(g.batch, workPerSample(g.steps), [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t t = g.steps; t-- > 0;) stepBackward(run, at, d, t, from, to - from);
  });
  if (d.startH) std::copy_n(dh, states, d.startH);
  if (d.startC) std::copy_n(dc, states, d.startC);

  const std::int64_t rows = g.steps * g.batch, columns = 4 * g.units;
  const Scalar* const dz = at.gates(0);
  if (d.recurrentKernel) recurrentGradient.run(at.enteringH(0), dz, d.recurrentKernel);
  if (d.kernel) kernelGradient.run(at.x(0), dz, d.kernel);
  if (d.bias) sumRows(dz, d.bias, rows, columns);
  if (!d.x) return;
  inputGradient.run(dz, run.kernel, at.x(0));  // x is done with
  scatterInputGradient(run, at, d.x);
}

Lstm::Lstm(ComputePath path, const LstmGeometry& geometry) : m_geometry(geometry) {
  if (path == ComputePath::Fast) m_fast = std::make_unique<Fast>(m_geometry);
}

Lstm::~Lstm() = default;

void Lstm::prepare(ScratchPad& scratch) {
  if (m_fast) m_fast->prepare(scratch);
}

void Lstm::forward(const LstmRun& run) {
  m_fast ? m_fast->forward(run) : plainLstmForward(m_geometry, run);
}

void Lstm::backward(const LstmRun& run, const LstmGradients& gradients) {
  m_fast ? m_fast->backward(run, gradients) : plainLstmBackward(m_geometry, run, gradients);
}

std::int64_t lstmKeptSize(const LstmGeometry& geometry) {
  return LstmBuffers(geometry, nullptr).size();
}

std::int64_t lstmScratchSize(const LstmGeometry& geometry) {
  return 3 * geometry.batch * geometry.units;
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

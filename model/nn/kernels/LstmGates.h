#pragma once

#include "model/nn/kernels/Lstm.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// One time step of some samples. Every array has a row per sample: gates 4 units wide, the others `units`.
struct LstmStep {
  std::int64_t rows = 0;
  std::int64_t units = 0;
  const Scalar* bias = nullptr;  ///< (4 units)
  Scalar* gates = nullptr;       ///< x * kernel + h * recurrentKernel; becomes the gates
  Scalar* before = nullptr;      ///< becomes the gates before their activation; may be null
  const Scalar* cBefore = nullptr;
  Scalar* c = nullptr;  ///< may be cBefore
  Scalar* cell = nullptr;
  Scalar* h = nullptr;
};

/// cell = activation(c), h = output gate * cell.
void lstmStepForward(const LstmGeometry& geometry, const LstmStep& step);

struct LstmStepGradients {
  Scalar* dh = nullptr;  ///< complete gradient of h; overwritten
  Scalar* dc = nullptr;  ///< of c, without the share of h; becomes the one of cBefore
  Scalar* scratch = nullptr;
};

/// The gates become the gradients before their activation.
void lstmStepBackward(const LstmGeometry& geometry, const LstmStep& step, const LstmStepGradients& gradients);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

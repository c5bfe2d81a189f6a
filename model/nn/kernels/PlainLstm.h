#pragma once

#include "model/nn/kernels/Lstm.h"

/// The reference LSTM: sample by sample, step by step, as the formulas say. Source:
/// tfjs-layers/src/layers/recurrent.ts, class LSTMCell.
namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

void plainLstmForward(const LstmGeometry& geometry, const LstmRun& run);
void plainLstmBackward(const LstmGeometry& geometry, const LstmRun& run, const LstmGradients& gradients);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

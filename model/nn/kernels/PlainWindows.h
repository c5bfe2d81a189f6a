#pragma once

#include "model/nn/kernels/Convolution.h"

/// The reference convolution: one loop per axis, as the formula says.
namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

void plainConvolution(const WindowGeometry& g, const Scalar* x, const Scalar* kernel, const Scalar* bias, Scalar* y);
void plainConvolutionData(const WindowGeometry& g, const Scalar* dy, const Scalar* kernel, Scalar* dx);
void plainConvolutionWeights(const WindowGeometry& g, const Scalar* x, const Scalar* dy, Scalar* kernelGradient);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

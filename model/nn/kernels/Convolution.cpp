#include "model/nn/kernels/Convolution.h"

#include "model/nn/kernels/Elementwise.h"
#include "model/nn/kernels/FastConvolution.h"
#include "model/nn/kernels/PlainWindows.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

#if defined(LAYERSMITH_SCALAR_DOUBLE)
struct Convolution::Fast {};  // oneDNN 2.6 has no double
#else
struct Convolution::Fast {
  FastConvolution convolution;
};
#endif

Convolution::Convolution([[maybe_unused]] ComputePath path, const WindowGeometry& geometry,
                         [[maybe_unused]] const ConvolutionOptions& options, [[maybe_unused]] ScratchPad& scratch)
    : m_geometry(geometry) {
#if !defined(LAYERSMITH_SCALAR_DOUBLE)
  if (path == ComputePath::Fast) m_fast.reset(new Fast{FastConvolution(geometry, options, scratch)});
#endif
}

Convolution::~Convolution() = default;

void Convolution::forward(const Scalar* x, const Scalar* kernel, const Scalar* bias,
                          [[maybe_unused]] const ChannelAffineAt* affine, Scalar* y,
                          [[maybe_unused]] std::uint64_t weightsVersion) {
#if !defined(LAYERSMITH_SCALAR_DOUBLE)
  if (m_fast) return m_fast->convolution.forward(x, kernel, bias, affine, y, weightsVersion);
#endif
  plainConvolution(m_geometry, x, kernel, bias, y);
}

bool Convolution::takesRelu([[maybe_unused]] bool hasInputGradient) const {
#if !defined(LAYERSMITH_SCALAR_DOUBLE)
  if (m_fast) return m_fast->convolution.takesRelu(hasInputGradient);
#endif
  return false;
}

void Convolution::backward(const Scalar* x, [[maybe_unused]] const Scalar* y, const Scalar* dy, const Scalar* kernel,
                           Scalar* kernelGradient, Scalar* biasGradient, Scalar* dx,
                           [[maybe_unused]] std::uint64_t weightsVersion) {
#if !defined(LAYERSMITH_SCALAR_DOUBLE)
  if (m_fast) return m_fast->convolution.backward(x, y, dy, kernel, kernelGradient, biasGradient, dx, weightsVersion);
#endif
  if (kernelGradient) plainConvolutionWeights(m_geometry, x, dy, kernelGradient);
  if (biasGradient) sumRows(dy, biasGradient, m_geometry.outPixels(), m_geometry.outChannels);
  if (dx) plainConvolutionData(m_geometry, dy, kernel, dx);
}

std::string Convolution::forwardKernel() const {
#if !defined(LAYERSMITH_SCALAR_DOUBLE)
  if (m_fast) return m_fast->convolution.forwardKernel();
#endif
  return "reference";
}

std::string Convolution::backwardKernel() const {
#if !defined(LAYERSMITH_SCALAR_DOUBLE)
  if (m_fast) return m_fast->convolution.backwardKernel();
#endif
  return "reference";
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

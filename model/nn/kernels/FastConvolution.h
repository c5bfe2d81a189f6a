#pragma once

#include "model/nn/kernels/FewChannels.h"
#include "model/nn/kernels/Primitive.h"

#if !defined(LAYERSMITH_SCALAR_DOUBLE)

#include <optional>

namespace layersmith {
inline namespace f32 {
namespace kernels {

/// Convolution by oneDNN, or by our own loops where its are not made for the shape: which algorithm and which memory
/// layout, and the primitives of the three passes.
class FastConvolution {
 public:
  FastConvolution(const WindowGeometry& geometry, const ConvolutionOptions& options, ScratchPad& scratch);

  void forward(const Scalar* x, const Scalar* kernel, const Scalar* bias, const ChannelAffineAt* affine, Scalar* y,
               std::uint64_t weightsVersion);
  void backward(const Scalar* x, const Scalar* y, const Scalar* dy, const Scalar* kernel, Scalar* kernelGradient,
                Scalar* biasGradient, Scalar* dx, std::uint64_t weightsVersion);
  bool takesRelu(bool hasInputGradient) const { return m_isGradientOurs && m_withRelu && !hasInputGradient; }

  const std::string& forwardKernel() const { return m_forwardName; }
  const std::string& backwardKernel() const { return m_backwardName; }

 private:
  /// One operand with its place in the scratchpad.
  struct Part {
    Operand operand;
    std::size_t at = 0;
  };
  struct Pass {
    Primitive primitive;
    Part x, w, y;
    std::size_t scratchAt = 0;
  };
  struct Shapes;  // descriptors of the caller's arrays

  void makeForward(const Shapes& shapes, const ConvolutionOptions& options);
  void makeBackward(const Shapes& shapes);
  void makeOurs(const ConvolutionOptions& options);
  void fold(const Scalar* kernel, const Scalar* bias, const ChannelAffineAt& affine, Scalar* to);
  void readKernel(const Scalar* kernel, const Scalar* bias, const ChannelAffineAt* affine);

  WindowGeometry m_geometry;
  ScratchPad* m_scratch;
  int m_threads = 1;
  bool m_isScaled = false;
  bool m_addsToOutput = false;

  Pass m_forward, m_data, m_weights;
  dnnl::memory m_bias, m_biasGradient;
  std::shared_ptr<void> m_forwardDescriptor;  // what the backward descriptors are made from
  std::uint64_t m_forwardVersion = 0, m_dataVersion = 0;
  std::vector<Scalar> m_foldedKernel, m_foldedBias;
  std::size_t m_foldAt = 0;
  std::optional<FewChannels> m_few;
  bool m_isForwardOurs = false, m_isGradientOurs = false;  // computed by m_few
  bool m_withRelu = false;
  Scalar m_largest = 0;
  bool m_sharesGradient = false;  // both backward passes read dy in one layout
  std::string m_forwardName, m_backwardName;
};

}  // namespace kernels
}  // namespace f32
}  // namespace layersmith

#endif

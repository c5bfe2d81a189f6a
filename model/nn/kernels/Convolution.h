#pragma once

#include "model/core/Scalar.h"
#include "model/nn/ActivationType.h"
#include "model/nn/ComputePath.h"
#include "model/nn/Plan.h"

#include <cstdint>
#include <memory>
#include <string>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// Sizes of a 2-D convolution or pooling. Images are NHWC, kernels HWIO, as TensorFlow stores them. With groups, I is
/// that of one group: a depthwise kernel (h, w, channels, multiplier) is the case groups = channels, I = 1.
struct WindowGeometry {
  std::int64_t batch = 0;
  std::int64_t inHeight = 0, inWidth = 0, inChannels = 0;
  std::int64_t outHeight = 0, outWidth = 0, outChannels = 0;
  std::int64_t kernelHeight = 1, kernelWidth = 1;
  std::int64_t strideY = 1, strideX = 1;
  std::int64_t dilationY = 1, dilationX = 1;
  std::int64_t padTop = 0, padLeft = 0, padBottom = 0, padRight = 0;
  std::int64_t groups = 1;

  std::int64_t inPerGroup() const { return inChannels / groups; }
  std::int64_t outPixels() const { return batch * outHeight * outWidth; }
  /// Multiplications and additions of one pass: forward, or either gradient.
  double flops() const { return 2.0 * double(outPixels() * outChannels * kernelHeight * kernelWidth * inPerGroup()); }
};

/// Batch normalization at inference, per output channel; gamma and beta may be null: 1 and 0.
struct ChannelAffineAt {
  const Scalar* gamma = nullptr;
  const Scalar* beta = nullptr;
  const Scalar* mean = nullptr;
  const Scalar* variance = nullptr;
  Scalar epsilon = 0;
};

/// What a convolution does besides its products.
struct ConvolutionOptions {
  bool hasBias = false;
  bool forTraining = false;
  // The following on the fast path only.
  bool isScaled = false;      ///< by a ChannelAffineAt, which goes into kernel and bias
  bool addsToOutput = false;  ///< the result is added to what y holds
  bool withRelu = false;      ///< at the very end
  Scalar largest = 0;         ///< of the relu; infinity: no limit
};

/// A convolution made ready: oneDNN primitives of the fast path are built here, once, and run in every step.
/// Source of the fast 3 x 3 form: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (Winograd
/// F(4x4, 3x3)), as oneDNN has it; its error is two to three times that of the direct sum.
class Convolution {
 public:
  Convolution(ComputePath path, const WindowGeometry& geometry, const ConvolutionOptions& options, ScratchPad& scratch);
  ~Convolution();

  /// `weightsVersion`: weights in another layout are kept until it changes. `affine`: exactly when isScaled.
  void forward(const Scalar* x, const Scalar* kernel, const Scalar* bias, const ChannelAffineAt* affine, Scalar* y,
               std::uint64_t weightsVersion);
  /// Gradients by kernel, bias and input; each may be null: not needed. `y` may be given when takesRelu().
  void backward(const Scalar* x, const Scalar* y, const Scalar* dy, const Scalar* kernel, Scalar* kernelGradient,
                Scalar* biasGradient, Scalar* dx, std::uint64_t weightsVersion);
  /// Whether backward() can take dy as the gradient after the relu, which saves a pass over it.
  bool takesRelu(bool hasInputGradient) const;

  std::string forwardKernel() const;  ///< names of the implementations
  std::string backwardKernel() const;

 private:
  struct Fast;
  WindowGeometry m_geometry;
  std::unique_ptr<Fast> m_fast;
};

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

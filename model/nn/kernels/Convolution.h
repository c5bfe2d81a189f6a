#pragma once

#include "model/core/Scalar.h"
#include "model/nn/ActivationType.h"
#include "model/nn/ComputePath.h"

#include <cstdint>
#include <memory>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// Sizes of a 2-D convolution or pooling. Images are NHWC, kernels HWIO, as TensorFlow stores them.
struct WindowGeometry {
  std::int64_t batch = 0;
  std::int64_t inHeight = 0, inWidth = 0, inChannels = 0;
  std::int64_t outHeight = 0, outWidth = 0, outChannels = 0;
  std::int64_t kernelHeight = 1, kernelWidth = 1;
  std::int64_t strideY = 1, strideX = 1;
  std::int64_t dilationY = 1, dilationX = 1;
  std::int64_t padTop = 0, padLeft = 0, padBottom = 0, padRight = 0;
};

/// A convolution made ready: oneDNN primitives of the fast path are built here, once. Only relu is computed along;
/// any other activation is the caller's.
class Convolution {
 public:
  Convolution(ComputePath path, const WindowGeometry& geometry, bool hasBias, bool withRelu, bool forTraining);
  ~Convolution();

  /// `weightsVersion`: weights in another layout are kept until it changes.
  void forward(const Scalar* x, const Scalar* kernel, const Scalar* bias, Scalar* y, std::uint64_t weightsVersion);
  void backwardData(const Scalar* dy, const Scalar* kernel, Scalar* dx, std::uint64_t weightsVersion);
  /// `biasGradient` is given exactly when the convolution has a bias.
  void backwardWeights(const Scalar* x, const Scalar* dy, Scalar* kernelGradient, Scalar* biasGradient);

 private:
  struct Fast;
  ComputePath m_path;
  WindowGeometry m_geometry;
  bool m_withRelu;
  std::unique_ptr<Fast> m_fast;
};

/// Max pooling; remembers where each maximum was (the first, when several are equal).
class MaxPooling {
 public:
  MaxPooling(ComputePath path, const WindowGeometry& geometry, bool forTraining);
  ~MaxPooling();

  void forward(const Scalar* x, Scalar* y);
  void backward(const Scalar* dy, Scalar* dx);

 private:
  struct Fast;
  struct Plain;
  std::unique_ptr<Fast> m_fast;
  std::unique_ptr<Plain> m_plain;
};

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

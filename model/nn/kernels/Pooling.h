#pragma once

#include "model/nn/kernels/Convolution.h"

#include <memory>
#include <string>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// Max keeps the largest value of a window and remembers where it was (the first, when several are equal). Average is
/// the mean of what lies within the image: places of the padding do not count.
enum class PoolingKind { Max, Average };

/// A pooling made ready, with oneDNN's primitives on the fast path. inChannels and outChannels are equal.
class Pooling {
 public:
  Pooling(PoolingKind kind, ComputePath path, const WindowGeometry& geometry, bool forTraining, ScratchPad& scratch);
  ~Pooling();

  void forward(const Scalar* x, Scalar* y);
  void backward(const Scalar* dy, Scalar* dx);  ///< of the last forward
  std::string kernel() const;                   ///< name of the implementation

 private:
  struct Fast;
  struct Plain;
  std::unique_ptr<Fast> m_fast;
  std::unique_ptr<Plain> m_plain;
};

/// y (batch, channels) = the mean over the pixels of x (batch, pixels, channels).
void averagePixels(ComputePath path, const Scalar* x, Scalar* y, std::int64_t batch, std::int64_t pixels,
                   std::int64_t channels);

/// dx (batch, pixels, channels) = dy (batch, channels) divided among the pixels.
void spreadOverPixels(ComputePath path, const Scalar* dy, Scalar* dx, std::int64_t batch, std::int64_t pixels,
                      std::int64_t channels);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

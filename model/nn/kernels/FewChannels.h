#pragma once

#include "model/nn/kernels/Convolution.h"

#include <cstddef>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// Convolutions of images with one to three channels, as first layers have them: there oneDNN, which wants vectors of
/// input channels, leaves most of the machine unused. Here a vector is eight output channels, and the line of a window
/// is one run of memory, since channels are last.
/// Thread rule: one object is used by one thread at a time; it computes on its own team.
class FewChannels {
 public:
  static bool suitsForward(const WindowGeometry& geometry);
  static bool suitsGradient(const WindowGeometry& geometry);  ///< backwardWeights()

  FewChannels(const WindowGeometry& geometry, ScratchPad& scratch, bool forTraining);

  /// y = convolution + bias (may be null), then relu up to `largest` when withRelu.
  void forward(const Scalar* x, const Scalar* kernel, const Scalar* bias, Scalar* y, bool withRelu, Scalar largest);
  /// `y`, when not null, is the output of a relu up to `limit`: dy is taken as 0 where it does not let it through.
  void backwardWeights(const Scalar* x, const Scalar* dy, const Scalar* y, Scalar limit, Scalar* kernelGradient,
                       Scalar* biasGradient);

 private:
  const Scalar* padded(const Scalar* image, std::byte* room) const;
  std::byte* roomOf(std::int64_t part) const;

  WindowGeometry m_geometry;
  ScratchPad* m_scratch;
  int m_threads = 1;
  std::int64_t m_line = 0;       ///< values of a line of a padded image
  std::size_t m_imageBytes = 0;  ///< of a padded image; 0: none is padded
  std::size_t m_partBytes = 0;   ///< room of one thread
};

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

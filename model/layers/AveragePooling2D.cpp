// AveragePooling2D: the mean of each window of an image, per channel. Places of the padding do not count.
//   input  (batch, height, width, channels)
//   output (batch, newHeight, newWidth, channels)
// strides null: as the window.
// At borders padded by "same" the gradient is that of this mean; TensorFlow.js 4.22 divides by the whole window there.
// Errors: ShapeMismatch when the input is no image or smaller than the window; InvalidConfig for channelsFirst.
// Source: tfjs-layers/src/layers/pooling.ts, classes Pooling2D and AveragePooling2D.
#include "model/layers/PoolingWindow.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

using AveragePooling2D = WindowPooling<kernels::PoolingKind::Average>;

namespace layertypes {
LayerType averagePooling2D() {
  return {"AveragePooling2D",
          Category::Pooling,
          "The mean of each window of an image.",
          &AveragePooling2D::fields,
          &makeLayer<AveragePooling2D>,
          {"poolSize", "strides"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

// MaxPooling2D: the largest value of each window of an image, per channel.
//   input  (batch, height, width, channels)
//   output (batch, newHeight, newWidth, channels)
// strides null: as the window.
// Errors: ShapeMismatch when the input is no image or smaller than the window; InvalidConfig for channelsFirst.
// Source: tfjs-layers/src/layers/pooling.ts, classes Pooling2D and MaxPooling2D.
#include "model/layers/PoolingWindow.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

using MaxPooling2D = WindowPooling<kernels::PoolingKind::Max>;

namespace layertypes {
LayerType maxPooling2D() {
  return {"MaxPooling2D",        Category::Pooling,        "Keeps the largest value of each window of an image.",
          &MaxPooling2D::fields, &makeLayer<MaxPooling2D>, {"poolSize", "strides"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

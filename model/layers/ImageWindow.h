#pragma once

#include "model/core/Error.h"
#include "model/nn/Layer.h"
#include "model/nn/kernels/Convolution.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// What convolutions and poolings over images share: a window that moves over (height, width).
struct ImageWindow {
  std::int64_t kernel[2] = {1, 1};
  std::int64_t strides[2] = {1, 1};
  std::int64_t dilation[2] = {1, 1};
  bool isSame = false;  ///< padding: "same", else "valid"

  std::int64_t extent(int axis) const { return (kernel[axis] - 1) * dilation[axis] + 1; }

  /// Size of the output along 0 height, 1 width. Source: tfjs-layers/src/utils/conv_utils.ts, convOutputLength.
  std::int64_t outputSize(std::int64_t size, int axis) const {
    if (size == kUnknownDim) return kUnknownDim;
    const std::int64_t positions = isSame ? size : size - extent(axis) + 1;
    return positions <= 0 ? 0 : (positions + strides[axis] - 1) / strides[axis];
  }

  /// Output of an image (batch, height, width, channels). Errors: ShapeMismatch when it is no image or too small.
  Shape outputShape(std::span<const Shape> inputs, std::int64_t channels) const {
    const Shape& shape = onlyInput(inputs);
    if (shape.size() != 4)
      throw Error(ErrorKind::ShapeMismatch, "needs an image (height, width, channels)", {}, "rank");
    const std::int64_t height = outputSize(shape[1], 0), width = outputSize(shape[2], 1);
    if (height == 0 || width == 0)
      throw Error(ErrorKind::ShapeMismatch, "needs an image of at least " + std::to_string(extent(0)) + " × " +
                                                std::to_string(extent(1)) + " for its window");
    return {shape[0], height, width, channels};
  }

  /// Source of the padding: tfjs-core/src/ops/conv_util.ts, getPadAndOutInfo.
  kernels::WindowGeometry geometry(const Shape& in, const Shape& out) const {
    kernels::WindowGeometry g;
    g.batch = in[0];
    g.inHeight = in[1], g.inWidth = in[2], g.inChannels = in[3];
    g.outHeight = out[1], g.outWidth = out[2], g.outChannels = out[3];
    g.kernelHeight = kernel[0], g.kernelWidth = kernel[1];
    g.strideY = strides[0], g.strideX = strides[1];
    g.dilationY = dilation[0], g.dilationX = dilation[1];
    // What the window needs beyond the image; negative for "valid" leftovers at the end, which oneDNN wants to know.
    const std::int64_t needY = (out[1] - 1) * strides[0] + extent(0) - in[1];
    const std::int64_t needX = (out[2] - 1) * strides[1] + extent(1) - in[2];
    g.padTop = std::max<std::int64_t>(needY, 0) / 2;
    g.padLeft = std::max<std::int64_t>(needX, 0) / 2;
    g.padBottom = needY - g.padTop;
    g.padRight = needX - g.padLeft;
    return g;
  }
};

inline ImageWindow imageWindow(const FieldMap& config, const char* kernelKey) {
  ImageWindow window;
  const auto fill = [&](const char* key, std::int64_t(&to)[2]) {
    const std::vector<std::int64_t> sizes = config.intsAt(key);
    if (!sizes.empty()) to[0] = sizes.front(), to[1] = sizes.back();
  };
  fill(kernelKey, window.kernel);
  fill("strides", window.strides);
  fill("dilationRate", window.dilation);
  window.isSame = config.stringAt("padding", "valid") == "same";
  return window;
}

inline FieldSpec paddingField() {
  return choice("padding", {"valid", "same"})
      .byDefault("valid")
      .help("same: the output is as large as the input (at stride 1).");
}

inline FieldSpec dataFormatField() {
  return choice("dataFormat", {"channelsLast", "channelsFirst"})
      .byDefault("channelsLast")
      .advanced()
      .help("Order of the axes of images.");
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

// GlobalAveragePooling2D: the mean of each channel over the whole image.
//   input  (batch, height, width, channels)
//   output (batch, channels)
// Errors: ShapeMismatch when the input is no image; InvalidConfig for channelsFirst.
// Source: tfjs-layers/src/layers/pooling.ts, class GlobalAveragePooling2D.
#include "model/layers/ImageWindow.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/Threads.h"
#include "model/nn/kernels/Elementwise.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class GlobalAveragePooling2D final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {dataFormatField()};
    return all;
  }

  explicit GlobalAveragePooling2D(const LayerSetup& setup) { requireChannelsLast(setup.config); }

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    const Shape& shape = onlyInput(inputs);
    if (shape.size() != 4)
      throw Error(ErrorKind::ShapeMismatch, "needs an image (height, width, channels)", {}, "rank");
    return {{shape[0], shape[3]}};
  }

  void compile(PlanBuilder& plan) const override {
    const Value x = plan.input(), y = plan.output();
    const std::int64_t batch = plan.shape(x)[0], channels = plan.shape(x)[3],
                       pixels = plan.shape(x)[1] * plan.shape(x)[2];
    const auto scale = Scalar(1) / Scalar(pixels);
    plan.forward({x}, {y}, [=](const Addresses& at) -> Run {
      return [=, x = at[x], y = at[y]](const StepContext&) {
        for (std::int64_t n = 0; n < batch; ++n)
          kernels::sumRows(x + n * pixels * channels, y + n * channels, pixels, channels);
        for (std::int64_t i = 0; i < batch * channels; ++i) y[i] *= scale;
      };
    });
    if (!plan.wantsBackward()) return;
    const Value dy = plan.outputGradient(), dx = plan.inputGradient();
    plan.backward({dy}, {dx}, [=](const Addresses& at) -> Run {
      return [=, dy = at[dy], dx = at[dx]](const StepContext&) {
        parallelFor(batch * pixels, channels, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t row = begin; row < end; ++row)
            for (std::int64_t c = 0; c < channels; ++c)
              dx[row * channels + c] = dy[row / pixels * channels + c] * scale;
        });
      };
    });
  }
};

namespace layertypes {
LayerType globalAveragePooling2D() {
  return {"GlobalAveragePooling2D",
          Category::Pooling,
          "The mean of each channel over the whole image.",
          &GlobalAveragePooling2D::fields,
          &makeLayer<GlobalAveragePooling2D>,
          {}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

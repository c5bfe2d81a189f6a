// GlobalAveragePooling2D: the mean of each channel over the whole image.
//   input  (batch, height, width, channels)
//   output (batch, channels)
// Errors: ShapeMismatch when the input is no image; InvalidConfig for channelsFirst.
// Source: tfjs-layers/src/layers/pooling.ts, class GlobalAveragePooling2D.
#include "model/layers/ImageWindow.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/Pooling.h"

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
    const ComputePath path = plan.path();
    plan.forward({x}, {y}, [=](const Addresses& at) -> Run {
      return [=, x = at[x], y = at[y]](const StepContext&) {
        kernels::averagePixels(path, x, y, batch, pixels, channels);
      };
    });
    if (!plan.wantsBackward()) return;
    const Value dy = plan.outputGradient(), dx = plan.inputGradient();
    plan.backward({dy}, {dx}, [=](const Addresses& at) -> Run {
      return [=, dy = at[dy], dx = at[dx]](const StepContext&) {
        kernels::spreadOverPixels(path, dy, dx, batch, pixels, channels);
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

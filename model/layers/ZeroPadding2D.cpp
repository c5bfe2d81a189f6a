// ZeroPadding2D: zeros around an image.
//   input  (batch, height, width, channels)
//   output (batch, top + height + bottom, left + width + right, channels)
// Errors: ShapeMismatch when the input is no image; InvalidConfig for channelsFirst.
// Source: tfjs-layers/src/layers/padding.ts, class ZeroPadding2D.
#include "model/layers/ImageWindow.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/Merging.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class ZeroPadding2D final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {
        intPairs("padding", 2)
            .byDefault(allPairs(1, 2))
            .help("Zeros before and after: above and below the image, then left and right of it."),
        dataFormatField(),
    };
    return all;
  }

  explicit ZeroPadding2D(const LayerSetup& setup) {
    const FieldArray pairs = allPairs(*setup.config.find("padding"), 2).asArray();
    for (std::size_t axis = 0; axis < 2; ++axis)
      for (std::size_t side = 0; side < 2; ++side) m_padding[axis][side] = pairs[axis].asInts()[side];
    requireChannelsLast(setup.config);
  }

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    Shape shape = onlyInput(inputs);
    if (shape.size() != 4)
      throw Error(ErrorKind::ShapeMismatch, "needs an image (height, width, channels)", {}, "rank");
    for (std::size_t axis = 0; axis < 2; ++axis)
      if (shape[axis + 1] != kUnknownDim) shape[axis + 1] += m_padding[axis][0] + m_padding[axis][1];
    return {shape};
  }

  void compile(PlanBuilder& plan) const override {
    const Value x = plan.input(), y = plan.output();
    const ComputePath path = plan.path();
    const Shape& in = plan.shape(x);
    const kernels::Border border{in[0],
                                 in[1],
                                 in[2] * in[3],
                                 m_padding[0][0],
                                 m_padding[0][1],
                                 m_padding[1][0] * in[3],
                                 m_padding[1][1] * in[3]};
    plan.forward({x}, {y}, [=](const Addresses& at) -> Run {
      return [=, x = at[x], y = at[y]](const StepContext&) { kernels::addBorder(path, border, x, y); };
    });
    if (!plan.wantsBackward()) return;
    const Value dy = plan.outputGradient(), dx = plan.inputGradient();
    plan.backward({dy}, {dx}, [=](const Addresses& at) -> Run {
      return [=, dy = at[dy], dx = at[dx]](const StepContext&) { kernels::removeBorder(path, border, dy, dx); };
    });
  }

 private:
  std::int64_t m_padding[2][2];
};

namespace layertypes {
LayerType zeroPadding2D() {
  return {"ZeroPadding2D",        Category::Resample,        "Puts zeros around an image.",
          &ZeroPadding2D::fields, &makeLayer<ZeroPadding2D>, {"padding"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

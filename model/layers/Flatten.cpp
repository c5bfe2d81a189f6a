// Flatten: all axes but the batch become one. No copy.
//   input  (batch, a, b, ...)
//   output (batch, a * b * ...)
// Errors: ShapeMismatch when an axis is not known; InvalidConfig for channelsFirst.
// Source: tfjs-layers/src/layers/core.ts, class Flatten.
#include "model/nn/Layer.h"
#include "model/nn/PlanBuilder.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class Flatten final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {
        choice("dataFormat", {"channelsLast", "channelsFirst"})
            .byDefault({})
            .omittedWhenNull()
            .advanced()
            .help("Order of the axes of images."),
    };
    return all;
  }

  explicit Flatten(const LayerSetup& setup) { requireChannelsLast(setup.config); }

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    const Shape& shape = onlyInput(inputs);
    if (shape.size() < 2) throw Error(ErrorKind::ShapeMismatch, "needs an input with at least one axis", {}, "rank");
    const Shape sample(shape.begin() + 1, shape.end());
    if (!isFullyKnown(sample))
      throw Error(ErrorKind::ShapeMismatch, "needs an input whose axes are all known", {}, "rank");
    return {{shape.front(), elementCount(sample)}};
  }

  void compile(PlanBuilder& plan) const override {
    plan.alias(plan.output(), plan.input());
    if (plan.wantsBackward()) plan.alias(plan.inputGradient(), plan.outputGradient());
  }
};

namespace layertypes {
LayerType flatten() {
  return {"Flatten",        Category::Reshape,   "Turns an image into one row of values.",
          &Flatten::fields, &makeLayer<Flatten>, {}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

// Reshape: the same values under another shape. No copy.
//   input  (batch, ...)
//   output (batch, targetShape...), one axis may be null: it takes what is left
// Errors: ShapeMismatch when the number of values differs; InvalidConfig for two open axes.
// Source: tfjs-layers/src/layers/core.ts, class Reshape.
#include "model/nn/Layer.h"
#include "model/nn/PlanBuilder.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class Reshape final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {
        dims("targetShape").required().help("The new axes, without the batch; one may be left open."),
    };
    return all;
  }

  explicit Reshape(const LayerSetup& setup) : m_target(setup.config.intsAt("targetShape")) {
    if (std::ranges::count(m_target, kUnknownDim) > 1)
      throw Error(ErrorKind::InvalidConfig, "Only one axis of the target shape may be left open.", {}, "targetShape");
  }

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    const Shape& shape = onlyInput(inputs);
    const Shape sample(shape.begin() + 1, shape.end());
    Shape result = m_target;
    const auto open = std::ranges::find(result, kUnknownDim);
    if (isFullyKnown(sample)) {
      const std::int64_t have = elementCount(sample), want = elementCount(m_target);
      const bool fits = open == result.end() ? have == want : want > 0 && have % want == 0;
      if (!fits)
        throw Error(ErrorKind::ShapeMismatch,
                    "cannot make " + toStringWithoutBatch(withBatch(kUnknownDim, m_target)) + " of its input", {},
                    "targetShape");
      if (open != result.end()) *open = have / want;
    }
    return {withBatch(shape.front(), result)};
  }

  void compile(PlanBuilder& plan) const override {
    plan.alias(plan.output(), plan.input());
    if (plan.wantsBackward()) plan.alias(plan.inputGradient(), plan.outputGradient());
  }

 private:
  static Shape withBatch(std::int64_t batch, Shape sample) {
    sample.insert(sample.begin(), batch);
    return sample;
  }

  Shape m_target;
};

namespace layertypes {
LayerType reshape() {
  return {"Reshape",        Category::Reshape,   "Gives the values another shape.",
          &Reshape::fields, &makeLayer<Reshape>, {"targetShape"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

// ReLU: output = max(input, 0), and at most maxValue where that is given.
//   input  (batch, ...)
//   output (batch, ...)
// The gradient passes where 0 < output < maxValue; for the very value maxValue TensorFlow.js lets it pass too.
// negative_slope and threshold of Keras' files are kept but, as in TensorFlow.js, not computed.
// Errors: InvalidConfig for a maxValue below 0.
// Source: tfjs-layers/src/layers/advanced_activations.ts, class ReLU.
#include "model/nn/Layer.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/Elementwise.h"

#include <limits>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class ReLU final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {
        number("maxValue").nullable().atLeast(0).help("The largest output; none: no limit. 6 makes ReLU6."),
    };
    return all;
  }

  explicit ReLU(const LayerSetup& setup)
      : m_largest(Scalar(setup.config.numberAt("maxValue", std::numeric_limits<double>::infinity()))) {}

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override { return {onlyInput(inputs)}; }

  void compile(PlanBuilder& plan) const override {
    const Value x = plan.input(), y = plan.output();
    const ComputePath path = plan.path();
    const Scalar largest = m_largest;
    const std::int64_t count = elementCount(plan.shape(x));
    if (Absorber* maker = plan.absorber(); maker && maker->takeClip(largest)) return plan.absorbed();
    if (plan.mayOverwrite()) plan.alias(y, x);
    plan.forward({x}, {y}, [=](const Addresses& at) -> Run {
      return [=, x = at[x], y = at[y]](const StepContext&) { kernels::rectify(path, x, y, largest, count); };
    });
    if (!plan.wantsBackward()) return;

    const Value dy = plan.outputGradient(), dx = plan.inputGradient();
    plan.alias(dx, dy);
    plan.backward({y, dy}, {dx}, [=](const Addresses& at) -> Run {
      return [=, y = at[y], dy = at[dy]](const StepContext&) {
        kernels::rectifyBackward(path, y, dy, dy, largest, count);
      };
    });
  }

 private:
  Scalar m_largest;
};

namespace layertypes {
LayerType reLU() {
  return {"ReLU",        Category::Activation, "Sets negative values to 0, and limits large ones if asked to.",
          &ReLU::fields, &makeLayer<ReLU>,     {"maxValue"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

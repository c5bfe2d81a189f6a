// Activation: output = activation(input), element by element; softmax and logSoftmax over the last axis.
//   input  (batch, ...)
//   output (batch, ...)
// Errors: InvalidConfig for an activation that does not exist.
// Source: tfjs-layers/src/layers/core.ts, class Activation; tfjs-layers/src/activations.ts.
#include "model/nn/ActivationType.h"
#include "model/nn/Layer.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/Elementwise.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class Activation final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {
        choice("activation", activationNames()).required().byDefault("relu").help("The function."),
    };
    return all;
  }

  explicit Activation(const LayerSetup& setup)
      : m_activation(activationFromName(setup.config.stringAt("activation"))) {}

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    const Shape& shape = onlyInput(inputs);
    if (shape.size() < 2) throw Error(ErrorKind::ShapeMismatch, "needs an input with at least one axis", {}, "rank");
    return {shape};
  }

  void compile(PlanBuilder& plan) const override {
    const Value x = plan.input(), y = plan.output();
    const ComputePath path = plan.path();
    const ActivationType activation = m_activation;
    const std::int64_t columns = plan.shape(x).back(), rows = elementCount(plan.shape(x)) / columns;
    if (Absorber* maker = plan.absorber(); maker && maker->takeActivation(activation)) return plan.absorbed();
    if (plan.mayOverwrite()) plan.alias(y, x);
    plan.forward({x}, {y}, [=](const Addresses& at) -> Run {
      return [=, x = at[x], y = at[y]](const StepContext&) {
        kernels::activationForward(path, activation, x, y, rows, columns);
      };
    });
    const bool* isTailFused = plan.tail(activation);
    if (!plan.wantsBackward()) return;

    const Value dy = plan.outputGradient(), dx = plan.inputGradient();
    plan.alias(dx, dy);
    plan.backward({x, y, dy}, {dx}, [=](const Addresses& at) -> Run {
      return [=, x = at[x], y = at[y], dy = at[dy]](const StepContext&) {
        if (!*isTailFused) kernels::activationBackward(path, activation, x, y, dy, dy, rows, columns);
      };
    });
  }

 private:
  ActivationType m_activation;
};

namespace layertypes {
LayerType activation() {
  return {"Activation",        Category::Activation,   "Applies a function to every value.",
          &Activation::fields, &makeLayer<Activation>, {"activation"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

// Add: output = the sum of all inputs, value by value.
//   inputs two or more (batch, ...): an axis of size 1 stretches, missing axes count as 1 after the batch
//   output (batch, ...)
// Errors: ShapeMismatch for less than two inputs, or sizes that do not fit.
// Source: tfjs-layers/src/layers/merge.ts, classes Merge and Add.
#include "model/core/Error.h"
#include "model/nn/Layer.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/Merging.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class Add final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all;
    return all;
  }

  explicit Add(const LayerSetup&) {}

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    requireSeveralInputs(inputs);
    Shape all = inputs.front();
    for (const Shape& shape : inputs.subspan(1)) all = joined(all, shape);
    return {all};
  }

  void compile(PlanBuilder& plan) const override {
    std::vector<Value> inputs;
    for (std::size_t i = 0; i < plan.inputCount(); ++i) inputs.push_back(plan.input(i));
    const Shape& shape = plan.shape(plan.output());
    if (std::ranges::all_of(inputs, [&](Value input) { return plan.shape(input) == shape; }))
      addEqual(plan, inputs);
    else
      addStretched(plan, inputs);
    if (plan.wantsBackward()) compileBackward(plan);
  }

 private:
  static std::int64_t joined(std::int64_t a, std::int64_t b) {
    if (a == kUnknownDim || b == kUnknownDim) return kUnknownDim;
    if (a == 1) return b;
    if (b == 1 || a == b) return a;
    throw Error(ErrorKind::ShapeMismatch, "needs inputs of equal shapes");
  }

  static Shape joined(const Shape& a, const Shape& b) {
    if (a.size() < b.size()) return joined(b, a);
    Shape all = a;
    const std::size_t missing = a.size() - b.size();
    if (!b.empty()) all[0] = a[0] == kUnknownDim ? b[0] : a[0];
    if (!b.empty() && b[0] != kUnknownDim && b[0] != all[0])
      throw Error(ErrorKind::ShapeMismatch, "needs inputs of one batch size");
    for (std::size_t axis = 1; axis < b.size(); ++axis) all[axis + missing] = joined(a[axis + missing], b[axis]);
    return all;
  }

  /// At inference: the maker of one input adds to the other, which lies where the sum will be (a skip connection).
  static bool isTakenOver(PlanBuilder& plan, const std::vector<Value>& inputs) {
    if (inputs.size() != 2) return false;
    for (const std::size_t i : {0, 1})
      if (Absorber* maker = plan.absorber(i); maker && plan.canAddInto(i, 1 - i) && maker->takeSum()) {
        plan.absorbedSum(i, 1 - i);
        return true;
      }
    return false;
  }

  static void addEqual(PlanBuilder& plan, const std::vector<Value>& inputs) {
    if (isTakenOver(plan, inputs)) return;
    const Value y = plan.output();
    if (inputs.size() == 2 && plan.mayOverwrite(0)) plan.alias(y, inputs.front());
    const ComputePath path = plan.path();
    const std::int64_t count = elementCount(plan.shape(y));
    plan.forward(inputs, {y}, [=](const Addresses& at) -> Run {
      std::vector<decltype(at[y])> places;
      for (const Value input : inputs) places.push_back(at[input]);
      return [=, xs = std::vector<const Scalar*>(places.size()), y = at[y]](const StepContext&) mutable {
        std::ranges::copy(places, xs.begin());
        kernels::sumInputs(path, xs, y, count);
      };
    });
  }

  static void addStretched(PlanBuilder& plan, const std::vector<Value>& inputs) {
    const Value y = plan.output();
    const ComputePath path = plan.path();
    const std::int64_t count = elementCount(plan.shape(y));
    std::vector<kernels::Broadcast> stretches;
    for (const Value input : inputs) stretches.emplace_back(plan.shape(input), plan.shape(y));
    plan.forward(inputs, {y}, [=](const Addresses& at) -> Run {
      std::vector<decltype(at[y])> places;
      for (const Value input : inputs) places.push_back(at[input]);
      return [=, y = at[y]](const StepContext&) {
        Scalar* to = y;
        std::fill_n(to, count, Scalar(0));
        for (std::size_t i = 0; i < places.size(); ++i) stretches[i].add(path, places[i], to);
      };
    });
  }

  /// Each input has the output's gradient for its own. Gradients may be overwritten, so that only one may be it.
  static void compileBackward(PlanBuilder& plan) {
    const Value dy = plan.outputGradient();
    const ComputePath path = plan.path();
    bool isTaken = false;
    for (std::size_t i = 0; i < plan.inputCount(); ++i) {
      const Value dx = plan.inputGradient(i);
      if (!dx.isValid()) continue;
      const kernels::Broadcast stretch(plan.shape(dx), plan.shape(dy));
      if (stretch.isTrivial() && !isTaken) {
        plan.alias(dx, dy);
        isTaken = true;
        continue;
      }
      plan.backward({dy}, {dx}, [=](const Addresses& at) -> Run {
        return [=, dy = at[dy], dx = at[dx]](const StepContext&) { stretch.sumUp(path, dy, dx); };
      });
    }
  }
};

namespace layertypes {
LayerType add() {
  return {"Add", Category::Merge, "The sum of its inputs, value by value.", &Add::fields, &makeLayer<Add>, {}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

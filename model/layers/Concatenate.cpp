// Concatenate: all inputs side by side along one axis.
//   inputs two or more (batch, ...), equal but for the size of `axis`
//   output (batch, ...), sizes of `axis` added up
// Errors: InvalidConfig when axis is the batch, not one of the inputs', or below -1 (TensorFlow.js takes all of those
// for the last axis); ShapeMismatch for less than two inputs, or other axes that differ. Source:
// tfjs-layers/src/layers/merge.ts, class Concatenate.
#include "model/core/Error.h"
#include "model/nn/Layer.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/Merging.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class Concatenate final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {
        integer("axis").byDefault(-1).help("The axis along which the inputs stand side by side; -1 is the last."),
    };
    return all;
  }

  explicit Concatenate(const LayerSetup& setup) : m_axis(setup.config.intAt("axis", -1)) {}

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    requireSeveralInputs(inputs);
    const std::int64_t axis = axisOf(inputs.front());
    if (m_axis < -1 && axis > 0)
      refuseAxis("TensorFlow.js takes every axis below 0 for the last one. Write " + std::to_string(axis) +
                 " instead.");
    if (axis == 0) refuseAxis("Axis 0 is the batch: samples cannot be joined. Choose another axis.");
    if (axis < 0 || axis >= std::int64_t(inputs.front().size()))
      refuseAxis("The inputs have no axis " + std::to_string(m_axis) + ".");
    Shape all = inputs.front();
    std::int64_t& size = all[std::size_t(axis)];
    for (const Shape& shape : inputs.subspan(1)) {
      Shape expected = shape;
      if (shape.size() == all.size()) expected[std::size_t(axis)] = size;
      if (expected != all)
        throw Error(ErrorKind::ShapeMismatch, "needs inputs that are equal but for axis " + std::to_string(m_axis));
      const std::int64_t more = shape[std::size_t(axis)];
      size = size == kUnknownDim || more == kUnknownDim ? kUnknownDim : size + more;
    }
    return {all};
  }

  void compile(PlanBuilder& plan) const override {
    const Value y = plan.output();
    const ComputePath path = plan.path();
    const std::int64_t rows = rowsOf(plan.shape(y)), width = elementCount(plan.shape(y)) / rows;
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < plan.inputCount(); ++i) {
      const Value x = plan.input(i);
      const std::int64_t part = elementCount(plan.shape(x)) / rows;
      plan.forward({x}, {y}, [=](const Addresses& at) -> Run {
        return [=, x = at[x], y = at[y]](const StepContext&) {
          kernels::copyRows(path, x, part, y + offset, width, rows, part);
        };
      });
      if (const Value dx = plan.inputGradient(i); dx.isValid()) {
        const Value dy = plan.outputGradient();
        plan.backward({dy}, {dx}, [=](const Addresses& at) -> Run {
          return [=, dy = at[dy], dx = at[dx]](const StepContext&) {
            kernels::copyRows(path, dy + offset, width, dx, part, rows, part);
          };
        });
      }
      offset += part;
    }
  }

 private:
  [[noreturn]] static void refuseAxis(const std::string& message) {
    throw Error(ErrorKind::InvalidConfig, message, {}, "axis");
  }

  std::int64_t axisOf(const Shape& shape) const { return m_axis >= 0 ? m_axis : m_axis + std::int64_t(shape.size()); }

  /// Elements of the axes before `axis`.
  std::int64_t rowsOf(const Shape& shape) const {
    return elementCount(Shape(shape.begin(), shape.begin() + axisOf(shape)));
  }

  std::int64_t m_axis;
};

namespace layertypes {
LayerType concatenate() {
  return {"Concatenate",        Category::Merge,         "Puts its inputs side by side along one axis.",
          &Concatenate::fields, &makeLayer<Concatenate>, {"axis"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

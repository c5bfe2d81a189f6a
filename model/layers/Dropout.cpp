// Dropout: while training, sets a fraction `rate` of the values to 0 and scales the others by 1 / (1 - rate).
//   input  (batch, ...)
//   output (batch, ...)
// noiseShape: an axis of size 1 drops the same places along that axis; null means the input's own size.
// Errors: InvalidConfig when rate is outside 0 .. 1; ShapeMismatch when noiseShape does not fit.
// Source: tfjs-layers/src/layers/core.ts, class Dropout; tfjs-core/src/ops/dropout.ts.
#include "model/core/Random.h"
#include "model/nn/Layer.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/DropoutMask.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class Dropout final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {
        number("rate").required().byDefault(0.5).atLeast(0).atMost(1).help(
            "Fraction of the values set to 0, in training only."),
        dims("noiseShape").nullable().advanced().help("Shape of the mask; axes of size 1 are dropped together."),
        integer("seed").nullable().advanced().help("Seed of its own; none: the training's seed."),
    };
    return all;
  }

  explicit Dropout(const LayerSetup& setup)
      : m_rate(setup.config.numberAt("rate", 0)),
        m_noiseShape(setup.config.intsAt("noiseShape")),
        m_seed(setup.config.intAt("seed", 0)) {}

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    const Shape& shape = onlyInput(inputs);
    bool fits = m_noiseShape.empty() || m_noiseShape.size() == shape.size();
    for (std::size_t axis = 0; fits && axis < m_noiseShape.size(); ++axis)
      fits = m_noiseShape[axis] == kUnknownDim || m_noiseShape[axis] == 1 || shape[axis] == kUnknownDim ||
             m_noiseShape[axis] == shape[axis];
    if (!fits) throw Error(ErrorKind::ShapeMismatch, "needs an input that its noise shape fits", {}, "noiseShape");
    return {shape};
  }

  void compile(PlanBuilder& plan) const override {
    const Value x = plan.input(), y = plan.output();
    // As in TensorFlow.js a rate of 0 or of 1 lets everything pass.
    if (!plan.isTraining() || m_rate <= 0 || m_rate >= 1) {
      plan.alias(y, x);
      if (plan.wantsBackward()) plan.alias(plan.inputGradient(), plan.outputGradient());
      return;
    }
    const std::int64_t count = elementCount(plan.shape(x));
    const Value mask = plan.workspace(plan.shape(x));
    const auto places = maskPlaces(plan.shape(x));
    const std::uint64_t ownSeed = std::uint64_t(m_seed), layer = plan.layer().value;
    const double keep = 1 - m_rate;
    plan.forward({x}, {mask, y}, [=](const Addresses& at) -> Run {
      return [=, x = at[x], y = at[y], mask = at[mask]](const StepContext& context) {
        const Random random(context.seed ^ ownSeed, (layer << 32) ^ context.step);
        fillMask(random, keep, places, mask, count);
        for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] * mask[i];
      };
    });
    if (!plan.wantsBackward()) return;
    const Value dy = plan.outputGradient(), dx = plan.inputGradient();
    plan.alias(dx, dy);
    plan.backward({mask, dy}, {dx}, [=](const Addresses& at) -> Run {
      return [=, dx = at[dx], mask = at[mask]](const StepContext&) {
        for (std::int64_t i = 0; i < count; ++i) dx[i] *= mask[i];
      };
    });
  }

 private:
  /// Which number of the stream decides each element; empty: its own.
  std::vector<std::uint32_t> maskPlaces(const Shape& shape) const {
    std::vector<std::uint32_t> places;
    if (m_noiseShape.empty()) return places;
    const std::int64_t count = elementCount(shape);
    for (std::int64_t i = 0; i < count; ++i) {
      std::int64_t place = 0, rest = i, stride = count;
      for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        stride /= shape[axis];
        const std::int64_t position = m_noiseShape[axis] == 1 ? 0 : rest / stride;
        place = place * (m_noiseShape[axis] == 1 ? 1 : shape[axis]) + position;
        rest %= stride;
      }
      places.push_back(std::uint32_t(place));
    }
    return places;
  }

  static void fillMask(const Random& random, double keep, const std::vector<std::uint32_t>& places, Scalar* mask,
                       std::int64_t count) {
    if (places.empty()) return kernels::dropoutMask(random, keep, 0, mask, count);
    for (std::int64_t i = 0; i < count; ++i)
      mask[i] = kernels::dropoutFactor(random.bits(places[std::size_t(i)]), keep);
  }

  double m_rate;
  Shape m_noiseShape;
  std::int64_t m_seed;
};

namespace layertypes {
LayerType dropout() {
  return {"Dropout",        Category::Regularization, "Drops random values while training, against overfitting.",
          &Dropout::fields, &makeLayer<Dropout>,      {"rate"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

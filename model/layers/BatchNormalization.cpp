// BatchNormalization: output = gamma * (input - mean) / sqrt(variance + epsilon) + beta, per place of `axis`.
//   input  (batch, ...)     gamma, beta, moving_mean, moving_variance (size of axis)
//   output (batch, ...)
// In training mean and variance are the batch's own and the moving ones follow them; in prediction the moving ones.
// Errors: InvalidConfig when axis is not one of the input's; ShapeMismatch when its size is not known.
// Source: tfjs-layers/src/layers/normalization.ts, class BatchNormalization (the variance is the biased one).
#include "model/nn/Layer.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/BatchNorm.h"

#include <cmath>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class BatchNormalization final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {
        integer("axis").byDefault(-1).advanced().help(
            "The axis whose places are normalised one by one; -1 is the last."),
        number("momentum").byDefault(0.99).atLeast(0).atMost(1).help("How slowly the moving mean and variance follow."),
        number("epsilon").byDefault(0.001).atLeast(0).help("Added to the variance, against division by 0."),
        flag("center").byDefault(true).advanced().help("Whether to add beta."),
        flag("scale").byDefault(true).advanced().help("Whether to multiply by gamma."),
        initializer("betaInitializer").byDefault(initializerConfig("zeros")).advanced(),
        initializer("gammaInitializer").byDefault(initializerConfig("ones")).advanced(),
        initializer("movingMeanInitializer").byDefault(initializerConfig("zeros")).advanced(),
        initializer("movingVarianceInitializer").byDefault(initializerConfig("ones")).advanced(),
        regularizer("betaRegularizer").advanced(),
        regularizer("gammaRegularizer").advanced(),
        constraint("betaConstraint").advanced(),
        constraint("gammaConstraint").advanced(),
    };
    return all;
  }

  explicit BatchNormalization(const LayerSetup& setup)
      : m_axis(setup.config.intAt("axis", -1)),
        m_momentum(Scalar(setup.config.numberAt("momentum", 0.99))),
        m_epsilon(Scalar(setup.config.numberAt("epsilon", 0.001))) {
    const FieldMap& config = setup.config;
    const auto declare = [&](const char* role, bool isTrainable, const char* first, const char* regularizerKey,
                             const char* constraintKey) {
      m_weights.push_back({role,
                           {},
                           isTrainable,
                           *config.find(first),
                           regularizerKey ? *config.find(regularizerKey) : FieldValue(),
                           constraintKey ? *config.find(constraintKey) : FieldValue()});
    };
    if (config.boolAt("scale", true)) declare("gamma", true, "gammaInitializer", "gammaRegularizer", "gammaConstraint");
    if (config.boolAt("center", true)) declare("beta", true, "betaInitializer", "betaRegularizer", "betaConstraint");
    declare("moving_mean", false, "movingMeanInitializer", nullptr, nullptr);
    declare("moving_variance", false, "movingVarianceInitializer", nullptr, nullptr);
  }

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    const Shape& shape = onlyInput(inputs);
    if (axisOf(shape) < 0 || axisOf(shape) >= std::int64_t(shape.size()))
      throw Error(ErrorKind::InvalidConfig, "The input has no axis " + std::to_string(m_axis) + ".", {}, "axis");
    if (shape[std::size_t(axisOf(shape))] == kUnknownDim)
      throw Error(ErrorKind::ShapeMismatch, "needs an input whose axis " + std::to_string(m_axis) + " is known");
    return {shape};
  }

  std::vector<WeightDeclaration> weights(std::span<const Shape> inputs) const override {
    std::vector<WeightDeclaration> all = m_weights;
    for (WeightDeclaration& weight : all) weight.shape = {inputs.front()[std::size_t(axisOf(inputs.front()))]};
    return all;
  }

  void compile(PlanBuilder& plan) const override;

 private:
  std::int64_t axisOf(const Shape& shape) const { return m_axis >= 0 ? m_axis : m_axis + std::int64_t(shape.size()); }

  kernels::ChannelView viewOf(const Shape& shape) const {
    const auto axis = axisOf(shape);
    kernels::ChannelView view{1, shape[std::size_t(axis)], 1};
    for (std::int64_t i = 0; i < std::int64_t(shape.size()); ++i)
      if (i != axis) (i < axis ? view.outer : view.inner) *= shape[std::size_t(i)];
    return view;
  }

  std::int64_t m_axis;
  Scalar m_momentum;
  Scalar m_epsilon;
  std::vector<WeightDeclaration> m_weights;
};

void BatchNormalization::compile(PlanBuilder& plan) const {
  const Value x = plan.input(), y = plan.output();
  const kernels::ChannelView view = viewOf(plan.shape(x));
  const std::int64_t channels = view.channels;
  const Value gamma = plan.weight("gamma"), beta = plan.weight("beta");
  const Value movingMean = plan.weight("moving_mean"), movingVariance = plan.weight("moving_variance");
  const bool isLastAxis = view.inner == 1 && channels == plan.shape(x).back();
  Absorber* maker = isLastAxis ? plan.absorber() : nullptr;
  if (maker && maker->takeAffine({gamma, beta, movingMean, movingVariance, m_epsilon})) return plan.absorbed();
  const Value mean = plan.workspace({channels}), inverse = plan.workspace({channels});
  const Value scale = plan.workspace({channels}), shift = plan.workspace({channels});
  const bool isTraining = plan.isTraining();
  if (plan.mayOverwrite()) plan.alias(y, x);
  const ComputePath path = plan.path();
  const kernels::ChannelSums sums(path, view);
  const Value scratch = isTraining ? plan.workspace({sums.scratchSize()}) : Value();

  plan.forward({x}, {mean, inverse, scale, shift, scratch, y}, [=, this](const Addresses& at) -> Run {
    return [=, x = at[x], y = at[y], gamma = at[gamma], beta = at[beta], movingMean = at[movingMean],
            movingVariance = at[movingVariance], mean = at[mean], inverse = at[inverse], scale = at[scale],
            shift = at[shift], scratch = at[scratch], momentum = m_momentum, epsilon = m_epsilon](const StepContext&) {
      if (isTraining) sums.moments(x, mean, inverse, scratch);
      for (std::int64_t c = 0; c < channels; ++c) {
        const Scalar variance = isTraining ? inverse[c] : movingVariance[c];
        const Scalar centre = isTraining ? mean[c] : movingMean[c];
        if (isTraining) {
          movingMean[c] -= (movingMean[c] - centre) * (1 - momentum);
          movingVariance[c] -= (movingVariance[c] - variance) * (1 - momentum);
        }
        inverse[c] = 1 / std::sqrt(variance + epsilon);
        scale[c] = inverse[c] * (gamma ? gamma[c] : Scalar(1));
        shift[c] = (beta ? beta[c] : Scalar(0)) - centre * scale[c];
      }
      kernels::scaleChannels(path, view, x, scale, shift, y);
    };
  });
  if (!plan.wantsBackward()) return;

  const Value dy = plan.outputGradient(), dx = plan.inputGradient();
  const Value dGamma = plan.weightGradient("gamma"), dBeta = plan.weightGradient("beta");
  const Value sumDy = plan.workspace({channels}), sumDyNormed = plan.workspace({channels});
  const Value room = plan.workspace({sums.scratchSize()});
  plan.backward({x, dy, mean, inverse, scale}, {dx, dGamma, dBeta, sumDy, sumDyNormed, shift, room},
                [=](const Addresses& at) -> Run {
                  return [=, x = at[x], dy = at[dy], dx = at[dx], mean = at[mean], inverse = at[inverse],
                          scale = at[scale], shift = at[shift], dGamma = at[dGamma], dBeta = at[dBeta],
                          sumDy = at[sumDy], sumDyNormed = at[sumDyNormed], room = at[room]](const StepContext&) {
                    sums.gradients(x, dy, mean, inverse, sumDy, sumDyNormed, room);
                    if (dGamma) std::copy_n(+sumDyNormed, channels, +dGamma);
                    if (dBeta) std::copy_n(+sumDy, channels, +dBeta);
                    if (!dx) return;
                    // dx = scale * (dy - mean(dy) - normed * mean(dy * normed)), written as dy * scale + x * b + c.
                    const Scalar share = Scalar(1) / Scalar(view.outer * view.inner);
                    for (std::int64_t c = 0; c < channels; ++c) {
                      const Scalar slope = -scale[c] * sumDyNormed[c] * share * inverse[c];
                      shift[c] = -scale[c] * sumDy[c] * share - slope * mean[c];
                      sumDyNormed[c] = slope;
                    }
                    kernels::combineChannels(path, view, x, dy, scale, sumDyNormed, shift, dx);
                  };
                });
}

namespace layertypes {
LayerType batchNormalization() {
  return {"BatchNormalization",
          Category::Normalization,
          "Keeps values near mean 0 and deviation 1 while training.",
          &BatchNormalization::fields,
          &makeLayer<BatchNormalization>,
          {"momentum"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

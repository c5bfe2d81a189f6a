// SeparableConv2D: a depthwise convolution, then a 1 x 1 convolution that mixes its channels, bias and activation.
//   input  (batch, height, width, channels)          output (batch, newHeight, newWidth, filters)
//   depthwise_kernel (kernelHeight, kernelWidth, channels, depthMultiplier)
//   pointwise_kernel (1, 1, channels * depthMultiplier, filters)
//   bias (filters)
// Errors: as Conv2D.
// Source: tfjs-layers/src/layers/convolutional.ts, classes SeparableConv and SeparableConv2D. Its getConfig() forgets
// depthMultiplier; a file that has one is read and written as it is.
#include "model/layers/ConvolutionFields.h"
#include "model/layers/ConvolutionSteps.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class SeparableConv2D final : public ImageConvolution {
 public:
  static const FieldList& fields() {
    static const FieldList all = withConvolutionFields(
        {positiveInt("filters").required().help("Channels of the output.")},
        {
            initializer("depthwiseInitializer")
                .byDefault(initializerConfig("glorotUniform"))
                .advanced()
                .help("First values of the kernels over the image."),
            initializer("pointwiseInitializer")
                .byDefault(initializerConfig("glorotUniform"))
                .advanced()
                .help("First values of the kernel that mixes channels."),
            regularizer("depthwiseRegularizer").advanced().help("Penalty on the kernels over the image."),
            regularizer("pointwiseRegularizer").advanced().help("Penalty on the kernel that mixes channels."),
            constraint("depthwiseConstraint").advanced().help("Applied to the kernels over the image."),
            constraint("pointwiseConstraint").advanced().help("Applied to the kernel that mixes channels."),
            positiveInt("depthMultiplier")
                .nullable()
                .omittedWhenNull()
                .advanced()
                .help("Channels between the two for each one of the input; none: 1."),
        });
    return all;
  }

  explicit SeparableConv2D(const LayerSetup& setup)
      : ImageConvolution(setup.config),
        m_filters(setup.config.intAt("filters", 0)),
        m_multiplier(setup.config.intAt("depthMultiplier", 1)),
        m_depthwise(weightOf(setup.config, "depthwise_kernel", "depthwise")),
        m_pointwise(weightOf(setup.config, "pointwise_kernel", "pointwise")) {
    requireStridesOrDilation(m_window);
  }

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    return {convolvedShape(inputs, m_filters)};
  }

  std::vector<WeightDeclaration> weights(std::span<const Shape> inputs) const override {
    const std::int64_t channels = inputs.front().back();
    WeightDeclaration depthwise = m_depthwise, pointwise = m_pointwise;
    depthwise.shape = {m_window.kernel[0], m_window.kernel[1], channels, m_multiplier};
    pointwise.shape = {1, 1, channels * m_multiplier, m_filters};
    return withBias({depthwise, pointwise}, m_filters);
  }

  void compile(PlanBuilder& plan) const override {
    const Value x = plan.input(), y = plan.output();
    Shape between = plan.shape(y);
    between.back() = plan.shape(x).back() * m_multiplier;
    const Value z = plan.workspace(between);
    kernels::WindowGeometry geometry = m_window.geometry(plan.shape(x), between);
    geometry.groups = geometry.inChannels;
    ConvolutionSteps depthwise(plan, x, z, geometry, "depthwise_kernel", {}, ActivationType::Linear);
    ConvolutionSteps pointwise(plan, z, y, ImageWindow().geometry(between, plan.shape(y)), "pointwise_kernel", "bias",
                               m_activation);
    depthwise.addForward();
    pointwise.addForward();
    if (!plan.wantsBackward()) return;
    const Value dz = plan.workspace(between);
    pointwise.addBackward(plan.outputGradient(), dz);
    depthwise.addBackward(dz, plan.inputGradient());
  }

 private:
  std::int64_t m_filters;
  std::int64_t m_multiplier;
  WeightDeclaration m_depthwise;
  WeightDeclaration m_pointwise;
};

namespace layertypes {
LayerType separableConv2D() {
  return {"SeparableConv2D",
          Category::Convolution,
          "A lighter Conv2D: first each channel by itself, then all of them mixed.",
          &SeparableConv2D::fields,
          &makeLayer<SeparableConv2D>,
          {"filters", "kernelSize", "activation"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

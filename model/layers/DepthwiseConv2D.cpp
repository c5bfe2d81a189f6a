// DepthwiseConv2D: each channel of an image has kernels of its own and is not mixed with the others.
//   input  (batch, height, width, channels)
//   output (batch, newHeight, newWidth, channels * depthMultiplier)
//   depthwise_kernel (kernelHeight, kernelWidth, channels, depthMultiplier)   bias (channels * depthMultiplier)
// The dilation rate is kept but not used: TensorFlow.js passes it over when it computes this layer, and so do we.
// Errors: as Conv2D.
// Source: tfjs-layers/src/layers/convolutional_depthwise.ts, class DepthwiseConv2D.
#include "model/layers/ConvolutionFields.h"
#include "model/layers/ConvolutionSteps.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class DepthwiseConv2D final : public ImageConvolution {
 public:
  static const FieldList& fields() {
    static const FieldList all = withConvolutionFields(
        {}, {
                positiveInt("depthMultiplier").byDefault(1).help("Outputs for each channel of the input."),
                initializer("depthwiseInitializer")
                    .byDefault(initializerConfig("glorotNormal"))
                    .advanced()
                    .help("First values of the kernels."),
                regularizer("depthwiseRegularizer").advanced().help("Penalty on the kernels, added to the loss."),
                constraint("depthwiseConstraint").advanced().help("Applied to the kernels after each step."),
            });
    return all;
  }

  explicit DepthwiseConv2D(const LayerSetup& setup)
      : ImageConvolution(setup.config),
        m_multiplier(setup.config.intAt("depthMultiplier", 1)),
        m_kernel(weightOf(setup.config, "depthwise_kernel", "depthwise")) {
    std::ranges::fill(m_window.dilation, 1);
  }

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    Shape shape = convolvedShape(inputs, 1);
    shape.back() = inputs.front().back() * m_multiplier;
    return {shape};
  }

  std::vector<WeightDeclaration> weights(std::span<const Shape> inputs) const override {
    const std::int64_t channels = inputs.front().back();
    WeightDeclaration kernel = m_kernel;
    kernel.shape = {m_window.kernel[0], m_window.kernel[1], channels, m_multiplier};
    return withBias({kernel}, channels * m_multiplier);
  }

  void compile(PlanBuilder& plan) const override {
    const Value x = plan.input(), y = plan.output();
    kernels::WindowGeometry geometry = m_window.geometry(plan.shape(x), plan.shape(y));
    geometry.groups = geometry.inChannels;
    ConvolutionSteps steps(plan, x, y, geometry, "depthwise_kernel", "bias", m_activation);
    steps.addForward();
    if (plan.wantsBackward()) steps.addBackward(plan.outputGradient(), plan.inputGradient());
  }

 private:
  std::int64_t m_multiplier;
  WeightDeclaration m_kernel;
};

namespace layertypes {
LayerType depthwiseConv2D() {
  return {"DepthwiseConv2D",
          Category::Convolution,
          "Looks for patterns in each channel of an image by itself.",
          &DepthwiseConv2D::fields,
          &makeLayer<DepthwiseConv2D>,
          {"kernelSize", "depthMultiplier", "activation"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

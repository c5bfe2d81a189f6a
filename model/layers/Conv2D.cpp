// Conv2D: slides `filters` kernels over an image.
//   input  (batch, height, width, channels)           kernel (kernelHeight, kernelWidth, channels, filters)
//   output (batch, newHeight, newWidth, filters)      bias   (filters)
// Errors: ShapeMismatch when the input is no image, its channels are not known, or it is smaller than the window;
// InvalidConfig for channelsFirst, or strides with dilation, as in TensorFlow.js.
// Source: tfjs-layers/src/layers/convolutional.ts, classes BaseConv, Conv and Conv2D.
#include "model/layers/ConvolutionFields.h"
#include "model/layers/ConvolutionSteps.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class Conv2D final : public ImageConvolution {
 public:
  static const FieldList& fields() {
    static const FieldList all = withConvolutionFields(
        {
            positiveInt("filters").required().help("Number of kernels: channels of the output."),
            initializer("kernelInitializer")
                .byDefault(initializerConfig("glorotNormal"))
                .advanced()
                .help("First values of the kernels."),
            regularizer("kernelRegularizer").advanced().help("Penalty on the kernels, added to the loss."),
            constraint("kernelConstraint").advanced().help("Applied to the kernels after each step."),
        },
        {});
    return all;
  }

  explicit Conv2D(const LayerSetup& setup)
      : ImageConvolution(setup.config),
        m_filters(setup.config.intAt("filters", 0)),
        m_kernel(weightOf(setup.config, "kernel", "kernel")) {
    requireStridesOrDilation(m_window);
  }

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    return {convolvedShape(inputs, m_filters)};
  }

  std::vector<WeightDeclaration> weights(std::span<const Shape> inputs) const override {
    WeightDeclaration kernel = m_kernel;
    kernel.shape = {m_window.kernel[0], m_window.kernel[1], inputs.front().back(), m_filters};
    return withBias({kernel}, m_filters);
  }

  void compile(PlanBuilder& plan) const override {
    const Value x = plan.input(), y = plan.output();
    ConvolutionSteps steps(plan, x, y, m_window.geometry(plan.shape(x), plan.shape(y)), "kernel", "bias", m_activation);
    steps.addForward();
    if (plan.wantsBackward()) steps.addBackward(plan.outputGradient(), plan.inputGradient());
  }

 private:
  std::int64_t m_filters;
  WeightDeclaration m_kernel;
};

namespace layertypes {
LayerType conv2D() {
  return {"Conv2D",        Category::Convolution, "Looks for small patterns everywhere in an image.",
          &Conv2D::fields, &makeLayer<Conv2D>,    {"filters", "kernelSize", "activation"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

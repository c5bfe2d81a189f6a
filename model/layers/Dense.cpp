// Dense: output = activation(dot(input, kernel) + bias), over the last axis.
//   input  (batch, ..., inputDim)   kernel (inputDim, units)
//   output (batch, ..., units)      bias   (units)
// Errors: InvalidConfig when units < 1; ShapeMismatch when the last axis is not known.
// Source: tfjs-layers/src/layers/core.ts, class Dense (kernelInitializer is glorotNormal there, not Keras'
// glorotUniform).
#include "model/nn/ActivationType.h"
#include "model/nn/Layer.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/Elementwise.h"
#include "model/nn/kernels/Product.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

using kernels::ProductForm;

class Dense final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {
        positiveInt("units").required().help("Size of the output's last axis."),
        choice("activation", activationNames()).byDefault("linear").help("Applied to the result."),
        flag("useBias").byDefault(true).help("Whether to add a bias."),
        initializer("kernelInitializer")
            .byDefault(initializerConfig("glorotNormal"))
            .advanced()
            .help("First values of the kernel."),
        initializer("biasInitializer")
            .byDefault(initializerConfig("zeros"))
            .advanced()
            .help("First values of the bias."),
        regularizer("kernelRegularizer").advanced().help("Penalty on the kernel, added to the loss."),
        regularizer("biasRegularizer").advanced().help("Penalty on the bias, added to the loss."),
        regularizer("activityRegularizer").advanced().help("Penalty on the output. TensorFlow.js cannot run one."),
        constraint("kernelConstraint").advanced().help("Applied to the kernel after each step."),
        constraint("biasConstraint").advanced().help("Applied to the bias after each step."),
    };
    return all;
  }

  explicit Dense(const LayerSetup& setup)
      : m_units(setup.config.intAt("units", 0)),
        m_activation(activationFromName(setup.config.stringAt("activation", "linear"))),
        m_useBias(setup.config.boolAt("useBias", true)),
        m_kernel{"kernel",
                 {},
                 true,
                 *setup.config.find("kernelInitializer"),
                 *setup.config.find("kernelRegularizer"),
                 *setup.config.find("kernelConstraint")},
        m_bias{"bias",
               {m_units},
               true,
               *setup.config.find("biasInitializer"),
               *setup.config.find("biasRegularizer"),
               *setup.config.find("biasConstraint")} {
    requireNoActivityRegularizer(setup.config);
  }

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    Shape shape = onlyInput(inputs);
    if (shape.size() < 2 || shape.back() == kUnknownDim)
      throw Error(ErrorKind::ShapeMismatch, "needs an input whose last axis is known", {}, "rank");
    shape.back() = m_units;
    return {shape};
  }

  std::vector<WeightDeclaration> weights(std::span<const Shape> inputs) const override {
    std::vector<WeightDeclaration> all = {m_kernel};
    all.front().shape = {inputs.front().back(), m_units};
    if (m_useBias) all.push_back(m_bias);
    return all;
  }

  InputWish inputWish() const override { return InputWish::Flat; }

  void compile(PlanBuilder& plan) const override {
    const Value x = plan.input(), y = plan.output();
    const Value kernel = plan.weight("kernel"), bias = plan.weight("bias");
    const ComputePath path = plan.path();
    const ActivationType activation = m_activation;
    const std::int64_t columns = m_units, inner = plan.shape(x).back(), rows = elementCount(plan.shape(x)) / inner;
    // The few activations whose derivative needs their input keep it in a buffer of its own.
    const Value z = plan.wantsBackward() && derivativeNeedsInput(activation) ? plan.workspace(plan.shape(y)) : y;
    const double flops = 2.0 * double(rows * columns * inner);
    plan.forward(
        {x, kernel, bias}, {z, y},
        [=](const Addresses& at) -> Run {
          const auto product =
              std::make_shared<kernels::MatrixProduct>(path, ProductForm::Plain, rows, columns, inner, at.scratch());
          at.setKernel(product->kernel());
          return [=, x = at[x], k = at[kernel], b = at[bias], z = at[z], y = at[y]](const StepContext&) {
            product->run(x, k, z);
            kernels::biasActivation(path, activation, z, b, y, rows, columns);
          };
        },
        flops);
    const bool* isTailFused = plan.tail(activation);
    if (!plan.wantsBackward()) return;

    const Value dy = plan.outputGradient(), dx = plan.inputGradient();
    const Value dKernel = plan.weightGradient("kernel"), dBias = plan.weightGradient("bias");
    const double passes = (dKernel.isValid() ? 1 : 0) + (dx.isValid() ? 1 : 0);
    plan.backward(
        {x, y, z, kernel, dy}, {dy, dx, dKernel, dBias},
        [=](const Addresses& at) -> Run {
          const auto forKernel = std::make_shared<kernels::MatrixProduct>(path, ProductForm::TransposedA, inner,
                                                                          columns, rows, at.scratch());
          const auto forInput = std::make_shared<kernels::MatrixProduct>(path, ProductForm::TransposedB, rows, inner,
                                                                         columns, at.scratch());
          at.setKernel(forKernel->kernel());
          return [=, x = at[x], y = at[y], z = at[z], dy = at[dy], dx = at[dx], k = at[kernel], dKernel = at[dKernel],
                  dBias = at[dBias]](const StepContext&) {
            if (!*isTailFused) kernels::activationBackward(path, activation, z, y, dy, dy, rows, columns);
            if (dKernel) forKernel->run(x, dy, dKernel);
            if (dBias) kernels::sumRows(dy, dBias, rows, columns);
            if (dx) forInput->run(dy, k, dx);
          };
        },
        passes* flops);
  }

 private:
  std::int64_t m_units;
  ActivationType m_activation;
  bool m_useBias;
  WeightDeclaration m_kernel;
  WeightDeclaration m_bias;
};

namespace layertypes {
LayerType dense() {
  return {"Dense",        Category::Core,    "Fully connected: every output sees every input.",
          &Dense::fields, &makeLayer<Dense>, {"units", "activation"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

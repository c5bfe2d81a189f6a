#include "model/layers/ConvolutionSteps.h"

#include "model/nn/kernels/Elementwise.h"

#include <limits>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// What the forward step will compute; it grows while later layers are compiled, and is fixed when steps are bound.
struct ConvolutionSteps::Work final : Absorber {
  enum class Stage { Scale, Sum, Activation };  // in this order, each once

  ComputePath path;
  kernels::WindowGeometry geometry;
  kernels::ConvolutionOptions options;
  ChannelAffine affine;
  Stage next = Stage::Scale;
  std::unique_ptr<kernels::Convolution> convolution;

  bool advance(Stage stage) {
    if (stage < next) return false;
    next = Stage(int(stage) + 1);
    return true;
  }
  bool takeAffine(const ChannelAffine& given) override {
    if (!advance(Stage::Scale)) return false;
    options.isScaled = true;
    affine = given;
    return true;
  }
  bool takeSum() override { return advance(Stage::Sum) && (options.addsToOutput = true); }
  bool takeActivation(ActivationType type) override {
    if (type != ActivationType::Relu && type != ActivationType::Relu6) return type == ActivationType::Linear;
    return takeClip(type == ActivationType::Relu6 ? Scalar(6) : std::numeric_limits<Scalar>::infinity());
  }
  bool takeClip(Scalar largest) override {
    if (!advance(Stage::Activation)) return false;
    options.withRelu = true;
    options.largest = largest;
    return true;
  }
};

ConvolutionSteps::ConvolutionSteps(PlanBuilder& plan, Value x, Value y, const kernels::WindowGeometry& geometry,
                                   std::string_view kernelRole, std::string_view biasRole, ActivationType activation)
    : m_plan(plan),
      m_x(x),
      m_y(y),
      m_z(y),
      m_kernel(plan.weight(kernelRole)),
      m_bias(plan.weight(biasRole)),
      m_kernelRole(kernelRole),
      m_biasRole(biasRole),
      m_activation(activation),
      m_work(std::make_shared<Work>()) {
  m_work->path = plan.path();
  m_work->geometry = geometry;
  m_work->options.hasBias = m_bias.isValid();
  m_work->options.forTraining = plan.wantsBackward();
  if (plan.wantsBackward() && derivativeNeedsInput(activation)) m_z = plan.workspace(plan.shape(y));
}

void ConvolutionSteps::addForward() {
  const std::int64_t columns = m_work->geometry.outChannels, rows = m_work->geometry.outPixels();
  const bool isOutput = m_y.index == m_plan.output().index;
  // A relu is computed along; what else there is follows in a pass of its own, and nothing can be taken over then.
  const bool isAlong = m_plan.path() == ComputePath::Fast && m_work->takeActivation(m_activation);
  const ActivationType rest = isAlong ? ActivationType::Linear : m_activation;
  m_plan.forward(
      {m_x, m_kernel, m_bias}, {m_z, m_y},
      [=, work = m_work, z = m_z, x = m_x, y = m_y, kernel = m_kernel, bias = m_bias](const Addresses& at) -> Run {
        work->convolution =
            std::make_unique<kernels::Convolution>(work->path, work->geometry, work->options, at.scratch());
        at.setKernel(work->convolution->forwardKernel());
        const bool isScaled = work->options.isScaled;
        return [=, x = at[x], y = at[y], z = at[z], k = at[kernel], b = at[bias], gamma = at[work->affine.gamma],
                beta = at[work->affine.beta], mean = at[work->affine.mean], variance = at[work->affine.variance],
                epsilon = work->affine.epsilon](const StepContext& context) {
          const kernels::ChannelAffineAt affine{gamma, beta, mean, variance, epsilon};
          work->convolution->forward(x, k, b, isScaled ? &affine : nullptr, z, context.weightsVersion);
          kernels::biasActivation(work->path, rest, z, nullptr, y, rows, columns);
        };
      },
      m_work->geometry.flops());
  if (!isOutput) return;
  if (isAlong) m_plan.offer(m_work);
  m_isTailFused = m_plan.tail(m_activation);
}

void ConvolutionSteps::addBackward(Value dy, Value dx) {
  const Value dKernel = m_plan.weightGradient(m_kernelRole), dBias = m_plan.weightGradient(m_biasRole);
  const std::int64_t columns = m_work->geometry.outChannels, rows = m_work->geometry.outPixels();
  const double passes = (dKernel.isValid() ? 1 : 0) + (dx.isValid() ? 1 : 0);
  m_plan.backward(
      {m_x, m_y, m_z, m_kernel, dy}, {dy, dx, dKernel, dBias},
      [=, work = m_work, z = m_z, x = m_x, y = m_y, kernel = m_kernel, activation = m_activation,
       isTailFused = m_isTailFused](const Addresses& at) -> Run {
        at.setKernel(work->convolution->backwardKernel());
        const bool takesRelu = work->convolution->takesRelu(dx.isValid());
        return [=, x = at[x], y = at[y], z = at[z], k = at[kernel], dy = at[dy], dx = at[dx], dKernel = at[dKernel],
                dBias = at[dBias]](const StepContext& context) {
          const bool isMasked = takesRelu && !(isTailFused && *isTailFused);
          if (!isMasked && !(isTailFused && *isTailFused))
            kernels::activationBackward(work->path, activation, z, y, dy, dy, rows, columns);
          work->convolution->backward(x, isMasked ? +y : nullptr, dy, k, dKernel, dBias, dx, context.weightsVersion);
        };
      },
      passes * m_work->geometry.flops());
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

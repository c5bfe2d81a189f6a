#include "model/benchmark/Profile.h"

#include "model/benchmark/Repeats.h"
#include "model/nn/NetworkImpl.h"
#include "model/nn/Threads.h"

#include <algorithm>
#include <limits>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

/// The inputs, for a plan to read where they are; gives the plan its own places back.
class InputLoan {
 public:
  InputLoan(Plan& plan, std::span<const Tensor> inputs) : m_plan(plan), m_inputs(inputs.begin(), inputs.end()) {
    for (std::size_t i = 0; i < m_inputs.size(); ++i) plan.setInput(i, m_inputs[i].values.data());
  }
  ~InputLoan() {
    for (std::size_t i = 0; i < m_inputs.size(); ++i) m_plan.resetInput(i);
  }
  InputLoan(const InputLoan&) = delete;
  InputLoan& operator=(const InputLoan&) = delete;

 private:
  Plan& m_plan;
  std::vector<Tensor> m_inputs;
};

/// The best time of each step, and of them all in one run.
struct StepTimes {
  explicit StepTimes(std::size_t steps) : stepMs(steps, std::numeric_limits<double>::infinity()) {}

  std::vector<double> stepMs;
  double passMs = std::numeric_limits<double>::infinity();
};

void runTimed(const std::vector<Plan::Step>& steps, const StepContext& context, StepTimes& times) {
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < steps.size(); ++i)
    times.stepMs[i] = std::min(times.stepMs[i], timedMs([&] { steps[i].run(context); }));
  times.passMs = std::min(times.passMs, msSince(start));
}

void fillOutputGradients(Plan& plan) {
  for (Plan::Output& output : plan.outputs) {
    Scalar* gradient = plan.data(output.gradient);
    if (!gradient) continue;
    output.isTailFused = output.tail == ActivationType::Softmax || output.tail == ActivationType::Sigmoid;
    std::fill_n(gradient, elementCount(plan.shape(output.value)), Scalar(1e-3));
  }
}

void add(const Plan::Step& step, double ms, PassProfile& pass) {
  ++pass.steps;
  pass.ms += ms;
  pass.flops += step.cost.flops;
  pass.bytes += step.cost.bytes;
  if (step.cost.kernel.empty() || pass.kernel.find(step.cost.kernel) != std::string::npos) return;
  pass.kernel += (pass.kernel.empty() ? "" : ", ") + step.cost.kernel;
}

std::vector<LayerProfile> layersOf(const Network::Impl& network, const Plan& plan) {
  std::vector<LayerProfile> layers;
  for (const LayerSpec& spec : network.graph.layers) {
    if (spec.className == "InputLayer") continue;
    LayerProfile layer;
    layer.layer = spec.id;
    layer.name = spec.name;
    layer.className = spec.className;
    for (const Parameter& parameter : network.parameters.parameters())
      if (parameter.layer == spec.id) layer.weightBytes += parameter.count * std::int64_t(sizeof(Scalar));
    for (const Plan::LayerValue& value : plan.layerValues) {
      if (value.layer != spec.id) continue;
      if (layer.outputShape.empty()) layer.outputShape = plan.shape(value.value);
      layer.outputBytes += elementCount(plan.shape(value.value)) * std::int64_t(sizeof(Scalar));
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

void share(const std::vector<Plan::Step>& steps, const StepTimes& times, PassProfile LayerProfile::*pass,
           std::vector<LayerProfile>& layers) {
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (const auto found = std::ranges::find(layers, steps[i].layer, &LayerProfile::layer); found != layers.end())
      add(steps[i], times.stepMs[i], (*found).*pass);
}

}  // namespace

NetworkProfile profileNetwork(Network& network, std::span<const Tensor> inputs, PlanMode mode, int repeats) {
  Network::Impl& impl = network.impl();
  impl.checkInputs(inputs);
  const ThreadScope scope(threadCount());
  std::int64_t samples = inputs.empty() ? 0 : inputs[0].batch();
  if (mode == PlanMode::Inference) samples = std::min(samples, impl.samplesAtOnce(samples));
  Plan& plan = impl.plan(impl.batchShapes(inputs, samples), mode);
  const InputLoan loan(plan, inputs);

  StepTimes forward(plan.forwardSteps.size()), backward(plan.backwardSteps.size());
  for (int repeat = 0; repeat <= std::max(repeats, 1); ++repeat) {  // the first warms up; a best of all leaves it out
    if (mode == PlanMode::Training) ++impl.parameters.version;      // an optimizer has changed the weights
    const StepContext context = impl.context(std::uint64_t(repeat));
    runTimed(plan.forwardSteps, context, forward);
    if (mode != PlanMode::Training) continue;
    fillOutputGradients(plan);
    runTimed(plan.backwardSteps, context, backward);
  }

  NetworkProfile profile;
  profile.samples = samples;
  profile.layers = layersOf(impl, plan);
  share(plan.forwardSteps, forward, &LayerProfile::forward, profile.layers);
  share(plan.backwardSteps, backward, &LayerProfile::backward, profile.layers);
  profile.forwardMs = forward.passMs;
  profile.backwardMs = mode == PlanMode::Training ? backward.passMs : 0;
  profile.arenaBytes = std::int64_t(plan.arenaBytes());
  for (const LayerProfile& layer : profile.layers) profile.weightBytes += layer.weightBytes;
  return profile;
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

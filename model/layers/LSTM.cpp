// LSTM: long short-term memory over the time steps of a sequence.
//   input  (batch, steps, features)   kernel           (features, 4 units)
//   h, c   (batch, units), optional   recurrent_kernel (units, 4 units)
//   output (batch, units)             bias             (4 units)
// Gates stand in the order input, forget, cell, output: i, f, o = recurrentActivation(z), g = activation(z),
// c = f c + i g, h = o activation(c). With returnSequences the output is (batch, steps, units), in the order computed;
// with returnState the last h and c follow as outputs. A second and third input are the states to start from.
// dropout masks the input and recurrentDropout h, the same for all time steps. stateful: a batch starts from the state
// the one before ended with, training and prediction alike, until Network::resetStates(); all batches have one size.
// Masks of time steps are not looked at. Regularizers of the weights are kept but, as in TensorFlow.js, which asks the
// cell for them and never the layer, not added to the loss.
// Errors: ShapeMismatch when the input is no sequence, its features are not known, or a state does not fit;
// InvalidConfig for stateful where the batch size is not known.
// Source: tfjs-layers/src/layers/recurrent.ts, classes RNN, LSTMCell and LSTM (unitForgetBias is off by default there).
#include "model/nn/kernels/Lstm.h"
#include "model/core/Random.h"
#include "model/nn/ActivationType.h"
#include "model/nn/Layer.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/DropoutMask.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class LSTM final : public Layer {
 public:
  static const FieldList& fields();

  explicit LSTM(const LayerSetup& setup);

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override;
  std::vector<WeightDeclaration> weights(std::span<const Shape> inputs) const override;
  void compile(PlanBuilder& plan) const override;

 private:
  template <class Operand>
  struct Operands;
  Operands<Value> declareValues(PlanBuilder& plan) const;
  static Operands<Slot> slotsOf(const Operands<Value>& v, const Addresses& at);
  static kernels::LstmRun runOf(const Operands<Slot>& slots, const StepContext& context);
  kernels::LstmGeometry geometry(const PlanBuilder& plan) const;
  void addForward(PlanBuilder& plan, const Operands<Value>& v, const std::shared_ptr<kernels::Lstm>& lstm) const;
  void addBackward(PlanBuilder& plan, const Operands<Value>& v, const std::shared_ptr<kernels::Lstm>& lstm) const;

  std::int64_t m_units;
  ActivationType m_activation;
  ActivationType m_recurrentActivation;
  double m_dropout;
  double m_recurrentDropout;
  bool m_returnSequences;
  bool m_returnState;
  bool m_goBackwards;
  bool m_isStateful;
  std::vector<WeightDeclaration> m_weights;
};

const FieldList& LSTM::fields() {
  static const FieldList all = {
      positiveInt("units").required().help("Size of the output, and of the two states."),
      choice("activation", activationNames()).byDefault("tanh").help("Of what enters the cell, and of the output."),
      choice("recurrentActivation", activationNames()).byDefault("hardSigmoid").help("Of the three gates."),
      flag("useBias").byDefault(true).help("Whether to add a bias."),
      initializer("kernelInitializer")
          .byDefault(initializerConfig("glorotNormal"))
          .advanced()
          .help("First values of the kernel."),
      initializer("recurrentInitializer")
          .byDefault(initializerConfig("orthogonal"))
          .advanced()
          .help("First values of the recurrent kernel."),
      initializer("biasInitializer").byDefault(initializerConfig("zeros")).advanced().help("First values of the bias."),
      flag("unitForgetBias")
          .byDefault({})
          .nullable()
          .advanced()
          .help("Whether the forget gate's bias starts at 1, so that much is remembered at first."),
      regularizer("kernelRegularizer").advanced().help("Kept as it is. TensorFlow.js never adds it to the loss."),
      regularizer("recurrentRegularizer").advanced().help("Kept as it is. TensorFlow.js never adds it to the loss."),
      regularizer("biasRegularizer").advanced().help("Kept as it is. TensorFlow.js never adds it to the loss."),
      regularizer("activityRegularizer").advanced().help("Penalty on the output. TensorFlow.js cannot run one."),
      constraint("kernelConstraint").advanced().help("Applied to the kernel after each step."),
      constraint("recurrentConstraint").advanced().help("Applied to the recurrent kernel after each step."),
      constraint("biasConstraint").advanced().help("Applied to the bias after each step."),
      number("dropout").byDefault(0).atLeast(0).atMost(1).help(
          "Fraction of the input's features dropped while training, the same in all time steps."),
      number("recurrentDropout")
          .byDefault(0)
          .atLeast(0)
          .atMost(1)
          .help("Fraction of the state dropped on its way to the gates while training."),
      integer("implementation").nullable().advanced().help("Kept for Keras; changes nothing here."),
      flag("returnSequences").byDefault(false).help("Whether to give the output of every time step, not the last."),
      flag("returnState").byDefault(false).advanced().help("Whether to give the last h and c as further outputs."),
      flag("goBackwards").byDefault(false).advanced().help("Whether to go from the last time step to the first."),
      flag("stateful").byDefault(false).advanced().help("Whether a batch goes on where the one before ended."),
      flag("unroll").byDefault(false).advanced().help("Kept for Keras; changes nothing here."),
  };
  return all;
}

LSTM::LSTM(const LayerSetup& setup)
    : m_units(setup.config.intAt("units", 0)),
      m_activation(activationFromName(setup.config.stringAt("activation", "tanh"))),
      m_recurrentActivation(activationFromName(setup.config.stringAt("recurrentActivation", "hardSigmoid"))),
      m_dropout(setup.config.numberAt("dropout", 0)),
      m_recurrentDropout(setup.config.numberAt("recurrentDropout", 0)),
      m_returnSequences(setup.config.boolAt("returnSequences", false)),
      m_returnState(setup.config.boolAt("returnState", false)),
      m_goBackwards(setup.config.boolAt("goBackwards", false)),
      m_isStateful(setup.config.boolAt("stateful", false)) {
  const FieldMap& config = setup.config;
  requireNoActivityRegularizer(config);
  const auto declare = [&](const char* role, const std::string& field) {
    m_weights.push_back({role,
                         {m_units, 4 * m_units},
                         true,
                         *config.find(field + "Initializer"),
                         {},
                         *config.find(field + "Constraint")});
  };
  declare("kernel", "kernel");
  declare("recurrent_kernel", "recurrent");
  if (!config.boolAt("useBias", true)) return;
  declare("bias", "bias");
  m_weights.back().shape = {4 * m_units};
  if (config.boolAt("unitForgetBias", false)) m_weights.back().forgetUnits = m_units;
}

std::vector<Shape> LSTM::outputShapes(std::span<const Shape> inputs) const {
  if (inputs.size() != 1 && inputs.size() != 3)
    throw Error(ErrorKind::ShapeMismatch, "needs one input, or three: a sequence and the states h and c");
  const Shape& shape = inputs.front();
  if (shape.size() != 3 || shape[2] == kUnknownDim)
    throw Error(ErrorKind::ShapeMismatch, "needs a sequence (steps, features) whose number of features is known");
  for (const Shape& state : inputs.subspan(1))
    if (state.size() != 2 || state[1] != m_units)
      throw Error(ErrorKind::ShapeMismatch, "needs states of " + std::to_string(m_units) + " units");
  if (m_isStateful && shape[0] == kUnknownDim)
    throw Error(ErrorKind::InvalidConfig,
                "A stateful layer needs to know the batch size. Set it as the first size of the input's "
                "batchInputShape, or switch stateful off.",
                {}, "stateful");
  std::vector<Shape> outputs = {{shape[0], m_units}};
  if (m_returnState) outputs.resize(3, outputs.front());
  if (m_returnSequences) outputs.front() = {shape[0], shape[1], m_units};
  return outputs;
}

std::vector<WeightDeclaration> LSTM::weights(std::span<const Shape> inputs) const {
  std::vector<WeightDeclaration> all = m_weights;
  all.front().shape.front() = inputs.front()[2];
  return all;
}

/// All that one call reads and writes, as values of the plan and as the places where these lie; where there is none,
/// invalid or null.
template <class Operand>
struct LSTM::Operands {
  Operand x, kernel, recurrentKernel, bias, startH, startC, inputMask, recurrentMask;
  Operand y, lastH, lastC, stateH, stateC, kept;
};

LSTM::Operands<Slot> LSTM::slotsOf(const Operands<Value>& v, const Addresses& at) {
  return {at[v.x],
          at[v.kernel],
          at[v.recurrentKernel],
          at[v.bias],
          at[v.startH.isValid() ? v.startH : v.stateH],
          at[v.startC.isValid() ? v.startC : v.stateC],
          at[v.inputMask],
          at[v.recurrentMask],
          at[v.y],
          at[v.lastH.isValid() ? v.lastH : v.stateH],
          at[v.lastC.isValid() ? v.lastC : v.stateC],
          at[v.stateH],
          at[v.stateC],
          at[v.kept]};
}

kernels::LstmRun LSTM::runOf(const Operands<Slot>& slots, const StepContext& context) {
  return {slots.x,      slots.kernel,    slots.recurrentKernel, slots.bias, slots.startH,
          slots.startC, slots.inputMask, slots.recurrentMask,   slots.y,    slots.lastH,
          slots.lastC,  slots.kept,      context.weightsVersion};
}

kernels::LstmGeometry LSTM::geometry(const PlanBuilder& plan) const {
  const Shape& shape = plan.shape(plan.input());
  kernels::LstmGeometry g;
  g.batch = shape[0];
  g.steps = shape[1];
  g.features = shape[2];
  g.units = m_units;
  g.activation = m_activation;
  g.recurrentActivation = m_recurrentActivation;
  g.goesBackwards = m_goBackwards;
  g.returnsSequences = m_returnSequences;
  g.hasRecurrentMask = plan.isTraining() && m_recurrentDropout > 0 && m_recurrentDropout < 1;
  g.forTraining = plan.wantsBackward();
  return g;
}

LSTM::Operands<Value> LSTM::declareValues(PlanBuilder& plan) const {
  const kernels::LstmGeometry g = geometry(plan);
  Operands<Value> v;
  v.x = plan.input();
  v.kernel = plan.weight("kernel");
  v.recurrentKernel = plan.weight("recurrent_kernel");
  v.bias = plan.weight("bias");
  if (plan.inputCount() == 3) v.startH = plan.input(1), v.startC = plan.input(2);
  v.y = plan.output();
  if (m_returnState) v.lastH = plan.output(1), v.lastC = plan.output(2);
  if (m_isStateful) {
    v.stateH = plan.state("h", {g.batch, g.units});
    v.stateC = plan.state("c", {g.batch, g.units});
  }
  // As in TensorFlow.js a rate of 0 or of 1 lets everything pass.
  if (plan.isTraining() && m_dropout > 0 && m_dropout < 1) v.inputMask = plan.workspace({g.batch, g.features});
  if (g.hasRecurrentMask) v.recurrentMask = plan.workspace({g.batch, g.units});
  v.kept = plan.workspace({kernels::lstmKeptSize(g)});
  return v;
}

/// Of products of all gates with `size` values, over all time steps.
static double productFlops(const kernels::LstmGeometry& g, std::int64_t size) {
  return 2.0 * double(g.batch * g.steps) * double(4 * g.units) * double(size);
}

void LSTM::compile(PlanBuilder& plan) const {
  const auto lstm = std::make_shared<kernels::Lstm>(plan.path(), geometry(plan));
  const Operands<Value> values = declareValues(plan);
  addForward(plan, values, lstm);
  if (plan.wantsBackward()) addBackward(plan, values, lstm);
}

void LSTM::addForward(PlanBuilder& plan, const Operands<Value>& v, const std::shared_ptr<kernels::Lstm>& lstm) const {
  const kernels::LstmGeometry g = geometry(plan);
  const std::uint64_t layer = plan.layer().value;
  const double keep = 1 - m_dropout, recurrentKeep = 1 - m_recurrentDropout;
  const std::int64_t features = g.batch * g.features, states = g.batch * g.units;
  const std::uint64_t afterFeatures = std::uint64_t(features + 3) / 4 * 4;
  plan.forward(
      {v.x, v.startH, v.startC}, {v.y, v.lastH, v.lastC, v.kept, v.inputMask, v.recurrentMask},
      [=](const Addresses& at) -> Run {
        lstm->prepare(at.scratch());
        return [=, slots = slotsOf(v, at)](const StepContext& context) {
          const Random random(context.seed, (layer << 32) ^ context.step);
          const kernels::LstmRun run = runOf(slots, context);
          Scalar *const inputMask = slots.inputMask, *const recurrentMask = slots.recurrentMask;
          if (inputMask) kernels::dropoutMask(random, keep, 0, inputMask, features);
          if (recurrentMask) kernels::dropoutMask(random, recurrentKeep, afterFeatures, recurrentMask, states);
          lstm->forward(run);
          Scalar *const stateH = slots.stateH, *const stateC = slots.stateC;
          if (stateH && stateH != run.lastH) std::copy_n(run.lastH, states, stateH);
          if (stateC && stateC != run.lastC) std::copy_n(run.lastC, states, stateC);
        };
      },
      productFlops(g, g.features + g.units));
}

void LSTM::addBackward(PlanBuilder& plan, const Operands<Value>& v, const std::shared_ptr<kernels::Lstm>& lstm) const {
  const Value dy = plan.outputGradient(), dx = plan.inputGradient();
  Value dLastH, dLastC, dStartH, dStartC;
  if (m_returnState) dLastH = plan.outputGradient(1), dLastC = plan.outputGradient(2);
  if (plan.inputCount() == 3) dStartH = plan.inputGradient(1), dStartC = plan.inputGradient(2);
  const Value dKernel = plan.weightGradient("kernel"), dRecurrent = plan.weightGradient("recurrent_kernel");
  const Value dBias = plan.weightGradient("bias");
  const kernels::LstmGeometry g = geometry(plan);
  const Value scratch = plan.workspace({kernels::lstmScratchSize(g)});
  plan.backward(
      {v.x, v.kept, v.inputMask, v.recurrentMask, dy, dLastH, dLastC},
      {v.kept, dx, dStartH, dStartC, dKernel, dRecurrent, dBias, scratch},
      [=](const Addresses& at) -> Run {
        return [=, slots = slotsOf(v, at), dy = at[dy], dLastH = at[dLastH], dLastC = at[dLastC], dx = at[dx],
                dKernel = at[dKernel], dRecurrent = at[dRecurrent], dBias = at[dBias], dStartH = at[dStartH],
                dStartC = at[dStartC], scratch = at[scratch]](const StepContext& context) {
          lstm->backward(runOf(slots, context),
                         {dy, dLastH, dLastC, dx, dKernel, dRecurrent, dBias, dStartH, dStartC, scratch});
        };
      },
      productFlops(g, (dx.isValid() ? 2 : 1) * g.features + 2 * g.units));
}

namespace layertypes {
LayerType lSTM() {
  return {"LSTM",        Category::Recurrent, "Reads a sequence step by step and remembers what matters for long.",
          &LSTM::fields, &makeLayer<LSTM>,    {"units", "returnSequences"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

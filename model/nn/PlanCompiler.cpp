#include "model/nn/PlanCompiler.h"

#include "model/core/Limits.h"
#include "model/core/MemoryNeed.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/Elementwise.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {
constexpr std::int64_t kAlwaysFits = 32 * limits::kMiB;
}

class PlanCompiler {
 public:
  PlanCompiler(const PlanSource& source, PlanMode mode) : m_source(source), m_plan(std::make_unique<Plan>()) {
    m_builder.m_path = source.path;
    m_builder.m_mode = mode;
    m_builder.m_parameters = &source.parameters;
    m_builder.m_states = &source.states;
  }

  std::unique_ptr<Plan> compile(std::span<const Shape> inputShapes) {
    addSteps(inputShapes);
    m_plan->m_arena = Arena(plan());
    place();
    return std::move(m_plan);
  }

  /// Bytes that compile() would allocate for values and gradients; allocates nothing itself.
  std::int64_t measure(std::span<const Shape> inputShapes) {
    m_isMeasuring = true;
    addSteps(inputShapes);
    std::int64_t bytes = std::int64_t(plan());
    if (m_builder.isTraining() && !m_source.parameters.hasGradients())
      bytes += std::int64_t(m_source.parameters.trainable().size_bytes());
    return bytes;
  }

 private:
  void addSteps(std::span<const Shape> inputShapes);
  void addParameters();
  void addCall(const CallRef& call, std::span<const Shape> inputShapes);
  void addOutputs();
  void joinBackward();
  void addUp(const PlanBuilder::Contribution& contribution, LayerId layer);
  std::size_t plan();
  void place();
  std::vector<Plan::Step> bind(std::vector<PlanBuilder::PendingStep>& steps);
  void countReaders();
  int readers(const TensorRef& ref) const;  ///< how many inputs of calls it is
  bool isOutput(const TensorRef& ref) const;
  Value newOutput(const CallRef& call, std::size_t index, Shape shape);
  void setInputs(const CallRef& call);
  Plan::Output* exclusiveOutput(const CallRef& call);
  bool hasTrainableWeights(LayerId layer) const;

  const PlanSource& m_source;
  std::unique_ptr<Plan> m_plan;
  PlanBuilder m_builder;
  std::map<CallRef, std::vector<Value>> m_outputs;
  std::map<std::tuple<LayerId, int, int>, int> m_readers;
  std::vector<PlanBuilder::PendingStep> m_backward;
  std::vector<ArenaPiece> m_pieces;   // of the values that lie in the arena
  std::vector<std::size_t> m_owners;  // by piece: its value
  bool m_isMeasuring = false;
  std::set<int> m_written;  // gradients that hold a first contribution
};

void PlanCompiler::addSteps(std::span<const Shape> inputShapes) {
  countReaders();
  addParameters();
  m_plan->outputs.resize(m_source.graph.outputs.size());
  for (const CallRef& call : m_source.inferred.calls) addCall(call, inputShapes);
  addOutputs();
  joinBackward();
}

void PlanCompiler::addParameters() {
  if (m_builder.isTraining() && !m_isMeasuring) m_source.parameters.needGradients();
  for (const Parameter& parameter : m_source.parameters.parameters()) {
    const Shape& shape = parameter.declaration.shape;
    m_builder.m_parameterValues.push_back(m_builder.newValue(shape, m_source.parameters.values(parameter).data()));
    const bool hasGradient = m_builder.isTraining() && parameter.isTrainable;
    m_builder.m_parameterGradients.push_back(
        !hasGradient    ? Value()
        : m_isMeasuring ? m_builder.newValue(shape, m_source.parameters.values(parameter).data())  // any place will do
                        : m_builder.newValue(shape, m_source.parameters.gradients(parameter).data()));
  }
}

void PlanCompiler::countReaders() {
  for (const CallRef& call : m_source.inferred.calls)
    if (const LayerSpec* spec = m_source.graph.find(call.layer); std::size_t(call.call) < spec->calls.size())
      for (const TensorRef& ref : spec->calls[std::size_t(call.call)].inputs)
        ++m_readers[{ref.layer, ref.nodeIndex, ref.tensorIndex}];
}

int PlanCompiler::readers(const TensorRef& ref) const {
  const auto found = m_readers.find({ref.layer, ref.nodeIndex, ref.tensorIndex});
  return found == m_readers.end() ? 0 : found->second;
}

bool PlanCompiler::isOutput(const TensorRef& ref) const {
  return std::ranges::find(m_source.graph.outputs, ref) != m_source.graph.outputs.end();
}

Plan::Output* PlanCompiler::exclusiveOutput(const CallRef& call) {
  const TensorRef ref{call.layer, call.call, 0};
  const auto& outputs = m_source.graph.outputs;
  if (std::ranges::count(outputs, ref) != 1 || readers(ref) > 0) return nullptr;
  return &m_plan->outputs[std::size_t(std::ranges::find(outputs, ref) - outputs.begin())];
}

Value PlanCompiler::newOutput(const CallRef& call, std::size_t index, Shape shape) {
  const TensorRef ref{call.layer, call.call, int(index)};
  const Value value = m_builder.newValue(std::move(shape));
  m_builder.m_readersLeft[std::size_t(value.index)] = readers(ref);
  m_builder.m_isKept[std::size_t(value.index)] = isOutput(ref);
  return value;
}

void PlanCompiler::setInputs(const CallRef& call) {
  m_builder.m_inputs.clear();
  m_builder.m_isSoleReader.clear();
  for (const TensorRef& ref : m_source.graph.find(call.layer)->calls[std::size_t(call.call)].inputs) {
    const Value value = m_outputs.at({ref.layer, ref.nodeIndex}).at(std::size_t(ref.tensorIndex));
    m_builder.m_inputs.push_back(value);
    m_builder.m_isSoleReader.push_back(readers(ref) == 1 && !isOutput(ref));
    --m_builder.m_readersLeft[std::size_t(value.index)];
  }
}

bool PlanCompiler::hasTrainableWeights(LayerId layer) const {
  return std::ranges::any_of(m_source.parameters.parameters(),
                             [&](const Parameter& p) { return p.layer == layer && p.isTrainable; });
}

void PlanCompiler::addCall(const CallRef& call, std::span<const Shape> inputShapes) {
  const LayerSpec& spec = *m_source.graph.find(call.layer);
  const auto asInput = std::ranges::find(m_source.graph.inputs, call.layer, &TensorRef::layer);
  if (asInput != m_source.graph.inputs.end()) {
    const auto index = std::size_t(asInput - m_source.graph.inputs.begin());
    const Value value = newOutput(call, 0, inputShapes[index]);
    m_builder.m_isKept[std::size_t(value.index)] = true;
    m_plan->inputs.resize(m_source.graph.inputs.size());
    m_plan->inputs[index] = value;
    m_outputs[call] = {value};
    m_plan->layerValues.push_back({call.layer, call.call, value});
    return;
  }

  const Layer& layer = *m_source.inferred.layers.at(call.layer);
  m_builder.m_layer = call.layer;
  setInputs(call);
  std::vector<Shape> shapes;
  bool needsGradient = hasTrainableWeights(call.layer);
  for (const Value value : m_builder.m_inputs) {
    shapes.push_back(m_builder.shape(value));
    needsGradient |= m_builder.m_gradientOf[std::size_t(value.index)].isValid();
  }
  m_builder.m_wantsBackward = m_builder.isTraining() && needsGradient;
  m_builder.m_outputs.clear();
  try {
    for (Shape& shape : layer.outputShapes(shapes))
      m_builder.m_outputs.push_back(newOutput(call, m_builder.m_outputs.size(), std::move(shape)));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::ShapeMismatch || shapes.empty()) throw;
    throw Error(ErrorKind::ShapeMismatch,
                "`" + spec.name + "` " + error.message() + ", but it gets " + toString(shapes.front()) + ".");
  }
  if (m_builder.m_wantsBackward)
    for (const Value value : std::vector<Value>(m_builder.m_outputs))
      m_builder.m_gradientOf[std::size_t(value.index)] = m_builder.newValue(m_builder.shape(value));

  m_outputs[call] = m_builder.m_outputs;
  m_plan->layerValues.push_back({call.layer, call.call, m_builder.m_outputs.front()});
  m_builder.m_calls.emplace_back();
  m_builder.m_exclusiveOutput = exclusiveOutput(call);
  layer.compile(m_builder);
}

void PlanCompiler::addOutputs() {
  for (std::size_t i = 0; i < m_source.graph.outputs.size(); ++i) {
    const TensorRef& ref = m_source.graph.outputs[i];
    const Value value = m_outputs.at({ref.layer, ref.nodeIndex}).at(std::size_t(ref.tensorIndex));
    m_plan->outputs[i].value = value;
    const Value whole = m_builder.m_gradientOf[std::size_t(value.index)];
    if (!whole.isValid()) continue;
    m_plan->outputs[i].gradient = m_builder.newValue(m_builder.shape(value));
    addUp({m_plan->outputs[i].gradient, whole}, ref.layer);
  }
}

void PlanCompiler::addUp(const PlanBuilder::Contribution& contribution, LayerId layer) {
  const auto [part, whole] = contribution;
  if (m_written.insert(whole.index).second) {
    // The first part is the whole so far: it moves into the whole's storage (a weight's lies in the parameter block).
    m_builder.m_parent[std::size_t(m_builder.root(part))] = m_builder.root(whole);
    return;
  }
  const std::int64_t count = elementCount(m_builder.shape(whole));
  m_backward.push_back({layer, {part, whole}, {whole}, [part = part, whole = whole, count](const Addresses& at) -> Run {
                          return [to = at[whole], from = at[part], count](const StepContext&) {
                            kernels::addTo(to, from, count);
                          };
                        }});
}

void PlanCompiler::joinBackward() {
  for (std::size_t i = m_builder.m_calls.size(); i-- > 0;) {
    PlanBuilder::CallSteps& call = m_builder.m_calls[i];
    const LayerId layer = call.backward.empty() ? LayerId() : call.backward.front().layer;
    for (auto& step : call.backward) m_backward.push_back(std::move(step));
    for (const auto& contribution : call.contributions) addUp(contribution, layer);
  }
}

/// Finds out how long each value lives and gives it a place; the bytes of all.
std::size_t PlanCompiler::plan() {
  const int forwardCount = int(m_builder.m_forward.size());
  const int last = forwardCount + 1 + int(m_backward.size());
  const std::size_t count = m_builder.m_shapes.size();
  std::vector<ArenaPiece> pieces(count, ArenaPiece{0, std::numeric_limits<int>::max(), -1, 0});
  std::set<int> unread;  // gradients of outputs that lead nowhere: they get no place
  for (const Value gradient : m_builder.m_gradientOf)
    if (gradient.isValid() && !m_written.contains(gradient.index)) unread.insert(m_builder.root(gradient));
  const auto use = [&](Value value, int when) {
    if (!value.isValid() || unread.contains(m_builder.root(value))) return;
    ArenaPiece& piece = pieces[std::size_t(m_builder.root(value))];
    piece.first = std::min(piece.first, when);
    piece.last = std::max(piece.last, when);
  };
  const auto useAll = [&](const std::vector<PlanBuilder::PendingStep>& steps, int start) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (const Value value : steps[i].reads) use(value, start + int(i));
      for (const Value value : steps[i].writes) use(value, start + int(i));
    }
  };
  useAll(m_builder.m_forward, 1);
  useAll(m_backward, forwardCount + 2);
  for (const Value value : m_plan->inputs) use(value, 0);
  for (const Plan::Output& output : m_plan->outputs) {  // the loss reads and writes between the two, metrics at the end
    use(output.value, forwardCount + 1);
    use(output.value, last);
    use(output.gradient, forwardCount + 1);
  }
  if (m_builder.m_mode == PlanMode::Inspect)
    for (const auto& [call, values] : m_outputs)
      for (const Value value : values) use(value, last);

  for (std::size_t i = 0; i < count; ++i) {
    if (m_builder.m_parent[i] != int(i) || m_builder.m_external[i] || pieces[i].last < 0) continue;
    pieces[i].size = std::size_t(elementCount(m_builder.m_shapes[i])) * sizeof(Scalar);
    m_pieces.push_back(pieces[i]);
    m_owners.push_back(i);
  }
  return planArena(m_pieces);
}

void PlanCompiler::place() {
  const std::size_t count = m_builder.m_shapes.size();
  std::vector<Scalar*> roots = m_builder.m_external;
  for (std::size_t i = 0; i < m_pieces.size(); ++i)
    roots[m_owners[i]] = reinterpret_cast<Scalar*>(m_plan->m_arena.data() + m_pieces[i].offset);
  for (std::size_t i = 0; i < count; ++i) m_plan->m_addresses.push_back(roots[std::size_t(m_builder.root({int(i)}))]);
  m_plan->m_shapes = m_builder.m_shapes;
  for (const Value input : m_plan->inputs) {
    m_plan->m_inputValues.emplace_back();
    m_plan->m_ownInputs.push_back(m_plan->data(input));
    for (int i = 0; i < int(count); ++i)
      if (m_builder.root({i}) == m_builder.root(input)) m_plan->m_inputValues.back().push_back({i});
  }
  m_plan->forwardSteps = bind(m_builder.m_forward);
  m_plan->backwardSteps = bind(m_backward);
  m_plan->m_scratch.allocate();
}

std::vector<Plan::Step> PlanCompiler::bind(std::vector<PlanBuilder::PendingStep>& steps) {
  std::vector<Plan::Step> bound;
  bound.reserve(steps.size());
  const Addresses addresses(m_plan->m_addresses, m_plan->m_scratch);
  for (const auto& step : steps) {
    addresses.m_kernel.clear();
    Run run = step.bind(addresses);
    StepCost cost{step.flops, 0, addresses.m_kernel};
    for (const auto* values : {&step.reads, &step.writes})
      for (const Value value : *values)
        if (value.isValid()) cost.bytes += double(elementCount(m_builder.shape(value))) * sizeof(Scalar);
    bound.push_back({step.layer, std::move(run), std::move(cost)});
  }
  return bound;
}

namespace {

/// Values of all layers for one sample, more or less: tells small plans from large ones without compiling any.
std::int64_t roughBytes(const PlanSource& source, std::int64_t batch) {
  std::int64_t values = 0;
  for (const auto& [layer, report] : source.inferred.report.layers)
    for (const Shape& shape : report.outputShapes) {
      const Shape sample(shape.begin() + 1, shape.end());
      if (!isFullyKnown(sample)) return std::numeric_limits<std::int64_t>::max();
      values += elementCount(sample);
    }
  return values * batch * std::int64_t(sizeof(Scalar));
}

std::int64_t bytesFor(const PlanSource& source, std::span<const Shape> inputShapes, PlanMode mode, std::int64_t batch) {
  std::vector<Shape> shapes(inputShapes.begin(), inputShapes.end());
  for (Shape& shape : shapes) shape[0] = batch;
  return PlanCompiler(source, mode).measure(shapes);
}

}  // namespace

void requireMemoryForPlan(const PlanSource& source, std::span<const Shape> inputShapes, PlanMode mode) {
  const std::int64_t batch = inputShapes.empty() ? 1 : inputShapes.front().front();
  const std::int64_t rough = roughBytes(source, batch);
  if (rough < kAlwaysFits && !hasMemoryLimit()) return;
  const std::int64_t need = bytesFor(source, inputShapes, mode, batch);
  const std::int64_t available = availableMemory();
  if (need <= available) return;
  std::int64_t fits = 0, tooMuch = batch;
  while (tooMuch - fits > 1) {
    const std::int64_t middle = fits + (tooMuch - fits) / 2;
    (bytesFor(source, inputShapes, mode, middle) <= available ? fits : tooMuch) = middle;
  }
  throw Error(ErrorKind::LimitExceeded,
              "A batch of " + std::to_string(batch) + " needs about " + memoryText(need) + " of memory; " +
                  memoryText(available) + " are free" +
                  (fits > 0 ? ": a batch size of " + std::to_string(fits) + " would fit."
                            : ", which is too little for a single sample."),
              "E402", "batchSize");
}

std::unique_ptr<Plan> compilePlan(const PlanSource& source, std::span<const Shape> inputShapes, PlanMode mode) {
  requireMemoryForPlan(source, inputShapes, mode);
  return PlanCompiler(source, mode).compile(inputShapes);
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

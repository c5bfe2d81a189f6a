#include "model/nn/Network.h"

#include "model/core/MappedBytes.h"
#include "model/core/MemoryNeed.h"
#include "model/nn/Initializers.h"
#include "model/nn/NetworkImpl.h"
#include "model/nn/PlanCompiler.h"
#include "model/nn/Threads.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <type_traits>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

std::atomic<ComputePath> defaultPath{ComputePath::Fast};

/// Smaller weights are copied: side by side and aligned they cost nothing and run faster.
constexpr std::size_t kBorrowedBytes = 64 * 1024;

/// The given weight when a network can compute with its very bytes.
std::shared_ptr<const WeightBuffer> borrowable(const WeightSet& given, LayerId layer, const WeightDeclaration& wanted) {
  const WeightSet::Entry* entry = given.find(layer, wanted.role);
  const bool fits = std::is_same_v<Scalar, float> && entry && entry->buffer->dtype == DType::Float32 &&
                    entry->buffer->shape == wanted.shape && entry->buffer->bytes.size() >= kBorrowedBytes;
  return fits ? entry->buffer : nullptr;
}

std::vector<Parameter> parametersOf(const Graph& graph, const InferredGraph& inferred, const WeightSet& given) {
  std::vector<Parameter> parameters;
  for (const LayerSpec& spec : graph.layers)
    if (const auto report = inferred.report.layers.find(spec.id); report != inferred.report.layers.end())
      for (const WeightDeclaration& weight : report->second.weights)
        parameters.push_back({spec.id, weight, spec.isTrainable && weight.isTrainable, 0, 0,
                              borrowable(given, spec.id, weight), nullptr});
  return parameters;
}

/// What a block takes, with or without the weights that may stay where they are.
std::int64_t bytesHeld(const std::vector<Parameter>& parameters, bool withBorrowed) {
  std::int64_t values = 0;
  for (const Parameter& parameter : parameters)
    if (withBorrowed || !parameter.borrowed) values += elementCount(parameter.declaration.shape);
  return values * std::int64_t(sizeof(Scalar));
}

void copyIn(const WeightBuffer& buffer, std::span<Scalar> values) {
  if (buffer.dtype == DType::Float32) {
    std::ranges::transform(buffer.floats(), values.begin(), [](float value) { return Scalar(value); });
    return;
  }
  if (buffer.dtype == DType::Bool || buffer.dtype == DType::UInt8) {
    std::ranges::transform(buffer.bytes, values.begin(),
                           [](std::byte value) { return Scalar(std::to_integer<int>(value)); });
    return;
  }
  if (buffer.dtype != DType::Int32)
    throw Error(ErrorKind::Unsupported,
                "A weight of type " + std::string(toString(buffer.dtype)) + " cannot be computed with.");
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::int32_t value = 0;
    std::memcpy(&value, buffer.bytes.data() + i * sizeof value, sizeof value);
    values[i] = Scalar(value);
  }
}

bool fits(const Shape& given, const Shape& wanted) {
  if (given.size() != wanted.size() || given.empty()) return false;
  for (std::size_t axis = 1; axis < given.size(); ++axis)
    if (wanted[axis] != kUnknownDim && given[axis] != wanted[axis]) return false;
  return true;
}

void copySamples(const Tensor& from, std::int64_t first, std::int64_t count, Scalar* to) {
  const auto sampleSize = std::size_t(from.sampleSize());
  std::copy_n(from.values.data() + std::size_t(first) * sampleSize, std::size_t(count) * sampleSize, to);
}

}  // namespace

void setDefaultComputePath(ComputePath path) {
  defaultPath = path;
}

ComputePath defaultComputePath() {
  return defaultPath;
}

Network::Impl::Impl(const Graph& g, const WeightSet& weights, std::uint64_t initSeed, ComputePath computePath)
    : graph(g), given(weights), inferred(inferGraph(graph)), path(computePath) {
#if defined(LAYERSMITH_SCALAR_DOUBLE)
  path = ComputePath::Reference;
#endif
  if (!inferred.obstacles.empty()) {
    const Issue& issue = inferred.obstacles.front();
    const ErrorKind kind = issue.code == "E120" ? ErrorKind::Unsupported : ErrorKind::ShapeMismatch;
    throw Error(kind, issue.message, issue.code, nameOf(issue.layer));
  }
  const std::vector<Parameter> all = parametersOf(graph, inferred, given);
  requireMemory(bytesHeld(all, false), "The model");
  parameters = ParameterBlock(all);
  initializeWeights(initSeed);
}

void Network::Impl::initializeWeights(std::uint64_t initSeed) {
  std::uint64_t number = 0;
  for (const Parameter& parameter : parameters.parameters()) {
    const WeightDeclaration& declaration = parameter.declaration;
    const std::span<Scalar> values = parameters.values(parameter);
    const Random random(initSeed, (std::uint64_t(parameter.layer.value) << 32) + number++);
    const WeightSet::Entry* entry = given.find(parameter.layer, declaration.role);
    if (!entry && declaration.forgetUnits > 0) {
      initializeForgetBias(declaration.initializer, random, values);
    } else if (!entry) {
      initialize(declaration.initializer, declaration.shape, random, values);
    } else if (elementCount(entry->buffer->shape) != parameter.count || entry->buffer->shape != declaration.shape) {
      throw Error(ErrorKind::ShapeMismatch, "The weight " + declaration.role + " of `" + nameOf(parameter.layer) +
                                                "` is " + toString(entry->buffer->shape) + "; the layer needs " +
                                                toString(declaration.shape) + ".");
    } else if (!parameter.borrowed) {
      copyIn(*entry->buffer, values);
    }
  }
}

void Network::Impl::ownWeights() {
  if (!parameters.isBorrowing()) return;
  requireMemory(bytesHeld(parameters.parameters(), true), "Training this model");
  m_plans.clear();  // they hold the old addresses
  std::vector<std::shared_ptr<const WeightBuffer>> sources;
  for (const Parameter& parameter : parameters.parameters())
    if (parameter.borrowed) sources.push_back(parameter.borrowed);
  parameters.own();
  for (const auto& source : sources) requireUncut(source->bytes.span());
}

void Network::Impl::requireUncutWeights() const {
  if (!parameters.isBorrowing()) return;
  for (const Parameter& parameter : parameters.parameters())
    if (parameter.borrowed) requireUncut(parameter.borrowed->bytes.span());
}

std::string Network::Impl::nameOf(LayerId layer) const {
  const LayerSpec* spec = graph.find(layer);
  return spec ? spec->name : std::string();
}

std::string Network::Impl::outputName(std::size_t index) const {
  return nameOf(graph.outputs[index].layer);
}

Plan& Network::Impl::plan(std::span<const Shape> inputShapes, PlanMode mode) {
  if (mode == PlanMode::Training) ownWeights();
  const int threads = threadCount();
  const auto found = std::ranges::find_if(m_plans, [&](const CachedPlan& cached) {
    return cached.mode == mode && cached.threads == threads && std::ranges::equal(cached.inputShapes, inputShapes);
  });
  if (found != m_plans.end()) {
    m_plans.splice(m_plans.begin(), m_plans, found);
    return *m_plans.front().plan;
  }
  const ThreadScope scope(threads);
  const PlanSource source{graph, inferred, parameters, states, path};
  m_plans.push_front({{inputShapes.begin(), inputShapes.end()}, mode, threads, compilePlan(source, inputShapes, mode)});
  if (m_plans.size() > kPlans) m_plans.pop_back();
  return *m_plans.front().plan;
}

void Network::Impl::keepPlansOf(int threads) {
  m_plans.remove_if([&](const CachedPlan& cached) { return cached.threads != threads; });
}

void Network::Impl::checkInputs(std::span<const Tensor> inputs) const {
  if (inputs.size() != graph.inputs.size())
    throw Error(ErrorKind::ShapeMismatch, "The model has " + std::to_string(graph.inputs.size()) + " inputs, but " +
                                              std::to_string(inputs.size()) + " were given.");
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const LayerId layer = graph.inputs[i].layer;
    const Shape& wanted = inferred.report.layers.at(layer).outputShapes.front();
    if (!fits(inputs[i].shape, wanted))
      throw Error(ErrorKind::ShapeMismatch, "The input `" + nameOf(layer) + "` expects the shape " + toString(wanted) +
                                                ", but got " + toString(inputs[i].shape) + ".");
    if (inputs[i].batch() != inputs[0].batch())
      throw Error(ErrorKind::ShapeMismatch, "All inputs must have the same number of samples; found " +
                                                toString(inputs[0].shape) + " and " + toString(inputs[i].shape) + ".");
  }
}

std::vector<Shape> Network::Impl::batchShapes(std::span<const Tensor> inputs, std::int64_t batch) const {
  std::vector<Shape> shapes;
  for (const Tensor& input : inputs) {
    shapes.push_back(input.shape);
    shapes.back()[0] = batch;
  }
  return shapes;
}

Network::Network(const Graph& graph, const WeightSet& weights, std::uint64_t seed, ComputePath path)
    : m_impl(std::make_unique<Impl>(graph, weights, seed, path)) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

std::int64_t Network::Impl::samplesAtOnce(std::int64_t batchSize) const {
  std::int64_t largest = 1;  // values that one layer reads and writes for one sample
  for (const LayerId layer : inferred.report.order) {
    const LayerReport& report = inferred.report.layers.at(layer);
    std::int64_t values = 0;
    for (const auto* shapes : {&report.inputShapes, &report.outputShapes})
      for (const Shape& shape : *shapes) {
        const Shape sample(shape.begin() + 1, shape.end());
        if (!isFullyKnown(sample)) return batchSize;
        values += elementCount(sample);
      }
    largest = std::max(largest, values);
    if (graph.find(layer)->config.boolAt("stateful", false))
      return batchSize;  // a state belongs to a place in the batch
  }
  return std::clamp<std::int64_t>(kCachedValues / largest, 1, batchSize);
}

std::vector<Tensor> Network::predict(std::span<const Tensor> inputs, std::int64_t batchSize) {
  m_impl->checkInputs(inputs);
  if (batchSize < 1) throw Error(ErrorKind::InvalidConfig, "The batch size must be at least 1.", {}, "batchSize");
  const std::int64_t samples = inputs.empty() ? 0 : inputs[0].batch();
  const ThreadScope scope(threadCount());
  const std::int64_t step = m_impl->samplesAtOnce(std::min(batchSize, std::max<std::int64_t>(samples, 1)));
  std::vector<Tensor> results;
  for (std::int64_t first = 0; first < samples; first += step) {
    const std::int64_t count = std::min(step, samples - first);
    Plan& plan = m_impl->plan(m_impl->batchShapes(inputs, count), PlanMode::Inference);
    for (std::size_t i = 0; i < inputs.size(); ++i)  // steps only read them
      plan.setInput(i, const_cast<Scalar*>(inputs[i].values.data()) + first * inputs[i].sampleSize());
    plan.forward(m_impl->context());
    for (std::size_t i = 0; i < plan.outputs.size(); ++i) {
      Shape shape = plan.shape(plan.outputs[i].value);
      const auto size = std::size_t(elementCount(shape));
      const std::int64_t perSample = count == 0 ? 0 : std::int64_t(size) / count;
      shape[0] = samples;
      if (results.size() <= i) results.emplace_back(shape);
      std::copy_n(plan.data(plan.outputs[i].value), size, results[i].values.data() + first * perSample);
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) plan.resetInput(i);
  }
  m_impl->requireUncutWeights();
  if (samples == 0)
    for (const TensorRef& output : m_impl->graph.outputs) {
      Shape shape = m_impl->inferred.report.layers.at(output.layer).outputShapes.at(std::size_t(output.tensorIndex));
      shape[0] = 0;
      results.emplace_back(std::move(shape));
    }
  return results;
}

Tensor Network::activations(LayerId layer, std::span<const Tensor> inputs) {
  m_impl->checkInputs(inputs);
  const std::int64_t samples = inputs.empty() ? 0 : inputs[0].batch();
  const ThreadScope scope(threadCount());
  Plan& plan = m_impl->plan(m_impl->batchShapes(inputs, samples), PlanMode::Inspect);
  const auto found = std::ranges::find(plan.layerValues, layer, &Plan::LayerValue::layer);
  if (found == plan.layerValues.end())
    throw Error(ErrorKind::NotFound, "`" + m_impl->nameOf(layer) + "` does not lead from the inputs to the outputs.");
  for (std::size_t i = 0; i < inputs.size(); ++i) copySamples(inputs[i], 0, samples, plan.data(plan.inputs[i]));
  plan.forward(m_impl->context());
  m_impl->requireUncutWeights();
  const Shape& shape = plan.shape(found->value);
  const Scalar* data = plan.data(found->value);
  return Tensor(shape, std::vector<Scalar>(data, data + elementCount(shape)));
}

void Network::resetStates() {
  m_impl->states.reset();
}

WeightSet Network::weights() const {
  WeightSet result = m_impl->given;
  for (const Parameter& parameter : m_impl->parameters.parameters()) {
    if (parameter.borrowed) continue;  // as given
    const std::span<const Scalar> values = m_impl->parameters.values(parameter);
    const ByteBlock block(values.size() * sizeof(float));
    std::ranges::transform(values, reinterpret_cast<float*>(block.data()), [](Scalar value) { return float(value); });
    result.set(
        parameter.layer, parameter.declaration.role,
        std::make_shared<WeightBuffer>(WeightBuffer{DType::Float32, parameter.declaration.shape, block.share()}));
  }
  return result;
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

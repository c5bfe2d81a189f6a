#include "model/nn/PlanBuilder.h"

#include "model/nn/ParameterBlock.h"
#include "model/nn/StateBlock.h"

#include <algorithm>
#include <cassert>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

Value PlanBuilder::newValue(Shape shape, Scalar* address) {
  m_shapes.push_back(std::move(shape));
  m_parent.push_back(int(m_parent.size()));
  m_external.push_back(address);
  m_gradientOf.push_back({});
  m_isKept.push_back(false);
  m_readersLeft.push_back(0);
  return {int(m_shapes.size()) - 1};
}

int PlanBuilder::root(Value value) const {
  int index = value.index;
  while (m_parent[std::size_t(index)] != index) index = m_parent[std::size_t(index)];
  return index;
}

Value PlanBuilder::weight(std::string_view role) const {
  const Parameter* parameter = m_parameters->find(m_layer, role);
  return parameter ? m_parameterValues[std::size_t(parameter - m_parameters->parameters().data())] : Value();
}

Value PlanBuilder::weightGradient(std::string_view role) {
  const Parameter* parameter = m_parameters->find(m_layer, role);
  if (!parameter || !parameter->isTrainable || !m_wantsBackward) return {};
  const Value part = newValue(parameter->declaration.shape);
  m_calls.back().contributions.push_back(
      {part, m_parameterGradients[std::size_t(parameter - m_parameters->parameters().data())]});
  return part;
}

Value PlanBuilder::outputGradient(std::size_t index) {
  return m_gradientOf[std::size_t(m_outputs[index].index)];
}

Value PlanBuilder::inputGradient(std::size_t index) {
  const Value whole = m_gradientOf[std::size_t(m_inputs[index].index)];
  if (!whole.isValid() || !m_wantsBackward) return {};
  const Value part = newValue(shape(m_inputs[index]));
  m_calls.back().contributions.push_back({part, whole});
  return part;
}

Value PlanBuilder::workspace(Shape shape) {
  return newValue(std::move(shape));
}

Value PlanBuilder::state(std::string_view role, Shape shape) {
  if (m_mode == PlanMode::Inspect) return {};
  Scalar* const address = m_states->values(m_layer, role, shape);
  return newValue(std::move(shape), address);
}

void PlanBuilder::alias(Value value, Value other) {
  assert(value.isValid() && other.isValid());
  m_parent[std::size_t(root(value))] = root(other);
}

const bool* PlanBuilder::tail(ActivationType activation) {
  static const bool never = false;
  if (!m_exclusiveOutput) return &never;
  m_exclusiveOutput->tail = activation;
  return &m_exclusiveOutput->isTailFused;
}

Absorber* PlanBuilder::absorber(std::size_t index) const {
  if (m_mode != PlanMode::Inference || m_path != ComputePath::Fast || !m_isSoleReader[index]) return nullptr;
  const auto found = m_absorbers.find(m_inputs[index].index);
  return found == m_absorbers.end() ? nullptr : found->second.get();
}

void PlanBuilder::absorbed(std::size_t index) {
  alias(m_outputs.front(), m_inputs[index]);
  m_absorbers[m_outputs.front().index] = m_absorbers.at(m_inputs[index].index);
  m_madeBy[m_outputs.front().index] = m_madeBy.at(m_inputs[index].index);
}

void PlanBuilder::offer(std::shared_ptr<Absorber> absorber) {
  m_absorbers[m_outputs.front().index] = std::move(absorber);
}

bool PlanBuilder::isFree(Value value) const {
  const int place = root(value);
  for (int i = 0; i < int(m_parent.size()); ++i)
    if (root({i}) == place && (m_external[std::size_t(i)] || m_isKept[std::size_t(i)] || m_readersLeft[std::size_t(i)]))
      return false;
  return true;
}

bool PlanBuilder::canAddInto(std::size_t index, std::size_t other) const {
  const auto maker = m_madeBy.find(m_inputs[index].index);
  if (!m_isSoleReader[index] || maker == m_madeBy.end() || !isFree(m_inputs[other])) return false;
  const int place = root(m_inputs[other]);
  const auto touches = [&](const std::vector<Value>& values) {
    return std::ranges::any_of(values, [&](Value v) { return v.isValid() && root(v) == place; });
  };
  bool isMade = false;
  for (std::size_t step = 0; step < m_forward.size(); ++step) {
    const bool isWritten = touches(m_forward[step].writes);
    if (step < maker->second)
      isMade |= isWritten;
    else if (isWritten || touches(m_forward[step].reads))
      return false;
  }
  return isMade;
}

void PlanBuilder::absorbedSum(std::size_t index, std::size_t other) {
  alias(m_inputs[index], m_inputs[other]);
  PendingStep& maker = m_forward[m_madeBy.at(m_inputs[index].index)];
  maker.reads.push_back(m_inputs[other]);
  absorbed(index);
}

bool PlanBuilder::mayOverwrite(std::size_t index) const {
  return m_mode == PlanMode::Inference && m_path == ComputePath::Fast && isFree(m_inputs[index]);
}

void PlanBuilder::forward(std::vector<Value> reads, std::vector<Value> writes, Bind bind, double flops) {
  for (const Value value : writes)
    if (value.isValid()) m_madeBy[value.index] = m_forward.size();
  m_forward.push_back({m_layer, std::move(reads), std::move(writes), std::move(bind), flops});
}

void PlanBuilder::backward(std::vector<Value> reads, std::vector<Value> writes, Bind bind, double flops) {
  m_calls.back().backward.push_back({m_layer, std::move(reads), std::move(writes), std::move(bind), flops});
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

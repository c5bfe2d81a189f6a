#include "model/nn/PlanBuilder.h"

#include "model/nn/ParameterBlock.h"

#include <cassert>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

Value PlanBuilder::newValue(Shape shape, Scalar* address) {
  m_shapes.push_back(std::move(shape));
  m_parent.push_back(int(m_parent.size()));
  m_external.push_back(address);
  m_gradientOf.push_back({});
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

void PlanBuilder::forward(std::vector<Value> reads, std::vector<Value> writes, Bind bind) {
  m_forward.push_back({m_layer, std::move(reads), std::move(writes), std::move(bind)});
}

void PlanBuilder::backward(std::vector<Value> reads, std::vector<Value> writes, Bind bind) {
  m_calls.back().backward.push_back({m_layer, std::move(reads), std::move(writes), std::move(bind)});
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

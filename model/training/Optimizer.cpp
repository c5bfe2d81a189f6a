#include "model/training/Optimizer.h"

#include "model/core/MemoryNeed.h"
#include "model/training/Catalogue.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

std::vector<const Parameter*> trainableOf(const ParameterBlock& block) {
  std::vector<const Parameter*> all;
  for (const Parameter& parameter : block.parameters())
    if (parameter.isTrainable) all.push_back(&parameter);
  return all;
}

}  // namespace

Optimizer::Optimizer(const TrainingConfig& config, const ParameterBlock& parameters, const OptimizerState& state)
    : m_rule(makeUpdateRule(config)) {
  const std::size_t slotCount = optimizerSlots(config).size();
  const auto bytes = std::int64_t(parameters.trainable().size_bytes());
  requireMemory(std::int64_t(slotCount + 2) * bytes, "Training this model");  // slots, gradients, the way back
  m_slots.assign(slotCount, std::vector<Scalar>(parameters.trainable().size(), m_rule->initialSlot()));
  const std::vector<const Parameter*> trainable = trainableOf(parameters);
  bool fits = state.slots.size() == slotCount * trainable.size();
  for (std::size_t i = 0; fits && i < state.slots.size(); ++i)
    fits = elementCount(state.slots[i]->shape) == trainable[i % trainable.size()]->count;
  if (fits) {
    m_iterations = state.iterations;
    for (std::size_t i = 0; i < state.slots.size(); ++i)
      std::ranges::copy(state.slots[i]->floats(),
                        m_slots[i / trainable.size()].begin() + trainable[i % trainable.size()]->offset);
  }
  m_rule->startAfter(m_iterations);
}

bool Optimizer::step(ParameterBlock& parameters) {
  const std::span<Scalar> weights = parameters.trainable();
  const Scalar check =
      m_rule->step(weights.data(), parameters.trainableGradients().data(), m_slots, std::int64_t(weights.size()));
  ++m_iterations;
  ++parameters.version;
  return check == 0;
}

OptimizerState Optimizer::state(const ParameterBlock& parameters) const {
  OptimizerState state;
  state.iterations = m_iterations;
  for (const std::vector<Scalar>& slot : m_slots)
    for (const Parameter* parameter : trainableOf(parameters)) {
      const auto begin = slot.begin() + parameter->offset;
      const std::vector<float> values(begin, begin + parameter->count);
      state.slots.push_back(WeightBuffer::ofFloats(parameter->declaration.shape, values));
    }
  return state;
}

void Optimizer::restore(Snapshot snapshot) {
  m_iterations = snapshot.iterations;
  m_slots = std::move(snapshot.slots);
  m_rule->startAfter(m_iterations);
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

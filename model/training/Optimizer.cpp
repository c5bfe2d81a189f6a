#include "model/training/Optimizer.h"

#include "model/core/Error.h"
#include "model/nn/MemoryNeed.h"
#include "model/nn/kernels/OptimizerSteps.h"
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

Optimizer::Optimizer(const TrainingConfig& config, const ParameterBlock& parameters, const OptimizerState& state) {
  const NamedType* type = findNamedType(optimizerTypes(), config.optimizer);
  if (!type)
    throw Error(ErrorKind::InvalidConfig,
                "There is no optimizer `" + config.optimizer + "` here; sgd, momentum and adam are.", {}, "optimizer");
  const FieldMap fields = completed(type->fields, config.optimizerConfig);
  m_learningRate = fields.numberAt("learningRate", m_learningRate);
  m_momentum = fields.numberAt("momentum", m_momentum);
  m_useNesterov = fields.boolAt("useNesterov", false);
  m_beta1 = fields.numberAt("beta1", m_beta1);
  m_beta2 = fields.numberAt("beta2", m_beta2);
  m_epsilon = fields.numberAt("epsilon", m_epsilon);
  m_kind = type->name == "adam" ? Kind::Adam : type->name == "momentum" ? Kind::Momentum : Kind::Sgd;

  const std::size_t slotCount = m_kind == Kind::Adam ? 2 : m_kind == Kind::Momentum ? 1 : 0;
  const auto bytes = std::int64_t(parameters.trainable().size_bytes());
  requireMemory(std::int64_t(slotCount + 2) * bytes, "Training this model");  // slots, gradients, the way back
  m_slots.assign(slotCount, std::vector<Scalar>(parameters.trainable().size(), Scalar(0)));
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
  // Multiplied up as the steps did it, so that a resumed run is the same bit for bit.
  m_beta1Power = Scalar(m_beta1);
  m_beta2Power = Scalar(m_beta2);
  for (std::int64_t i = 0; i < m_iterations && (m_beta1Power != 0 || m_beta2Power != 0); ++i) {
    m_beta1Power *= Scalar(m_beta1);
    m_beta2Power *= Scalar(m_beta2);
  }
}

bool Optimizer::step(ParameterBlock& parameters) {
  Scalar* weights = parameters.trainable().data();
  const Scalar* gradients = parameters.trainableGradients().data();
  const auto count = std::int64_t(parameters.trainable().size());
  Scalar check = 0;
  switch (m_kind) {
    case Kind::Sgd: check = kernels::sgdStep(weights, gradients, count, Scalar(m_learningRate)); break;
    case Kind::Momentum:
      check = kernels::momentumStep(weights, gradients, m_slots[0].data(), count, Scalar(m_learningRate),
                                    Scalar(m_momentum), m_useNesterov);
      break;
    case Kind::Adam:
      check = kernels::adamStep(weights, gradients, m_slots[0].data(), m_slots[1].data(), count,
                                {Scalar(m_learningRate), Scalar(m_beta1), Scalar(m_beta2), Scalar(1 - m_beta1),
                                 Scalar(1 - m_beta2), Scalar(m_epsilon), 1 - m_beta1Power, 1 - m_beta2Power});
      m_beta1Power *= Scalar(m_beta1);
      m_beta2Power *= Scalar(m_beta2);
      break;
  }
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
  m_beta1Power = snapshot.beta1Power;
  m_beta2Power = snapshot.beta2Power;
  m_slots = std::move(snapshot.slots);
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

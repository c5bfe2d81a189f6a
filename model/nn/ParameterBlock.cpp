#include "model/nn/ParameterBlock.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

constexpr std::int64_t kUnit = 64 / sizeof(Scalar);

Scalar* scalars(const Arena& arena) {
  return reinterpret_cast<Scalar*>(arena.data());
}

}  // namespace

ParameterBlock::ParameterBlock(std::vector<Parameter> parameters) : m_parameters(std::move(parameters)) {
  std::ranges::stable_partition(m_parameters, &Parameter::isTrainable);
  for (Parameter& parameter : m_parameters) {
    parameter.count = elementCount(parameter.declaration.shape);
    parameter.offset = m_size;
    m_size += (parameter.count + kUnit - 1) / kUnit * kUnit;
    if (parameter.isTrainable) m_trainableSize = m_size;
  }
  m_values = Arena(std::size_t(m_size) * sizeof(Scalar));
}

const Parameter* ParameterBlock::find(LayerId layer, std::string_view role) const {
  const auto it = std::ranges::find_if(
      m_parameters, [&](const Parameter& p) { return p.layer == layer && p.declaration.role == role; });
  return it == m_parameters.end() ? nullptr : &*it;
}

std::span<Scalar> ParameterBlock::values(const Parameter& parameter) const {
  return {scalars(m_values) + parameter.offset, std::size_t(parameter.count)};
}

std::span<Scalar> ParameterBlock::gradients(const Parameter& parameter) const {
  return {scalars(m_gradients) + parameter.offset, std::size_t(parameter.count)};
}

std::span<Scalar> ParameterBlock::trainable() const {
  return {scalars(m_values), std::size_t(m_trainableSize)};
}

std::span<Scalar> ParameterBlock::trainableGradients() const {
  return {scalars(m_gradients), std::size_t(m_trainableSize)};
}

std::span<Scalar> ParameterBlock::all() const {
  return {scalars(m_values), std::size_t(m_size)};
}

void ParameterBlock::needGradients() {
  if (!m_gradients.data()) m_gradients = Arena(std::size_t(m_trainableSize) * sizeof(Scalar));
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#include "model/nn/ParameterBlock.h"

#include <algorithm>
#include <cassert>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

constexpr std::int64_t kUnit = 64 / sizeof(Scalar);

Scalar* scalars(const Arena& arena) {
  return reinterpret_cast<Scalar*>(arena.data());
}

std::int64_t rounded(std::int64_t count) {
  return (count + kUnit - 1) / kUnit * kUnit;
}

/// Plans hold one kind of address; nothing writes to this one before own().
Scalar* valuesOf(const WeightBuffer& buffer) {
  return reinterpret_cast<Scalar*>(const_cast<std::byte*>(buffer.bytes.data()));
}

}  // namespace

ParameterBlock::ParameterBlock(std::vector<Parameter> parameters) : m_parameters(std::move(parameters)) {
  std::ranges::stable_partition(m_parameters, &Parameter::isTrainable);
  std::int64_t held = 0;
  for (Parameter& parameter : m_parameters) {
    parameter.count = elementCount(parameter.declaration.shape);
    parameter.offset = m_size;
    m_size += rounded(parameter.count);
    if (parameter.isTrainable) m_trainableSize = m_size;
    if (parameter.borrowed)
      m_isBorrowing = true;
    else
      held += rounded(parameter.count);
  }
  m_values = Arena(std::size_t(held) * sizeof(Scalar));
  Scalar* next = scalars(m_values);
  for (Parameter& parameter : m_parameters) {
    parameter.address = parameter.borrowed ? valuesOf(*parameter.borrowed) : next;
    if (!parameter.borrowed) next += rounded(parameter.count);
  }
}

void ParameterBlock::own() {
  if (!m_isBorrowing) return;
  Arena values(std::size_t(m_size) * sizeof(Scalar));
  for (Parameter& parameter : m_parameters) {
    Scalar* to = scalars(values) + parameter.offset;
    std::copy_n(parameter.address, parameter.count, to);
    parameter.address = to;
    parameter.borrowed.reset();
  }
  m_values = std::move(values);
  m_isBorrowing = false;
}

const Parameter* ParameterBlock::find(LayerId layer, std::string_view role) const {
  const auto it = std::ranges::find_if(
      m_parameters, [&](const Parameter& p) { return p.layer == layer && p.declaration.role == role; });
  return it == m_parameters.end() ? nullptr : &*it;
}

std::span<Scalar> ParameterBlock::values(const Parameter& parameter) const {
  return {parameter.address, std::size_t(parameter.count)};
}

std::span<Scalar> ParameterBlock::gradients(const Parameter& parameter) const {
  return {scalars(m_gradients) + parameter.offset, std::size_t(parameter.count)};
}

std::span<Scalar> ParameterBlock::trainable() const {
  assert(!m_isBorrowing);
  return {scalars(m_values), std::size_t(m_trainableSize)};
}

std::span<Scalar> ParameterBlock::trainableGradients() const {
  return {scalars(m_gradients), std::size_t(m_trainableSize)};
}

std::span<Scalar> ParameterBlock::all() const {
  assert(!m_isBorrowing);
  return {scalars(m_values), std::size_t(m_size)};
}

void ParameterBlock::needGradients() {
  if (!m_gradients.data()) m_gradients = Arena(std::size_t(m_trainableSize) * sizeof(Scalar));
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

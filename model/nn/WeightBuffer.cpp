#include "model/nn/WeightBuffer.h"

#include "model/core/Error.h"

#include <algorithm>

namespace layersmith {

std::shared_ptr<const WeightBuffer> WeightBuffer::ofFloats(Shape shape, std::span<const float> values) {
  return std::make_shared<WeightBuffer>(
      WeightBuffer{DType::Float32, std::move(shape), SharedBytes::copyOf(std::as_bytes(values))});
}

std::span<const float> WeightBuffer::floats() const {
  if (dtype != DType::Float32)
    throw Error(ErrorKind::Format, "This weight holds " + std::string(toString(dtype)) + ", not float32.");
  return {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float)};
}

const WeightSet::Entry* WeightSet::find(LayerId layer, std::string_view role) const {
  const auto it = std::ranges::find_if(m_entries, [&](const Entry& e) { return e.layer == layer && e.role == role; });
  return it == m_entries.end() ? nullptr : &*it;
}

void WeightSet::set(LayerId layer, std::string_view role, std::shared_ptr<const WeightBuffer> buffer,
                    std::string_view manifestName) {
  const auto it = std::ranges::find_if(m_entries, [&](const Entry& e) { return e.layer == layer && e.role == role; });
  if (it == m_entries.end())
    m_entries.push_back({layer, std::string(role), std::string(manifestName), std::move(buffer)});
  else
    it->buffer = std::move(buffer);
}

void WeightSet::removeLayer(LayerId layer) {
  std::erase_if(m_entries, [layer](const Entry& entry) { return entry.layer == layer; });
}

bool WeightSet::hasLayer(LayerId layer) const {
  return std::ranges::any_of(m_entries, [layer](const Entry& entry) { return entry.layer == layer; });
}

std::int64_t WeightSet::totalBytes() const {
  std::int64_t total = 0;
  for (const Entry& entry : m_entries) total += std::int64_t(entry.buffer->bytes.size());
  return total;
}

}  // namespace layersmith

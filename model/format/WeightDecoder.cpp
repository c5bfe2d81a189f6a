#include "model/format/WeightDecoder.h"

#include "model/core/Error.h"
#include "model/format/WeightsManifest.h"
#include "model/nn/kernels/Elementwise.h"

#include <QtEndian>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace layersmith {

namespace {

using Buffer = std::shared_ptr<const WeightBuffer>;

Buffer bufferOf(const WeightSpec& spec, DType dtype, SharedBytes bytes) {
  return std::make_shared<WeightBuffer>(WeightBuffer{dtype, spec.shape, std::move(bytes)});
}

template <class Stored, class Convert>
Buffer converted(const WeightSpec& spec, const SharedBytes& bytes, Convert convert) {
  const std::size_t count = bytes.size() / sizeof(Stored);
  const bool toInt = spec.dtype == DType::Int32;
  const ByteBlock block(count * 4);
  for (std::size_t i = 0; i < count; ++i) {
    const double value = convert(qFromLittleEndian<Stored>(bytes.data() + i * sizeof(Stored)));
    const std::uint32_t bits = toInt ? std::bit_cast<std::uint32_t>(std::int32_t(std::lround(value)))
                                     : std::bit_cast<std::uint32_t>(float(value));
    std::memcpy(block.data() + i * 4, &bits, 4);
  }
  return bufferOf(spec, toInt ? DType::Int32 : DType::Float32, block.share());
}

Buffer dequantized(const WeightSpec& spec, const SharedBytes& bytes) {
  const WeightSpec::Quantization& quantization = *spec.quantization;
  if (quantization.dtype == DType::Float16)
    return converted<std::uint16_t>(spec, bytes, [](std::uint16_t half) { return double(halfToFloat(half)); });
  const double scale = quantization.scale.value_or(1);
  const double min = quantization.min.value_or(0);
  const auto scaled = [=](auto stored) { return double(stored) * scale + min; };
  return quantization.dtype == DType::UInt8 ? converted<std::uint8_t>(spec, bytes, scaled)
                                            : converted<std::uint16_t>(spec, bytes, scaled);
}

}  // namespace

SharedBytes WeightDecoder::take(std::int64_t bytes, const WeightSpec& spec) {
  if (bytes < 0 || m_offset > m_bytes.size() || bytes > m_bytes.size() - m_offset)
    throw Error(ErrorKind::Format,
                "The weight bytes end inside \"" + spec.name + "\": " + std::to_string(m_bytes.size()) +
                    " bytes, at least " + std::to_string(m_offset + bytes) +
                    " expected by the manifest. Copy or download the weights again.",
                "E110", spec.name);
  SharedBytes taken = m_bytes.run(m_offset, bytes, sizeof(float));
  m_offset += bytes;
  return taken;
}

Buffer WeightDecoder::next(const WeightSpec& spec) {
  if (!spec.quantization && spec.dtype == DType::String) {
    for (std::int64_t i = 0; i < elementCount(spec.shape); ++i)
      take(std::int64_t(qFromLittleEndian<quint32>(take(4, spec).data())), spec);
    return nullptr;
  }
  const SharedBytes bytes = take(storedBytes(spec), spec);
  if (spec.quantization) return dequantized(spec, bytes);
  switch (spec.dtype) {
    case DType::Float32:
    case DType::Int32:
    case DType::Bool: return bufferOf(spec, spec.dtype, bytes);
    case DType::UInt8: return converted<std::uint8_t>(spec, bytes, [](std::uint8_t value) { return double(value); });
    case DType::UInt16: return converted<std::uint16_t>(spec, bytes, [](std::uint16_t value) { return double(value); });
    case DType::Float16:
      return converted<std::uint16_t>(spec, bytes, [](std::uint16_t half) { return double(halfToFloat(half)); });
    case DType::Complex64:
    case DType::String: break;
  }
  return nullptr;
}

float halfToFloat(std::uint16_t half) {
  const std::uint32_t sign = std::uint32_t(half & 0x8000) << 16;
  const int exponent = (half >> 10) & 0x1f;
  const std::uint32_t fraction = half & 0x3ff;
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000u | (fraction << 13));
  if (exponent == 0) {
    const float value = std::ldexp(float(fraction), -24);
    return sign ? -value : value;
  }
  return std::bit_cast<float>(sign | (std::uint32_t(exponent + 112) << 23) | (fraction << 13));
}

std::int64_t countNonFinite(const WeightBuffer& weight) {
  if (weight.dtype != DType::Float32) return 0;
  const std::span<const float> values = weight.floats();
  if (kernels::isFinite(values.data(), std::int64_t(values.size()))) return 0;
  return std::ranges::count_if(values, [](float value) { return !std::isfinite(value); });
}

}  // namespace layersmith

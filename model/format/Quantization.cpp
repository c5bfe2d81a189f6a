#include "model/format/Quantization.h"

#include "model/core/Error.h"
#include "model/format/ModelJson.h"
#include "model/format/WeightDecoder.h"
#include "model/format/WeightsManifest.h"

#include <QtEndian>

#include <fnmatch.h>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <span>

namespace layersmith {

namespace {

struct Range {
  double scale = 1;
  double min = 0;
};

/// The range whose steps meet zero where zero lies inside it.
Range rangeOf(std::span<const float> values, double steps) {
  const auto [low, high] = std::ranges::minmax(values);
  if (low == high) return {1, low};
  Range range{(double(high) - double(low)) / steps, low};
  if (low <= 0 && high >= 0) range.min = -std::nearbyint((0 - double(low)) / range.scale) * range.scale;
  return range;
}

template <class Stored>
QByteArray scaled(std::span<const float> values, const Range& range) {
  constexpr double kSteps = std::numeric_limits<Stored>::max();
  const double max = kSteps * range.scale + range.min;
  QByteArray bytes(qsizetype(values.size() * sizeof(Stored)), Qt::Uninitialized);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double inside = std::clamp(double(values[i]), range.min, std::max(range.min, max));
    qToLittleEndian(Stored(std::nearbyint((inside - range.min) / range.scale)), bytes.data() + i * sizeof(Stored));
  }
  return bytes;
}

QByteArray halves(std::span<const float> values) {
  QByteArray bytes(qsizetype(values.size() * 2), Qt::Uninitialized);
  for (std::size_t i = 0; i < values.size(); ++i) qToLittleEndian(floatToHalf(values[i]), bytes.data() + i * 2);
  return bytes;
}

WeightSpec::Quantization described(DType dtype, const Range& range) {
  WeightSpec::Quantization quantization;
  quantization.dtype = dtype;
  quantization.original = Json{{"dtype", std::string(toString(dtype))}};
  if (dtype != DType::Float16) {
    quantization.min = range.min;
    quantization.scale = range.scale;
    quantization.original["min"] = range.min;
    quantization.original["scale"] = range.scale;
  }
  quantization.original["original_dtype"] = "float32";
  return quantization;
}

std::vector<float> floatsOf(const SharedBytes& bytes) {
  std::vector<float> values(bytes.size() / 4);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = std::bit_cast<float>(qFromLittleEndian<std::uint32_t>(bytes.data() + i * 4));
  return values;
}

Error notQuantized(const WeightSpec& spec, std::int64_t count, const char* why) {
  return {ErrorKind::Numeric,
          std::to_string(count) + " of " + std::to_string(elementCount(spec.shape)) + " values in " + spec.name + " " +
              why + " Nothing was written.",
          "E121", spec.name};
}

void requireQuantizable(const WeightSpec& spec, std::span<const float> values, DType dtype) {
  if (const auto bad = std::ranges::count_if(values, [](float value) { return !std::isfinite(value); }))
    throw notQuantized(spec, bad, "are not numbers: a range cannot be found.");
  if (dtype != DType::Float16) return;
  const auto isBeyond = [](float value) { return (floatToHalf(value) & 0x7fff) == 0x7c00; };
  if (const auto beyond = std::ranges::count_if(values, isBeyond))
    throw notQuantized(spec, beyond, "are beyond what float16 can hold (65504).");
}

bool isWanted(const WeightSpec& spec, const QuantizeOptions& options) {
  if (spec.dtype != DType::Float32 || spec.quantization || spec.group == "optimizer" || elementCount(spec.shape) == 0)
    return false;
  return options.patterns.empty() || std::ranges::any_of(options.patterns, [&](const std::string& pattern) {
           return ::fnmatch(pattern.c_str(), spec.name.c_str(), 0) == 0;
         });
}

/// Bytes of one weight as stored; strings carry their own lengths.
std::int64_t lengthOf(const WeightSpec& spec, WeightDecoder& decoder) {
  const std::int64_t start = decoder.offset();
  if (spec.dtype == DType::String && !spec.quantization)
    decoder.next(spec);
  else
    decoder.seek(start + storedBytes(spec));
  return decoder.offset() - start;
}

void measure(const WeightSpec& spec, std::span<const float> before, const WeightBytes& stored,
             QuantizationReport& report) {
  const auto after = WeightDecoder(stored).next(spec);
  QuantizationReport::Weight weight{spec.name, 0, 0};
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double difference = std::abs(double(after->floats()[i]) - double(before[i]));
    weight.largest = std::max(weight.largest, difference);
    weight.mean += difference;
  }
  report.largest = std::max(report.largest, weight.largest);
  report.mean += weight.mean;  // a sum until all are known
  weight.mean /= double(before.size());
  report.weights.push_back(std::move(weight));
}

}  // namespace

ModelArtifacts quantize(const ModelArtifacts& artifacts, const QuantizeOptions& options, QuantizationReport* report) {
  if (options.dtype != DType::UInt8 && options.dtype != DType::UInt16 && options.dtype != DType::Float16)
    throw Error(ErrorKind::InvalidConfig, "Weights are quantized to float16, uint16 or uint8.", {}, "quantize");
  requireEnoughBytes(artifacts, QStringLiteral("weights"));
  ModelArtifacts result = artifacts;
  result.groups.clear();
  QuantizationReport measured;
  if (!artifacts.weightData) return result;
  const WeightBytes& bytes = *artifacts.weightData;
  WeightDecoder decoder(bytes);
  WeightBytes quantized;  // what stays as it is shares its bytes
  std::int64_t values = 0;
  for (WeightSpec& spec : result.weightSpecs) {
    const std::int64_t start = decoder.offset();
    const SharedBytes stored = bytes.run(start, lengthOf(spec, decoder));
    if (!isWanted(spec, options)) {
      quantized.append(stored);
      continue;
    }
    const std::vector<float> floats = floatsOf(stored);
    requireQuantizable(spec, floats, options.dtype);
    const Range range =
        options.dtype == DType::Float16 ? Range() : rangeOf(floats, options.dtype == DType::UInt8 ? 255 : 65535);
    const WeightBytes smaller(options.dtype == DType::Float16 ? halves(floats)
                              : options.dtype == DType::UInt8 ? scaled<std::uint8_t>(floats, range)
                                                              : scaled<std::uint16_t>(floats, range));
    spec.quantization = described(options.dtype, range);
    measure(spec, floats, smaller, measured);
    values += std::int64_t(floats.size());
    for (const SharedBytes& piece : smaller.pieces()) quantized.append(piece);
  }
  if (measured.weights.empty() && !options.patterns.empty())
    throw Error(ErrorKind::InvalidConfig, "No float32 weight has a name like " + options.patterns.front() + ".", {},
                "weights", "`info` shows the names.");
  measured.mean /= double(std::max<std::int64_t>(values, 1));
  measured.bytesBefore = bytes.size();
  measured.bytesAfter = quantized.size();
  result.weightData = std::make_shared<const WeightBytes>(std::move(quantized));
  if (report) *report = std::move(measured);
  return result;
}

std::uint16_t floatToHalf(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = std::uint16_t((bits >> 16) & 0x8000);
  const std::uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return std::uint16_t(sign | 0x7e00);   // NaN
  if (magnitude >= 0x477ff000) return std::uint16_t(sign | 0x7c00);  // 65520 and more round to infinity
  const auto rounded = [](std::uint32_t wide, int shift) {           // to nearest, ties to even
    const std::uint32_t half = 1u << (shift - 1);
    return (wide + half - 1 + ((wide >> shift) & 1)) >> shift;
  };
  if (magnitude >= 0x38800000) return std::uint16_t(sign | rounded(magnitude - 0x38000000, 13));
  const int exponent = int(magnitude >> 23);
  if (exponent < 102) return sign;  // below half of the smallest
  const std::uint32_t fraction = (magnitude & 0x7fffff) | 0x800000;
  return std::uint16_t(sign | rounded(fraction, 126 - exponent));
}

}  // namespace layersmith

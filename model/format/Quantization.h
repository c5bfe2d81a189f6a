#pragma once

#include "model/format/ModelArtifacts.h"

#include <string>
#include <vector>

namespace layersmith {

/// Which float32 weights are stored smaller, and how.
struct QuantizeOptions {
  DType dtype = DType::UInt8;         ///< Float16, UInt16 or UInt8
  std::vector<std::string> patterns;  ///< shell globs over weight names, '*' crosses '/'; empty: all
};

/// How far what is read back is from what was there. Differences are absolute.
struct QuantizationReport {
  struct Weight {
    std::string name;
    double largest = 0;
    double mean = 0;
  };
  std::vector<Weight> weights;  ///< those quantized
  double largest = 0;
  double mean = 0;  ///< over all values of the weights quantized
  std::int64_t bytesBefore = 0;
  std::int64_t bytesAfter = 0;
};

/// The same model with weights as the TensorFlow.js converter quantizes them: uint8 and uint16 with a scale and a min
/// of each weight, zero kept exact; float16 rounded to the nearest. Weights of the optimizer, of other types, empty and
/// quantized ones stay as they are. Source: tensorflowjs/quantization.py, quantize_weights.
/// Errors: InvalidConfig for another dtype or a pattern that matches nothing; Numeric E121 for NaN, infinity, and
/// values beyond float16; E110 when weight bytes are missing.
ModelArtifacts quantize(const ModelArtifacts& artifacts, const QuantizeOptions& options,
                        QuantizationReport* report = nullptr);

/// The nearest half, ties to even; infinity beyond 65504.
std::uint16_t floatToHalf(float value);

}  // namespace layersmith

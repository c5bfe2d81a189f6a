#pragma once

#include "model/format/ModelArtifacts.h"
#include "model/nn/WeightBuffer.h"

#include <memory>

namespace layersmith {

/// Walks weight bytes in the order of their specs; every length is checked before it is used. Weights stored as they
/// compute (float32, int32, bool) stay where they are and share the bytes; others are converted, one by one.
class WeightDecoder {
 public:
  explicit WeightDecoder(const WeightBytes& bytes) : m_bytes(bytes) {}  ///< `bytes` outlives it

  /// The next weight, dequantized: float32, int32 or bool. nullptr for string and complex64, which layers do not have.
  /// Errors: E110 when the bytes end before it; E121 is not raised: see countNonFinite().
  std::shared_ptr<const WeightBuffer> next(const WeightSpec& spec);

  void seek(std::int64_t offset) { m_offset = offset; }
  std::int64_t offset() const { return m_offset; }

 private:
  SharedBytes take(std::int64_t bytes, const WeightSpec& spec);

  const WeightBytes& m_bytes;
  std::int64_t m_offset = 0;
};

float halfToFloat(std::uint16_t half);  ///< IEEE 754 binary16

std::int64_t countNonFinite(const WeightBuffer& weight);

}  // namespace layersmith

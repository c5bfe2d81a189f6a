#pragma once

#include "model/core/SharedBytes.h"

#include <QByteArray>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace layersmith {

/// The weight bytes of a model in the order of its specs, in one piece (as read) or many (as trained): a save writes
/// the pieces one after the other and nothing ever joins them.
class WeightBytes {
 public:
  WeightBytes() = default;
  explicit WeightBytes(SharedBytes bytes) { append(std::move(bytes)); }
  WeightBytes(QByteArray bytes);  ///< takes it over, no copy

  void append(SharedBytes piece);
  std::int64_t size() const { return m_size; }
  const std::vector<SharedBytes>& pieces() const { return m_pieces; }

  /// Part of them, sharing the bytes. REQUIRES: 0 <= offset, offset + count <= size().
  WeightBytes sliced(std::int64_t offset, std::int64_t count) const;

  /// Part of them as one run: shared where one piece holds it at an address divisible by `alignment`, else copied.
  SharedBytes run(std::int64_t offset, std::int64_t count, std::size_t alignment = 1) const;

  /// Errors: E110 when they are mapped (MappedBytes) and their file was cut short meanwhile.
  void requireUncut() const;

  /// A copy of all of them, for small ones.
  QByteArray joined() const;

  friend bool operator==(const WeightBytes& a, const WeightBytes& b);  ///< compares the bytes

 private:
  std::vector<SharedBytes> m_pieces;  // none is empty
  std::vector<std::int64_t> m_ends;   // where each piece ends
  std::int64_t m_size = 0;
};

/// Shared and immutable; null: the artifacts hold no weights.
using WeightData = std::shared_ptr<const WeightBytes>;

}  // namespace layersmith

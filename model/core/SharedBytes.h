#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace layersmith {

/// A run of bytes that never change, and what keeps them alive. Copies and slices share them.
class SharedBytes {
 public:
  SharedBytes() = default;
  SharedBytes(std::shared_ptr<const void> owner, std::span<const std::byte> bytes)
      : m_owner(std::move(owner)), m_bytes(bytes) {}
  static SharedBytes copyOf(std::span<const std::byte> bytes);

  const std::byte* data() const { return m_bytes.data(); }
  std::size_t size() const { return m_bytes.size(); }
  bool empty() const { return m_bytes.empty(); }
  auto begin() const { return m_bytes.begin(); }
  auto end() const { return m_bytes.end(); }
  std::span<const std::byte> span() const { return m_bytes; }

  /// REQUIRES: offset + count <= size().
  SharedBytes slice(std::size_t offset, std::size_t count) const { return {m_owner, m_bytes.subspan(offset, count)}; }

  friend bool operator==(const SharedBytes& a, const SharedBytes& b);  ///< compares the bytes

 private:
  std::shared_ptr<const void> m_owner;
  std::span<const std::byte> m_bytes;
};

/// Bytes while they are being filled: share() ends that. Not zeroed, aligned to 64. Its pages are ordinary ones: huge
/// pages save a third of a load where the machine has them ready, and double it where its host must clear them first.
/// Errors: std::bad_alloc.
class ByteBlock {
 public:
  explicit ByteBlock(std::size_t size);

  std::byte* data() const { return m_data.get(); }
  std::size_t size() const { return m_size; }
  std::span<std::byte> span() const { return {m_data.get(), m_size}; }
  SharedBytes share() const { return {m_data, {m_data.get(), m_size}}; }  ///< do not write afterwards

 private:
  std::shared_ptr<std::byte> m_data;
  std::size_t m_size;
};

}  // namespace layersmith

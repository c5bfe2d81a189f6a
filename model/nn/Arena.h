#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace layersmith {

/// One block of memory, zeroed, aligned to 64; in huge pages when it is large.
class Arena {
 public:
  Arena() = default;
  explicit Arena(std::size_t sizeBytes);

  std::byte* data() const { return m_data.get(); }
  std::size_t bytes() const { return m_bytes; }

 private:
  struct Free {
    void operator()(std::byte* data) const;
  };
  std::unique_ptr<std::byte, Free> m_data;
  std::size_t m_bytes = 0;
};

/// A piece of an arena: `size` bytes that live from step `first` to step `last`, both included.
struct ArenaPiece {
  std::size_t size = 0;
  int first = 0;
  int last = 0;
  std::size_t offset = 0;  ///< result
};

/// Gives every piece an offset so that no two that live at the same time overlap; large pieces first, lowest gap first.
/// Returns the bytes needed. Offsets are multiples of 64.
std::size_t planArena(std::span<ArenaPiece> pieces);

}  // namespace layersmith

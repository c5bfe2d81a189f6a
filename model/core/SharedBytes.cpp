#include "model/core/SharedBytes.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace layersmith {

SharedBytes SharedBytes::copyOf(std::span<const std::byte> bytes) {
  const ByteBlock block(bytes.size());
  if (!bytes.empty()) std::memcpy(block.data(), bytes.data(), bytes.size());
  return block.share();
}

bool operator==(const SharedBytes& a, const SharedBytes& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

std::byte* allocateBytes(std::size_t size) {
  constexpr std::size_t kLine = 64, kHugePage = std::size_t(2) << 20;
  const std::size_t alignment = size >= kHugePage ? kHugePage : kLine;
  const std::size_t rounded = std::max(alignment, (size + alignment - 1) / alignment * alignment);
  auto* bytes = static_cast<std::byte*>(std::aligned_alloc(alignment, rounded));
  if (!bytes) throw std::bad_alloc();
  if (alignment == kHugePage) madvise(bytes, rounded, MADV_HUGEPAGE);  // a wish: without it pages are small
  return bytes;
}

ByteBlock::ByteBlock(std::size_t size) : m_data(allocateBytes(size), std::free), m_size(size) {}

}  // namespace layersmith

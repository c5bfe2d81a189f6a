#include "model/core/SharedBytes.h"

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

namespace {

std::byte* allocate(std::size_t size) {
  constexpr std::size_t kLine = 64;
  auto* bytes = static_cast<std::byte*>(std::aligned_alloc(kLine, std::max(kLine, (size + kLine - 1) / kLine * kLine)));
  if (!bytes) throw std::bad_alloc();
  return bytes;
}

}  // namespace

ByteBlock::ByteBlock(std::size_t size) : m_data(allocate(size), std::free), m_size(size) {}

}  // namespace layersmith

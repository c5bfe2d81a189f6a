#include "model/nn/Arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <numeric>

namespace layersmith {

namespace {

constexpr std::size_t kLine = 64;

std::size_t roundUp(std::size_t size, std::size_t unit) {
  return (size + unit - 1) / unit * unit;
}

/// From 2 MiB on aligned to huge pages and asking for them: every step goes over all of it.
std::byte* allocate(std::size_t size) {
  constexpr std::size_t kHugePage = std::size_t(2) << 20;
  const std::size_t alignment = size >= kHugePage ? kHugePage : kLine;
  const std::size_t rounded = std::max(alignment, roundUp(size, alignment));
  auto* bytes = static_cast<std::byte*>(std::aligned_alloc(alignment, rounded));
  if (!bytes) throw std::bad_alloc();
  if (alignment == kHugePage) ::madvise(bytes, rounded, MADV_HUGEPAGE);  // a wish: without it pages are small
  return bytes;
}

}  // namespace

Arena::Arena(std::size_t sizeBytes) : m_data(allocate(sizeBytes)), m_bytes(sizeBytes) {
  std::memset(m_data.get(), 0, sizeBytes);
}

void Arena::Free::operator()(std::byte* data) const {
  std::free(data);
}

std::size_t planArena(std::span<ArenaPiece> pieces) {
  std::vector<std::size_t> order(pieces.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return pieces[a].size > pieces[b].size; });

  std::size_t total = 0;
  std::vector<const ArenaPiece*> placed;  // by offset
  for (const std::size_t index : order) {
    ArenaPiece& piece = pieces[index];
    const std::size_t size = roundUp(std::max<std::size_t>(piece.size, 1), kLine);
    std::size_t offset = 0;
    for (const ArenaPiece* other : placed) {
      if (other->last < piece.first || other->first > piece.last) continue;
      if (other->offset >= offset + size) break;
      offset = std::max(offset, other->offset + roundUp(std::max<std::size_t>(other->size, 1), kLine));
    }
    piece.offset = offset;
    total = std::max(total, offset + size);
    placed.insert(std::ranges::upper_bound(placed, offset, {}, &ArenaPiece::offset), &piece);
  }
  return total;
}

}  // namespace layersmith

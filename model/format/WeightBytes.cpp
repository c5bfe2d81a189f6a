#include "model/format/WeightBytes.h"

#include "model/core/MappedBytes.h"

#include <algorithm>
#include <cstdint>

namespace layersmith {

WeightBytes::WeightBytes(QByteArray bytes) {
  const auto owner = std::make_shared<const QByteArray>(std::move(bytes));
  append({owner, std::as_bytes(std::span(owner->constData(), std::size_t(owner->size())))});
}

void WeightBytes::append(SharedBytes piece) {
  if (piece.empty()) return;
  m_size += std::int64_t(piece.size());
  m_ends.push_back(m_size);
  m_pieces.push_back(std::move(piece));
}

WeightBytes WeightBytes::sliced(std::int64_t offset, std::int64_t count) const {
  WeightBytes part;
  auto index = std::size_t(std::ranges::upper_bound(m_ends, offset) - m_ends.begin());
  while (count > 0) {
    const SharedBytes& piece = m_pieces.at(index);
    const std::int64_t from = offset - (m_ends[index] - std::int64_t(piece.size()));
    const std::int64_t taken = std::min(count, std::int64_t(piece.size()) - from);
    part.append(piece.slice(std::size_t(from), std::size_t(taken)));
    offset += taken;
    count -= taken;
    ++index;
  }
  return part;
}

SharedBytes WeightBytes::run(std::int64_t offset, std::int64_t count, std::size_t alignment) const {
  const WeightBytes part = sliced(offset, count);
  if (part.pieces().empty()) return {};
  const SharedBytes& first = part.pieces().front();
  const bool isAligned = reinterpret_cast<std::uintptr_t>(first.data()) % alignment == 0;
  if (part.pieces().size() == 1 && isAligned) return first;
  const ByteBlock block{std::size_t(count)};
  std::byte* to = block.data();
  for (const SharedBytes& piece : part.pieces()) to = std::ranges::copy(piece, to).out;
  return block.share();
}

void WeightBytes::requireUncut() const {
  for (const SharedBytes& piece : m_pieces) layersmith::requireUncut(piece.span());
}

QByteArray WeightBytes::joined() const {
  QByteArray all;
  all.reserve(m_size);
  for (const SharedBytes& piece : m_pieces)
    all.append(reinterpret_cast<const char*>(piece.data()), qsizetype(piece.size()));
  return all;
}

bool operator==(const WeightBytes& a, const WeightBytes& b) {
  if (a.m_size != b.m_size) return false;
  std::int64_t offset = 0;
  for (const SharedBytes& piece : a.m_pieces) {
    std::size_t done = 0;
    for (const SharedBytes& other : b.sliced(offset, std::int64_t(piece.size())).m_pieces) {
      if (!(piece.slice(done, other.size()) == other)) return false;
      done += other.size();
    }
    offset += std::int64_t(piece.size());
  }
  return true;
}

}  // namespace layersmith

#include "model/storage/http/ReceivedBody.h"

#include <QIODevice>

namespace layersmith {

void ReceivedBody::take(QIODevice& from) {
  while (m_placed < m_place.size()) {
    const std::span<std::byte> free = m_place.subspan(m_placed);
    const qint64 count = from.read(reinterpret_cast<char*>(free.data()), qint64(free.size()));
    if (count <= 0) return;
    m_placed += std::size_t(count);
  }
  m_rest += from.readAll();
}

void ReceivedBody::clear() {
  m_placed = 0;
  m_rest.clear();
}

}  // namespace layersmith

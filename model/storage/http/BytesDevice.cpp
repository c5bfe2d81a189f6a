#include "model/storage/http/BytesDevice.h"

#include <algorithm>
#include <cstring>

namespace layersmith {

BytesDevice::BytesDevice(WeightBytes bytes, QObject* parent) : QIODevice(parent), m_bytes(std::move(bytes)) {
  QIODevice::open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

qint64 BytesDevice::readData(char* to, qint64 maxSize) {
  const WeightBytes part = m_bytes.sliced(pos(), std::min(maxSize, m_bytes.size() - pos()));
  for (const SharedBytes& piece : part.pieces()) {
    std::memcpy(to, piece.data(), piece.size());
    to += piece.size();
  }
  return part.size();
}

}  // namespace layersmith

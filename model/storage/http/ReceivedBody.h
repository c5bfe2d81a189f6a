#pragma once

#include <QByteArray>

#include <cstddef>
#include <cstdint>
#include <span>

class QIODevice;

namespace layersmith {

/// The body of an answer as it comes: into the place given for it, and what does not fit behind that.
class ReceivedBody {
 public:
  /// `place` must outlive this; `placed` bytes of it are there already.
  explicit ReceivedBody(std::span<std::byte> place = {}, std::int64_t placed = 0)
      : m_place(place), m_placed(std::size_t(placed)) {}

  void take(QIODevice& from);  ///< all that is there to read
  void clear();
  std::int64_t size() const { return std::int64_t(m_placed) + m_rest.size(); }
  bool isEmpty() const { return size() == 0; }
  bool isPlaced() const { return !isEmpty() && m_rest.isEmpty(); }  ///< all that there is
  QByteArray& rest() { return m_rest; }  ///< what lies behind the place; all of it where there is none

 private:
  std::span<std::byte> m_place;
  std::size_t m_placed = 0;
  QByteArray m_rest;
};

}  // namespace layersmith

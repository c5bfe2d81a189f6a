#pragma once

#include <atomic>
#include <cstdint>

namespace layersmith {

/// How far a block is filled from the front: one thread fills and advances it, others read what is below it.
class FillMark {
 public:
  explicit FillMark(std::int64_t filled = 0) : m_filled(filled) {}

  void advance(std::int64_t filled) {
    m_filled = filled;
    m_filled.notify_all();
  }
  void stop() { advance(kStopped); }

  /// Waits until at least `wanted` bytes are there. False: stopped, they will never be.
  bool waitFor(std::int64_t wanted) const {
    for (std::int64_t filled = m_filled; filled != kStopped; filled = m_filled) {
      if (filled >= wanted) return true;
      m_filled.wait(filled);
    }
    return false;
  }

 private:
  static constexpr std::int64_t kStopped = -1;
  std::atomic<std::int64_t> m_filled;
};

}  // namespace layersmith

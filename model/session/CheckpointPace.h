#pragma once

#include <algorithm>
#include <chrono>

namespace layersmith {

/// How far apart the checkpoints of a training are: 5 s, and more where taking and writing one would cost the training
/// over 5 % of its time. Times are seconds of any steady clock; nothing here looks at one.
class CheckpointPace {
 public:
  using Seconds = std::chrono::duration<double>;

  static constexpr Seconds kAtLeast{5};
  static constexpr double kShare = 0.05;

  explicit CheckpointPace(Seconds start = {}) : m_due(start + kAtLeast) {}

  bool isDue(Seconds now) const { return now >= m_due; }
  Seconds wait() const { return m_wait; }  ///< from the end of one to the next

  /// One ended now and cost this much, also when it failed.
  void ended(Seconds now, Seconds cost) {
    m_wait = std::max(kAtLeast, cost / kShare);
    m_due = now + m_wait;
  }

 private:
  Seconds m_wait = kAtLeast;
  Seconds m_due;
};

}  // namespace layersmith

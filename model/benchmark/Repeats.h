#pragma once

#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace layersmith {

/// How long to repeat: until both are reached.
struct RepeatLimits {
  int atLeast = 10;
  double seconds = 2;
};

/// Milliseconds since `start`.
inline double msSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

/// Milliseconds that body() takes.
template <class Body>
double timedMs(const Body& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return msSince(start);
}

/// Collects repeats, and says when there are enough; the clock starts with the object.
class Repeats {
 public:
  explicit Repeats(const RepeatLimits& limits) : m_limits(limits) {}

  void add(double ms) { m_ms.push_back(ms); }
  bool areEnough() const {
    return m_ms.size() >= std::size_t(m_limits.atLeast) && msSince(m_start) >= 1e3 * m_limits.seconds;
  }
  std::vector<double> take() { return std::move(m_ms); }

 private:
  RepeatLimits m_limits;
  std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
  std::vector<double> m_ms;
};

/// The milliseconds of body(), again and again until there are enough.
template <class Body>
std::vector<double> repeatedMs(const RepeatLimits& limits, const Body& body) {
  Repeats repeats(limits);
  while (!repeats.areEnough()) repeats.add(timedMs(body));
  return repeats.take();
}

}  // namespace layersmith

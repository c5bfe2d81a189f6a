#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

/// The one place that decides about threads. Two pools must never fight for the cores: OpenBLAS stays at one thread,
/// and oneDNN's OpenMP team is the only one that grows.
namespace layersmith {

/// Work below this many elements stays on one thread: waking the team costs more than it saves.
inline constexpr std::int64_t kSerialElements = 20'000;

/// Threads that training and prediction may use; 0 chooses the processors this process may run on, and lets a
/// ThreadTrial choose fewer. Takes effect on the next plan that is compiled. Thread rule: any thread.
void setThreadCount(int count);
int threadCount();  ///< inside of a ThreadScope: its number
bool isThreadCountSet();

/// Threads that `elements` of work are worth: 1 or threadCount().
int threadsFor(std::int64_t elements);

/// Work of the calling thread uses `threads` threads for a scope. Plans and primitives keep the number they are made
/// with.
class ThreadScope {
 public:
  explicit ThreadScope(int threads);
  ~ThreadScope();
  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;

 private:
  int m_team;
  int m_before;
};

/// Chooses between one thread and all for one kind of step, by timing the first steps either way: where another
/// program keeps a core busy, or steps are short, one is often faster. A number that was set is kept.
class ThreadTrial {
 public:
  /// `flops` of one step: little work is not worth trying. `chosen`: what an earlier trial of such steps found, 0 for
  /// none; it is kept, up to the threads there are.
  explicit ThreadTrial(double flops, int chosen = 0);

  int threads() const { return m_threads; }  ///< for the next step
  bool isDecided() const { return m_step >= kSteps; }
  void record(double seconds);  ///< of the step just run
  std::string summary() const;  ///< "2 threads (8.1 ms a step; 14.9 ms on one)"

 private:
  static constexpr int kEach = 3;  ///< the first of each warms up and does not count
  static constexpr int kSteps = 2 * kEach;

  int m_all;
  int m_threads;
  int m_step = 0;
  double m_best[2] = {0, 0};  ///< seconds: on all, on one
};

/// For main(): libgomp's workers spin for milliseconds after each step unless told not to, and it reads the bound only
/// when the process starts. Starts this program anew, once, with the bound set. Returns when nothing is to be done.
void guardedReexecForSpin(int argc, char** argv);

/// body(part) for the parts 0 to threads - 1, each on a thread of its own.
template <class Body>
void inParts(int threads, const Body& body) {
  if (threads <= 1) return body(0);  // a team of one would be made anew each time
#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (int part = 0; part < threads; ++part) body(part);
}

/// body(begin, end) over parts of [0, count), in parallel when count * elementsEach is worth it.
template <class Body>
void parallelFor(std::int64_t count, std::int64_t elementsEach, const Body& body) {
  if (count <= 0) return;
  const int threads = int(std::min<std::int64_t>(threadsFor(count * elementsEach), count));
  inParts(threads, [&](int part) { body(count * part / threads, count * (part + 1) / threads); });
}

}  // namespace layersmith

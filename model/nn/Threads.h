#pragma once

#include <algorithm>
#include <cstdint>

/// The one place that decides about threads. Two pools must never fight for the cores: OpenBLAS stays at one thread,
/// and oneDNN's OpenMP team is the only one that grows.
namespace layersmith {

/// Work below this many elements stays on one thread: waking the team costs more than it saves.
inline constexpr std::int64_t kSerialElements = 20'000;

/// Threads that training and prediction may use; 0 chooses the processors this process may run on.
/// Takes effect on the next plan that is compiled. Thread rule: any thread.
void setThreadCount(int count);
int threadCount();

/// Threads that `elements` of work are worth: 1 or threadCount().
int threadsFor(std::int64_t elements);

/// Makes OpenMP's team of the calling thread as large as `threads` for a scope. Primitives keep the size they are
/// made with.
class ThreadScope {
 public:
  explicit ThreadScope(int threads);
  ~ThreadScope();
  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;

 private:
  int m_before;
};

/// For main(): libgomp's workers spin for milliseconds after each step unless told not to, and it reads the bound only
/// when the process starts. Starts this program anew, once, with the bound set. Returns when nothing is to be done.
void guardedReexecForSpin(int argc, char** argv);

/// body(begin, end) over parts of [0, count), in parallel when count * elementsEach is worth it.
template <class Body>
void parallelFor(std::int64_t count, std::int64_t elementsEach, const Body& body) {
  const int threads = int(std::min<std::int64_t>(threadsFor(count * elementsEach), count));
  if (threads <= 1) {
    if (count > 0) body(std::int64_t(0), count);
    return;
  }
#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (int part = 0; part < threads; ++part) body(count * part / threads, count * (part + 1) / threads);
}

}  // namespace layersmith

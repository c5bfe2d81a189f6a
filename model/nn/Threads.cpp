#include "model/nn/Threads.h"

#include <omp.h>
#include <sched.h>
#include <unistd.h>

#include <limits.h>
#include <atomic>
#include <cstdio>
#include <cstdlib>

extern "C" void openblas_set_num_threads(int threads);

namespace layersmith {

namespace {

constexpr const char* kSpinCount = "2000";
constexpr const char* kReexecMark = "LAYERSMITH_SPIN_SET";

constexpr double kWorthTrying = 1e6;  // operations of a step; below it hardly any loop is worth a second thread

std::atomic<int> wantedThreads{0};
thread_local int scopedThreads = 0;

int availableProcessors() {
#if defined(__SANITIZE_THREAD__)
  return 1;  // libgomp is not instrumented: its barriers would be reported as races
#else
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
#endif
}

}  // namespace

void setThreadCount(int count) {
  wantedThreads = std::max(0, count);
}

bool isThreadCountSet() {
  return wantedThreads > 0;
}

int threadCount() {
  if (scopedThreads > 0) return scopedThreads;
  static const int available = [] {
    openblas_set_num_threads(1);
    return availableProcessors();
  }();
  const int wanted = wantedThreads;
  return wanted > 0 ? wanted : available;
}

int threadsFor(std::int64_t elements) {
  return elements < kSerialElements ? 1 : threadCount();
}

ThreadScope::ThreadScope(int threads) : m_team(omp_get_max_threads()), m_before(scopedThreads) {
  if (m_team != threads) omp_set_num_threads(threads);
  scopedThreads = threads;
}

ThreadScope::~ThreadScope() {
  scopedThreads = m_before;
  if (omp_get_max_threads() != m_team) omp_set_num_threads(m_team);
}

ThreadTrial::ThreadTrial(double flops, int chosen) : m_all(threadCount()), m_threads(m_all) {
  if (chosen > 0 && !isThreadCountSet()) m_threads = std::min(chosen, m_all);
  if (m_all == 1 || chosen > 0 || isThreadCountSet() || flops < kWorthTrying) m_step = kSteps;
}

void ThreadTrial::record(double seconds) {
  if (isDecided()) return;
  double& best = m_best[m_step / kEach];
  if (m_step % kEach > 0) best = best == 0 ? seconds : std::min(best, seconds);
  ++m_step;
  m_threads = isDecided() ? (m_best[1] < m_best[0] ? 1 : m_all) : m_step < kEach ? m_all : 1;
}

std::string ThreadTrial::summary() const {
  std::string text = std::to_string(m_threads) + (m_threads == 1 ? " thread" : " threads");
  if (!isDecided() || m_best[0] == 0) return text;
  char times[80];
  std::snprintf(times, sizeof times, " (a step: %.3g ms on %d, %.3g ms on one)", 1e3 * m_best[0], m_all,
                1e3 * m_best[1]);
  return text + times;
}

void guardedReexecForSpin(int argc, char** argv) {
  if (argc < 1 || std::getenv(kReexecMark) || std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY")) return;
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length <= 0) return;
  path[length] = '\0';
  setenv(kReexecMark, "1", 1);
  setenv("GOMP_SPINCOUNT", kSpinCount, 1);
  execv(path, argv);  // comes back only when it failed: go on as we are
}

}  // namespace layersmith

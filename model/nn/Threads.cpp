#include "model/nn/Threads.h"

#include <omp.h>
#include <sched.h>
#include <unistd.h>

#include <limits.h>
#include <atomic>
#include <cstdlib>

extern "C" void openblas_set_num_threads(int threads);

namespace layersmith {

namespace {

constexpr const char* kSpinCount = "2000";
constexpr const char* kReexecMark = "LAYERSMITH_SPIN_SET";

std::atomic<int> wantedThreads{0};

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

int threadCount() {
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

ThreadScope::ThreadScope(int threads) : m_before(omp_get_max_threads()) {
  omp_set_num_threads(threads);
}

ThreadScope::~ThreadScope() {
  omp_set_num_threads(m_before);
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

#include "model/benchmark/BusyProcess.h"

#include "model/core/Error.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstring>

namespace layersmith {

namespace {

void bindToFirstProcessor() {
  cpu_set_t allowed, first;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  CPU_ZERO(&first);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &allowed)) {
      CPU_SET(cpu, &first);
      break;
    }
  sched_setaffinity(0, sizeof first, &first);
}

}  // namespace

BusyProcess::BusyProcess() : m_pid(fork()) {
  if (m_pid < 0) throw Error(ErrorKind::Io, std::string("No busy process: ") + std::strerror(errno) + ".");
  if (m_pid > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  bindToFirstProcessor();
  std::atomic<unsigned> turns{0};
  for (;;) turns.fetch_add(1, std::memory_order_relaxed);
}

BusyProcess::~BusyProcess() {
  kill(m_pid, SIGKILL);
  waitpid(m_pid, nullptr, 0);
}

}  // namespace layersmith

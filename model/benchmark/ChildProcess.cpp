#include "model/benchmark/ChildProcess.h"

#include "model/core/Error.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstring>
#include <string_view>

namespace layersmith {

namespace {

constexpr std::array<std::string_view, 9> kChangesNumerics = {
    "OPENBLAS_", "OMP_", "GOMP_", "KMP_", "MKL_", "BLIS_", "DNNL_", "ONEDNN_", "LAYERSMITH_SPIN_SET"};

/// One end to read what a child writes.
struct Pipe {
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) throw Error(ErrorKind::Io, std::string("No pipe: ") + std::strerror(errno));
  }
  ~Pipe() {
    closeWriting();
    closeReading();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void closeReading() { close(ends[0]), ends[0] = -1; }
  void closeWriting() { close(ends[1]), ends[1] = -1; }

  int ends[2];
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

pid_t start(const std::vector<std::string>& arguments, const std::vector<std::string>& environment, const Pipe& out,
            const Pipe& err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.ends[1], STDERR_FILENO);
  pid_t pid = 0;
  const int fault = posix_spawnp(&pid, arguments.front().c_str(), &actions, nullptr, pointers(arguments).data(),
                                 pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (fault != 0)
    throw Error(ErrorKind::NotFound, "Cannot start " + arguments.front() + ": " + std::strerror(fault) + ".");
  return pid;
}

/// Takes what comes until both pipes end. Returns false when the time is up.
bool collect(Pipe& out, Pipe& err, ChildResult& result, int timeoutSeconds) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + std::chrono::seconds(timeoutSeconds);
  std::array<pollfd, 2> waits = {{{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}}};
  const std::array<std::string*, 2> texts = {&result.out, &result.err};
  while (waits[0].fd >= 0 || waits[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    if (poll(waits.data(), waits.size(), int(std::min<std::int64_t>(left, INT_MAX))) < 0 && errno != EINTR)
      return false;
    for (std::size_t i = 0; i < waits.size(); ++i) {
      if (waits[i].fd < 0 || waits[i].revents == 0) continue;
      std::array<char, 4096> buffer;
      const ssize_t count = read(waits[i].fd, buffer.data(), buffer.size());
      if (count > 0)
        texts[i]->append(buffer.data(), std::size_t(count));
      else if (count == 0 || errno != EINTR)
        waits[i].fd = -1;
    }
  }
  return true;
}

}  // namespace

std::vector<std::string> measuringEnvironment(const std::vector<std::string>& additions) {
  std::vector<std::string> environment = additions;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const auto begins = [&](std::string_view prefix) { return text.starts_with(prefix); };
    const bool isReplaced = std::ranges::any_of(
        additions, [&](const std::string& addition) { return begins(addition.substr(0, addition.find('=') + 1)); });
    if (!isReplaced && std::ranges::none_of(kChangesNumerics, begins)) environment.emplace_back(text);
  }
  return environment;
}

ChildResult runChild(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                     int timeoutSeconds) {
  Pipe out, err;
  const pid_t pid = start(arguments, environment, out, err);
  out.closeWriting();
  err.closeWriting();
  ChildResult result;
  const bool hasEnded = collect(out, err, result, timeoutSeconds);
  if (!hasEnded) kill(pid, SIGKILL);
  int status = 0;
  rusage usage{};
  while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  if (hasEnded && WIFEXITED(status)) result.exitCode = WEXITSTATUS(status);
  if (!hasEnded) result.err += "Killed after " + std::to_string(timeoutSeconds) + " seconds.\n";
  result.peakBytes = std::int64_t(usage.ru_maxrss) * 1024;
  return result;
}

std::string ownProgram() {
  std::array<char, PATH_MAX> path;
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) throw Error(ErrorKind::Io, "The program does not know its own file.");
  return {path.data(), std::size_t(length)};
}

}  // namespace layersmith

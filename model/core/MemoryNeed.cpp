#include "model/core/MemoryNeed.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <limits>
#include <string>

namespace layersmith {

namespace {

constexpr std::int64_t kTooSmallToAsk = 64 * limits::kMiB;  // reading /proc costs more than a small plan

std::atomic<std::int64_t> memoryLimit{0};

std::int64_t systemAvailable() {
  std::ifstream file("/proc/meminfo");
  std::string key, unit;
  std::int64_t kilobytes = 0;
  while (file >> key >> kilobytes && std::getline(file, unit))
    if (key == "MemAvailable:") return kilobytes * limits::kKiB;
  return std::numeric_limits<std::int64_t>::max();
}

std::int64_t numberIn(const char* path) {
  std::int64_t number = -1;
  std::ifstream(path) >> number;  // "max" leaves it as it is
  return number;
}

std::int64_t groupAvailable() {
  const std::int64_t most = numberIn("/sys/fs/cgroup/memory.max"), used = numberIn("/sys/fs/cgroup/memory.current");
  return most < 0 || used < 0 ? std::numeric_limits<std::int64_t>::max() : std::max<std::int64_t>(most - used, 0);
}

}  // namespace

std::int64_t availableMemory() {
  const std::int64_t available = std::min(systemAvailable(), groupAvailable()), limit = memoryLimit;
  return limit > 0 ? std::min(available, limit) : available;
}

void setMemoryLimit(std::int64_t bytes) {
  memoryLimit = bytes;
}

bool hasMemoryLimit() {
  return memoryLimit > 0;
}

std::string memoryText(std::int64_t bytes) {
  char text[32];
  if (bytes < 1000 * 1000 * 1000)
    std::snprintf(text, sizeof text, "%.0f MB", double(bytes) / 1e6);
  else
    std::snprintf(text, sizeof text, "%.1f GB", double(bytes) / 1e9);
  return text;
}

void requireMemory(std::int64_t bytes, const std::string& what) {
  if (bytes < kTooSmallToAsk && memoryLimit == 0) return;
  const std::int64_t available = availableMemory();
  if (bytes <= available) return;
  throw Error(ErrorKind::LimitExceeded,
              what + " needs about " + memoryText(bytes) + " of memory; " + memoryText(available) + " are free.",
              "E402");
}

}  // namespace layersmith

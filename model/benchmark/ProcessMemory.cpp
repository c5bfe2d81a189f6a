#include "model/benchmark/ProcessMemory.h"

#include <fstream>
#include <string>

namespace layersmith {

// Not getrusage(): its figure starts from that of the program that started this one.
std::int64_t peakMemoryBytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word)
    if (word == "VmHWM:") {
      std::int64_t kilobytes = 0;
      status >> kilobytes;
      return kilobytes * 1024;
    }
  return 0;
}

}  // namespace layersmith

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace layersmith {

/// How a program ended that ran to be measured.
struct ChildResult {
  int exitCode = -1;           ///< -1: ended by a signal, or after the time allowed
  std::string out;             ///< standard output, whole
  std::string err;             ///< standard error, whole
  std::int64_t peakBytes = 0;  ///< largest resident size of the program (of the starter too, where that was larger)
};

/// The environment without what changes how numeric libraries compute or wait (OPENBLAS_*, OMP_*, GOMP_*, KMP_*, MKL_*,
/// BLIS_*, DNNL_*, ONEDNN_*), and with `additions` ("NAME=value").
std::vector<std::string> measuringEnvironment(const std::vector<std::string>& additions = {});

/// Runs a program to its end and takes what it prints; it is killed after `timeoutSeconds`.
/// `arguments[0]` is the program, looked for in PATH. Errors: NotFound when it cannot be started.
/// Thread rule: blocks; any thread.
ChildResult runChild(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                     int timeoutSeconds);

/// The file of the running program.
std::string ownProgram();

}  // namespace layersmith

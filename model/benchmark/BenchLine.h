#pragma once

#include "model/benchmark/Statistics.h"

#include <optional>
#include <string>

namespace layersmith {

/// One measurement of one workload by one engine: the JSON line of the benchmark programs, ours and the peers'.
struct BenchLine {
  std::string name;     ///< "W4"
  std::string backend;  ///< "layersmith", "torch", "torch-nhwc", "torch-jit", "tfjs-wasm-simd"
  int threads = 1;
  std::string unit;  ///< "ms/step", "ms/fit", "ms"
  Statistics times;  ///< in `unit`; n = 0: nothing was measured, `error` says why
  std::optional<double> gflop;
  std::optional<double> gigabytes;  ///< triad: memory moved in one repeat
  std::optional<double> samplesPerSecond;
  std::optional<double> usPerStep;
  std::optional<double> rawMs;    ///< W8: the bare disk work, median
  std::optional<double> ratio;    ///< W8: median / rawMs
  std::optional<double> firstMs;  ///< W1: the first fit of the process
  std::optional<double> peakMb;   ///< largest resident size of the process that measured, 10^6 bytes
  std::string threadChoice;       ///< training on a number of threads that was not set: what was chosen, and why
  std::string error;
};

}  // namespace layersmith

#pragma once

#include "model/benchmark/BenchLine.h"
#include "model/benchmark/Repeats.h"
#include "model/core/Scalar.h"

#include <string>
#include <string_view>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// Names that measureWorkload() takes: G0 (the matrix product), triad (memory), then the workloads.
std::vector<std::string> benchmarkNames();

/// Measures one of benchmarkNames() in this process, on threadCount() threads. What cannot run here (a layer type that
/// is not known) gives a line with an error.
/// Errors: InvalidConfig for an unknown name.
BenchLine measureWorkload(std::string_view name, const RepeatLimits& limits);

/// Which kernels run: "oneDNN 2.6.3 (avx512_core); 2 threads".
std::string engineDescription();

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

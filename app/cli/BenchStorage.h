#pragma once

#include "model/benchmark/BenchLine.h"
#include "model/benchmark/Repeats.h"

#include <vector>

namespace layersmith {

/// W8-save and W8-load: a dense model of 100 MB saved to a folder, and loaded until it can predict, each beside the
/// bare disk work of as many bytes (write and fsync; read), in turns. Files go to a folder of their own in BENCH_TMP,
/// or where temporary files go, and are removed. Errors: NoSpace, Io.
std::vector<BenchLine> measureStorage(const RepeatLimits& limits);

}  // namespace layersmith

#pragma once

#include "model/benchmark/BenchLine.h"
#include "model/format/ModelArtifacts.h"

#include <string_view>
#include <vector>

namespace layersmith {

class Output;

/// The JSON line of a measurement, with the fields that every benchmark program here prints; numbers to four digits.
Json benchLineJson(const BenchLine& line);

/// The lines that a benchmark program printed, ours or a peer's; other text is passed over.
std::vector<BenchLine> readBenchLines(std::string_view text);

/// One row per line; `sgemmRate` in GFLOP/s (0: unknown) gives the share of the machine's rate.
void printBenchLines(Output& output, const std::vector<BenchLine>& lines, double sgemmRate);

}  // namespace layersmith

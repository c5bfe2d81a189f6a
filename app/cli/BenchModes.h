#pragma once

#include "model/benchmark/Repeats.h"
#include "model/format/ModelArtifacts.h"

#include <string>
#include <vector>

namespace layersmith {

class Output;

// What `bench` measures beside the workloads. Each gives its part of the result and prints its table.

/// Cost of a training step as batch, width and depth of a dense network grow; `isHere`: in this process, else in a
/// fresh one.
Json benchGrowth(Output& output, const RepeatLimits& limits, bool isHere);

/// What each layer of the workloads costs, forward and backward, beside the rates of the machine in the same process.
Json benchProfile(Output& output, const std::vector<std::string>& names, const RepeatLimits& limits, bool isHere);

/// The training workloads on a quiet machine and beside a process that keeps one processor busy, in turns.
Json benchBusy(Output& output, const std::vector<std::string>& names, const RepeatLimits& limits);

}  // namespace layersmith

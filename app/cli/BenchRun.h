#pragma once

#include "app/cli/BenchPeers.h"
#include "model/benchmark/BenchLine.h"
#include "model/benchmark/Repeats.h"
#include "model/format/ModelArtifacts.h"

#include <functional>
#include <string>
#include <vector>

namespace layersmith {

/// What measureHere() takes: machine rates, W1 to W7, and W8 (saving and loading: two lines).
std::vector<std::string> benchNames();

/// Measures a workload in this process.
std::vector<BenchLine> measureHere(const std::string& name, const RepeatLimits& limits);

/// Measures it in a fresh process: its peak memory is its own, and no inherited setting slows its kernels down.
std::vector<BenchLine> measureInChild(const std::string& name, const RepeatLimits& limits);

/// The result of `bench --in-process` with these options, run in a fresh process.
/// Errors: Internal when that fails, with what it said.
Json benchInChild(const std::vector<std::string>& options, const RepeatLimits& limits);

/// Ours and the peers in turns, `rounds` times each: a machine that is busy for a while is busy for all. Tells before
/// each measurement who runs what. A peer that cannot run a workload is not asked again.
/// Returns the rounds joined, one line per workload and engine.
std::vector<BenchLine> measureInTurns(const std::vector<std::string>& names, const std::vector<BenchPeer>& peers,
                                      int rounds, double seconds,
                                      const std::function<void(int round, const std::string& what)>& starting);

}  // namespace layersmith

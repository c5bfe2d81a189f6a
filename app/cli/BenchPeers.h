#pragma once

#include "model/benchmark/BenchLine.h"

#include <string>
#include <vector>

namespace layersmith {

/// Another engine, run by its benchmark program on the same workloads.
struct BenchPeer {
  std::string name;                  ///< "torch", "tfjs"
  std::vector<std::string> command;  ///< what to run; threads and the workload's name follow
};

/// `names` out of torch and tfjs. Their programs torch_bench.py and tfjs_bench.mjs: the first in peers/bench of the
/// folder that LAYERSMITH_SHARED names, the second where tests/bench/install-peers puts it beside TensorFlow.js
/// ($XDG_CACHE_HOME/layersmith/bench-peers).
/// Errors: InvalidConfig for another name; NotFound when a program is not there, with what to do.
std::vector<BenchPeer> findPeers(const std::vector<std::string>& names);

/// The peer's lines for one workload, one per variant, with the peak memory of its process. A peer that printed nothing
/// gives one line with an error.
std::vector<BenchLine> measurePeer(const BenchPeer& peer, const std::string& workload, int threads, double seconds);

}  // namespace layersmith

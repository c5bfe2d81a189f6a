#pragma once

#include "model/benchmark/Repeats.h"
#include "model/core/Scalar.h"

#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// The limits that a layer's figures are read against, on threadCount() threads.

/// 1024 x 1024 x 1024 matrix products, by the engine's own kernel.
inline constexpr double kSgemmGflop = 2.147;
std::vector<double> sgemmTimes(const RepeatLimits& limits);

/// a = b + 3 c over arrays far larger than the caches.
inline constexpr double kTriadGigabytes = 3 * 4 * 16e6 * 1e-9;
std::vector<double> triadTimes(const RepeatLimits& limits);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include <cstdint>

namespace layersmith {

/// Largest resident size that this process has had, in bytes; 0 where the system does not say.
std::int64_t peakMemoryBytes();

}  // namespace layersmith

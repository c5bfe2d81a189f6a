#pragma once

#include "model/core/Error.h"

namespace layersmith {

inline constexpr int kDifferenceExit = 1;  ///< of verify and diff: done, and something was found
inline constexpr int kUsageExit = 2;
inline constexpr int kStoppedExit = 130;

/// UX section 9: 1 refused, 2 usage, 3 not found, 4 unreadable model or data, 5 no space or permission, 6 network,
/// 7 diverged, 8 busy, 9 over a limit, 130 stopped.
int exitCode(const Error& error);

}  // namespace layersmith

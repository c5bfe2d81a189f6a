#pragma once

#include "model/core/Scalar.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// Which kernels run: oneDNN in float, or plain loops that the fast ones are tested against (the only ones in double).
enum class ComputePath { Fast, Reference };

/// The path of networks that name none; Fast unless it was set. Thread rule: set it before networks are made.
void setDefaultComputePath(ComputePath path);
ComputePath defaultComputePath();

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

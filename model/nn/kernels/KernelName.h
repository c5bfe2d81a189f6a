#pragma once

#include <string_view>

namespace layersmith {

/// Whether an implementation's name ("ref:any") says plain loops: there is no optimized kernel for the shape, or it was
/// not to be.
inline bool isReferenceKernel(std::string_view implementation) {
  return implementation.find("ref") != std::string_view::npos;
}

}  // namespace layersmith

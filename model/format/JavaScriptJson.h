#pragma once

#include <string>

namespace layersmith {

/// A number as JavaScript prints it: 1, 0.1, 1e-7, 1e+21. NaN and infinities are "null", as JSON.stringify has it.
/// Source: ECMA-262, Number::toString.
std::string javaScriptNumber(double value);

}  // namespace layersmith

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace layersmith {

/// Sizes of the axes in TensorFlow's order, batch first. An axis that is not known (JSON null) is kUnknownDim.
using Shape = std::vector<std::int64_t>;

inline constexpr std::int64_t kUnknownDim = -1;

/// Number of elements; unknown axes count as 1.
/// Errors: LimitExceeded when the product passes 2^40.
std::int64_t elementCount(const Shape& shape);

bool isFullyKnown(const Shape& shape);

/// "(null, 26, 26, 8)" as TensorFlow.js prints it.
std::string toString(const Shape& shape);

/// "(26, 26, 8)": without the batch axis, as cards and messages show it; unknown axes as "?".
std::string toStringWithoutBatch(const Shape& shape);

}  // namespace layersmith

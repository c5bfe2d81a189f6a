#include "model/core/Shape.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"

#include <algorithm>

namespace layersmith {

namespace {

template <class Iterator>
std::string join(Iterator begin, Iterator end, const char* unknown) {
  std::string text = "(";
  for (auto it = begin; it != end; ++it) {
    if (it != begin) text += ", ";
    text += *it == kUnknownDim ? unknown : std::to_string(*it);
  }
  return text + ")";
}

}  // namespace

std::int64_t elementCount(const Shape& shape) {
  std::int64_t count = 1;
  for (std::int64_t dim : shape) {
    if (dim == kUnknownDim) continue;
    if (dim < 0 || __builtin_mul_overflow(count, dim, &count) || count > limits::kTensorElements)
      throw Error(ErrorKind::LimitExceeded,
                  "The shape " + toString(shape) + " has too many elements; the limit is " +
                      std::to_string(limits::kTensorElements) + " (setting tensor.elements).",
                  "E130");
  }
  return count;
}

bool isFullyKnown(const Shape& shape) {
  return std::ranges::find(shape, kUnknownDim) == shape.end();
}

std::string toString(const Shape& shape) {
  return join(shape.begin(), shape.end(), "null");
}

std::string toStringWithoutBatch(const Shape& shape) {
  return shape.empty() ? "()" : join(shape.begin() + 1, shape.end(), "?");
}

}  // namespace layersmith

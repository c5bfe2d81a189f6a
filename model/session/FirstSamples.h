#pragma once

#include "model/nn/Tensor.h"

#include <algorithm>

namespace layersmith {

/// A copy of the first `count` samples, or of all when there are fewer.
inline Tensor firstSamples(const Tensor& tensor, std::int64_t count) {
  Tensor first;
  first.shape = tensor.shape;
  first.shape[0] = std::min(count, tensor.batch());
  first.values.assign(tensor.values.begin(), tensor.values.begin() + first.shape[0] * tensor.sampleSize());
  first.dtype = tensor.dtype;
  return first;
}

}  // namespace layersmith

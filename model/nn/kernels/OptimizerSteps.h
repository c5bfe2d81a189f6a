#pragma once

#include "model/core/Scalar.h"

#include <cstdint>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// One pass over all trainable weights. Each returns 0 when every new weight is finite, else NaN.
/// Order of operations as in tfjs-core/src/optimizers.

Scalar sgdStep(Scalar* weights, const Scalar* gradients, std::int64_t count, Scalar learningRate);

Scalar momentumStep(Scalar* weights, const Scalar* gradients, Scalar* velocity, std::int64_t count, Scalar learningRate,
                    Scalar momentum, bool useNesterov);

struct AdamRates {
  Scalar learningRate, beta1, beta2, oneMinusBeta1, oneMinusBeta2, epsilon;
  Scalar correction1, correction2;  ///< 1 - beta^step
};
Scalar adamStep(Scalar* weights, const Scalar* gradients, Scalar* first, Scalar* second, std::int64_t count,
                const AdamRates& rates);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

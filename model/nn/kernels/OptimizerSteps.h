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

struct AdamaxRates {
  Scalar step;  ///< -learningRate / (1 + decay * steps) / (1 - beta1^step)
  Scalar beta1, beta2, oneMinusBeta1, epsilon;
};
Scalar adamaxStep(Scalar* weights, const Scalar* gradients, Scalar* first, Scalar* largest, std::int64_t count,
                  const AdamaxRates& rates);

struct RmsPropRates {
  Scalar learningRate, decay, oneMinusDecay, momentum, epsilon;
};
/// `mean`: of the gradients, for the centred form; else null. Where TensorFlow.js' centred form takes the root of
/// something negative (a gradient that stays 0) and makes the weight NaN, it stays as it is here.
Scalar rmsPropStep(Scalar* weights, const Scalar* gradients, Scalar* meanSquare, Scalar* moment, Scalar* mean,
                   std::int64_t count, const RmsPropRates& rates);

Scalar adagradStep(Scalar* weights, const Scalar* gradients, Scalar* squares, std::int64_t count, Scalar learningRate,
                   Scalar epsilon);

struct AdadeltaRates {
  Scalar learningRate, rho, oneMinusRho, epsilon;
};
Scalar adadeltaStep(Scalar* weights, const Scalar* gradients, Scalar* squares, Scalar* updates, std::int64_t count,
                    const AdadeltaRates& rates);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

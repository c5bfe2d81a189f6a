#include "model/nn/kernels/OptimizerSteps.h"

#include "model/nn/Threads.h"
#include "model/nn/kernels/Clones.h"

#include <cmath>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

constexpr int kMaxThreads = 256;

LAYERSMITH_CLONES Scalar sgdPart(Scalar* w, const Scalar* g, std::int64_t n, Scalar rate) {
  Scalar check = 0;
#pragma omp simd reduction(+ : check)
  for (std::int64_t i = 0; i < n; ++i) {
    const Scalar value = -rate * g[i] + w[i];
    w[i] = value;
    check += value - value;
  }
  return check;
}

LAYERSMITH_CLONES Scalar momentumPart(Scalar* w, const Scalar* g, Scalar* v, std::int64_t n, Scalar rate,
                                      Scalar momentum) {
  Scalar check = 0;
#pragma omp simd reduction(+ : check)
  for (std::int64_t i = 0; i < n; ++i) {
    const Scalar velocity = momentum * v[i] + g[i];
    const Scalar value = -rate * velocity + w[i];
    v[i] = velocity;
    w[i] = value;
    check += value - value;
  }
  return check;
}

LAYERSMITH_CLONES Scalar nesterovPart(Scalar* w, const Scalar* g, Scalar* v, std::int64_t n, Scalar rate,
                                      Scalar momentum) {
  Scalar check = 0;
#pragma omp simd reduction(+ : check)
  for (std::int64_t i = 0; i < n; ++i) {
    const Scalar velocity = momentum * v[i] + g[i];
    const Scalar value = -rate * (g[i] + velocity * momentum) + w[i];
    v[i] = velocity;
    w[i] = value;
    check += value - value;
  }
  return check;
}

LAYERSMITH_CLONES Scalar adamPart(Scalar* w, const Scalar* g, Scalar* m, Scalar* v, std::int64_t n, AdamRates r) {
  Scalar check = 0;
#pragma omp simd reduction(+ : check)
  for (std::int64_t i = 0; i < n; ++i) {
    const Scalar first = m[i] * r.beta1 + g[i] * r.oneMinusBeta1;
    const Scalar second = v[i] * r.beta2 + g[i] * g[i] * r.oneMinusBeta2;
    m[i] = first;
    v[i] = second;
    const Scalar step = (first / r.correction1) / (std::sqrt(second / r.correction2) + r.epsilon);
    const Scalar value = step * -r.learningRate + w[i];
    w[i] = value;
    check += value - value;
  }
  return check;
}

LAYERSMITH_CLONES Scalar adamaxPart(Scalar* w, const Scalar* g, Scalar* m, Scalar* u, std::int64_t n, AdamaxRates r) {
  Scalar check = 0;
#pragma omp simd reduction(+ : check)
  for (std::int64_t i = 0; i < n; ++i) {
    const Scalar first = m[i] * r.beta1 + g[i] * r.oneMinusBeta1;
    const Scalar decayed = u[i] * r.beta2, size = std::abs(g[i]);
    const Scalar largest = decayed > size ? decayed : size;
    m[i] = first;
    u[i] = largest;
    const Scalar value = r.step * (first / (largest + r.epsilon)) + w[i];
    w[i] = value;
    check += value - value;
  }
  return check;
}

LAYERSMITH_CLONES Scalar rmsPropPart(Scalar* w, const Scalar* g, Scalar* s, Scalar* m, std::int64_t n, RmsPropRates r) {
  Scalar check = 0;
#pragma omp simd reduction(+ : check)
  for (std::int64_t i = 0; i < n; ++i) {
    const Scalar square = s[i] * r.decay + g[i] * g[i] * r.oneMinusDecay;
    const Scalar moment = m[i] * r.momentum + g[i] * r.learningRate / std::sqrt(square + r.epsilon);
    const Scalar value = w[i] - moment;
    s[i] = square;
    m[i] = moment;
    w[i] = value;
    check += value - value;
  }
  return check;
}

LAYERSMITH_CLONES Scalar centeredRmsPropPart(Scalar* w, const Scalar* g, Scalar* s, Scalar* m, Scalar* mean,
                                             std::int64_t n, RmsPropRates r) {
  Scalar check = 0;
#pragma omp simd reduction(+ : check)
  for (std::int64_t i = 0; i < n; ++i) {
    const Scalar square = s[i] * r.decay + g[i] * g[i] * r.oneMinusDecay;
    const Scalar middle = mean[i] * r.decay + g[i] * r.oneMinusDecay;
    const Scalar spread = square - (middle * middle + r.epsilon);
    const Scalar step = g[i] * r.learningRate / std::sqrt(spread > 0 ? spread : Scalar(1));
    const Scalar moment = m[i] * r.momentum + (spread > 0 ? step : Scalar(0));
    const Scalar value = w[i] - moment;
    s[i] = square;
    mean[i] = middle;
    m[i] = moment;
    w[i] = value;
    check += value - value;
  }
  return check;
}

LAYERSMITH_CLONES Scalar adagradPart(Scalar* w, const Scalar* g, Scalar* s, std::int64_t n, Scalar rate,
                                     Scalar epsilon) {
  Scalar check = 0;
#pragma omp simd reduction(+ : check)
  for (std::int64_t i = 0; i < n; ++i) {
    const Scalar squares = s[i] + g[i] * g[i];
    const Scalar value = g[i] / std::sqrt(squares + epsilon) * -rate + w[i];
    s[i] = squares;
    w[i] = value;
    check += value - value;
  }
  return check;
}

LAYERSMITH_CLONES Scalar adadeltaPart(Scalar* w, const Scalar* g, Scalar* s, Scalar* u, std::int64_t n,
                                      AdadeltaRates r) {
  Scalar check = 0;
#pragma omp simd reduction(+ : check)
  for (std::int64_t i = 0; i < n; ++i) {
    const Scalar update = std::sqrt(u[i] + r.epsilon) / std::sqrt(s[i] + r.epsilon) * g[i];
    s[i] = s[i] * r.rho + g[i] * g[i] * r.oneMinusRho;
    u[i] = u[i] * r.rho + update * update * r.oneMinusRho;
    const Scalar value = update * -r.learningRate + w[i];
    w[i] = value;
    check += value - value;
  }
  return check;
}

/// part(begin, end) on the threads that `count` is worth; the sum of what they return.
template <class Body>
Scalar sumOverParts(std::int64_t count, const Body& part) {
  const int threads = std::min(threadsFor(count), kMaxThreads);
  if (threads <= 1) return part(std::int64_t(0), count);
  Scalar sums[kMaxThreads] = {};
#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (int i = 0; i < threads; ++i) sums[i] = part(count * i / threads, count * (i + 1) / threads);
  Scalar sum = 0;
  for (int i = 0; i < threads; ++i) sum += sums[i];
  return sum;
}

}  // namespace

Scalar sgdStep(Scalar* weights, const Scalar* gradients, std::int64_t count, Scalar learningRate) {
  return sumOverParts(count, [&](std::int64_t begin, std::int64_t end) {
    return sgdPart(weights + begin, gradients + begin, end - begin, learningRate);
  });
}

Scalar momentumStep(Scalar* weights, const Scalar* gradients, Scalar* velocity, std::int64_t count, Scalar learningRate,
                    Scalar momentum, bool useNesterov) {
  return sumOverParts(count, [&](std::int64_t begin, std::int64_t end) {
    return (useNesterov ? nesterovPart : momentumPart)(weights + begin, gradients + begin, velocity + begin,
                                                       end - begin, learningRate, momentum);
  });
}

Scalar adamStep(Scalar* weights, const Scalar* gradients, Scalar* first, Scalar* second, std::int64_t count,
                const AdamRates& rates) {
  return sumOverParts(count, [&](std::int64_t begin, std::int64_t end) {
    return adamPart(weights + begin, gradients + begin, first + begin, second + begin, end - begin, rates);
  });
}

Scalar adamaxStep(Scalar* weights, const Scalar* gradients, Scalar* first, Scalar* largest, std::int64_t count,
                  const AdamaxRates& rates) {
  return sumOverParts(count, [&](std::int64_t begin, std::int64_t end) {
    return adamaxPart(weights + begin, gradients + begin, first + begin, largest + begin, end - begin, rates);
  });
}

Scalar rmsPropStep(Scalar* weights, const Scalar* gradients, Scalar* meanSquare, Scalar* moment, Scalar* mean,
                   std::int64_t count, const RmsPropRates& rates) {
  return sumOverParts(count, [&](std::int64_t begin, std::int64_t end) {
    if (!mean)
      return rmsPropPart(weights + begin, gradients + begin, meanSquare + begin, moment + begin, end - begin, rates);
    return centeredRmsPropPart(weights + begin, gradients + begin, meanSquare + begin, moment + begin, mean + begin,
                               end - begin, rates);
  });
}

Scalar adagradStep(Scalar* weights, const Scalar* gradients, Scalar* squares, std::int64_t count, Scalar learningRate,
                   Scalar epsilon) {
  return sumOverParts(count, [&](std::int64_t begin, std::int64_t end) {
    return adagradPart(weights + begin, gradients + begin, squares + begin, end - begin, learningRate, epsilon);
  });
}

Scalar adadeltaStep(Scalar* weights, const Scalar* gradients, Scalar* squares, Scalar* updates, std::int64_t count,
                    const AdadeltaRates& rates) {
  return sumOverParts(count, [&](std::int64_t begin, std::int64_t end) {
    return adadeltaPart(weights + begin, gradients + begin, squares + begin, updates + begin, end - begin, rates);
  });
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

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

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

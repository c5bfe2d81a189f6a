#include "model/nn/kernels/Elementwise.h"

#include "model/nn/Threads.h"
#include "model/nn/kernels/VectorMath.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

constexpr Scalar kSeluAlpha = Scalar(1.6732632423543772848170429916717);
constexpr Scalar kSeluScale = Scalar(1.0507009873554804934193349852946);
constexpr Scalar kGeluSlope = Scalar(0.044715);

/// The library's own exp and tanh: what the fast ones are tested against.
struct LibraryMath {
  static LAYERSMITH_INLINE Scalar exp(Scalar x) { return std::exp(x); }
  static LAYERSMITH_INLINE Scalar tanh(Scalar x) { return std::tanh(x); }
};

struct FastMath {
  static LAYERSMITH_INLINE Scalar exp(Scalar x) { return vectormath::exponential(x); }
  static LAYERSMITH_INLINE Scalar tanh(Scalar x) { return vectormath::hyperbolicTangent(x); }
};

template <class Math>
LAYERSMITH_INLINE Scalar sigmoidOf(Scalar x) {
  return Scalar(1) / (Scalar(1) + Math::exp(-x));
}

LAYERSMITH_INLINE Scalar softplusOf(Scalar x) {
  return std::max(x, Scalar(0)) + std::log1p(std::exp(-std::fabs(x)));
}

LAYERSMITH_INLINE Scalar normalCdf(Scalar x) {
  return Scalar(0.5) * (Scalar(1) + std::erf(x / std::numbers::sqrt2_v<Scalar>));
}

LAYERSMITH_INLINE Scalar geluNewInner(Scalar x) {
  return std::sqrt(Scalar(2) / std::numbers::pi_v<Scalar>) * (x + kGeluSlope * x * x * x);
}

template <class Math>
LAYERSMITH_INLINE void apply(ActivationType type, const Scalar* x, Scalar* y, std::int64_t n) {
  using enum ActivationType;
  const auto each = [&](auto f) __attribute__((always_inline)) {
    for (std::int64_t i = 0; i < n; ++i) y[i] = f(x[i]);
  };
  switch (type) {
    case Linear: return each([](Scalar v) { return v; });
    case Relu: return each([](Scalar v) { return v < 0 ? Scalar(0) : v; });
    case Relu6: return each([](Scalar v) { return v < 0 ? Scalar(0) : v > 6 ? Scalar(6) : v; });
    case Sigmoid: return each([](Scalar v) { return sigmoidOf<Math>(v); });
    case HardSigmoid:
      return each([](Scalar v) {
        const Scalar line = Scalar(0.5) + Scalar(0.2) * v;
        return line < 0 ? Scalar(0) : line > 1 ? Scalar(1) : line;
      });
    case Tanh: return each([](Scalar v) { return Math::tanh(v); });
    case Elu: return each([](Scalar v) { return v >= 0 ? v : Math::exp(v) - 1; });
    case Selu:
      return each([](Scalar v) { return v >= 0 ? kSeluScale * v : kSeluScale * kSeluAlpha * (Math::exp(v) - 1); });
    case Softplus: return each([](Scalar v) { return softplusOf(v); });
    case Softsign: return each([](Scalar v) { return v / (std::fabs(v) + 1); });
    case Swish: return each([](Scalar v) { return v * sigmoidOf<Math>(v); });
    case Mish: return each([](Scalar v) { return v * std::tanh(softplusOf(v)); });
    case Gelu: return each([](Scalar v) { return v * normalCdf(v); });
    case GeluNew: return each([](Scalar v) { return Scalar(0.5) * v * (1 + Math::tanh(geluNewInner(v))); });
    case Softmax:
    case LogSoftmax: return;  // over rows, below
  }
}

template <class Math>
LAYERSMITH_INLINE void applyRows(ActivationType type, const Scalar* x, Scalar* y, std::int64_t rows,
                                 std::int64_t columns) {
  for (std::int64_t row = 0; row < rows; ++row, x += columns, y += columns) {
    Scalar largest = x[0];
    for (std::int64_t i = 1; i < columns; ++i) largest = std::max(largest, x[i]);
    Scalar sum = 0;
    if (type == ActivationType::Softmax) {
      for (std::int64_t i = 0; i < columns; ++i) y[i] = Math::exp(x[i] - largest);
      for (std::int64_t i = 0; i < columns; ++i) sum += y[i];
      const Scalar scale = 1 / sum;
      for (std::int64_t i = 0; i < columns; ++i) y[i] *= scale;
    } else {
      for (std::int64_t i = 0; i < columns; ++i) sum += Math::exp(x[i] - largest);
      const Scalar logSum = std::log(sum);  // taken off last: beside a large x it would be rounded away
      for (std::int64_t i = 0; i < columns; ++i) y[i] = (x[i] - largest) - logSum;
    }
  }
}

template <class Math>
LAYERSMITH_INLINE void differentiate(ActivationType type, const Scalar* x, const Scalar* y, const Scalar* dy,
                                     Scalar* dx, std::int64_t n) {
  using enum ActivationType;
  const auto fromOutput = [&](auto f) __attribute__((always_inline)) {
    for (std::int64_t i = 0; i < n; ++i) dx[i] = dy[i] * f(y[i]);
  };
  const auto fromInput = [&](auto f) __attribute__((always_inline)) {
    for (std::int64_t i = 0; i < n; ++i) dx[i] = dy[i] * f(x[i]);
  };
  switch (type) {
    case Linear: return fromOutput([](Scalar) { return Scalar(1); });
    case Relu: return fromOutput([](Scalar v) { return v > 0 ? Scalar(1) : Scalar(0); });
    case Relu6: return fromOutput([](Scalar v) { return v > 0 && v < 6 ? Scalar(1) : Scalar(0); });
    case Sigmoid: return fromOutput([](Scalar v) { return v * (1 - v); });
    case HardSigmoid: return fromOutput([](Scalar v) { return v > 0 && v < 1 ? Scalar(0.2) : Scalar(0); });
    case Tanh: return fromOutput([](Scalar v) { return 1 - v * v; });
    case Elu: return fromOutput([](Scalar v) { return v >= 0 ? Scalar(1) : v + 1; });
    case Selu: return fromOutput([](Scalar v) { return v >= 0 ? kSeluScale : v + kSeluScale * kSeluAlpha; });
    case Softplus: return fromOutput([](Scalar v) { return 1 - Math::exp(-v); });
    case Softsign: return fromOutput([](Scalar v) { return (1 - std::fabs(v)) * (1 - std::fabs(v)); });
    case Swish:
      return fromInput([](Scalar v) {
        const Scalar s = sigmoidOf<Math>(v);
        return s + v * s * (1 - s);
      });
    case Mish:
      return fromInput([](Scalar v) {
        const Scalar t = std::tanh(softplusOf(v));
        return t + v * (1 - t * t) * sigmoidOf<Math>(v);
      });
    case Gelu:
      return fromInput([](Scalar v) {
        const Scalar density = std::exp(-v * v / 2) / std::sqrt(2 * std::numbers::pi_v<Scalar>);
        return normalCdf(v) + v * density;
      });
    case GeluNew:
      return fromInput([](Scalar v) {
        const Scalar t = Math::tanh(geluNewInner(v));
        const Scalar slope = std::sqrt(Scalar(2) / std::numbers::pi_v<Scalar>) * (1 + 3 * kGeluSlope * v * v);
        return Scalar(0.5) * (1 + t) + Scalar(0.5) * v * (1 - t * t) * slope;
      });
    case Softmax:
    case LogSoftmax: return;
  }
}

template <class Math>
LAYERSMITH_INLINE void differentiateRows(ActivationType type, const Scalar* y, const Scalar* dy, Scalar* dx,
                                         std::int64_t rows, std::int64_t columns) {
  for (std::int64_t row = 0; row < rows; ++row, y += columns, dy += columns, dx += columns) {
    Scalar sum = 0;
    if (type == ActivationType::Softmax) {
      for (std::int64_t i = 0; i < columns; ++i) sum += dy[i] * y[i];
      for (std::int64_t i = 0; i < columns; ++i) dx[i] = (dy[i] - sum) * y[i];
    } else {
      for (std::int64_t i = 0; i < columns; ++i) sum += dy[i];
      for (std::int64_t i = 0; i < columns; ++i) dx[i] = dy[i] - Math::exp(y[i]) * sum;
    }
  }
}

bool runsOverRows(ActivationType type) {
  return type == ActivationType::Softmax || type == ActivationType::LogSoftmax;
}

LAYERSMITH_CLONES void fastApply(ActivationType type, const Scalar* x, Scalar* y, std::int64_t n) {
  apply<FastMath>(type, x, y, n);
}
LAYERSMITH_CLONES void fastApplyRows(ActivationType type, const Scalar* x, Scalar* y, std::int64_t rows,
                                     std::int64_t columns) {
  applyRows<FastMath>(type, x, y, rows, columns);
}
LAYERSMITH_CLONES void fastDifferentiate(ActivationType type, const Scalar* x, const Scalar* y, const Scalar* dy,
                                         Scalar* dx, std::int64_t n) {
  differentiate<FastMath>(type, x, y, dy, dx, n);
}
LAYERSMITH_CLONES void fastDifferentiateRows(ActivationType type, const Scalar* y, const Scalar* dy, Scalar* dx,
                                             std::int64_t rows, std::int64_t columns) {
  differentiateRows<FastMath>(type, y, dy, dx, rows, columns);
}
LAYERSMITH_CLONES void addBiasRows(Scalar* z, const Scalar* bias, std::int64_t rows, std::int64_t columns) {
  for (std::int64_t row = 0; row < rows; ++row, z += columns)
    for (std::int64_t i = 0; i < columns; ++i) z[i] += bias[i];
}
LAYERSMITH_CLONES void addBiasRelu(Scalar* z, const Scalar* bias, std::int64_t rows, std::int64_t columns) {
  for (std::int64_t row = 0; row < rows; ++row, z += columns)
    for (std::int64_t i = 0; i < columns; ++i) {
      const Scalar value = z[i] + bias[i];
      z[i] = value < 0 ? Scalar(0) : value;
    }
}
LAYERSMITH_INLINE void rectifyRange(const Scalar* x, Scalar* y, Scalar largest, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    const Scalar value = x[i] < 0 ? Scalar(0) : x[i];
    y[i] = value > largest ? largest : value;
  }
}
LAYERSMITH_INLINE void rectifyBackwardRange(const Scalar* y, const Scalar* dy, Scalar* dx, Scalar largest,
                                            std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) dx[i] = y[i] > 0 && y[i] < largest ? dy[i] : Scalar(0);
}
LAYERSMITH_CLONES void fastRectify(const Scalar* x, Scalar* y, Scalar largest, std::int64_t n) {
  rectifyRange(x, y, largest, n);
}
LAYERSMITH_CLONES void fastRectifyBackward(const Scalar* y, const Scalar* dy, Scalar* dx, Scalar largest,
                                           std::int64_t n) {
  rectifyBackwardRange(y, dy, dx, largest, n);
}
LAYERSMITH_CLONES void addRange(Scalar* to, const Scalar* from, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) to[i] += from[i];
}
LAYERSMITH_CLONES void sumRowsSerial(const Scalar* values, Scalar* sums, std::int64_t rows, std::int64_t columns,
                                     std::int64_t stride) {
  std::fill_n(sums, columns, Scalar(0));
  for (std::int64_t row = 0; row < rows; ++row, values += stride)
    for (std::int64_t i = 0; i < columns; ++i) sums[i] += values[i];
}
/// One column: several partial sums, since the compiler may not reorder additions by itself.
LAYERSMITH_CLONES Scalar sumAll(const Scalar* values, std::int64_t count) {
  Scalar parts[16] = {};
  std::int64_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int lane = 0; lane < 16; ++lane) parts[lane] += values[i + lane];
  Scalar sum = 0;
  for (; i < count; ++i) sum += values[i];
  for (const Scalar part : parts) sum += part;
  return sum;
}
LAYERSMITH_CLONES Scalar differenceWithItself(const Scalar* values, std::int64_t count) {
  Scalar parts[16] = {};
  std::int64_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int lane = 0; lane < 16; ++lane) parts[lane] += values[i + lane] - values[i + lane];
  Scalar sum = 0;
  for (; i < count; ++i) sum += values[i] - values[i];
  for (const Scalar part : parts) sum += part;
  return sum;
}

}  // namespace

void addTo(Scalar* to, const Scalar* from, std::int64_t count) {
  parallelFor(count, 1, [&](std::int64_t begin, std::int64_t end) { addRange(to + begin, from + begin, end - begin); });
}

void activationForward(ComputePath path, ActivationType type, const Scalar* x, Scalar* y, std::int64_t rows,
                       std::int64_t columns) {
  if (path == ComputePath::Reference)
    return runsOverRows(type) ? applyRows<LibraryMath>(type, x, y, rows, columns)
                              : apply<LibraryMath>(type, x, y, rows * columns);
  parallelFor(rows, columns, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t at = begin * columns;
    if (runsOverRows(type))
      fastApplyRows(type, x + at, y + at, end - begin, columns);
    else
      fastApply(type, x + at, y + at, (end - begin) * columns);
  });
}

void biasActivation(ComputePath path, ActivationType type, Scalar* z, const Scalar* bias, Scalar* y, std::int64_t rows,
                    std::int64_t columns) {
  if (bias) {
    const bool isReluInPlace = type == ActivationType::Relu && y == z;
    parallelFor(rows, columns, [&](std::int64_t begin, std::int64_t end) {
      (isReluInPlace ? addBiasRelu : addBiasRows)(z + begin * columns, bias, end - begin, columns);
    });
    if (isReluInPlace) return;
  }
  if (type != ActivationType::Linear || y != z) activationForward(path, type, z, y, rows, columns);
}

void activationBackward(ComputePath path, ActivationType type, const Scalar* x, const Scalar* y, const Scalar* dy,
                        Scalar* dx, std::int64_t rows, std::int64_t columns) {
  if (type == ActivationType::Linear && dx == dy) return;
  if (path == ComputePath::Reference)
    return runsOverRows(type) ? differentiateRows<LibraryMath>(type, y, dy, dx, rows, columns)
                              : differentiate<LibraryMath>(type, x, y, dy, dx, rows * columns);
  parallelFor(rows, columns, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t at = begin * columns;
    if (runsOverRows(type))
      fastDifferentiateRows(type, y + at, dy + at, dx + at, end - begin, columns);
    else
      fastDifferentiate(type, x ? x + at : nullptr, y ? y + at : nullptr, dy + at, dx + at, (end - begin) * columns);
  });
}

void rectify(ComputePath path, const Scalar* x, Scalar* y, Scalar largest, std::int64_t count) {
  if (path == ComputePath::Reference) return rectifyRange(x, y, largest, count);
  parallelFor(count, 1,
              [&](std::int64_t begin, std::int64_t end) { fastRectify(x + begin, y + begin, largest, end - begin); });
}

void rectifyBackward(ComputePath path, const Scalar* y, const Scalar* dy, Scalar* dx, Scalar largest,
                     std::int64_t count) {
  if (path == ComputePath::Reference) return rectifyBackwardRange(y, dy, dx, largest, count);
  parallelFor(count, 1, [&](std::int64_t begin, std::int64_t end) {
    fastRectifyBackward(y + begin, dy + begin, dx + begin, largest, end - begin);
  });
}

void sumRows(const Scalar* values, Scalar* sums, std::int64_t rows, std::int64_t columns) {
  if (columns == 1) {
    sums[0] = sumAll(values, rows);
    return;
  }
  parallelFor(columns, rows, [&](std::int64_t begin, std::int64_t end) {
    sumRowsSerial(values + begin, sums + begin, rows, end - begin, columns);
  });
}

bool isFinite(const Scalar* values, std::int64_t count) {
  return differenceWithItself(values, count) == 0;
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/core/Scalar.h"
#include "model/nn/kernels/Clones.h"

#include <bit>
#include <cmath>
#include <cstdint>

/// exp and tanh that compilers turn into vector code: no calls, no branches. Relative error below 2e-7; NaN stays NaN.
/// Source of the polynomials: Cephes (S. Moshier), expf and tanhf. The double forms are the library's.
namespace layersmith::vectormath {

LAYERSMITH_INLINE double exponential(double x) {
  return std::exp(x);
}
LAYERSMITH_INLINE double hyperbolicTangent(double x) {
  return std::tanh(x);
}

LAYERSMITH_INLINE float exponential(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  const float shifted = x * 1.44269504088896341f + 12582912.0f;  // 1.5 * 2^23: the integer part sits in the low bits
  const float whole = shifted - 12582912.0f;
  const float r = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const float power = std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) + 127u) << 23);
  return p * power;
}

LAYERSMITH_INLINE float hyperbolicTangent(float x) {
  const float size = std::fabs(x);
  const float z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float small = p * z * x + x;
  const float large = 1.0f - 2.0f / (exponential(2.0f * size) + 1.0f);
  return size < 0.625f ? small : std::copysign(large, x);
}

}  // namespace layersmith::vectormath

#pragma once

/// The arithmetic type of the engine: float in the product, double in the gradient tests. The inline namespace keeps a
/// program from linking both.
#if defined(LAYERSMITH_SCALAR_DOUBLE)
#define LAYERSMITH_SCALAR_NAMESPACE f64
namespace layersmith {
inline namespace f64 {
using Scalar = double;
}
}  // namespace layersmith
#else
#define LAYERSMITH_SCALAR_NAMESPACE f32
namespace layersmith {
inline namespace f32 {
using Scalar = float;
}
}  // namespace layersmith
#endif

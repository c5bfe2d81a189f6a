#pragma once

#include "model/core/DType.h"
#include "model/core/Scalar.h"
#include "model/core/Shape.h"

#include <span>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// Values in TensorFlow's row-major order, batch first. Read as Armadillo's column-major memory the axes are reversed:
/// (batch, features) is a features x batch matrix, one sample per column, without a copy.
/// Values are always Scalars; dtype says how they print and what they mean (int32: whole numbers).
/// A value type; for inputs, outputs and data sets. The planned buffers inside a Network are not Tensors.
struct Tensor {
  Shape shape;
  std::vector<Scalar> values;
  DType dtype = DType::Float32;

  Tensor() = default;
  explicit Tensor(Shape s) : shape(std::move(s)), values(std::size_t(elementCount(shape))) {}
  Tensor(Shape s, std::vector<Scalar> v) : shape(std::move(s)), values(std::move(v)) {}

  std::int64_t batch() const { return shape.empty() ? 1 : shape.front(); }
  std::int64_t sampleSize() const { return batch() == 0 ? 0 : std::int64_t(values.size()) / batch(); }
  std::span<const Scalar> sample(std::int64_t index) const {
    return std::span(values).subspan(std::size_t(index * sampleSize()), std::size_t(sampleSize()));
  }
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/core/Scalar.h"
#include "model/core/Shape.h"
#include "model/nn/ComputePath.h"

#include <cstdint>
#include <span>
#include <vector>

/// What layers do that add, join, split and frame values. Arrays do not overlap.
namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// y = the sum of all inputs, from left to right. At least two. Of two, either may be y.
void sumInputs(ComputePath path, std::span<const Scalar* const> inputs, Scalar* y, std::int64_t count);

/// An input repeated along some axes to the size of an output: axes of size 1 stretch, missing ones count as 1 and come
/// after the batch, as TensorFlow.js' merge layers do.
class Broadcast {
 public:
  Broadcast(const Shape& input, const Shape& output);

  bool isTrivial() const { return m_sizes.size() == 1 && m_strides.front() == 1; }  ///< nothing repeats

  /// y (the output's shape) += x, repeated.
  void add(ComputePath path, const Scalar* x, Scalar* y) const;
  /// dx = dy (the output's shape) summed up over the axes that repeat.
  void sumUp(ComputePath path, const Scalar* dy, Scalar* dx) const;

 private:
  void addAlong(std::size_t axis, std::int64_t begin, std::int64_t end, const Scalar* x, Scalar* y) const;
  void sumUpAlong(std::size_t axis, std::int64_t begin, std::int64_t end, const Scalar* dy, Scalar* dx) const;
  template <class Visit>
  void visit(const Visit& visit) const;

  // Of the output, with neighbouring axes of one kind joined; the first holds the batch and never repeats.
  std::vector<std::int64_t> m_sizes;
  std::vector<std::int64_t> m_strides;  // of the input, 0 along an axis that repeats
  std::vector<std::int64_t> m_outputStrides;
  std::int64_t m_inputCount = 0;
};

/// to[row * toStride + i] = from[row * fromStride + i] for i < width: joins and splits along an axis.
void copyRows(ComputePath path, const Scalar* from, std::int64_t fromStride, Scalar* to, std::int64_t toStride,
              std::int64_t rows, std::int64_t width);

/// Zeros around images of `height` rows of `width` values (pixels times channels); left and right count values too.
struct Border {
  std::int64_t batch = 0, height = 0, width = 0;
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;
};
void addBorder(ComputePath path, const Border& border, const Scalar* x, Scalar* y);
void removeBorder(ComputePath path, const Border& border, const Scalar* dy, Scalar* dx);

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

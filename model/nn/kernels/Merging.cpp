#include "model/nn/kernels/Merging.h"

#include "model/nn/Threads.h"
#include "model/nn/kernels/Clones.h"
#include "model/nn/kernels/Elementwise.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

namespace {

constexpr std::int64_t kNarrow = 32;   // below this many values a call for each row costs more than its copy
constexpr std::int64_t kBlock = 4096;  // a block of the sum stays in the first cache while input after input is added

LAYERSMITH_CLONES void sumOfTwo(const Scalar* a, const Scalar* b, Scalar* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = a[i] + b[i];
}
LAYERSMITH_CLONES void addArray(const Scalar* x, Scalar* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] += x[i];
}
LAYERSMITH_CLONES void addValue(Scalar x, Scalar* y, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] += x;
}

LAYERSMITH_CLONES void copyNarrow(const Scalar* from, std::int64_t fromStride, Scalar* to, std::int64_t toStride,
                                  std::int64_t rows, std::int64_t width) {
  for (std::int64_t row = 0; row < rows; ++row, from += fromStride, to += toStride)
    for (std::int64_t i = 0; i < width; ++i) to[i] = from[i];
}

void sumBlock(std::span<const Scalar* const> inputs, Scalar* y, std::int64_t begin, std::int64_t end) {
  sumOfTwo(inputs[0] + begin, inputs[1] + begin, y + begin, end - begin);
  for (const Scalar* input : inputs.subspan(2)) addArray(input + begin, y + begin, end - begin);
}

/// Missing axes as 1, after the batch.
Shape padded(const Shape& shape, std::size_t rank) {
  Shape result = shape;
  result.insert(result.begin() + 1, rank - shape.size(), 1);
  return result;
}

}  // namespace

void sumInputs(ComputePath path, std::span<const Scalar* const> inputs, Scalar* y, std::int64_t count) {
  if (path == ComputePath::Reference) {
    for (std::int64_t i = 0; i < count; ++i) {
      y[i] = inputs.front()[i];
      for (const Scalar* input : inputs.subspan(1)) y[i] += input[i];
    }
    return;
  }
  parallelFor(count, 1, [&](std::int64_t begin, std::int64_t end) {
    if (inputs.size() == 2) return sumBlock(inputs, y, begin, end);
    for (; begin < end; begin += kBlock) sumBlock(inputs, y, begin, std::min(end, begin + kBlock));
  });
}

Broadcast::Broadcast(const Shape& input, const Shape& output) : m_inputCount(elementCount(input)) {
  const Shape sizes = padded(input, output.size());
  for (std::size_t axis = 0; axis < output.size(); ++axis) {
    if (output[axis] == 1 && axis > 0) continue;
    const std::int64_t stride = axis > 0 && sizes[axis] == 1 ? 0 : 1;
    if (!m_sizes.empty() && m_strides.back() == stride) {
      m_sizes.back() *= output[axis];
      continue;
    }
    m_sizes.push_back(output[axis]);
    m_strides.push_back(stride);
  }
  m_outputStrides.resize(m_sizes.size());
  std::int64_t inputStride = 1, outputStride = 1;
  for (std::size_t axis = m_sizes.size(); axis-- > 0;) {
    m_outputStrides[axis] = outputStride;
    outputStride *= m_sizes[axis];
    if (m_strides[axis] == 0) continue;
    m_strides[axis] = inputStride;
    inputStride *= m_sizes[axis];
  }
}

/// visit(input place, output place) for every value of the output: the formula itself.
template <class Visit>
void Broadcast::visit(const Visit& visit) const {
  const std::int64_t count = m_sizes.front() * m_outputStrides.front();
  for (std::int64_t at = 0; at < count; ++at) {
    std::int64_t from = 0;
    for (std::size_t axis = 0; axis < m_sizes.size(); ++axis)
      from += at / m_outputStrides[axis] % m_sizes[axis] * m_strides[axis];
    visit(from, at);
  }
}

void Broadcast::add(ComputePath path, const Scalar* x, Scalar* y) const {
  if (path == ComputePath::Reference) return visit([&](std::int64_t from, std::int64_t to) { y[to] += x[from]; });
  parallelFor(m_sizes.front(), m_outputStrides.front(),
              [&](std::int64_t begin, std::int64_t end) { addAlong(0, begin, end, x, y); });
}

void Broadcast::addAlong(std::size_t axis, std::int64_t begin, std::int64_t end, const Scalar* x, Scalar* y) const {
  if (axis + 1 == m_sizes.size()) {
    if (m_strides[axis] == 0) return addValue(*x, y + begin, end - begin);
    return addArray(x + begin, y + begin, end - begin);
  }
  for (std::int64_t i = begin; i < end; ++i)
    addAlong(axis + 1, 0, m_sizes[axis + 1], x + i * m_strides[axis], y + i * m_outputStrides[axis]);
}

void Broadcast::sumUp(ComputePath path, const Scalar* dy, Scalar* dx) const {
  if (isTrivial() && path == ComputePath::Fast)
    return parallelFor(m_inputCount, 1,
                       [&](std::int64_t begin, std::int64_t end) { std::copy(dy + begin, dy + end, dx + begin); });
  std::fill_n(dx, m_inputCount, Scalar(0));
  if (path == ComputePath::Reference) return visit([&](std::int64_t to, std::int64_t from) { dx[to] += dy[from]; });
  parallelFor(m_sizes.front(), m_outputStrides.front(),
              [&](std::int64_t begin, std::int64_t end) { sumUpAlong(0, begin, end, dy, dx); });
}

void Broadcast::sumUpAlong(std::size_t axis, std::int64_t begin, std::int64_t end, const Scalar* dy, Scalar* dx) const {
  if (axis + 1 == m_sizes.size()) {
    if (m_strides[axis] != 0) return addArray(dy + begin, dx + begin, end - begin);
    Scalar sum = 0;
    sumRows(dy + begin, &sum, end - begin, 1);
    *dx += sum;
    return;
  }
  for (std::int64_t i = begin; i < end; ++i)
    sumUpAlong(axis + 1, 0, m_sizes[axis + 1], dy + i * m_outputStrides[axis], dx + i * m_strides[axis]);
}

void copyRows(ComputePath path, const Scalar* from, std::int64_t fromStride, Scalar* to, std::int64_t toStride,
              std::int64_t rows, std::int64_t width) {
  if (path == ComputePath::Reference) {
    for (std::int64_t at = 0; at < rows * width; ++at)
      to[at / width * toStride + at % width] = from[at / width * fromStride + at % width];
    return;
  }
  parallelFor(rows, width, [&](std::int64_t begin, std::int64_t end) {
    if (width < kNarrow)
      return copyNarrow(from + begin * fromStride, fromStride, to + begin * toStride, toStride, end - begin, width);
    for (std::int64_t row = begin; row < end; ++row) std::copy_n(from + row * fromStride, width, to + row * toStride);
  });
}

void addBorder(ComputePath path, const Border& b, const Scalar* x, Scalar* y) {
  const std::int64_t height = b.top + b.height + b.bottom, width = b.left + b.width + b.right;
  if (path == ComputePath::Reference) {
    for (std::int64_t n = 0; n < b.batch; ++n)
      for (std::int64_t row = 0; row < height; ++row)
        for (std::int64_t i = 0; i < width; ++i) {
          const bool isInside = row >= b.top && row < b.top + b.height && i >= b.left && i < b.left + b.width;
          y[(n * height + row) * width + i] =
              isInside ? x[(n * b.height + row - b.top) * b.width + i - b.left] : Scalar(0);
        }
    return;
  }
  parallelFor(b.batch * height, width, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t line = begin; line < end; ++line) {
      const std::int64_t n = line / height, row = line % height - b.top;
      Scalar* to = y + line * width;
      if (row < 0 || row >= b.height) {
        std::fill_n(to, width, Scalar(0));
        continue;
      }
      to = std::fill_n(to, b.left, Scalar(0));
      to = std::copy_n(x + (n * b.height + row) * b.width, b.width, to);
      std::fill_n(to, b.right, Scalar(0));
    }
  });
}

void removeBorder(ComputePath path, const Border& b, const Scalar* dy, Scalar* dx) {
  const std::int64_t height = b.top + b.height + b.bottom, width = b.left + b.width + b.right;
  const Scalar* first = dy + b.top * width + b.left;
  if (path == ComputePath::Reference) {
    for (std::int64_t n = 0; n < b.batch; ++n)
      for (std::int64_t row = 0; row < b.height; ++row)
        for (std::int64_t i = 0; i < b.width; ++i)
          dx[(n * b.height + row) * b.width + i] = first[(n * height + row) * width + i];
    return;
  }
  parallelFor(b.batch * b.height, b.width, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t line = begin; line < end; ++line)
      std::copy_n(first + (line / b.height * height + line % b.height) * width, b.width, dx + line * b.width);
  });
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

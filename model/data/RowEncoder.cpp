#include "model/data/RowEncoder.h"

#include <algorithm>

namespace layersmith {

std::int64_t RowEncoder::width() const {
  std::int64_t width = 0;
  for (const ColumnRecipe* column : m_columns) width += column->isCategorical ? column->categories.size() : 1;
  return width;
}

void RowEncoder::encode(std::span<const double> values, std::span<Scalar> out) const {
  std::size_t at = 0;
  for (std::size_t i = 0; i < m_columns.size(); ++i) {
    const ColumnRecipe& column = *m_columns[i];
    if (column.isCategorical) {
      const auto size = std::size_t(column.categories.size());
      std::ranges::fill(out.subspan(at, size), Scalar(0));
      out[at + std::size_t(values[i])] = 1;
      at += size;
    } else {
      out[at++] = Scalar((values[i] - column.offset) / column.scale);
    }
  }
}

Shape batchShape(std::int64_t rows, const std::vector<std::int64_t>& inputShape, std::int64_t width) {
  Shape shape = {rows};
  if (!inputShape.empty() && isFullyKnown(inputShape) && elementCount(inputShape) == width)
    shape.insert(shape.end(), inputShape.begin(), inputShape.end());
  else
    shape.push_back(width);
  return shape;
}

}  // namespace layersmith

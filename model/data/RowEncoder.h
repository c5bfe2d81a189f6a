#pragma once

#include "model/data/Dataset.h"

#include <span>

namespace layersmith {

/// Turns the values of chosen columns into numbers: scaled, or one-hot by their categories.
class RowEncoder {
 public:
  explicit RowEncoder(std::vector<const ColumnRecipe*> columns) : m_columns(std::move(columns)) {}

  std::int64_t width() const;  ///< numbers per row

  /// `values`: one per column, a number or, for a categorical column, the index of its category.
  void encode(std::span<const double> values, std::span<Scalar> out) const;

 private:
  std::vector<const ColumnRecipe*> m_columns;
};

/// (rows, inputShape...), or (rows, width) when the shape does not hold `width` numbers.
Shape batchShape(std::int64_t rows, const std::vector<std::int64_t>& inputShape, std::int64_t width);

}  // namespace layersmith

#pragma once

#include "model/data/Dataset.h"

#include <map>
#include <vector>

namespace layersmith {

/// A column of a recipe together with the column of the table that it means.
struct BoundColumn {
  ColumnRecipe* recipe;
  const RawData::Column* raw;
  std::int64_t number;              ///< from 1, for messages
  std::vector<int> categoryOfText;  ///< text columns: index in raw->texts -> index in recipe->categories, -1: not one
  std::map<double, int> categoryOfNumber;  ///< numeric columns used as classes

  /// The number or category index in `row`; negative category: missing or not known; NaN: missing.
  double valueAt(std::int64_t row) const;
  bool isMissingAt(std::int64_t row) const;
};

/// Binds features and targets, in this order, and completes their categories (unless `keepScaling`).
/// Errors: NotFound (column), InvalidConfig, Format E140 (text where the recipe has numbers, an unknown class).
std::vector<BoundColumn> bindColumns(const RawData& raw, DataRecipe& recipe, bool keepScaling);

/// "1", "0.5": how a numeric column's values are called as categories.
QStringList numericCategories(const RawData::Column& column);

}  // namespace layersmith

#pragma once

#include "model/data/Dataset.h"

#include <QImage>

namespace layersmith {

/// Image `row` of an image set, grey or RGB; null when `raw` is a table or the row is out of range.
QImage imageOfRow(const RawData& raw, std::int64_t row);

/// The column that holds the target; -1 when the recipe has none (images, or not chosen yet).
int targetColumn(const DataRecipe& recipe);
std::vector<int> featureColumns(const DataRecipe& recipe);

/// Class of a raw row by the recipe; -1 for a regression or a missing value.
int classOfRow(const RawData& raw, const DataRecipe& recipe, std::int64_t row);

/// A table cell as the file spelled it; empty when missing.
QString cellText(const RawData::Column& column, std::int64_t row);

}  // namespace layersmith

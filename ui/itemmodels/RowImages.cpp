#include "ui/itemmodels/RowImages.h"

#include "model/data/CellText.h"

#include <cmath>

namespace layersmith {

QImage imageOfRow(const RawData& raw, std::int64_t row) {
  if (raw.imageShape.size() != 3 || row < 0 || row >= raw.rows) return {};
  const int height = int(raw.imageShape[0]);
  const int width = int(raw.imageShape[1]);
  const int channels = int(raw.imageShape[2]);
  const std::uint8_t* pixels = raw.pixels.data() + row * height * width * channels;
  if (channels == 1) return QImage(pixels, width, height, width, QImage::Format_Grayscale8).copy();
  if (channels == 3) return QImage(pixels, width, height, width * 3, QImage::Format_RGB888).copy();
  if (channels == 4) return QImage(pixels, width, height, width * 4, QImage::Format_RGBA8888).copy();
  return {};
}

int targetColumn(const DataRecipe& recipe) {
  for (std::size_t i = 0; i < recipe.columns.size(); ++i)
    if (recipe.columns[i].role == ColumnRole::Target) return int(i);
  return -1;
}

std::vector<int> featureColumns(const DataRecipe& recipe) {
  std::vector<int> columns;
  for (std::size_t i = 0; i < recipe.columns.size(); ++i)
    if (recipe.columns[i].role == ColumnRole::Feature) columns.push_back(int(i));
  return columns;
}

int classOfRow(const RawData& raw, const DataRecipe& recipe, std::int64_t row) {
  if (row < 0 || row >= raw.rows || !recipe.isClassification()) return -1;
  if (recipe.isImage() && !raw.labels.empty()) return raw.labels[std::size_t(row)];
  const int target = targetColumn(recipe);
  if (target < 0 || target >= int(raw.columns.size())) return -1;
  const QString text = cellText(raw.columns[std::size_t(target)], row);
  const ColumnRecipe& column = recipe.columns[std::size_t(target)];
  const int byCategory = int(column.categories.indexOf(text));
  return byCategory >= 0 ? byCategory : int(recipe.classNames.indexOf(text));
}

QString cellText(const RawData::Column& column, std::int64_t row) {
  const double value = column.numbers[std::size_t(row)];
  if (!column.isNumeric) return value < 0 || std::isnan(value) ? QString() : column.texts.at(int(value));
  return std::isnan(value) ? QString() : textFromNumber(value);
}

}  // namespace layersmith

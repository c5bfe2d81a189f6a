#include "model/core/Error.h"
#include "model/data/BoundColumns.h"
#include "model/data/Readers.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace layersmith {

namespace {

constexpr std::size_t kFewClasses = 10;

bool isWholeNumber(double value) {
  return std::isnan(value) || value == std::floor(value);
}

/// Few whole numbers that come again and again stand for classes.
bool looksLikeClasses(const RawData::Column& column, std::int64_t rows) {
  if (!column.isNumeric) return column.texts.size() >= 2 && column.texts.size() * 2 <= std::max<std::int64_t>(rows, 4);
  std::set<double> distinct;
  for (double value : column.numbers) {
    if (!isWholeNumber(value)) return false;
    if (!std::isnan(value)) distinct.insert(value);
    if (distinct.size() > kFewClasses) return false;
  }
  return distinct.size() >= 2 && std::int64_t(distinct.size()) * 2 <= rows;
}

/// 1, 2, 3, ... in a column called id, index or nothing: the number of the row, which teaches nothing.
bool looksLikeRowNumber(const RawData::Column& column, std::size_t index) {
  static const QStringList names = {QStringLiteral("id"), QStringLiteral("index"), QStringLiteral("row"),
                                    QStringLiteral("unnamed: 0"), QStringLiteral("column1")};
  if (index != 0 || !column.isNumeric || column.numbers.size() < 3 || !names.contains(column.name.toLower()))
    return false;
  return std::ranges::adjacent_find(column.numbers, [](double a, double b) { return b != a + 1; }) ==
         column.numbers.end();
}

std::size_t guessTarget(const RawData& raw) {
  static const QStringList names = {QStringLiteral("label"), QStringLiteral("class"), QStringLiteral("target"),
                                    QStringLiteral("species"), QStringLiteral("y")};
  for (const QString& name : names)
    for (std::size_t i = 0; i < raw.columns.size(); ++i)
      if (raw.columns[i].name.toLower() == name) return i;
  return raw.columns.size() - 1;
}

ColumnRecipe guessFeature(const RawData::Column& column, std::size_t index, std::int64_t rows) {
  constexpr qsizetype kMostTexts = 20;
  ColumnRecipe recipe;
  recipe.name = column.name;
  recipe.isCategorical = !column.isNumeric;
  recipe.scaling = column.isNumeric ? ColumnScaling::Standard : ColumnScaling::None;
  const bool isManyTexts = !column.isNumeric && (column.texts.size() > kMostTexts || column.texts.size() * 2 > rows);
  if (column.isConstant || column.missing == rows || isManyTexts || looksLikeRowNumber(column, index))
    recipe.role = ColumnRole::Ignore;
  return recipe;
}

ColumnRecipe guessTargetColumn(const RawData::Column& column, std::int64_t rows) {
  ColumnRecipe recipe;
  recipe.name = column.name;
  recipe.role = ColumnRole::Target;
  recipe.isCategorical = !column.isNumeric || looksLikeClasses(column, rows);
  if (recipe.isCategorical) recipe.categories = column.isNumeric ? numericCategories(column) : column.texts;
  return recipe;
}

/// Two classes fit one sigmoid output, more a softmax.
TargetEncoding encodingFor(qsizetype classes) {
  if (classes == 0) return TargetEncoding::Number;
  return classes == 2 ? TargetEncoding::ClassIndex : TargetEncoding::OneHot;
}

}  // namespace

DataRecipe guessRecipe(const RawData& raw, const QString& source) {
  DataRecipe recipe;
  recipe.source = source;
  if (raw.isImages()) {
    recipe.kind = QStringLiteral("idx");
    recipe.inputShape = raw.imageShape;
    recipe.pixelScale = 1 / 255.0;
    for (std::int32_t label = 0; label <= *std::ranges::max_element(raw.labels); ++label)
      recipe.classNames << QString::number(label);
    recipe.targetEncoding = encodingFor(recipe.classNames.size());
    return recipe;
  }
  recipe.kind = QStringLiteral("csv");
  const std::size_t target = guessTarget(raw);
  for (std::size_t i = 0; i < raw.columns.size(); ++i)
    recipe.columns.push_back(i == target ? guessTargetColumn(raw.columns[i], raw.rows)
                                         : guessFeature(raw.columns[i], i, raw.rows));
  recipe.classNames = recipe.columns[target].categories;
  recipe.targetEncoding = encodingFor(recipe.classNames.size());
  return recipe;
}

}  // namespace layersmith

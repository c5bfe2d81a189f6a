#include "model/data/BoundColumns.h"

#include "model/core/Error.h"
#include "model/data/CellText.h"
#include "model/data/DataErrors.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace layersmith {

namespace {

constexpr qsizetype kMaxCategories = 1000;

std::size_t rawIndexOf(const RawData& raw, const DataRecipe& recipe, std::size_t recipeIndex) {
  const QString& name = recipe.columns[recipeIndex].name;
  const auto found = std::ranges::find(raw.columns, name, &RawData::Column::name);
  if (found != raw.columns.end()) return std::size_t(found - raw.columns.begin());
  if (!raw.hasColumnNames && raw.columns.size() == recipe.columns.size()) return recipeIndex;
  QStringList names;
  for (const RawData::Column& column : raw.columns) names << column.name;
  throw Error(ErrorKind::NotFound, "The data has no column `" + name.toStdString() + "`. Its columns are: " +
                                       shortened(names.mid(0, 20).join(QStringLiteral(", ")).toStdString()) + ".");
}

void completeCategories(const BoundColumn& bound, const DataRecipe& recipe) {
  ColumnRecipe& column = *bound.recipe;
  if (column.categories.isEmpty())
    column.categories = bound.raw->isNumeric ? numericCategories(*bound.raw) : bound.raw->texts;
  if (column.categories.size() > kMaxCategories)
    throw Error(ErrorKind::InvalidConfig,
                "Column `" + column.name.toStdString() + "` has " + grouped(column.categories.size()) +
                    " different values; more than 1,000 cannot be classes. Ignore the column.");
  if (column.categories.size() < 2 && column.role == ColumnRole::Target)
    throw Error(ErrorKind::InvalidConfig, "The target `" + column.name.toStdString() + "` of " +
                                              recipe.source.toStdString() +
                                              " has only one class. There is nothing to tell apart.");
}

/// Which category each text or number of the table is.
void mapCategories(BoundColumn& bound, const RawData& raw, const DataRecipe& recipe) {
  const ColumnRecipe& column = *bound.recipe;
  const auto refuse = [&](std::int64_t row, const QString& text) {
    throw cellError(recipe.source, row + (raw.hasColumnNames ? 2 : 1), bound.number, column.name,
                    "this is not one of the classes that the recipe knows (" +
                        shortened(column.categories.join(QStringLiteral(", ")).toStdString()) + ")",
                    text.toStdString());
  };
  for (qsizetype i = 0; i < bound.raw->texts.size(); ++i) {
    const auto category = int(column.categories.indexOf(bound.raw->texts[i]));
    bound.categoryOfText.push_back(category);
    if (category < 0)
      refuse(std::ranges::find(bound.raw->numbers, double(i)) - bound.raw->numbers.begin(), bound.raw->texts[i]);
  }
  if (!bound.raw->isNumeric) return;
  for (qsizetype i = 0; i < column.categories.size(); ++i)
    if (const auto number = numberFromText(column.categories[i].toStdString()))
      bound.categoryOfNumber[*number] = int(i);
  for (std::int64_t row = 0; row < raw.rows; ++row)
    if (!bound.isMissingAt(row) && bound.valueAt(row) < 0)
      refuse(row, textFromNumber(bound.raw->numbers[std::size_t(row)]));
}

void bindKind(BoundColumn& bound, const RawData& raw, const DataRecipe& recipe, bool keepScaling) {
  ColumnRecipe& column = *bound.recipe;
  if (!bound.raw->isNumeric && !column.isCategorical) {
    if (keepScaling)
      throw cellError(recipe.source, raw.hasColumnNames ? 2 : 1, bound.number, column.name,
                      "the model was trained with numbers in this column",
                      bound.raw->texts.isEmpty() ? std::string() : bound.raw->texts.front().toStdString());
    column.isCategorical = true;
  }
  if (!column.isCategorical) return;
  completeCategories(bound, recipe);
  mapCategories(bound, raw, recipe);
}

}  // namespace

double BoundColumn::valueAt(std::int64_t row) const {
  const double value = raw->numbers[std::size_t(row)];
  if (!recipe->isCategorical || std::isnan(value)) return value;
  if (raw->isNumeric) {
    const auto found = categoryOfNumber.find(value);
    return found == categoryOfNumber.end() ? -1 : found->second;
  }
  return value < 0 ? -1 : categoryOfText[std::size_t(value)];
}

bool BoundColumn::isMissingAt(std::int64_t row) const {
  const double value = raw->numbers[std::size_t(row)];
  return raw->isNumeric ? std::isnan(value) : value < 0;
}

QStringList numericCategories(const RawData::Column& column) {
  std::set<double> distinct;
  for (double value : column.numbers) {
    if (!std::isnan(value)) distinct.insert(value);
    if (qsizetype(distinct.size()) > kMaxCategories) break;
  }
  QStringList names;
  for (double value : distinct) names << textFromNumber(value);
  return names;
}

std::vector<BoundColumn> bindColumns(const RawData& raw, DataRecipe& recipe, bool keepScaling) {
  std::vector<BoundColumn> bound;
  for (ColumnRole role : {ColumnRole::Feature, ColumnRole::Target}) {
    for (std::size_t i = 0; i < recipe.columns.size(); ++i) {
      ColumnRecipe& column = recipe.columns[i];
      if (column.role != role) continue;
      const std::size_t at = rawIndexOf(raw, recipe, i);
      BoundColumn& next = bound.emplace_back(BoundColumn{&column, &raw.columns[at], std::int64_t(at) + 1, {}, {}});
      if (role == ColumnRole::Target && recipe.targetEncoding != TargetEncoding::Number) column.isCategorical = true;
      bindKind(next, raw, recipe, keepScaling);
    }
  }
  return bound;
}

}  // namespace layersmith

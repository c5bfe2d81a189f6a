#include "model/core/Error.h"
#include "model/data/BoundColumns.h"
#include "model/data/CellText.h"
#include "model/data/Dataset.h"
#include "model/data/PrepareImages.h"
#include "model/data/RowEncoder.h"
#include "model/data/Split.h"

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

/// Rows in which every used column has a value; the others are counted and named in the remarks.
std::vector<std::int64_t> completeRows(const std::vector<BoundColumn>& columns, Dataset& dataset) {
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 0; row < dataset.raw->rows; ++row)
    if (std::ranges::none_of(columns, [&](const BoundColumn& column) { return column.isMissingAt(row); }))
      rows.push_back(row);
  dataset.skippedRows = dataset.raw->rows - std::int64_t(rows.size());
  for (const BoundColumn& column : columns) {
    if (column.raw->missing > 0)
      dataset.remarks << QStringLiteral("%1 rows have no value in `%2`; they are left out.")
                             .arg(column.raw->missing)
                             .arg(column.raw->name);
    if (column.raw->isConstant && column.recipe->role == ColumnRole::Feature)
      dataset.remarks
          << QStringLiteral("Column `%1` is constant; nothing can be learned from it.").arg(column.raw->name);
  }
  if (rows.empty())
    throw Error(ErrorKind::Format, dataset.name.toStdString() + ": no row has a value in every used column.", "E140");
  return rows;
}

void fitScaling(const BoundColumn& column, const std::vector<std::int64_t>& rows) {
  ColumnRecipe& recipe = *column.recipe;
  recipe.offset = 0;
  recipe.scale = 1;
  if (recipe.isCategorical || recipe.scaling == ColumnScaling::None) return;
  double sum = 0, minimum = INFINITY, maximum = -INFINITY;
  for (std::int64_t row : rows) {
    const double value = column.valueAt(row);
    sum += value;
    minimum = std::min(minimum, value);
    maximum = std::max(maximum, value);
  }
  if (recipe.scaling == ColumnScaling::MinMax) {
    recipe.offset = minimum;
    recipe.scale = maximum - minimum;
  } else {
    recipe.offset = sum / double(rows.size());
    double squares = 0;
    for (std::int64_t row : rows) squares += std::pow(column.valueAt(row) - recipe.offset, 2);
    recipe.scale = std::sqrt(squares / double(rows.size()));
  }
  if (!(recipe.scale > 0) || !std::isfinite(recipe.scale)) recipe.scale = 1;  // constant: stays at 0
}

/// The columns of one role as a tensor, one line per row.
Tensor encoded(const std::vector<BoundColumn>& columns, const std::vector<std::int64_t>& rows,
               const std::vector<std::int64_t>& shape) {
  std::vector<const ColumnRecipe*> recipes;
  for (const BoundColumn& column : columns) recipes.push_back(column.recipe);
  const RowEncoder encoder(std::move(recipes));
  const std::int64_t width = encoder.width();
  Tensor tensor(batchShape(std::int64_t(rows.size()), shape, width));
  std::vector<double> values(columns.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t c = 0; c < columns.size(); ++c) values[c] = columns[c].valueAt(rows[i]);
    encoder.encode(values, std::span(tensor.values).subspan(i * std::size_t(width), std::size_t(width)));
  }
  return tensor;
}

Tensor encodedTargets(const std::vector<BoundColumn>& targets, const std::vector<std::int64_t>& rows,
                      TargetEncoding encoding) {
  if (encoding != TargetEncoding::ClassIndex) return encoded(targets, rows, {});
  Tensor tensor(Shape{std::int64_t(rows.size()), 1});
  for (std::size_t i = 0; i < rows.size(); ++i) tensor.values[i] = Scalar(targets.front().valueAt(rows[i]));
  return tensor;
}

/// Settles how the target is presented and what the classes are called.
void settleTarget(const std::vector<BoundColumn>& targets, DataRecipe& recipe) {
  if (targets.empty())
    throw Error(ErrorKind::InvalidConfig, "No column is the target. Choose the column that the model is to predict.");
  const bool hasClasses =
      std::ranges::any_of(targets, [](const BoundColumn& target) { return target.recipe->isCategorical; });
  if (hasClasses && targets.size() > 1)
    throw Error(ErrorKind::InvalidConfig, "Only one column can be the target when the target is a class.");
  recipe.classNames = hasClasses ? targets.front().recipe->categories : QStringList();
  if (!hasClasses)
    recipe.targetEncoding = TargetEncoding::Number;
  else if (recipe.targetEncoding == TargetEncoding::Number)
    recipe.targetEncoding = TargetEncoding::ClassIndex;
}

Dataset prepareTable(Dataset dataset, bool keepScaling) {
  DataRecipe& recipe = dataset.recipe;
  const auto bound = bindColumns(*dataset.raw, recipe, keepScaling);
  std::vector<BoundColumn> features, targets;
  for (const BoundColumn& column : bound)
    (column.recipe->role == ColumnRole::Feature ? features : targets).push_back(column);
  if (features.empty())
    throw Error(ErrorKind::InvalidConfig,
                "No column is a feature. Choose at least one column for the model to look at.");
  settleTarget(targets, recipe);

  const auto rows = completeRows(bound, dataset);
  std::vector<int> classes;
  if (recipe.isStratified && recipe.isClassification())
    for (std::int64_t row : rows) classes.push_back(int(targets.front().valueAt(row)));
  auto split = splitRows(rows, classes, recipe.validationFraction, recipe.seed);
  dataset.trainingRows = std::move(split.training);
  dataset.validationRows = std::move(split.validation);

  if (!keepScaling)
    for (const BoundColumn& column : bound) fitScaling(column, dataset.trainingRows);
  for (auto [part, partRows] :
       {std::pair{&dataset.training, &dataset.trainingRows}, {&dataset.validation, &dataset.validationRows}}) {
    if (partRows->empty()) continue;
    part->xs = {encoded(features, *partRows, recipe.inputShape)};
    part->ys = {encodedTargets(targets, *partRows, recipe.targetEncoding)};
  }
  const Shape& shape = dataset.training.xs.front().shape;
  recipe.inputShape.assign(shape.begin() + 1, shape.end());
  return dataset;
}

}  // namespace

Dataset prepare(const std::shared_ptr<const RawData>& raw, const DataRecipe& recipe, bool keepScaling) {
  if (!(recipe.validationFraction >= 0 && recipe.validationFraction < 1))
    throw Error(ErrorKind::InvalidConfig, "The part held back for validation must be at least 0 and less than 1.");
  Dataset dataset;
  dataset.name = recipe.source;
  dataset.raw = raw;
  dataset.recipe = recipe;
  dataset.remarks = raw->remarks;
  return raw->isImages() ? prepareImages(std::move(dataset)) : prepareTable(std::move(dataset), keepScaling);
}

Tensor encodeRow(const DataRecipe& recipe, const QStringList& values) {
  const auto features = recipe.columnsWith(ColumnRole::Feature);
  if (features.empty())
    throw Error(ErrorKind::Unsupported, "This model looks at images; a row of values cannot be its input.");
  if (values.size() != qsizetype(features.size()))
    throw Error(ErrorKind::Format,
                "The model needs " + std::to_string(features.size()) + " values (" +
                    recipe.featureNames().join(QStringLiteral(", ")).toStdString() + "); " +
                    std::to_string(values.size()) + " were given.",
                "E140");
  std::vector<double> numbers;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const ColumnRecipe& column = *features[i];
    const std::string text = values[qsizetype(i)].trimmed().toStdString();
    const auto number = numberFromText(text);
    const auto category = column.categories.indexOf(number ? textFromNumber(*number) : QString::fromStdString(text));
    if (column.isCategorical ? category < 0 : !number)
      throw Error(
          ErrorKind::Format,
          "Column `" + column.name.toStdString() + "`: " +
              (column.isCategorical
                   ? "one of " + shortened(column.categories.join(QStringLiteral(", ")).toStdString()) + " is expected"
                   : std::string("a number is expected")) +
              "; found '" + shortened(text) + "'.",
          "E140", column.name.toStdString());
    numbers.push_back(column.isCategorical ? double(category) : *number);
  }
  const RowEncoder encoder(features);
  Tensor tensor(batchShape(1, recipe.inputShape, encoder.width()));
  encoder.encode(numbers, tensor.values);
  return tensor;
}

}  // namespace layersmith

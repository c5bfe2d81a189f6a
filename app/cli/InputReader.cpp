#include "app/cli/InputReader.h"

#include "app/cli/TensorJson.h"
#include "model/core/Error.h"
#include "model/data/Readers.h"
#include "model/nn/GraphAnalysis.h"

#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

bool hasTableRecipe(const DocumentState& state) {
  return state.hasRecipe && !state.recipe.columns.empty();
}

/// The model's input without its batch axis; unknown axes as 1.
Shape inputShape(const DocumentState& state) {
  if (state.graph.inputs.size() != 1)
    throw Error(ErrorKind::ShapeMismatch, "The model has " + std::to_string(state.graph.inputs.size()) +
                                              " inputs; give them as JSON, one tensor per input.");
  const GraphReport report = analyse(state.graph);
  const auto found = report.layers.find(state.graph.inputs.front().layer);
  if (found == report.layers.end() || found->second.outputShapes.empty())
    throw Error(ErrorKind::ShapeMismatch, "The shape of the model's input is not known.");
  Shape shape = found->second.outputShapes.front();
  shape.erase(shape.begin());
  for (std::int64_t& dim : shape) dim = std::max<std::int64_t>(dim, 1);
  return shape;
}

/// The same rows with the shape that the model takes, when the number of values fits.
Tensor shapedForModel(Tensor tensor, const DocumentState& state) {
  const Shape sample = inputShape(state);
  if (tensor.sampleSize() == elementCount(sample)) {
    Shape shape = {tensor.batch()};
    shape.insert(shape.end(), sample.begin(), sample.end());
    tensor.shape = std::move(shape);
  }
  return tensor;
}

QString cellText(const RawData::Column& column, std::int64_t row) {
  const double value = column.numbers[std::size_t(row)];
  if (!column.isNumeric) return value < 0 ? QString() : column.texts[qsizetype(value)];
  return std::isnan(value) ? QString() : QString::number(value, 'g', 17);
}

/// The table's columns that are the recipe's features, in the recipe's order.
std::vector<const RawData::Column*> featureColumns(const RawData& raw, const QStringList& names) {
  std::vector<const RawData::Column*> columns;
  const bool isByPlace = !raw.hasColumnNames && qsizetype(raw.columns.size()) >= names.size();
  for (qsizetype i = 0; i < names.size(); ++i) {
    const auto found = std::ranges::find(raw.columns, names[i], &RawData::Column::name);
    if (found != raw.columns.end())
      columns.push_back(&*found);
    else if (isByPlace)
      columns.push_back(&raw.columns[std::size_t(i)]);
    else
      throw Error(ErrorKind::NotFound,
                  "The table has no column `" + names[i].toStdString() + "`, which the model needs.");
  }
  return columns;
}

Tensor encodedRows(const RawData& raw, const DataRecipe& recipe, const QString& fileName) {
  const auto columns = featureColumns(raw, recipe.featureNames());
  Tensor all;
  for (std::int64_t row = 0; row < raw.rows; ++row) {
    QStringList values;
    for (const RawData::Column* column : columns) values << cellText(*column, row);
    try {
      const Tensor one = encodeRow(recipe, values);
      if (row == 0) all.shape = one.shape;
      all.values.insert(all.values.end(), one.values.begin(), one.values.end());
    } catch (const Error& error) {
      throw Error(error.kind(),
                  fileName.toStdString() + ", row " + std::to_string(row + (raw.hasColumnNames ? 2 : 1)) + ": " +
                      error.message(),
                  error.code());
    }
  }
  all.shape.front() = raw.rows;
  return all;
}

Tensor plainNumbers(const RawData& raw, const QString& fileName) {
  Tensor tensor(Shape{raw.rows, std::int64_t(raw.columns.size())});
  for (std::size_t c = 0; c < raw.columns.size(); ++c) {
    const RawData::Column& column = raw.columns[c];
    if (!column.isNumeric || column.missing > 0)
      throw Error(ErrorKind::Format,
                  fileName.toStdString() + ", column " + std::to_string(c + 1) + " (`" + column.name.toStdString() +
                      "`): the model has no data recipe, so every cell must be a number.",
                  "E140");
    for (std::int64_t row = 0; row < raw.rows; ++row)
      tensor.values[std::size_t(row) * raw.columns.size() + c] = Scalar(column.numbers[std::size_t(row)]);
  }
  return tensor;
}

}  // namespace

std::vector<Tensor> readInputs(const DocumentState& state, const QString& path) {
  const QString suffix = QFileInfo(path).suffix().toLower();
  const QString name = QFileInfo(path).fileName();
  if (suffix == QLatin1String("json")) return tensorsFromJson(readJsonFile(path), name.toStdString());
  if (suffix == QLatin1String("npy")) return {shapedForModel(readNpy(path), state)};
  const auto raw = readCsv(path);
  if (hasTableRecipe(state)) return {encodedRows(*raw, state.recipe, name)};
  return {shapedForModel(plainNumbers(*raw, name), state)};
}

std::vector<Tensor> rowInputs(const DocumentState& state, const QStringList& values) {
  if (hasTableRecipe(state)) return {encodeRow(state.recipe, values)};
  Tensor tensor(Shape{1, std::int64_t(values.size())});
  for (qsizetype i = 0; i < values.size(); ++i) {
    bool isNumber = false;
    tensor.values[std::size_t(i)] = Scalar(values[i].toDouble(&isNumber));
    if (!isNumber)
      throw Error(ErrorKind::Format,
                  "Value " + std::to_string(i + 1) + " of the row is not a number; found '" +
                      values[i].left(40).toStdString() + "'.",
                  "E140");
  }
  return {shapedForModel(std::move(tensor), state)};
}

}  // namespace layersmith

#pragma once

#include "model/core/FieldValue.h"
#include "model/training/Trainer.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <vector>

namespace layersmith {

/// What a column is used for.
enum class ColumnRole { Ignore, Feature, Target };
enum class ColumnScaling { None, MinMax, Standard };  ///< as is; to 0..1; to mean 0, deviation 1

struct ColumnRecipe {
  QString name;
  ColumnRole role = ColumnRole::Feature;
  ColumnScaling scaling = ColumnScaling::None;
  bool isCategorical = false;  ///< text, or numbers that stand for classes
  QStringList categories;      ///< in order; a feature is one-hot encoded by them, a target numbered by them
  double offset = 0;           ///< scaled = (value - offset) / scale, found on the training rows
  double scale = 1;
};

/// How a target is presented to the loss.
enum class TargetEncoding { Number, ClassIndex, OneHot };

/// Everything needed to turn a row of the same table into the model's inputs again, here or in a web page. Travels in
/// userDefinedMetadata.layersmith.recipe.
struct DataRecipe {
  QString source;                        ///< file name or "twoMoons"; for people, never used as a path
  QString kind;                          ///< "csv", "idx", "generator"
  std::vector<ColumnRecipe> columns;     ///< empty for images
  std::vector<std::int64_t> inputShape;  ///< without the batch axis
  TargetEncoding targetEncoding = TargetEncoding::Number;
  QStringList classNames;  ///< empty: a regression
  double pixelScale = 1;   ///< images: value * pixelScale
  double validationFraction = 0.2;
  bool isStratified = true;
  std::uint64_t seed = 42;
  FieldMap generator;  ///< kind "generator": {name, samples, noise, seed}

  bool isImage() const { return inputShape.size() == 3; }
  bool isClassification() const { return !classNames.isEmpty(); }
  std::vector<const ColumnRecipe*> columnsWith(ColumnRole role) const;
  QStringList featureNames() const;                      ///< in the order encodeRow takes them
  FieldMap toFields() const;                             ///< camelCase
  static DataRecipe fromFields(const FieldMap& fields);  ///< Errors: InvalidConfig
};

/// A table or an image set in memory, as read; immutable once shared. The recipe says how it is used.
struct RawData {
  // Tables: text as in the file, numbers parsed; one vector per column.
  struct Column {
    QString name;
    bool isNumeric = true;
    std::vector<double> numbers;  ///< numeric: NaN where missing. Text: index into `texts`, -1 where missing
    QStringList texts;            ///< distinct values, in order of first appearance
    std::int64_t missing = 0;
    bool isConstant = false;
  };
  std::vector<Column> columns;
  // Images: (count, height, width, channels) bytes, and their labels.
  std::vector<std::uint8_t> pixels;
  std::vector<std::int64_t> imageShape;  ///< height, width, channels
  std::vector<std::int32_t> labels;
  std::int64_t rows = 0;
  bool hasColumnNames = true;  ///< false: the file had no header, the names are column1, column2, ...
  QStringList remarks;         ///< what reading had to say: "3 rows could not be read; they are left out."

  bool isImages() const { return !imageShape.empty(); }
};

/// Data made ready for a model: the recipe applied. Rows with a missing used value are left out and counted.
struct Dataset {
  QString name;
  std::shared_ptr<const RawData> raw;
  DataRecipe recipe;
  TrainingData training;
  TrainingData validation;
  std::vector<std::int64_t> trainingRows;  ///< indices into raw rows
  std::vector<std::int64_t> validationRows;
  std::int64_t skippedRows = 0;
  QStringList remarks;  ///< "Column `age` is constant.", "12 rows have no value in `income`; they are left out."
};

/// Applies a recipe: fits scaling on the training rows (unless `keepScaling`), splits by the seed, encodes. Columns are
/// matched by name, or by place when the table has no header. `keepScaling` also keeps the categories: a class that the
/// recipe does not know is an error then. Targets: (rows, numbers), (rows, 1) class indices, or (rows, classes)
/// one-hot. Errors: InvalidConfig (no target, no feature), NotFound (a column), Format E140.
Dataset prepare(const std::shared_ptr<const RawData>& raw, const DataRecipe& recipe, bool keepScaling = false);

/// One new row, by the recipe's feature columns in order (texts as typed): the model's input of batch 1.
/// Errors: Format E140 naming the column.
Tensor encodeRow(const DataRecipe& recipe, const QStringList& values);

}  // namespace layersmith

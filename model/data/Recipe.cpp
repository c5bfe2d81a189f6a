#include "model/core/Error.h"
#include "model/data/Dataset.h"
#include "model/data/Words.h"

#include <cmath>

// A recipe as it travels in userDefinedMetadata.layersmith.recipe:
//   {version, source, kind, columns: [{name, role, scaling, isCategorical, categories, offset, scale}], inputShape,
//    targetEncoding, classNames, pixelScale, validationFraction, isStratified, seed, generator}
namespace layersmith {

namespace {

constexpr Words<ColumnRole, 3> kRoles = {
    {{ColumnRole::Ignore, "ignore"}, {ColumnRole::Feature, "feature"}, {ColumnRole::Target, "target"}}};
constexpr Words<ColumnScaling, 3> kScalings = {
    {{ColumnScaling::None, "none"}, {ColumnScaling::MinMax, "minMax"}, {ColumnScaling::Standard, "standard"}}};
constexpr Words<TargetEncoding, 3> kEncodings = {{{TargetEncoding::Number, "number"},
                                                  {TargetEncoding::ClassIndex, "classIndex"},
                                                  {TargetEncoding::OneHot, "oneHot"}}};

FieldArray fieldsOf(const QStringList& texts) {
  FieldArray array;
  for (const QString& text : texts) array.emplace_back(text.toStdString());
  return array;
}

QStringList textsAt(const FieldMap& fields, std::string_view key) {
  QStringList texts;
  if (const FieldValue* value = fields.find(key); value && !value->isNull())
    for (const FieldValue& item : value->asArray()) texts << QString::fromStdString(item.asString());
  return texts;
}

QString textAt(const FieldMap& fields, std::string_view key) {
  return QString::fromStdString(fields.stringAt(key));
}

double finiteAt(const FieldMap& fields, std::string_view key, double fallback) {
  const double value = fields.numberAt(key, fallback);
  if (!std::isfinite(value))
    throw Error(ErrorKind::InvalidConfig, "The recipe's " + std::string(key) + " is not a finite number.", "E104");
  return value;
}

FieldMap toFields(const ColumnRecipe& column) {
  return {{"name", column.name.toStdString()},
          {"role", wordOf(kRoles, column.role)},
          {"scaling", wordOf(kScalings, column.scaling)},
          {"isCategorical", column.isCategorical},
          {"categories", fieldsOf(column.categories)},
          {"offset", column.offset},
          {"scale", column.scale}};
}

ColumnRecipe columnFromFields(const FieldMap& fields) {
  ColumnRecipe column;
  column.name = textAt(fields, "name");
  column.role = valueOf(kRoles, fields.stringAt("role", "feature"), "role");
  column.scaling = valueOf(kScalings, fields.stringAt("scaling", "none"), "scaling");
  column.isCategorical = fields.boolAt("isCategorical", false);
  column.categories = textsAt(fields, "categories");
  column.offset = finiteAt(fields, "offset", 0);
  column.scale = finiteAt(fields, "scale", 1);
  if (column.scale == 0)
    throw Error(ErrorKind::InvalidConfig, "The recipe scales column `" + column.name.toStdString() + "` by 0.", "E104");
  return column;
}

}  // namespace

std::vector<const ColumnRecipe*> DataRecipe::columnsWith(ColumnRole role) const {
  std::vector<const ColumnRecipe*> found;
  for (const ColumnRecipe& column : columns)
    if (column.role == role) found.push_back(&column);
  return found;
}

QStringList DataRecipe::featureNames() const {
  QStringList names;
  for (const ColumnRecipe* column : columnsWith(ColumnRole::Feature)) names << column->name;
  return names;
}

FieldMap DataRecipe::toFields() const {
  FieldArray columnFields;
  for (const ColumnRecipe& column : columns) columnFields.emplace_back(layersmith::toFields(column));
  FieldMap fields = {{"version", 1},
                     {"source", source.toStdString()},
                     {"kind", kind.toStdString()},
                     {"columns", std::move(columnFields)},
                     {"inputShape", FieldValue::ofInts(inputShape)},
                     {"targetEncoding", wordOf(kEncodings, targetEncoding)},
                     {"classNames", fieldsOf(classNames)},
                     {"pixelScale", pixelScale},
                     {"validationFraction", validationFraction},
                     {"isStratified", isStratified},
                     {"seed", std::int64_t(seed)}};
  if (!generator.empty()) fields.set("generator", generator);
  return fields;
}

DataRecipe DataRecipe::fromFields(const FieldMap& fields) {
  if (fields.intAt("version", 1) > 1)
    throw Error(ErrorKind::Unsupported, "The model's data recipe was written by a newer version of Layersmith.");
  DataRecipe recipe;
  recipe.source = textAt(fields, "source");
  recipe.kind = textAt(fields, "kind");
  if (const FieldValue* columns = fields.find("columns"); columns && !columns->isNull())
    for (const FieldValue& column : columns->asArray()) recipe.columns.push_back(columnFromFields(column.asMap()));
  recipe.inputShape = fields.intsAt("inputShape");
  recipe.targetEncoding = valueOf(kEncodings, fields.stringAt("targetEncoding", "number"), "targetEncoding");
  recipe.classNames = textsAt(fields, "classNames");
  recipe.pixelScale = finiteAt(fields, "pixelScale", 1);
  recipe.validationFraction = finiteAt(fields, "validationFraction", 0.2);
  recipe.isStratified = fields.boolAt("isStratified", true);
  recipe.seed = std::uint64_t(fields.intAt("seed", 42));
  if (const FieldValue* generator = fields.find("generator"); generator && !generator->isNull())
    recipe.generator = generator->asMap();
  return recipe;
}

}  // namespace layersmith

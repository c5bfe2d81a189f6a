#include "ui/canvas/LayerText.h"

#include "model/nn/LayerRegistry.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace layersmith {

namespace {

struct LayerText {
  Q_DECLARE_TR_FUNCTIONS(LayerText)
};

QString fieldText(const FieldSpec& field, const FieldValue& value, bool isCompact) {
  const QString plain = QString::fromStdString(toDisplayString(value));
  if (isCompact) return QString(plain).remove(u' ');
  if (!value.isInt()) return plain;
  if (field.key == "units") return value.asInt() == 1 ? LayerText::tr("1 unit") : LayerText::tr("%1 units").arg(plain);
  if (field.key == "filters")
    return value.asInt() == 1 ? LayerText::tr("1 filter") : LayerText::tr("%1 filters").arg(plain);
  return plain;
}

QString inputSummary(const DocumentState& state) {
  QStringList names;
  for (const ColumnRecipe& column : state.recipe.columns)
    if (column.role == ColumnRole::Feature) names << column.name;
  if (!names.isEmpty()) return names.join(QStringLiteral(", "));
  return state.recipe.isImage() ? LayerText::tr("image") : QString();
}

QString targetName(const DocumentState& state) {
  if (!state.dataset && !state.hasRecipe) return {};
  for (const ColumnRecipe& column : state.recipe.columns)
    if (column.role == ColumnRole::Target) return column.name;
  return state.recipe.isClassification() ? LayerText::tr("the class") : QString();
}

}  // namespace

QString typeName(const std::string& className) {
  return className == "InputLayer" ? LayerText::tr("Input") : QString::fromStdString(className);
}

QString shortTypeName(const std::string& className) {
  QString name = typeName(className);
  const std::pair<const char16_t*, const char16_t*> shorter[] = {{u"Average", u"Avg"},
                                                                 {u"Pooling", u"Pool"},
                                                                 {u"Normalization", u"Norm"},
                                                                 {u"Separable", u"Sep"},
                                                                 {u"Depthwise", u"Depth"}};
  for (const auto& [from, to] : shorter) name.replace(QString::fromUtf16(from), QString::fromUtf16(to));
  return name;
}

QString familyOf(const std::string& className) {
  const LayerType* type = findLayerType(className);
  if (!type) return QStringLiteral("unknown");
  const std::string_view family = familyName(type->category);
  return QString::fromUtf8(family.data(), qsizetype(family.size()));
}

QString familyOf(const LayerSpec& layer) {
  return layer.subgraph ? QStringLiteral("model") : familyOf(layer.className);
}

QString summaryOf(const DocumentState& state, const LayerSpec& layer, bool isCompact) {
  if (isInputLayer(layer)) return isCompact ? QString() : inputSummary(state);
  if (layer.subgraph) return LayerText::tr("%1 layers").arg(layer.subgraph->layers.size());
  const LayerType* type = findLayerType(layer.className);
  if (!type) return LayerText::tr("Not known here, kept as is");
  QStringList parts;
  for (const std::string& key : type->summaryFields) {
    const FieldSpec* field = findField(type->fields(), key);
    if (!field) continue;
    const FieldValue value = fieldValue(type->fields(), layer.config, key);
    if (value.isNull() || (value.isString() && value.asString() == "linear")) continue;
    parts << fieldText(*field, value, isCompact);
  }
  return parts.join(QStringLiteral(" · "));
}

QString countText(std::int64_t count) {
  return QLocale().toString(qlonglong(count));
}

QString shapeText(const LayerReport* report) {
  if (!report || report->outputShapes.empty()) return LayerText::tr("shape unknown");
  return QString::fromStdString(toStringWithoutBatch(report->outputShapes.front()));
}

bool isFaulty(const GraphReport& report, LayerId layer) {
  return std::ranges::any_of(
      report.issues, [layer](const Issue& issue) { return issue.layer == layer && issue.severity == Severity::Error; });
}

bool isFrozen(const LayerSpec& layer, const LayerReport* report) {
  return !layer.isTrainable && report && !report->weights.empty();
}

bool isInputLayer(const LayerSpec& layer) {
  return layer.className == "InputLayer";
}

const LayerReport* reportOf(const GraphReport& report, LayerId layer) {
  const auto found = report.layers.find(layer);
  return found == report.layers.end() ? nullptr : &found->second;
}

QString predictionText(const DocumentState& state, const GraphReport& report) {
  const QString target = targetName(state);
  const QString count = countText(report.parameters);
  if (target.isEmpty()) return LayerText::tr("%1 parameters").arg(count);
  return LayerText::tr("Predicts %1 with %2 parameters").arg(target, count);
}

QString spokenText(const DocumentState& state, const GraphReport& report, const LayerSpec& layer) {
  const LayerReport* own = reportOf(report, layer.id);
  QStringList parts{LayerText::tr("%1 \"%2\"").arg(typeName(layer.className), QString::fromStdString(layer.name))};
  const QString summary = summaryOf(state, layer, false);
  if (!summary.isEmpty()) parts << summary;
  parts << LayerText::tr("output %1").arg(shapeText(own));
  if (own && own->parameters > 0) parts << LayerText::tr("%1 parameters").arg(countText(own->parameters));
  if (isFaulty(report, layer.id)) parts << LayerText::tr("has a problem");
  if (isFrozen(layer, own)) parts << LayerText::tr("frozen");
  const auto place = std::ranges::find(report.order, layer.id);
  if (place != report.order.end())
    parts << LayerText::tr("layer %1 of %2").arg(place - report.order.begin() + 1).arg(report.order.size());
  return parts.join(QStringLiteral(", "));
}

}  // namespace layersmith

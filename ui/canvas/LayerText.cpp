#include "ui/canvas/LayerText.h"

#include "model/nn/LayerRegistry.h"
#include "ui/dialogs/Parts.h"
#include "ui/widgets/SizeText.h"

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

QString spokenCost(const LayerCost& cost) {
  if (!cost.hasSteps) return LayerText::tr("no step of its own in a training step");
  QStringList parts{LayerText::tr("%1 of a training step, forward %2 and backward %3")
                        .arg(percentText(cost.percent), durationText(cost.forwardMs), durationText(cost.backwardMs))};
  if (const QString rate = rateText(cost); !rate.isEmpty()) parts << rate;
  parts << memoryText(cost) << kernelsText(cost);
  return parts.join(QStringLiteral(", "));
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

QString durationText(double ms) {
  const QLocale locale;
  if (ms >= 0.1) return LayerText::tr("%1 ms").arg(locale.toString(ms, 'f', ms >= 100 ? 0 : ms >= 10 ? 1 : 2));
  const double us = ms * 1000;
  return LayerText::tr("%1 µs").arg(locale.toString(us, 'f', us >= 10 ? 0 : 1));
}

QString percentText(double percent) {
  if (percent > 0 && percent < 0.5) return LayerText::tr("< 1 %");
  return LayerText::tr("%1 %").arg(QLocale().toString(percent, 'f', 0));
}

QString costText(const LayerCost& cost) {
  if (!cost.hasSteps) return LayerText::tr("no step of its own");
  return QStringLiteral("%1 · %2").arg(durationText(cost.ms), percentText(cost.percent));
}

QString rateText(const LayerCost& cost) {
  if (cost.gflopPerSecond <= 0) return {};
  if (cost.gflopPerSecond < 0.05) return LayerText::tr("< 0.1 GFLOP/s");
  return LayerText::tr("%1 GFLOP/s")
      .arg(QLocale().toString(cost.gflopPerSecond, 'f', cost.gflopPerSecond < 10 ? 1 : 0));
}

QString memoryText(const LayerCost& cost) {
  const QString output = LayerText::tr("%1 output").arg(sizeText(cost.outputBytes));
  if (cost.weightBytes == 0) return output;
  return LayerText::tr("%1 weights, %2").arg(sizeText(cost.weightBytes), output);
}

QString kernelsText(const LayerCost& cost) {
  if (cost.kernel.empty()) return LayerText::tr("own loops");
  const QString names = QString::fromStdString(cost.kernel);
  return cost.isReference ? LayerText::tr("%1 (no fast kernel for this shape)").arg(names) : names;
}

QString spokenText(const DocumentState& state, const GraphReport& report, const LayerSpec& layer,
                   const LayerCost* cost) {
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
  if (cost) parts << spokenCost(*cost);
  return parts.join(QStringLiteral(", "));
}

}  // namespace layersmith

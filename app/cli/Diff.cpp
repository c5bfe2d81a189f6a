#include "app/cli/Commands.h"
#include "app/cli/ExitCode.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/TextTable.h"
#include "model/document/ModelComparison.h"
#include "model/format/FieldJson.h"

namespace layersmith {

namespace {

using Kind = LayerDifference::Kind;
using Weights = LayerDifference::Weights;
using Rows = std::vector<QStringList>;

const QString kNone = QStringLiteral("-");

std::string kindWord(Kind kind) {
  return kind == Kind::Added ? "added" : kind == Kind::Removed ? "removed" : "changed";
}

std::string weightsWord(Weights weights) {
  switch (weights) {
    case Weights::Same: return "same";
    case Weights::Changed: return "changed";
    case Weights::OnlyBefore: return "only in the first";
    case Weights::OnlyAfter: return "only in the second";
  }
  return {};
}

Json valuesJson(const std::vector<ValueDifference>& values) {
  Json json = Json::array();
  for (const ValueDifference& value : values)
    json.push_back({{"key", value.key}, {"before", toJson(value.before)}, {"after", toJson(value.after)}});
  return json;
}

Json scoreJson(const std::optional<ModelScore>& score) {
  if (!score) return nullptr;
  return {{"metric", score->metric}, {"value", score->value}, {"epoch", score->epoch}};
}

Json comparisonJson(const ModelComparison& comparison) {
  Json layers = Json::array();
  for (const LayerDifference& layer : comparison.layers)
    layers.push_back({{"name", layer.name},
                      {"className", layer.className},
                      {"change", kindWord(layer.kind)},
                      {"values", valuesJson(layer.values)},
                      {"weights", weightsWord(layer.weights)},
                      {"largestChange", layer.largestChange ? Json(*layer.largestChange) : Json()}});
  return {{"same", comparison.isSame()},
          {"layers", std::move(layers)},
          {"model", valuesJson(comparison.model)},
          {"training", valuesJson(comparison.training)},
          {"optimizerState", comparison.isOptimizerStateOther ? "changed" : "same"},
          {"data", valuesJson(comparison.data)},
          {"scores", {{"before", scoreJson(comparison.scoreBefore)}, {"after", scoreJson(comparison.scoreAfter)}}}};
}

QString valueText(const FieldValue& value) {
  const QString text = value.isNull() ? QString() : QString::fromStdString(toDisplayString(value));
  return text.isEmpty() ? kNone : text;
}

void addValues(Rows& rows, const std::vector<ValueDifference>& values) {
  for (const ValueDifference& value : values) {
    const bool isUntold = value.before.isNull() && value.after.isNull();
    rows.push_back({QStringLiteral("  ") + QString::fromStdString(value.key), valueText(value.before),
                    isUntold ? QStringLiteral("changed") : valueText(value.after)});
  }
}

void addLayer(Rows& rows, const LayerDifference& layer) {
  const QString name =
      QStringLiteral("%1 (%2)").arg(QString::fromStdString(layer.name), QString::fromStdString(layer.className));
  if (layer.kind == Kind::Added) return rows.push_back({name, kNone, QStringLiteral("added")});
  if (layer.kind == Kind::Removed) return rows.push_back({name, QStringLiteral("is there"), QStringLiteral("removed")});
  rows.push_back({name, QString(), QString()});
  addValues(rows, layer.values);
  if (layer.weights == Weights::OnlyBefore)
    rows.push_back({QStringLiteral("  weights"), QStringLiteral("are there"), kNone});
  if (layer.weights == Weights::OnlyAfter)
    rows.push_back({QStringLiteral("  weights"), kNone, QStringLiteral("are there")});
  if (layer.weights == Weights::Changed)
    rows.push_back({QStringLiteral("  weights"), QString(),
                    layer.largestChange ? QStringLiteral("changed by up to %1").arg(numberText(*layer.largestChange))
                                        : QStringLiteral("others")});
}

void addSection(Rows& rows, const QString& title, const std::vector<ValueDifference>& values) {
  if (values.empty()) return;
  rows.push_back({title, QString(), QString()});
  addValues(rows, values);
}

void print(Output& output, const ModelComparison& comparison) {
  if (comparison.isSame()) return output.line(QStringLiteral("Nothing differs."));
  Rows rows;
  for (const LayerDifference& layer : comparison.layers) addLayer(rows, layer);
  addSection(rows, QStringLiteral("model"), comparison.model);
  addSection(rows, QStringLiteral("training"), comparison.training);
  if (comparison.isOptimizerStateOther)
    rows.push_back({QStringLiteral("optimizer state"), {}, QStringLiteral("changed")});
  addSection(rows, QStringLiteral("data"), comparison.data);
  printTable(output, {QStringLiteral("What differs"), QStringLiteral("First"), QStringLiteral("Second")}, rows);
}

Json diffModels(Program& program, const std::string& first, const std::string& second) {
  program.requireOneServer(placeText(first), placeText(second),
                           "Copy one of them to a folder first, and compare that.");
  const DocumentState before = openModel(program, placeText(first), true);
  const ModelComparison comparison = compareModels(before, openModel(program, placeText(second), true));
  print(program.output(), comparison);
  if (!comparison.isSame()) program.setExitCode(kDifferenceExit);
  return comparisonJson(comparison);
}

}  // namespace

void addDiff(Program& program) {
  auto places = std::make_shared<std::pair<std::string, std::string>>();
  CLI::App& command =
      program.addCommand("diff", "Show what differs between two models: layers, settings, weights, training, data",
                         [&program, places] { return diffModels(program, places->first, places->second); });
  command.add_option("FIRST", places->first, "The earlier model")->required();
  command.add_option("SECOND", places->second, "The later model")->required();
}

}  // namespace layersmith

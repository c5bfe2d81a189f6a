#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/ProblemJson.h"
#include "app/cli/Program.h"
#include "app/cli/TensorJson.h"
#include "app/cli/TextTable.h"
#include "model/document/DocumentIo.h"
#include "model/format/FieldJson.h"
#include "model/nn/GraphAnalysis.h"
#include "model/nn/LayerRegistry.h"

namespace layersmith {

namespace {

Json shapesJson(const std::vector<Shape>& shapes) {
  Json json = Json::array();
  for (const Shape& shape : shapes) json.push_back(shapeJson(shape));
  return json;
}

FieldMap fullConfig(const LayerSpec& layer) {
  const LayerType* type = findLayerType(layer.className);
  if (!type) return layer.config;
  FieldMap config;
  for (const FieldSpec& field : type->fields())
    config.set(field.key, fieldValue(type->fields(), layer.config, field.key));
  return config;
}

Json layerJson(const LayerSpec& layer, const LayerReport& report, const Graph& graph) {
  Json inbound = Json::array();
  for (const LayerCall& call : layer.calls)
    for (const TensorRef& input : call.inputs)
      if (const LayerSpec* from = graph.find(input.layer)) inbound.push_back(from->name);
  return {{"name", layer.name},
          {"className", layer.className},
          {"config", toJson(FieldValue(fullConfig(layer)))},
          {"inputShapes", shapesJson(report.inputShapes)},
          {"outputShapes", shapesJson(report.outputShapes)},
          {"params", report.parameters},
          {"trainable", layer.isTrainable},
          {"inbound", std::move(inbound)}};
}

Json endsJson(const std::vector<TensorRef>& ends, const Graph& graph, const GraphReport& report) {
  Json json = Json::array();
  for (const TensorRef& end : ends) {
    const LayerSpec* layer = graph.find(end.layer);
    const auto found = report.layers.find(end.layer);
    const bool hasShape =
        found != report.layers.end() && std::size_t(end.tensorIndex) < found->second.outputShapes.size();
    json.push_back({{"name", layer ? layer->name : std::string()},
                    {"shape", hasShape ? shapeJson(found->second.outputShapes[std::size_t(end.tensorIndex)]) : Json()},
                    {"dtype", layer ? layer->config.stringAt("dtype", "float32") : "float32"}});
  }
  return json;
}

QString jsonText(const Json& json) {
  return json.is_string() ? QString::fromStdString(json.get<std::string>()) : QString();
}

void printLayers(Output& output, const Graph& graph, const GraphReport& report) {
  std::vector<QStringList> rows;
  for (const LayerSpec& layer : graph.layers) {
    const LayerReport& known = report.layers.at(layer.id);
    rows.push_back(
        {QString::fromStdString(layer.name),
         QString::fromStdString(layer.className) + (known.isKnown ? QString() : QStringLiteral(" (not known)")),
         known.outputShapes.empty() ? QStringLiteral("?")
                                    : QString::fromStdString(toStringWithoutBatch(known.outputShapes.front())),
         groupedText(known.parameters), layer.isTrainable ? QString() : QStringLiteral("frozen")});
  }
  printTable(
      output,
      {QStringLiteral("Layer"), QStringLiteral("Type"), QStringLiteral("Output"), QStringLiteral("Params"), QString()},
      rows, {3});
}

void printSummary(Output& output, const QString& name, const ModelArtifacts& artifacts, const DocumentState& state,
                  const GraphReport& report, std::int64_t weightBytes) {
  output.line(output.bold(name) + QStringLiteral("  ") + jsonText(artifacts.format) + QStringLiteral("  ") +
              output.dim(jsonText(artifacts.generatedBy)));
  printLayers(output, state.graph, report);
  output.line(QStringLiteral("%1 parameters, %2 trainable, %3 of weights")
                  .arg(groupedText(report.parameters), groupedText(report.trainableParameters), sizeText(weightBytes)));
  if (state.training.isCompiled())
    output.line(QStringLiteral("trained with %1, loss %2")
                    .arg(QString::fromStdString(state.training.optimizer),
                         QString::fromStdString(state.training.losses.front())));
  if (state.hasRecipe) {
    QString made = QStringLiteral("data: %1").arg(state.recipe.source);
    if (state.recipe.isClassification())
      made += QStringLiteral(", classes %1").arg(state.recipe.classNames.mid(0, 12).join(QStringLiteral(", ")));
    output.line(made);
  }
}

Json showInfo(Program& program, const QString& place) {
  ModelArtifacts artifacts = program.library().load(place, [&] {
    LoadOptions options = program.loadOptions();
    options.allowMissingWeights = true;
    options.mapWeights = true;
    return options;
  }());
  const OpenedDocument opened = documentFromArtifacts(artifacts);
  const DocumentState& state = opened.state;
  const GraphReport report = analyse(state.graph);
  std::vector<Issue> issues = opened.issues;
  issues.insert(issues.end(), report.issues.begin(), report.issues.end());
  const std::int64_t weightBytes = artifacts.weightData ? artifacts.weightData->size() : 0;

  const QString name = nameOfPlace(place);
  printSummary(program.output(), name, artifacts, state, report, weightBytes);
  for (const QString& missing : artifacts.missingFiles)
    program.output().warn("The weight file " + missing.toStdString() + " is missing.");
  if (program.output().isText())
    for (const Issue& issue : issues)
      program.output().line(QStringLiteral("%1: %2").arg(QLatin1String(severityWord(issue.severity).data()),
                                                         QString::fromStdString(issue.message)));

  Json layers = Json::array();
  for (const LayerSpec& layer : state.graph.layers)
    layers.push_back(layerJson(layer, report.layers.at(layer.id), state.graph));
  return {{"name", name.toStdString()},
          {"format", artifacts.format},
          {"generatedBy", artifacts.generatedBy},
          {"layers", std::move(layers)},
          {"inputs", endsJson(state.graph.inputs, state.graph, report)},
          {"outputs", endsJson(state.graph.outputs, state.graph, report)},
          {"totalParams", report.parameters},
          {"trainableParams", report.trainableParameters},
          {"weightBytes", weightBytes},
          {"trainingConfig", artifacts.trainingConfig},
          {"userDefinedMetadata", artifacts.userDefinedMetadata},
          {"problems", problemsJson(issues, state.graph)}};
}

}  // namespace

void addInfo(Program& program) {
  auto place = std::make_shared<std::string>();
  CLI::App& command = program.addCommand("info", "Show a model's layers, shapes, parameters and problems",
                                         [&program, place] { return showInfo(program, placeText(*place)); });
  command.add_option("PLACE", *place, "The model")->required();
}

}  // namespace layersmith

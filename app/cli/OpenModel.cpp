#include "app/cli/OpenModel.h"

#include "app/cli/Program.h"
#include "model/core/Error.h"
#include "model/document/DocumentIo.h"
#include "model/document/Edits.h"
#include "model/nn/GraphAnalysis.h"

#include <QFileInfo>
#include <QUrl>

namespace layersmith {

QString placeText(const std::string& argument) {
  const QString text = QString::fromStdString(argument);
  if (text == QLatin1String("-"))
    throw usageError("Standard input and output are no places for models.", "A folder of that name is written ./-");
  if (!QUrl(text).userInfo().isEmpty() && text.startsWith(QLatin1String("http")))
    throw usageError("A password does not belong into an address on the command line, where others can read it.",
                     "Put it into an environment variable and name that: --auth-env VARIABLE.");
  return text;
}

DocumentState openModel(Program& program, const QString& place, bool mapWeights) {
  LoadOptions options = program.loadOptions();
  options.mapWeights = mapWeights;
  OpenedDocument opened = documentFromArtifacts(program.library().load(place, options));
  for (const Issue& issue : opened.issues) {
    if (program.isStrict() && issue.code == "E112")
      throw Error(ErrorKind::Format, issue.message, issue.code, place.toStdString(),
                  "--no-strict goes on: weights left over are passed over, places without one start at random.");
    if (issue.severity != Severity::Hint) program.output().warn(issue.message);
  }
  return std::move(opened.state);
}

void requireRunnable(const DocumentState& state) {
  const GraphReport report = analyse(state.graph);
  std::vector<Issue> issues = report.issues;
  for (Issue& issue : edits::dataIssues(state, report)) issues.push_back(std::move(issue));
  for (const Issue& issue : issues)
    if (issue.severity == Severity::Error) throw Error(ErrorKind::ShapeMismatch, issue.message, issue.code);
}

std::vector<std::string> outputNames(const Graph& graph) {
  std::vector<std::string> names;
  for (const TensorRef& output : graph.outputs) {
    const LayerSpec* layer = graph.find(output.layer);
    names.push_back(layer ? layer->name : std::string());
  }
  return names;
}

QString nameOfPlace(const QString& place) {
  const QFileInfo info(QUrl(place).path().isEmpty() ? place : QUrl(place).path());
  if (place.contains(QLatin1String("://")) && !place.startsWith(QLatin1String("file")) &&
      !place.startsWith(QLatin1String("http")))
    return place.mid(place.indexOf(QLatin1String("://")) + 3);
  if (info.fileName() == QLatin1String("model.json")) return QFileInfo(info.path()).fileName();
  return info.suffix() == QLatin1String("json") ? info.completeBaseName() : info.fileName();
}

}  // namespace layersmith

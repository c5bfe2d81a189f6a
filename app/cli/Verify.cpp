#include "app/cli/Commands.h"
#include "app/cli/ExitCode.h"
#include "app/cli/OpenModel.h"
#include "app/cli/ProblemJson.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "model/document/DocumentIo.h"
#include "model/document/ModelCheck.h"
#include "model/nn/GraphAnalysis.h"

#include <QFileInfo>

#include <algorithm>

namespace layersmith {

namespace {

/// One to check. `problem`: why its place could not be listed; then there is nothing to read.
struct Target {
  QString url;
  std::string problem;
  bool isListed = false;
};

struct Checked {
  QString url;
  Graph graph;
  std::vector<Issue> issues;
};

/// A file that cannot be read, or is gone, ends the check of a place with others no more than damage does.
bool isFault(const Error& error, const Target& target) {
  return isFinding(error) ||
         (target.isListed && (error.kind() == ErrorKind::Io || error.kind() == ErrorKind::NotFound));
}

/// Reads all of it: structure, manifest, every byte against its hash.
Checked check(Program& program, const Target& target) {
  Checked checked{target.url, {}, {}};
  if (!target.problem.empty()) {
    checked.issues.push_back({Severity::Error, {}, {}, target.problem, {}, {}});
    return checked;
  }
  LoadOptions options = program.loadOptions();
  options.mapWeights = true;
  options.acceptChangedFiles = false;  // that is what is asked
  try {
    OpenedDocument opened = documentFromArtifacts(program.library().load(target.url, options));
    checked.issues = std::move(opened.issues);
    for (Issue& issue : analyse(opened.state.graph).issues) checked.issues.push_back(std::move(issue));
    checked.graph = std::move(opened.state.graph);
  } catch (const Error& error) {
    if (!isFault(error, target)) throw;
    checked.issues.push_back({Severity::Error, {}, {}, withoutQuestions(error.message()), error.code(), {}});
  }
  return checked;
}

bool isFault(const Issue& issue, bool isStrict) {
  return issue.severity == Severity::Error || issue.code == "E121" || (isStrict && issue.code == "E112");
}

/// Every model at the place: itself, or those in a store, folder or server.
std::vector<Target> modelsToCheck(Program& program, const QString& place) {
  const auto holdsSeveral = [&] {
    if (place.isEmpty() || place.endsWith(QLatin1String("://")) || isServerRoot(place)) return true;
    const Place parsed = parsePlace(place);
    return parsed.scheme == QLatin1String("file") && !program.library().contains(place) &&
           QFileInfo(parsed.name).isDir();
  };
  if (!holdsSeveral()) return {{place, {}}};
  std::vector<Target> targets;
  for (const ModelEntry& entry : modelsAt(program, place)) {
    const bool isPlace = entry.url.endsWith(QLatin1String("://"));
    targets.push_back({entry.url, isPlace ? entry.problem.toStdString() : std::string(), true});
  }
  return targets;
}

void print(Output& output, const Checked& checked, bool isGood) {
  output.line(QStringLiteral("%1  %2").arg(isGood ? QStringLiteral("good  ") : output.bold(QStringLiteral("faulty")),
                                           checked.url));
  for (const Issue& issue : checked.issues)
    if (issue.severity != Severity::Hint)
      output.line(
          QStringLiteral("        %1: %2")
              .arg(QString::fromLatin1(severityWord(issue.severity).data()), QString::fromStdString(issue.message)));
}

Json verifyModels(Program& program, const std::vector<std::string>& places) {
  std::vector<Target> targets;
  if (places.empty()) targets = modelsToCheck(program, {});
  for (const std::string& place : places)
    for (Target& target : modelsToCheck(program, placeText(place))) targets.push_back(std::move(target));

  Json models = Json::array();
  int faulty = 0;
  for (const Target& target : targets) {
    const Checked checked = check(program, target);
    const bool isGood =
        std::ranges::none_of(checked.issues, [&](const Issue& issue) { return isFault(issue, program.isStrict()); });
    faulty += isGood ? 0 : 1;
    print(program.output(), checked, isGood);
    models.push_back(
        {{"url", target.url.toStdString()}, {"ok", isGood}, {"problems", problemsJson(checked.issues, checked.graph)}});
  }
  if (targets.empty()) program.output().line(QStringLiteral("There are no models here."));
  if (targets.size() > 1)
    program.output().line(
        QStringLiteral("%1 models checked, %2 faulty.").arg(groupedText(int(targets.size())), groupedText(faulty)));
  if (faulty > 0) program.setExitCode(kDifferenceExit);
  return {{"models", std::move(models)}, {"faulty", faulty}};
}

}  // namespace

void addVerify(Program& program) {
  auto places = std::make_shared<std::vector<std::string>>();
  CLI::App& command = program.addCommand(
      "verify",
      "Read models whole and check them: bytes against their hashes, weights against layers, layers themselves",
      [&program, places] { return verifyModels(program, *places); });
  command.add_option("PLACE", *places,
                     "Models, or places that hold several: indexeddb://, a folder, a server (default: all stores)");
}

}  // namespace layersmith

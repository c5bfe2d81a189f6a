#include "app/cli/Commands.h"
#include "app/cli/ExitCode.h"
#include "app/cli/OpenModel.h"
#include "app/cli/ProblemJson.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "model/document/DocumentIo.h"
#include "model/document/Edits.h"
#include "model/nn/GraphAnalysis.h"

#include <optional>

namespace layersmith {

namespace {

struct RepairOptions {
  std::string place;
  std::string save;  ///< empty: where it is
  bool isForced = false;
  bool isDryRun = false;
};

struct Mended {
  std::string layer, problem, repair;
};

std::vector<Issue> faultsOf(const DocumentState& state) {
  std::vector<Issue> faults = analyse(state.graph).issues;
  std::erase_if(faults, [](const Issue& issue) { return issue.severity != Severity::Error; });
  return faults;
}

std::string layerName(const Graph& graph, LayerId id) {
  const LayerSpec* layer = graph.find(id);
  return layer ? layer->name : std::string();
}

/// The first repair, as the studio offers it, that leaves fewer faults and costs no trained weight.
std::optional<Mended> mendOne(DocumentState& state) {
  const std::vector<Issue> faults = faultsOf(state);
  for (const Issue& fault : faults)
    for (const Repair& repair : fault.repairs) {
      DocumentState after = edits::applyRepair(state, repair);
      if (faultsOf(after).size() >= faults.size() || after.weights.size() < state.weights.size()) continue;
      Mended mended{layerName(state.graph, fault.layer), fault.message, repair.label};
      state = std::move(after);
      return mended;
    }
  return {};
}

SaveResult save(Program& program, const RepairOptions& options, const DocumentState& state, const QString& base) {
  SaveOptions how;
  const bool isInPlace = options.save.empty();
  how.overwrite = how.replacedToTrash = isInPlace || options.isForced;
  how.base = isInPlace ? base : QString();
  const QString source = placeText(options.place), target = isInPlace ? source : placeText(options.save);
  how.http = program.accessOfBoth(source, target).target;
  return program.library().save(target, artifactsFromDocument(state), how, program.storeProgress("Saving"));
}

void print(Output& output, const std::vector<Mended>& mended, const std::vector<Issue>& left) {
  for (const Mended& one : mended)
    output.line(QStringLiteral("%1: %2").arg(output.bold(QString::fromStdString(one.repair)),
                                             QString::fromStdString(one.problem)));
  for (const Issue& issue : left)
    output.line(
        QStringLiteral("%1: %2").arg(output.bold(QStringLiteral("Not mended")), QString::fromStdString(issue.message)));
  if (mended.empty() && left.empty()) output.line(QStringLiteral("There is nothing to mend."));
}

Json repairModel(Program& program, const RepairOptions& options) {
  const QString place = placeText(options.place);
  const QString base = program.library().stamp(place, program.httpOptions());
  DocumentState state = openModel(program, place);
  std::vector<Mended> mended;
  while (auto one = mendOne(state)) mended.push_back(std::move(*one));
  const std::vector<Issue> left = faultsOf(state);
  print(program.output(), mended, left);
  Json result = {{"mended", Json::array()}, {"problems", problemsJson(left, state.graph)}, {"saveResult", nullptr}};
  for (const Mended& one : mended)
    result["mended"].push_back({{"layer", one.layer}, {"problem", one.problem}, {"repair", one.repair}});
  if (!left.empty()) program.setExitCode(kDifferenceExit);
  if (mended.empty() || options.isDryRun) return result;
  const SaveResult saved = save(program, options, state, base);
  program.output().line(QStringLiteral("Saved to %1.").arg(saved.url));
  result["saveResult"] = toJson(saved);
  return result;
}

}  // namespace

void addRepair(Program& program) {
  auto options = std::make_shared<RepairOptions>();
  CLI::App& command = program.addCommand("repair", "Mend what hinders a model from running, as the studio offers it",
                                         [&program, options] { return repairModel(program, *options); });
  command.add_option("PLACE", options->place, "The model")->required();
  command
      .add_option("-o,--save", options->save,
                  "Where the mended one goes (default: in its place; the old one goes to the Trash)")
      ->type_name("PLACE");
  program.addTargetAccess(command);
  command.add_flag("--dry-run", options->isDryRun, "Say what would be mended; write nothing");
  command.add_flag("-f,--force", options->isForced, "Replace a model that is there already");
}

}  // namespace layersmith

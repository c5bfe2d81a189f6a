#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"

namespace layersmith {

namespace {

struct MoveOptions {
  std::string from;
  std::string to;
  bool isForced = false;
};

Json moveModel(Program& program, const MoveOptions& options) {
  const QString from = placeText(options.from), to = placeText(options.to);
  requireTwoPlaces(from, to);
  const SaveResult saved = program.library().move(from, to, options.isForced, program.storeProgress("Moving"),
                                                  program.accessOfBoth(from, to));
  program.output().line(QStringLiteral("Moved %1 to %2 (%3).")
                            .arg(QString::fromStdString(options.from), QString::fromStdString(options.to),
                                 sizeText(saved.info.totalBytes())));
  return infoPerUrl(saved.url, saved.info);
}

}  // namespace

void addMove(Program& program) {
  auto options = std::make_shared<MoveOptions>();
  CLI::App& command = program.addCommand(
      "move", "Move a model to another place; the source goes to the Trash after the copy was read back",
      [&program, options] { return moveModel(program, *options); });
  command.add_option("FROM", options->from, "The model")->required();
  command.add_option("TO", options->to, "Where it goes")->required();
  program.addTargetAccess(command);
  command.add_flag("-f,--force", options->isForced, "Replace a model that is there already");
}

}  // namespace layersmith

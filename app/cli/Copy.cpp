#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"

namespace layersmith {

namespace {

struct CopyOptions {
  std::string from;
  std::string to;
  bool isForced = false;
  bool isDryRun = false;
};

Json copyModel(Program& program, const CopyOptions& options) {
  const QString from = placeText(options.from), to = placeText(options.to);
  const ModelLibrary::ServerAccess access = program.accessOfBoth(from, to);
  if (options.isDryRun) {
    SaveOptions how;
    how.addHashes = false;
    how.overwrite = options.isForced;
    how.http = access.target;
    return previewOfSave(program, to, program.library().load(from, program.loadOptions()), how);
  }
  requireTwoPlaces(from, to);
  const SaveResult saved = program.library().copy(from, to, options.isForced, program.loadOptions(),
                                                  program.storeProgress("Copying"), access.target);
  program.output().line(QStringLiteral("Copied %1 to %2 (%3).")
                            .arg(QString::fromStdString(options.from), QString::fromStdString(options.to),
                                 sizeText(saved.info.totalBytes())));
  return infoPerUrl(saved.url, saved.info);
}

}  // namespace

void addCopy(Program& program) {
  auto options = std::make_shared<CopyOptions>();
  CLI::App& command = program.addCommand("copy", "Copy a model to another place",
                                         [&program, options] { return copyModel(program, *options); });
  command.add_option("FROM", options->from, "The model")->required();
  command.add_option("TO", options->to, "Where it goes")->required();
  command.add_flag("--dry-run", options->isDryRun, "Say what would be written and what room is left; write nothing");
  program.addTargetAccess(command);
  command.add_flag("-f,--force", options->isForced, "Replace a model that is there already");
}

}  // namespace layersmith

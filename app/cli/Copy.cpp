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
  if (options.isDryRun) {
    SaveOptions how;
    how.addHashes = false;
    how.http = program.httpOptions();
    const QString from = placeText(options.from);
    return previewOfSave(program, placeText(options.to), program.library().load(from, program.loadOptions()), how);
  }
  const SaveResult saved = program.library().copy(placeText(options.from), placeText(options.to), options.isForced,
                                                  program.loadOptions(), program.storeProgress("Copying"));
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
  command.add_flag("-f,--force", options->isForced, "Replace a model that is there already");
}

}  // namespace layersmith

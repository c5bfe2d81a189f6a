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
};

bool isOnServer(const QString& place) {
  return parsePlace(place).scheme.startsWith(QLatin1String("http"));
}

/// Servers are reached with the headers of the options, which the library's own copy does not know.
SaveResult copyOver(Program& program, const QString& from, const QString& to, bool isForced) {
  if (!isOnServer(from) && !isOnServer(to)) return program.library().copy(from, to, isForced);
  SaveOptions how;
  how.overwrite = isForced;
  how.replacedToTrash = isForced;
  how.addHashes = false;
  how.http = program.httpOptions();
  return program.library().save(to, program.library().load(from, program.loadOptions()), how);
}

Json copyModel(Program& program, const CopyOptions& options) {
  const SaveResult saved = copyOver(program, placeText(options.from), placeText(options.to), options.isForced);
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
  command.add_flag("-f,--force", options->isForced, "Replace a model that is there already");
}

}  // namespace layersmith

#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "model/core/Error.h"

#include <algorithm>

namespace layersmith {

namespace {

/// The Trash's id for what a person named: an id, or the place where the newest such model was.
QString trashId(ModelLibrary& library, const QString& named) {
  std::vector<TrashEntry> entries = library.trash();
  std::ranges::sort(entries, std::greater(), &TrashEntry::deleted);
  for (const TrashEntry& entry : entries)
    if (entry.id == named) return entry.id;
  const QString url = parsePlace(named).url();
  for (const TrashEntry& entry : entries)
    if (entry.url == url || entry.url == named) return entry.id;
  throw Error(ErrorKind::NotFound, "There is nothing in the Trash by the name of " + named.toStdString() + ".", {}, {},
              "layersmith-cli list --trash shows what is there.");
}

Json restoreModel(Program& program, const QString& named) {
  ModelLibrary& library = program.library();
  const QString url = library.restore(trashId(library, named));
  program.output().line(QStringLiteral("%1 is back.").arg(url));
  return infoPerUrl(url, artifactsInfo(library.load(url), QDateTime::currentDateTimeUtc()));
}

}  // namespace

void addRestore(Program& program) {
  auto named = std::make_shared<std::string>();
  CLI::App& command = program.addCommand("restore", "Take a model back out of the Trash",
                                         [&program, named] { return restoreModel(program, placeText(*named)); });
  command.add_option("ID", *named, "Its id in the Trash, or the place where it was")->required();
}

}  // namespace layersmith

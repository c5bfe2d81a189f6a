#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "app/cli/TrashPlace.h"
#include "model/core/Error.h"

#include <algorithm>

namespace layersmith {

namespace {

/// What a person named: by its id, or the newest that was at this place.
TrashEntry entryOf(const TrashPlace& trash, const QString& named) {
  std::vector<TrashEntry> entries = trash.list();
  std::ranges::sort(entries, std::greater(), &TrashEntry::deleted);
  for (const TrashEntry& entry : entries)
    if (entry.id == named) return entry;
  const QString url = parsePlace(named).url();
  for (const TrashEntry& entry : entries)
    if (!entry.id.isEmpty() && (entry.url == url || entry.url == named)) return entry;
  for (const TrashEntry& entry : entries)
    if (entry.id.isEmpty())
      return {named, {}, {}, {}, 0};  // it may be in a place that cannot be read: restoring says so
  throw Error(ErrorKind::NotFound, "There is nothing in the Trash by the name of " + named.toStdString() + ".", {}, {},
              "layersmith-cli list --trash shows what is there.");
}

Json restoreModel(Program& program, const TrashPlace& trash, const QString& named) {
  const QString url = trash.restore(entryOf(trash, named));
  program.output().line(QStringLiteral("%1 is back.").arg(url));
  return knownInfoPerUrl(program, url);
}

}  // namespace

void addRestore(Program& program) {
  auto named = std::make_shared<std::string>(), root = std::make_shared<std::string>();
  CLI::App& command = program.addCommand("restore", "Take a model back out of the Trash", [&program, named, root] {
    return restoreModel(program, {program, *root}, placeText(*named));
  });
  command.add_option("ID", *named, "Its id in the Trash, or the place where it was")->required();
  command.add_option("--root", *root, TrashPlace::kRootHelp)->type_name("DIR");
}

}  // namespace layersmith

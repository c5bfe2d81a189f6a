#include "app/cli/Commands.h"
#include "app/cli/Program.h"
#include "app/cli/TrashPlace.h"
#include "model/core/Error.h"

#include <algorithm>

namespace layersmith {

namespace {

Json emptyTrash(Program& program, const TrashPlace& trash) {
  std::int64_t bytes = 0;
  const std::vector<TrashEntry> entries = trash.list();
  for (const TrashEntry& entry : entries) bytes += entry.bytes;
  trash.empty();
  program.output().line(QStringLiteral("Removed %1 models for good (%2).").arg(entries.size()).arg(sizeText(bytes)));
  return {{"removed", entries.size()}, {"bytes", bytes}};
}

/// By its id alone: of a place there may be several, and nothing brings the wrong one back.
Json purgeEntry(Program& program, const TrashPlace& trash, const QString& id) {
  const std::vector<TrashEntry> entries = trash.list();
  const auto entry = std::ranges::find(entries, id, &TrashEntry::id);
  if (entry == entries.end())
    throw Error(ErrorKind::NotFound, "There is nothing in the Trash with the id '" + id.toStdString() + "'.", {}, {},
                "layersmith-cli list --trash shows the ids.");
  trash.purge(*entry);
  program.output().line(
      QStringLiteral("Removed %1 for good (%2).").arg(entry->url.isEmpty() ? id : entry->url, sizeText(entry->bytes)));
  return {{"removed", 1}, {"bytes", entry->bytes}};
}

}  // namespace

void addEmpty(Program& program) {
  auto root = std::make_shared<std::string>(), id = std::make_shared<std::string>();
  auto isOne = std::make_shared<bool>(false);
  CLI::App& command =
      program.addCommand("empty", "Empty the Trash: what is in it is gone for good", [&program, root, id, isOne] {
        const TrashPlace trash(program, *root);
        return *isOne ? purgeEntry(program, trash, QString::fromStdString(*id)) : emptyTrash(program, trash);
      });
  command.add_option("ID", *id, "Only the one with this id in the Trash (list --trash)")->each([isOne](std::string) {
    *isOne = true;
  });
  command.add_option("--root", *root, TrashPlace::kRootHelp)->type_name("DIR");
}

}  // namespace layersmith

#include "app/cli/Commands.h"
#include "app/cli/Program.h"

namespace layersmith {

namespace {

Json emptyTrash(Program& program) {
  std::int64_t bytes = 0;
  const std::vector<TrashEntry> entries = program.library().trash();
  for (const TrashEntry& entry : entries) bytes += entry.bytes;
  program.library().emptyTrash();
  program.output().line(QStringLiteral("Removed %1 models for good (%2).").arg(entries.size()).arg(sizeText(bytes)));
  return {{"removed", entries.size()}, {"bytes", bytes}};
}

}  // namespace

void addEmpty(Program& program) {
  program.addCommand("empty", "Empty the Trash: what is in it is gone for good",
                     [&program] { return emptyTrash(program); });
}

}  // namespace layersmith

#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"

namespace layersmith {

namespace {

struct RemoveOptions {
  std::string place;
  bool isPermanent = false;
};

Json removeModel(Program& program, const RemoveOptions& options) {
  const QString place = placeText(options.place);
  const TrashEntry entry = program.library().remove(place);
  if (options.isPermanent) program.library().purge(entry.id);
  program.output().line(
      options.isPermanent
          ? QStringLiteral("Removed %1 for good.").arg(place)
          : QStringLiteral("Moved %1 to the Trash. To take it back: layersmith-cli restore %2").arg(place, entry.id));
  Json removed = {{"bytes", entry.bytes}, {"permanent", options.isPermanent}};
  if (!options.isPermanent) removed["trashId"] = entry.id.toStdString();
  return {{entry.url.toStdString(), std::move(removed)}};
}

}  // namespace

void addRemove(Program& program) {
  auto options = std::make_shared<RemoveOptions>();
  CLI::App& command = program.addCommand("remove", "Move a model to the Trash",
                                         [&program, options] { return removeModel(program, *options); });
  command.add_option("PLACE", options->place, "The model")->required();
  command.add_flag("--permanent", options->isPermanent, "Do not keep it in the Trash");
}

}  // namespace layersmith

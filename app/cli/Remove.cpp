#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "model/core/Error.h"

namespace layersmith {

namespace {

struct RemoveOptions {
  std::string place;
  bool isPermanent = false;
};

/// It goes to the Trash of the server, which nothing here reaches.
Json removeFromServer(Program& program, const QString& address, bool isPermanent) {
  if (!isPermanent)
    throw Error(ErrorKind::Unsupported, "Nothing was removed: what a server removes cannot be taken back from here.",
                {}, {}, "Give --permanent to remove it all the same.");
  program.library().removeFromServer(address, program.httpOptions());
  program.output().line(QStringLiteral("Removed %1 from the server.").arg(address));
  return {{address.toStdString(), {{"permanent", true}}}};
}

Json removeModel(Program& program, const RemoveOptions& options) {
  const QString place = placeText(options.place);
  if (parsePlace(place).scheme.startsWith(QLatin1String("http")))
    return removeFromServer(program, place, options.isPermanent);
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
  command.add_flag("--permanent", options->isPermanent, "Do not keep it in the Trash; needed for models of a server");
}

}  // namespace layersmith

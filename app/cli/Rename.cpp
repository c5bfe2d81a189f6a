#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "model/storage/PluginLoader.h"

#include <QFileInfo>

namespace layersmith {

namespace {

struct RenameOptions {
  std::string place;
  std::string name;
};

/// The place after the rename: the same store or folder, with the new name.
QString renamedPlace(const Place& place, const QString& name) {
  const bool isInFile = findPlugin(place.scheme) != nullptr;  // a plug-in's FILE#NAME stays in its file
  const qsizetype inside = isInFile ? place.name.lastIndexOf(QLatin1Char('#')) + 1 : 0;
  if (place.scheme != QLatin1String("file")) return Place{place.scheme, place.name.left(inside) + name}.url();
  const QFileInfo old(place.name);
  const bool isInside = old.fileName() == QLatin1String("model.json");
  const QString folder = isInside ? QFileInfo(old.path()).path() : old.path();
  const bool isPair = !isInside && old.suffix() == QLatin1String("json");
  return Place{place.scheme, folder + QLatin1Char('/') + name + (isPair ? QStringLiteral(".json") : QString())}.url();
}

Json renameModel(Program& program, const RenameOptions& options) {
  const QString place = placeText(options.place);
  const QString name = QString::fromStdString(options.name);
  program.library().rename(place, name);
  const QString url = renamedPlace(parsePlace(place), name);
  program.output().line(QStringLiteral("Renamed %1 to %2.").arg(place, name));
  return infoPerUrl(url, artifactsInfo(program.library().load(url), QDateTime::currentDateTimeUtc()));
}

}  // namespace

void addRename(Program& program) {
  auto options = std::make_shared<RenameOptions>();
  CLI::App& command = program.addCommand("rename", "Give a model another name in its store or folder",
                                         [&program, options] { return renameModel(program, *options); });
  command.add_option("PLACE", options->place, "The model")->required();
  command.add_option("NAME", options->name, "The new name, without the place")->required();
}

}  // namespace layersmith

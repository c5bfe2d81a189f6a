#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "model/core/Error.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/folder/FolderLayout.h"
#include "model/storage/plugins/PluginLoader.h"

#include <QFileInfo>

namespace layersmith {

namespace {

struct RenameOptions {
  std::string place;
  std::string name;
};

/// Errors: AlreadyExists for what is there, InvalidConfig for a folder with the name of a download pair.
Place renamedFile(const Place& place, const QString& name) {
  const FolderLayout layout = layoutOf(place.name);
  const bool isJsonName = name.endsWith(QLatin1String(".json"));
  if (!layout.isPair && isJsonName)
    throw usageError("A model's folder cannot be called " + name.toStdString() + ": NAME.json is a download pair.",
                     "layersmith-cli convert writes it as one.");
  const QString file = layout.isPair && !isJsonName ? name + QStringLiteral(".json") : name;
  const QFileInfo target(layout.around() + QLatin1Char('/') + file);
  if (target.exists()) throw alreadyExists(file, layout.around());
  return {place.scheme, target.filePath()};
}

/// The place after the rename: the same store or folder, with the new name.
Place renamedPlace(const Place& place, const QString& name) {
  if (place.scheme == QLatin1String("file")) return renamedFile(place, name);
  const bool isInFile = findPlugin(place.scheme) != nullptr;  // a plug-in's FILE#NAME stays in its file
  const qsizetype inside = isInFile ? place.name.lastIndexOf(QLatin1Char('#')) + 1 : 0;
  return {place.scheme, place.name.left(inside) + name};
}

Json renameModel(Program& program, const RenameOptions& options) {
  const QString place = placeText(options.place);
  const QString name = QString::fromStdString(options.name);
  const Place target = renamedPlace(parsePlace(place), name);  // before: afterwards nothing tells what was here
  program.library().rename(place, name);
  program.output().line(
      QStringLiteral("Renamed %1 to %2.")
          .arg(place, target.scheme == QLatin1String("file") ? QFileInfo(target.name).fileName() : name));
  return knownInfoPerUrl(program, target.url());
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

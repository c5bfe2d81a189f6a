#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "app/cli/TextTable.h"
#include "app/cli/TrashPlace.h"
#include "model/storage/plugins/PluginLoader.h"

#include <QFileInfo>

namespace layersmith {

namespace {

struct ListOptions {
  std::string place;
  bool isTrash = false;
  std::string root;
  bool isPlugins = false;
};

QString timeText(const QDateTime& time) {
  return time.isValid() ? time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")) : QStringLiteral("-");
}

Json listTrash(Program& program, const TrashPlace& trash) {
  std::vector<QStringList> rows;
  Json result = Json::array();
  for (const TrashEntry& entry : trash.list()) {
    if (entry.id.isEmpty()) {  // a place that cannot be read
      program.output().warn(entry.name.toStdString());
      continue;
    }
    rows.push_back({entry.id, entry.url, sizeText(entry.bytes), timeText(entry.deleted)});
    result.push_back({{"id", entry.id.toStdString()},
                      {"url", entry.url.toStdString()},
                      {"bytes", entry.bytes},
                      {"deleted", entry.deleted.toUTC().toString(Qt::ISODateWithMs).toStdString()}});
  }
  if (rows.empty())
    program.output().line(QStringLiteral("The Trash is empty."));
  else
    printTable(program.output(),
               {QStringLiteral("Id"), QStringLiteral("Was at"), QStringLiteral("Size"), QStringLiteral("Removed")},
               rows, {2});
  return result;
}

Json listPlugins(Program& program) {
  std::vector<QStringList> rows;
  Json result = Json::array();
  for (const LoadedPlugin& one : loadedPlugins()) {
    rows.push_back({one.scheme.isEmpty() ? QStringLiteral("-") : one.scheme + QStringLiteral("://"), one.title,
                    one.file, one.problem});
    result.push_back({{"scheme", one.scheme.toStdString()},
                      {"title", one.title.toStdString()},
                      {"file", one.file.toStdString()},
                      {"problem", one.problem.toStdString()}});
  }
  if (rows.empty())
    program.output().line(
        QStringLiteral("There are no plug-ins in %1.").arg(pluginFolders().join(QStringLiteral(", "))));
  else
    printTable(program.output(),
               {QStringLiteral("Scheme"), QStringLiteral("Title"), QStringLiteral("File"), QStringLiteral("Problem")},
               rows, {});
  return result;
}

Json listModels(Program& program, const ListOptions& options) {
  if (options.isTrash) return listTrash(program, {program, options.root});
  if (options.isPlugins) return listPlugins(program);
  const QString place = placeText(options.place);
  const bool isOfStore = place.isEmpty() || place.startsWith(QLatin1String("localstorage:")) ||
                         place.startsWith(QLatin1String("indexeddb:"));
  if (isOfStore && program.storePath() != defaultStorePath() && !QFileInfo::exists(program.storePath())) {
    program.output().warn("There is no store at " + program.storePath().toStdString() + ".");
    return Json::object();
  }
  std::vector<QStringList> rows;
  Json result = Json::object();
  for (const ModelEntry& entry : modelsAt(program, place)) {
    rows.push_back({entry.url, sizeText(entry.info.totalBytes()), QString::number(entry.layerCount),
                    groupedText(entry.parameters), timeText(entry.info.dateSaved)});
    Json info = toJson(entry.info);
    info["layers"] = entry.layerCount;
    info["parameters"] = entry.parameters;
    if (!entry.problem.isEmpty()) {
      info["problem"] = entry.problem.toStdString();
      program.output().warn(entry.url.toStdString() + ": " + entry.problem.toStdString());
    }
    result[entry.url.toStdString()] = std::move(info);
  }
  if (rows.empty())
    program.output().line(QStringLiteral("There are no models here."));
  else
    printTable(program.output(),
               {QStringLiteral("Model"), QStringLiteral("Size"), QStringLiteral("Layers"), QStringLiteral("Params"),
                QStringLiteral("Saved")},
               rows, {1, 2, 3});
  return result;
}

}  // namespace

void addList(Program& program) {
  auto options = std::make_shared<ListOptions>();
  CLI::App& command = program.addCommand("list", "List the models of the stores or of a folder",
                                         [&program, options] { return listModels(program, *options); });
  command.add_option(
      "PLACE", options->place,
      "localstorage://, indexeddb://, a plug-in's scheme, a store server's address or a folder (default: all stores)");
  CLI::Option* trash = command.add_flag("--trash", options->isTrash, "List what was removed");
  command.add_option("--root", options->root, TrashPlace::kRootHelp)->type_name("DIR")->needs(trash);
  command.add_flag("--plugins", options->isPlugins, "List the plug-ins that add places, and why one was refused");
}

}  // namespace layersmith

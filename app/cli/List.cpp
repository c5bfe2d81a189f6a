#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "app/cli/TextTable.h"
#include "model/storage/PluginLoader.h"

#include <algorithm>

namespace layersmith {

namespace {

struct ListOptions {
  std::string place;
  bool isTrash = false;
  bool isPlugins = false;
};

QString timeText(const QDateTime& time) {
  return time.isValid() ? time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")) : QStringLiteral("-");
}

std::vector<ModelEntry> entriesAt(Program& program, const QString& place) {
  if (place.isEmpty()) return program.library().list();
  for (const QString& scheme : {QStringLiteral("localstorage"), QStringLiteral("indexeddb")})
    if (place == scheme || place.startsWith(scheme + QLatin1Char(':'))) return program.library().store(scheme).list();
  if (place.startsWith(QLatin1String("http://")) || place.startsWith(QLatin1String("https://")))
    return program.library().listServer(place, program.httpOptions());
  if (const qsizetype mark = place.indexOf(QLatin1String("://")); mark > 0 && findPlugin(place.left(mark)))
    return program.library().listPlugin(place.left(mark), place.mid(mark + 3));
  return program.library().listFolder(parsePlace(place).name);
}

Json listTrash(Program& program) {
  std::vector<QStringList> rows;
  Json result = Json::array();
  for (const TrashEntry& entry : program.library().trash()) {
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
  if (options.isTrash) return listTrash(program);
  if (options.isPlugins) return listPlugins(program);
  std::vector<QStringList> rows;
  Json result = Json::object();
  for (const ModelEntry& entry : entriesAt(program, placeText(options.place))) {
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
  command.add_flag("--trash", options->isTrash, "List what was removed");
  command.add_flag("--plugins", options->isPlugins, "List the plug-ins that add places, and why one was refused");
}

}  // namespace layersmith

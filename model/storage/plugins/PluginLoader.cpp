#include "model/storage/plugins/PluginLoader.h"

#include "model/storage/ModelLibrary.h"
#include "model/storage/plugins/StorePlugin.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonObject>
#include <QLibrary>
#include <QPluginLoader>
#include <QRegularExpression>

#include <algorithm>

namespace layersmith {

namespace {

QString reasonAgainst(const QFileInfo& file, const QPluginLoader& loader) {
  const QString iid = loader.metaData().value(QStringLiteral("IID")).toString();
  const QString expected = QStringLiteral(LAYERSMITH_STORE_PLUGIN_IID);
  if (iid.isEmpty()) return QStringLiteral("it is no plug-in: ") + loader.errorString();
  if (iid != expected) return QStringLiteral("it is made for %1; this program has %2").arg(iid, expected);
  if (file.permissions() & QFile::WriteOther) return QStringLiteral("anyone may write to it");
  return {};
}

bool isTaken(const QString& scheme, const std::vector<LoadedPlugin>& plugins) {
  static const QStringList ours = {QStringLiteral("file"),      QStringLiteral("zip"),  QStringLiteral("localstorage"),
                                   QStringLiteral("indexeddb"), QStringLiteral("http"), QStringLiteral("https")};
  return ours.contains(scheme) ||
         std::ranges::any_of(plugins, [&](const LoadedPlugin& one) { return one.plugin && one.scheme == scheme; });
}

LoadedPlugin loadOne(const QFileInfo& file, const std::vector<LoadedPlugin>& before) {
  LoadedPlugin loaded;
  loaded.file = file.absoluteFilePath();
  QPluginLoader loader(loaded.file);  // leaves the library in memory when it goes
  loaded.problem = reasonAgainst(file, loader);
  if (!loaded.problem.isEmpty()) return loaded;
  auto* const plugin = qobject_cast<StorePlugin*>(loader.instance());
  if (!plugin) {
    loaded.problem = loader.errorString();
    return loaded;
  }
  static const QRegularExpression form(QStringLiteral("^[a-z][a-z0-9-]*$"));
  loaded.scheme = plugin->scheme();
  loaded.title = plugin->title();
  if (!form.match(loaded.scheme).hasMatch())
    loaded.problem = QStringLiteral("its scheme \"%1\" is none").arg(loaded.scheme);
  else if (isTaken(loaded.scheme, before))
    loaded.problem = QStringLiteral("its scheme %1:// is taken").arg(loaded.scheme);
  if (!loaded.problem.isEmpty()) return loaded;
  plugin->initialize(QFileInfo(defaultStorePath()).absolutePath());
  loaded.plugin = plugin;
  loaded.mutex = std::make_unique<std::mutex>();
  return loaded;
}

}  // namespace

QStringList pluginFolders() {
  QStringList folders = qEnvironmentVariable("LAYERSMITH_PLUGINS").split(u':', Qt::SkipEmptyParts);
  folders.append(QFileInfo(defaultStorePath()).absolutePath() + QStringLiteral("/plugins"));
  if (QCoreApplication::instance())
    folders.append(
        QDir::cleanPath(QCoreApplication::applicationDirPath() + QStringLiteral("/../lib/layersmith/plugins")));
  return folders;
}

std::vector<LoadedPlugin> loadPlugins(const QStringList& folders) {
  std::vector<LoadedPlugin> plugins;
  for (const QString& folder : folders)
    for (const QFileInfo& file : QDir(folder).entryInfoList(QDir::Files, QDir::Name))
      if (QLibrary::isLibrary(file.fileName())) plugins.push_back(loadOne(file, plugins));
  return plugins;
}

const std::vector<LoadedPlugin>& loadedPlugins() {
  static const std::vector<LoadedPlugin> plugins = loadPlugins(pluginFolders());
  return plugins;
}

const LoadedPlugin* findPlugin(const QString& scheme) {
  const auto it = std::ranges::find_if(loadedPlugins(),
                                       [&](const LoadedPlugin& one) { return one.plugin && one.scheme == scheme; });
  return it == loadedPlugins().end() ? nullptr : &*it;
}

}  // namespace layersmith

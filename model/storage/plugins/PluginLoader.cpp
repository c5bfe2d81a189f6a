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

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace layersmith {

namespace {

/// What others may write is their code. Source: OpenSSH's StrictModes asks the same of a key and its folder; the own
/// primary group is let through, for where every user has one the umask is 0002.
QString ownerProblem(const QString& path, const QString& what) {
  struct stat status {};
  if (::stat(QFile::encodeName(path).constData(), &status) != 0)
    return QStringLiteral("%1 %2 cannot be looked at: %3")
        .arg(what, path, QString::fromLocal8Bit(std::strerror(errno)));
  if ((status.st_mode & S_IWOTH) != 0)
    return QStringLiteral("anyone may write to %1 %2; forbid it with chmod o-w").arg(what, path);
  if ((status.st_mode & S_IWGRP) != 0 && status.st_gid != ::getegid())
    return QStringLiteral("another group may write to %1 %2; forbid it with chmod g-w").arg(what, path);
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    return QStringLiteral("%1 %2 belongs to another user (%3)").arg(what, path, QString::number(status.st_uid));
  return {};
}

/// Of a link, where it stands and what it names.
QString ownerProblem(const QFileInfo& file) {
  const QString real = file.canonicalFilePath();
  for (const auto& [path, what] : {std::pair{real, "the file"}, std::pair{file.absolutePath(), "the folder"},
                                   std::pair{QFileInfo(real).absolutePath(), "the folder"}})
    if (const QString problem = ownerProblem(path, QString::fromLatin1(what)); !problem.isEmpty()) return problem;
  return {};
}

QString reasonAgainst(const QFileInfo& file, const QPluginLoader& loader) {
  const QString iid = loader.metaData().value(QStringLiteral("IID")).toString();
  const QString expected = QStringLiteral(LAYERSMITH_STORE_PLUGIN_IID);
  if (iid.isEmpty()) return QStringLiteral("it is no plug-in: ") + loader.errorString();
  if (iid != expected) return QStringLiteral("it is made for %1; this program has %2").arg(iid, expected);
  return ownerProblem(file);
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

#pragma once

#include <QString>
#include <QStringList>

#include <memory>
#include <mutex>
#include <vector>

namespace layersmith {

class StorePlugin;

/// A plug-in in this process, and why one was not taken.
struct LoadedPlugin {
  QString file;
  QString scheme;
  QString title;
  QString problem;  ///< not empty: it was refused, and why
  StorePlugin* plugin = nullptr;
  std::unique_ptr<std::mutex> mutex;  ///< held around every call
};

/// Where plug-ins are looked for, the first wins: the folders of LAYERSMITH_PLUGINS (separated by ':'), `plugins` in
/// the data folder, and lib/layersmith/plugins beside the program's bin.
QStringList pluginFolders();

/// Loads what stands in these folders. Refused: a library of another interface or version, a scheme that is taken, a
/// file that somebody else may write to or owns, and one in such a folder.
std::vector<LoadedPlugin> loadPlugins(const QStringList& folders);

/// Those of pluginFolders(), loaded at the first call and kept as long as the process.
const std::vector<LoadedPlugin>& loadedPlugins();
const LoadedPlugin* findPlugin(const QString& scheme);  ///< null when no plug-in has it

}  // namespace layersmith

#pragma once

#include "model/storage/ModelStore.h"

#include <QDateTime>
#include <QString>

#include <functional>

namespace layersmith {

/// A place whose models the catalog lists, and how it is. `key`: "indexeddb", "localstorage", a plug-in's scheme, a
/// folder's path, or a server's root address.
struct CatalogPlace {
  enum class Kind { Folder, Browser, Plugin, Server };

  QString key;
  Kind kind = Kind::Folder;
  bool isListed = false;      ///< it was asked once
  QString problem{};          ///< not empty: not reachable, and why
  bool wantsToken = false;    ///< it is there, and refuses whoever has none, or another one
  bool refusedToken = false;  ///< it got one
  QDateTime since{};          ///< of the problem
  StoreUsage usage{};
  int count = 0;  ///< models
};

CatalogPlace::Kind placeKind(const QString& key);
/// Models move between places of one store, and are copied between stores: all folders are one.
bool isSameStore(const QString& placeA, const QString& placeB);

/// The place of a model by its URL: "indexeddb", the folder that holds it, "http://lab.example:8080".
QString placeOf(const QString& url);
bool isInBrowser(const QString& url);
bool isInPlugin(const QString& url);
/// Behind "archive://", or behind the file in "archive:///a/file#moons".
qsizetype startOfPluginName(const QString& url);
/// "moons" of "indexeddb://moons", "/a/moons/model.json", "https://x/moons/model.json", "archive:///a/file#moons".
QString modelNameOf(const QString& url);
QString placeTitle(const QString& place);  ///< "IndexedDB", the folder's or plug-in's name, "lab.example:8080"
QString placeIcon(const QString& place);
/// "Today 10:41", "Yesterday", "19 Nov", "2025-01-03".
QString whenText(const QDateTime& time);

/// "moons", or "moons-2" when that is taken.
QString freeName(const QString& name, const std::function<bool(const QString& name)>& isTaken);

/// A server's root as people type it, without user, password, query and "/models"; empty: no http(s) address.
QString serverRoot(const QString& text);

}  // namespace layersmith

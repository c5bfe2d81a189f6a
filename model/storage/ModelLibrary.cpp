#include "model/storage/ModelLibrary.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ModelJson.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/browser/SqliteStore.h"
#include "model/storage/files/ZipStore.h"
#include "model/storage/folder/FileAccess.h"
#include "model/storage/folder/FolderStore.h"
#include "model/storage/http/HttpRequest.h"
#include "model/storage/http/HttpStore.h"
#include "model/storage/plugins/PluginStore.h"

#include <QFileInfo>
#include <QUrl>

#include <map>
#include <optional>

namespace layersmith {

namespace {

bool isOnServer(const Place& place) {
  return place.scheme == QStringLiteral("http") || place.scheme == QStringLiteral("https");
}

}  // namespace

struct ModelLibrary::Impl {
  Impl(const QString& path, std::shared_ptr<LostLoad> lost)
      : storePath(path),
        index([this]() -> SqliteDatabase& { return opened(); }),
        folders(QFileInfo(path).absolutePath() + QStringLiteral("/trash"), &index),
        localStorage(localStorageFormat(), [this]() -> SqliteDatabase& { return opened(); }),
        indexedDb(indexedDbFormat(), [this]() -> SqliteDatabase& { return opened(); }),
        http(std::move(lost)) {
    const QString trash = QFileInfo(path).absolutePath() + QStringLiteral("/trash-of-plugins/");
    for (const LoadedPlugin& one : loadedPlugins())
      if (one.plugin) plugins.try_emplace(one.scheme, one, trash + one.scheme);
  }

  SqliteDatabase& opened() {
    if (!database) database = openStoreDatabase(storePath);
    if (!database->isDamaged()) return *database;
    if (!damaged) damaged = openDamagedStore(storePath);  // `database` stays: a statement of it may be under way
    return *damaged;
  }

  /// All places with a Trash.
  std::vector<ModelStore*> trashes() {
    std::vector<ModelStore*> found{&indexedDb, &localStorage, &folders};
    for (auto& [scheme, plugin] : plugins) found.push_back(&plugin);
    return found;
  }

  QString storePath;
  std::unique_ptr<SqliteDatabase> database, damaged;
  FolderIndex index;
  FolderStore folders;
  SqliteStore localStorage;
  SqliteStore indexedDb;
  HttpStore http;
  ZipStore zips;
  std::map<QString, PluginStore> plugins;
};

ModelLibrary::ModelLibrary(QString storePath, std::shared_ptr<LostLoad> lost)
    : m_impl(std::make_unique<Impl>(storePath, std::move(lost))) {}

ModelLibrary::~ModelLibrary() = default;

ModelStore& ModelLibrary::store(const QString& scheme) {
  if (scheme == QStringLiteral("file")) return m_impl->folders;
  if (scheme == QStringLiteral("zip")) return m_impl->zips;
  if (scheme == QStringLiteral("localstorage")) return m_impl->localStorage;
  if (scheme == QStringLiteral("indexeddb")) return m_impl->indexedDb;
  if (scheme == QStringLiteral("http") || scheme == QStringLiteral("https")) return m_impl->http;
  if (const auto plugin = m_impl->plugins.find(scheme); plugin != m_impl->plugins.end()) return plugin->second;
  throw Error(ErrorKind::InvalidConfig, "The scheme \"" + scheme.toStdString() + "\" is not known.", {},
              scheme.toStdString());
}

ModelArtifacts ModelLibrary::load(const QString& url, const LoadOptions& options) {
  const Place place = parsePlace(url);
  // Before: who writes while it is read is noticed by the next save.
  if (options.stamp && !isOnServer(place)) *options.stamp = stamp(url);
  return store(place.scheme).load(place.name, options);
}

ModelArtifacts ModelLibrary::peek(const QString& url, const LoadOptions& options) {
  const Place place = parsePlace(url);
  if (place.scheme == QStringLiteral("indexeddb")) return m_impl->indexedDb.open(place.name).artifacts;
  if (place.scheme == QStringLiteral("file")) {
    const FolderLayout layout = layoutOf(place.name);
    return parseModelJson(OpenFolder(layout.folder).read(layout.jsonName, limits::kModelJsonBytes), layout.jsonName);
  }
  if (isOnServer(place)) return m_impl->http.loadStructure(place.name, options);
  return store(place.scheme).load(place.name, options);
}

SaveResult ModelLibrary::save(const QString& url, const ModelArtifacts& artifacts, const SaveOptions& options,
                              const StoreProgress& progress) {
  const Place place = parsePlace(url);
  return store(place.scheme).save(place.name, artifacts, options, progress);
}

bool ModelLibrary::contains(const QString& url) {
  const Place place = parsePlace(url);
  return store(place.scheme).contains(place.name);
}

QString ModelLibrary::stamp(const QString& url) {
  const Place place = parsePlace(url);
  return store(place.scheme).stamp(place.name);
}

QString ModelLibrary::stamp(const QString& url, const HttpOptions& http) {
  const Place place = parsePlace(url);
  return isOnServer(place) ? m_impl->http.stampOnServer(place.name, http) : stamp(url);
}

std::vector<ModelEntry> ModelLibrary::list() {
  std::vector<ModelEntry> entries;
  for (ModelStore* one :
       {static_cast<ModelStore*>(&m_impl->indexedDb), static_cast<ModelStore*>(&m_impl->localStorage)})
    for (ModelEntry& entry : one->list()) entries.push_back(std::move(entry));
  for (auto& [scheme, plugin] : m_impl->plugins) {
    try {
      for (ModelEntry& entry : plugin.list()) entries.push_back(std::move(entry));
    } catch (const Error& error) {
      ModelEntry gone;
      gone.url = scheme + QStringLiteral("://");
      gone.name = scheme;
      gone.problem = QString::fromStdString(error.message());
      entries.push_back(std::move(gone));
    }
  }
  for (const QString& folder : m_impl->folders.folders()) {
    try {
      for (ModelEntry& entry : m_impl->folders.listFolder(folder)) entries.push_back(std::move(entry));
    } catch (const Error& error) {
      ModelEntry gone;
      gone.url = Place{QStringLiteral("file"), folder}.url();
      gone.name = QFileInfo(folder).fileName();
      gone.problem = QString::fromStdString(error.message());
      entries.push_back(std::move(gone));
    }
  }
  return entries;
}

std::vector<ModelEntry> ModelLibrary::listPlugin(const QString& scheme, const QString& where) {
  const auto plugin = m_impl->plugins.find(scheme);
  if (plugin == m_impl->plugins.end())
    throw Error(ErrorKind::InvalidConfig, "No plug-in has the scheme " + scheme.toStdString() + ".", {},
                scheme.toStdString());
  return plugin->second.listBelow(where);
}

std::vector<ModelEntry> ModelLibrary::listFolder(const QString& folder) {
  return m_impl->folders.listFolder(folder);
}

SaveResult ModelLibrary::copy(const QString& from, const QString& to, bool overwrite, const LoadOptions& loading,
                              const StoreProgress& progress, const HttpOptions& saving) {
  return transfer(parsePlace(from), parsePlace(to), overwrite, loading, progress, saving, nullptr);
}

SaveResult ModelLibrary::copy(const QString& from, const QString& to, bool overwrite, const LoadOptions& loading,
                              const StoreProgress& progress) {
  const Place source = parsePlace(from), target = parsePlace(to);
  if (isOnServer(source) && isOnServer(target) && !loading.http.headers.isEmpty() &&
      !isSameOrigin(QUrl(source.name), QUrl(target.name)))
    throw Error(ErrorKind::InvalidConfig,
                "Headers would go to both servers, and they may hold the secret of one. Nothing was copied.", {},
                target.url().toStdString(), "Copy to a folder first, then to the other server.");
  return transfer(source, target, overwrite, loading, progress, loading.http, nullptr);
}

SaveResult ModelLibrary::transfer(const Place& source, const Place& target, bool overwrite, const LoadOptions& loading,
                                  const StoreProgress& progress, const HttpOptions& access, QByteArray* hash) {
  if (source.url() == target.url())
    throw Error(ErrorKind::AlreadyExists, "Source and destination are the same place. Nothing was copied.", {},
                target.url().toStdString());
  SaveOptions saving;
  saving.overwrite = overwrite;
  saving.replacedToTrash = overwrite;
  saving.addHashes = false;  // a copy adds nothing
  saving.http = access;
  const ModelArtifacts artifacts = store(source.scheme).load(source.name, loading);
  if (hash) *hash = contentHash(artifacts);
  return store(target.scheme).save(target.name, artifacts, saving, progress);
}

void ModelLibrary::requireMovable(const Place& from, bool canRemove, const Place& to, bool canReadBack) {
  if (!canRemove)
    throw Error(ErrorKind::Unsupported,
                "A model can be copied from " + from.url().toStdString() +
                    ", not moved: it cannot be removed there. Nothing "
                    "was changed.",
                {}, from.url().toStdString());
  if (!canReadBack)
    throw Error(ErrorKind::Unsupported,
                to.url().toStdString() +
                    " cannot be read back, so the original would go unproven. Copy it instead. Nothing "
                    "was changed.",
                {}, to.url().toStdString());
}

SaveResult ModelLibrary::move(const QString& from, const QString& to, bool overwrite, const StoreProgress& progress,
                              const ServerAccess& access) {
  const Place source = parsePlace(from), target = parsePlace(to);
  if (isOnServer(source) || isOnServer(target)) return moveOnServers(source, target, overwrite, progress, access);
  requireMovable(source, store(source.scheme).canRemove(), target, store(target.scheme).canReadBack());
  const QString stamp = store(source.scheme).stamp(source.name);
  QByteArray hash;
  LoadOptions loading;
  loading.progress = [&](std::int64_t, std::int64_t total) { return !progress || progress(0, total); };
  const SaveResult result = transfer(source, target, overwrite, loading, progress, {}, &hash);
  requireReadBack(target, result.stamp, hash);
  try {
    store(source.scheme).removeUnchanged(source.name, stamp);
  } catch (const Error& error) {
    if (error.code() != "E201") throw;
    throw Error(error.kind(), error.message() + " Its copy is at " + target.url().toStdString() + ".", "E201",
                error.where());
  }
  return result;
}

void ModelLibrary::requireReadBack(const Place& place, const QString& stamp, const QByteArray& hash) {
  QByteArray found;
  std::optional<Error> unread;
  try {
    found = contentHash(store(place.scheme).load(place.name));
  } catch (const Error& error) {
    unread = error;
  }
  if (!unread && found == hash) return;
  if (store(place.scheme).stamp(place.name) != stamp)
    throw Error(ErrorKind::Changed,
                place.url().toStdString() +
                    " was written by another program meanwhile. The original stays where it is. Move it again.",
                "E203", place.url().toStdString());
  if (unread) throw *unread;
  throw Error(ErrorKind::Io,
              place.url().toStdString() + " does not read back as it was written. The original stays where it is.",
              "E111", place.url().toStdString());
}

void ModelLibrary::rename(const QString& url, const QString& newName) {
  const Place place = parsePlace(url);
  const bool isInBrowser =
      place.scheme == QStringLiteral("localstorage") || place.scheme == QStringLiteral("indexeddb");
  if (isInBrowser)
    parsePlace(Place{place.scheme, newName}.url());  // refuses what is no name there
  else if (newName.trimmed().isEmpty() || newName.contains(u'/'))
    throw Error(ErrorKind::InvalidConfig, "A name is not empty and holds no slashes.", {}, newName.toStdString());
  QString target = newName;
  if (place.scheme == QStringLiteral("file")) {
    const FolderLayout layout = layoutOf(place.name);
    const QString around = layout.isPair ? layout.folder : QFileInfo(layout.folder).absolutePath();
    target = around + u'/' + newName +
             (layout.isPair && !newName.endsWith(QStringLiteral(".json")) ? QStringLiteral(".json") : QString());
  }
  store(place.scheme).rename(place.name, target);
}

TrashEntry ModelLibrary::remove(const QString& url) {
  const Place place = parsePlace(url);
  return store(place.scheme).remove(place.name);
}

std::vector<TrashEntry> ModelLibrary::trash() {
  std::vector<TrashEntry> entries;
  for (ModelStore* one : m_impl->trashes()) {
    try {
      for (TrashEntry& entry : one->trash()) entries.push_back(std::move(entry));
    } catch (const Error& error) {
      const QString name = QStringLiteral("damaged: ") + QString::fromStdString(error.message());
      entries.push_back({{}, one->scheme() + QStringLiteral("://Trash"), name, {}, 0});
    }
  }
  return entries;
}

ModelStore& ModelLibrary::storeOf(const QString& trashId, QString* url) {
  std::optional<Error> unread;
  for (ModelStore* one : m_impl->trashes()) {
    try {
      for (const TrashEntry& entry : one->trash()) {
        if (entry.id != trashId) continue;
        if (url) *url = entry.url;
        return *one;
      }
    } catch (const Error& error) {
      if (!unread) unread = error;
    }
  }
  if (unread) throw *unread;
  throw notFound(trashId, QStringLiteral("the Trash"));
}

QString ModelLibrary::restore(const QString& trashId) {
  QString url;
  storeOf(trashId, &url).restore(trashId);
  return url;
}

void ModelLibrary::purge(const QString& trashId) {
  storeOf(trashId).purge(trashId);
}

void ModelLibrary::emptyTrash() {
  std::optional<Error> failure;
  for (ModelStore* one : m_impl->trashes()) {
    try {
      one->emptyTrash();
    } catch (const Error& error) {
      if (!failure) failure = error;
    }
  }
  if (failure) throw *failure;
}

StoreUsage ModelLibrary::usage(const QString& scheme) {
  return store(scheme).usage();
}

void ModelLibrary::setQuota(const QString& scheme, std::int64_t quota) {
  if (scheme == QStringLiteral("localstorage")) m_impl->localStorage.setQuota(quota);
  if (scheme == QStringLiteral("indexeddb")) m_impl->indexedDb.setQuota(quota);
}

QString ModelLibrary::storeWarning() const {
  return m_impl->database ? networkWarning(m_impl->storePath) : QString();
}

void ModelLibrary::setFolders(const QStringList& folders) {
  m_impl->folders.setFolders(folders);
}

QStringList ModelLibrary::folders() const {
  return m_impl->folders.folders();
}

}  // namespace layersmith

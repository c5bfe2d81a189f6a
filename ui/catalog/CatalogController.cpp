#include "ui/catalog/CatalogController.h"

#include "model/storage/TrashAge.h"
#include "model/storage/http/HttpRequest.h"
#include "model/storage/plugins/PluginLoader.h"
#include "ui/main/Settings.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QWidget>

#include <algorithm>
#include <chrono>
#include <utility>

namespace layersmith {

using namespace std::chrono_literals;

struct CatalogController::Listed {
  std::vector<ModelEntry> entries;
  StoreUsage usage;
};

namespace {

constexpr int kUndoSteps = 200;
constexpr int kWatchedPaths =
    1000;  // each takes a handle of the system's; the rest is seen when the window gets the focus

/// What lies in the Trash for longer than people were told is gone for good.
int removeOldTrash(ModelLibrary& library) {
  return purgeRemovedBefore(library, QDateTime::currentDateTimeUtc().addDays(-kTrashDays));
}

std::vector<ModelEntry> entriesAt(ModelLibrary& library, const QString& key, const HttpOptions& access) {
  switch (placeKind(key)) {
    case CatalogPlace::Kind::Folder: return library.listFolder(key);
    case CatalogPlace::Kind::Server: return library.listServer(key, access);
    default: return library.store(key).list();
  }
}

bool isOfModel(const QFileInfo& file) {
  const QString end = file.suffix();
  return end == QStringLiteral("json") || end == QStringLiteral("bin");
}

/// A folder and the files of models in it: one that is written in place changes no folder.
void addPaths(QStringList& paths, const QString& folder) {
  paths << folder;
  for (const QFileInfo& file : QDir(folder).entryInfoList(QDir::Files))
    if (paths.size() < kWatchedPaths && isOfModel(file)) paths << file.filePath();
}

/// Folders of interest, the models in them, and the store file that other programs write too.
QStringList pathsToWatch(const QStringList& folders, const QString& storePath) {
  QStringList paths;
  for (const QString& path : folders) {
    QDir folder(path);
    paths << QFileInfo(path).path();  // a folder that is renamed tells nobody but the one it is in
    if (folder.exists()) {
      addPaths(paths, path);
      for (const QFileInfo& info : folder.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot))
        if (paths.size() < kWatchedPaths) addPaths(paths, info.filePath());
      continue;
    }
    while (!folder.exists() && !folder.isRoot()) folder.setPath(QFileInfo(folder.path()).path());
    paths << folder.path();  // where a vanished one would come back
  }
  for (const char* end : {"", "-wal"})
    if (const QString file = storePath + QLatin1String(end); QFileInfo::exists(file)) paths << file;
  paths.removeDuplicates();
  return paths;
}

}  // namespace

CatalogController::CatalogController(StoreWorker& stores, StoreWorker& transfers, Settings& settings, QWidget& window,
                                     SecretStore* secrets)
    : QObject(&window),
      m_stores(stores),
      m_transfers(transfers),
      m_settings(settings),
      m_window(window),
      m_secrets(secrets) {
  if (const QStringList kept = keptServers(); m_secrets) m_unread = QSet<QString>(kept.begin(), kept.end());
  m_steps.setUndoLimit(kUndoSteps);
  m_timer.setSingleShot(true);
  m_timer.setInterval(100ms);
  m_factsTimer.setSingleShot(true);
  m_factsTimer.setInterval(50ms);
  connect(&m_timer, &QTimer::timeout, this, &CatalogController::listAll);
  connect(&m_factsTimer, &QTimer::timeout, this, &CatalogController::readFacts);
  connect(&m_factsTimer, &QTimer::timeout, this, &CatalogController::readServerFacts);
  connect(&m_model, &CatalogModel::factsWanted, &m_factsTimer, qOverload<>(&QTimer::start));
  m_stores.run(
      this, [](ModelLibrary& library) { return removeOldTrash(library); },
      [](const Outcome<int>&) {});  // a Trash that cannot be read says so when it is listed
  for (const QString& scheme : {QStringLiteral("localstorage"), QStringLiteral("indexeddb")})
    if (const qint64 quota = m_settings.quota(scheme); quota > 0) setQuota(scheme, quota);
  connect(&m_model, &CatalogModel::renameRequested, this, &CatalogController::rename);
  for (auto told : {&Settings::foldersChanged, &Settings::serversChanged}) {
    connect(&m_settings, told, this, [this] {
      updatePlaces();
      refresh();
    });
  }
  m_localTimer.setSingleShot(true);
  m_localTimer.setInterval(100ms);
  connect(&m_localTimer, &QTimer::timeout, this, &CatalogController::listLocal);
  m_lateTimer.setSingleShot(true);
  m_lateTimer.setInterval(1500ms);
  connect(&m_lateTimer, &QTimer::timeout, this, &CatalogController::listLocal);
  connect(qApp, &QGuiApplication::applicationStateChanged, this, [this](Qt::ApplicationState state) {
    if (state == Qt::ApplicationActive) m_localTimer.start();
  });
  connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &CatalogController::pathChanged);
  connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &CatalogController::pathChanged);
  updatePlaces();
}

const CatalogPlace* CatalogController::place(const QString& key) const {
  const auto found = std::ranges::find(m_places, key, &CatalogPlace::key);
  return found == m_places.end() ? nullptr : &*found;
}

void CatalogController::updatePlaces() {
  QStringList keys = m_settings.folders();
  keys << QStringLiteral("localstorage") << QStringLiteral("indexeddb");
  for (const LoadedPlugin& one : loadedPlugins())
    if (one.plugin) keys << one.scheme;
  keys << m_settings.servers();
  std::vector<CatalogPlace> places;
  for (const QString& key : std::as_const(keys)) {
    const CatalogPlace* known = place(key);
    places.push_back(known ? *known : CatalogPlace{key, placeKind(key)});
  }
  m_places = std::move(places);
  m_model.keepPlaces(keys);
  Q_EMIT changed();
}

void CatalogController::refresh() {
  if (!m_timer.isActive()) m_timer.start();
}

void CatalogController::listAll() {
  listLocal();
  for (const CatalogPlace& place : m_places)
    if (place.kind == CatalogPlace::Kind::Server) refreshPlace(place.key);
}

void CatalogController::listLocal() {
  for (const CatalogPlace& place : m_places)
    if (place.kind != CatalogPlace::Kind::Server) refreshPlace(place.key);
  listTrash();
  watchFiles();
}

void CatalogController::refreshPlace(const QString& key) {
  if (m_asked.contains(key)) {
    m_askAgain.insert(key);  // what is under way may have missed the change
    return;
  }
  m_asked.insert(key);
  if (m_unread.contains(key))
    readToken(key, [this, key] { askPlace(key); });
  else
    askPlace(key);
}

void CatalogController::askPlace(const QString& key) {
  if (!place(key)) {  // forgotten meanwhile
    m_asked.remove(key);
    return;
  }
  StoreWorker& worker = placeKind(key) == CatalogPlace::Kind::Server ? m_transfers : m_stores;
  const HttpOptions access = accessFor(key);
  worker.run(
      this,
      [key, access](ModelLibrary& library) {
        Listed listed{entriesAt(library, key, access), {}};
        if (placeKind(key) == CatalogPlace::Kind::Browser) listed.usage = library.usage(key);
        return listed;
      },
      [this, key, hadToken = sendsSecret(access)](const Outcome<Listed>& outcome) { take(key, outcome, hadToken); });
}

void CatalogController::take(const QString& key, const Outcome<Listed>& outcome, bool hadToken) {
  m_asked.remove(key);
  const auto found = std::ranges::find(m_places, key, &CatalogPlace::key);
  if (found == m_places.end()) return;  // forgotten meanwhile
  found->isListed = true;
  if (outcome.isOk()) {
    m_model.setEntries(key, outcome.value().entries);
    found->usage = outcome.value().usage;
    found->problem.clear();
    found->wantsToken = found->refusedToken = false;
  } else if (found->problem.isEmpty()) {
    found->since = QDateTime::currentDateTime();
  }
  if (!outcome.isOk()) {
    found->problem = QString::fromStdString(outcome.error().message());
    found->wantsToken = outcome.error().code() == "E303";
    found->refusedToken = found->wantsToken && hadToken;
  }
  m_model.setUnreachable(key, found->problem);
  const QHash<QString, int> counts = m_model.countByPlace();
  for (CatalogPlace& place : m_places) place.count = counts.value(place.key);
  m_isLoaded = m_isLoaded || std::ranges::all_of(m_places, [](const CatalogPlace& place) {
                 return place.isListed || place.kind == CatalogPlace::Kind::Server;
               });
  Q_EMIT changed();
  m_factsTimer.start();
  if (m_askAgain.remove(key)) refreshPlace(key);
}

void CatalogController::listTrash() {
  m_stores.run(
      this, [](ModelLibrary& library) { return library.trash(); },
      [this](const Outcome<std::vector<TrashEntry>>& outcome) {
        QString problem;
        if (outcome.isOk()) {
          m_trash = outcome.value();
          std::erase_if(m_trash, [&](const TrashEntry& entry) {
            if (entry.id.isEmpty()) problem = entry.name;  // of a place whose Trash cannot be read
            return entry.id.isEmpty();
          });
        } else {
          problem = QString::fromStdString(outcome.error().message());
        }
        if (problem != std::exchange(m_trashProblem, problem) && !problem.isEmpty())
          Q_EMIT noted(tr("Not all of the Trash was read. %1").arg(problem));
        Q_EMIT changed();
      });
}

/// What else happens in the folder around a folder of interest is nothing to us.
void CatalogController::pathChanged(const QString& path) {
  const bool isOurs = path.startsWith(m_stores.storePath()) || std::ranges::any_of(m_places, [&](const auto& place) {
                        if (place.kind != CatalogPlace::Kind::Folder) return false;
                        const bool isInside = path == place.key || path.startsWith(place.key + QLatin1Char('/'));
                        if (isInside) return true;
                        // Others are not touched: one on a dead network mount would hold the window.
                        const bool isAround = path == QFileInfo(place.key).path();
                        return isAround && QFileInfo::exists(place.key) != place.problem.isEmpty();
                      });
  if (!isOurs) return;
  if (!m_localTimer.isActive()) m_localTimer.start();
  m_lateTimer.start();  // another program may have been half way through its files
}

void CatalogController::watchFiles() {
  m_stores.run(
      this,
      [folders = m_settings.folders(), store = m_stores.storePath()](ModelLibrary&) {
        return pathsToWatch(folders, store);
      },
      [this](const Outcome<QStringList>& outcome) {
        if (!outcome.isOk()) return;
        const QStringList now = m_watcher.directories() + m_watcher.files();
        const QSet<QString> wanted(outcome.value().begin(), outcome.value().end()), watched(now.begin(), now.end());
        const QStringList old = (watched - wanted).values(), fresh = (wanted - watched).values();
        if (!old.isEmpty()) m_watcher.removePaths(old);
        if (!fresh.isEmpty()) m_watcher.addPaths(fresh);
      });
}

QStringList CatalogController::largestOf(const QString& place, int atMost) const {
  std::vector<int> rows;
  for (int row = 0; row < m_model.rowCount(); ++row)
    if (m_model.place(row) == place) rows.push_back(row);
  const auto count = std::min<std::size_t>(rows.size(), static_cast<std::size_t>(atMost));
  std::ranges::partial_sort(rows, rows.begin() + static_cast<std::ptrdiff_t>(count), std::greater(),
                            [this](int row) { return m_model.entry(row).info.totalBytes(); });
  QStringList urls;
  for (std::size_t i = 0; i < count; ++i) urls << m_model.entry(rows[i]).url;
  return urls;
}

}  // namespace layersmith

#include "ui/catalog/CatalogController.h"

#include "model/data/Generators.h"
#include "model/document/DocumentIo.h"
#include "model/storage/PluginLoader.h"
#include "ui/canvas/ModelFamily.h"
#include "ui/main/Settings.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QWidget>

#include <algorithm>
#include <chrono>

namespace layersmith {

using namespace std::chrono_literals;

struct CatalogController::Listed {
  std::vector<ModelEntry> entries;
  StoreUsage usage;
};

namespace {

constexpr int kTrashDays = 30;
constexpr int kUndoSteps = 200;
constexpr int kFactsAtOnce = 64;
constexpr int kWatchedPaths =
    1000;  // each takes a handle of the system's; the rest is seen when the window gets the focus

/// What lies in the Trash for longer than people were told is gone for good.
int removeOldTrash(ModelLibrary& library) {
  const QDateTime limit = QDateTime::currentDateTimeUtc().addDays(-kTrashDays);
  int count = 0;
  for (const TrashEntry& entry : library.trash()) {
    if (!entry.deleted.isValid() || entry.deleted >= limit) continue;
    library.purge(entry.id);
    ++count;
  }
  return count;
}

std::vector<ModelEntry> entriesAt(ModelLibrary& library, const QString& key, const HttpOptions& access) {
  switch (placeKind(key)) {
    case CatalogPlace::Kind::Folder: return library.listFolder(key);
    case CatalogPlace::Kind::Server: return library.listServer(key, access);
    default: return library.store(key).list();
  }
}

ModelFacts factsOf(ModelLibrary& library, const QString& url) {
  ModelFacts facts;
  try {
    const DocumentState state = documentFromArtifacts(library.peek(url)).state;
    if (state.hasRecipe) facts.trainedOn = generatorTitle(state.recipe.source);
    facts.score = scoreOf(state.userDefinedMetadata);
    facts.family = familyOf(state.graph);
  } catch (const Error&) {
    // A damaged model has no facts; its row says what is wrong once it is listed or checked.
  }
  return facts;
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

CatalogController::CatalogController(StoreWorker& stores, StoreWorker& transfers, Settings& settings, QWidget& window)
    : QObject(&window), m_stores(stores), m_transfers(transfers), m_settings(settings), m_window(window) {
  m_steps.setUndoLimit(kUndoSteps);
  m_timer.setSingleShot(true);
  m_timer.setInterval(100ms);
  m_factsTimer.setSingleShot(true);
  m_factsTimer.setInterval(50ms);
  connect(&m_timer, &QTimer::timeout, this, &CatalogController::listAll);
  connect(&m_factsTimer, &QTimer::timeout, this, &CatalogController::readFacts);
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
    places.push_back(known ? *known : CatalogPlace{key, placeKind(key), false, {}, false, {}, {}, 0});
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
  StoreWorker& worker = placeKind(key) == CatalogPlace::Kind::Server ? m_transfers : m_stores;
  worker.run(
      this,
      [key, access = accessFor(key)](ModelLibrary& library) {
        Listed listed{entriesAt(library, key, access), {}};
        if (placeKind(key) == CatalogPlace::Kind::Browser) listed.usage = library.usage(key);
        return listed;
      },
      [this, key](const Outcome<Listed>& outcome) { take(key, outcome); });
}

void CatalogController::take(const QString& key, const Outcome<Listed>& outcome) {
  m_asked.remove(key);
  const auto found = std::ranges::find(m_places, key, &CatalogPlace::key);
  if (found == m_places.end()) return;  // forgotten meanwhile
  found->isListed = true;
  if (outcome.isOk()) {
    m_model.setEntries(key, outcome.value().entries);
    found->usage = outcome.value().usage;
    found->problem.clear();
    found->wantsToken = false;
  } else if (found->problem.isEmpty()) {
    found->since = QDateTime::currentDateTime();
  }
  if (!outcome.isOk()) {
    found->problem = QString::fromStdString(outcome.error().message());
    found->wantsToken = outcome.error().code() == "E303";
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
        if (outcome.isOk())
          m_trash = outcome.value();
        else
          Q_EMIT noted(tr("The trash was not read. %1").arg(QString::fromStdString(outcome.error().message())));
        Q_EMIT changed();
      });
}

// A few models at a time, so that a click on the catalog never waits for all of them.
void CatalogController::readFacts() {
  if (m_isReadingFacts) return;
  const QStringList urls = m_model.urlsWithoutFacts(kFactsAtOnce);
  if (urls.isEmpty()) return;
  m_isReadingFacts = true;
  m_stores.run(
      this,
      [urls](ModelLibrary& library) {
        std::vector<ModelFacts> facts;
        for (const QString& url : urls) facts.push_back(factsOf(library, url));
        return facts;
      },
      [this, urls](const Outcome<std::vector<ModelFacts>>& outcome) {
        m_isReadingFacts = false;
        if (!outcome.isOk()) return;
        m_model.setFacts(urls, outcome.value());
        m_factsTimer.start();
      });
}

/// What else happens in the folder around a folder of interest is nothing to us.
void CatalogController::pathChanged(const QString& path) {
  const bool isOurs = path.startsWith(m_stores.storePath()) || std::ranges::any_of(m_places, [&](const auto& place) {
                        if (place.kind != CatalogPlace::Kind::Folder) return false;
                        const bool isInside = path == place.key || path.startsWith(place.key + QLatin1Char('/'));
                        return isInside || QFileInfo::exists(place.key) != place.problem.isEmpty();
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

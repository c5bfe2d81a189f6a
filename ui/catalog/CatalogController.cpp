#include "ui/catalog/CatalogController.h"

#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/PlaceDialog.h"
#include "ui/main/Settings.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>

#include <chrono>

namespace layersmith {

using namespace std::chrono_literals;

struct CatalogController::Content {
  std::vector<ModelEntry> entries;
  std::vector<TrashEntry> trash;
  QMap<QString, StoreUsage> usage;
};

namespace {

const QString kLocalStorage = QStringLiteral("localstorage");
const QString kIndexedDb = QStringLiteral("indexeddb");

constexpr int kTrashDays = 30;

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

/// "moons-2" when "moons" is taken at the place.
QString freeUrl(ModelLibrary& library, const QString& place, const QString& name) {
  const bool isStore = place == kLocalStorage || place == kIndexedDb;
  const auto urlOf = [&](const QString& candidate) {
    return isStore ? QStringLiteral("%1://%2").arg(place, candidate)
                   : parsePlace(QDir(place).filePath(candidate)).url();
  };
  QString candidate = name;
  for (int number = 2; library.contains(urlOf(candidate)); ++number)
    candidate = QStringLiteral("%1-%2").arg(name).arg(number);
  return urlOf(candidate);
}

}  // namespace

CatalogController::CatalogController(StoreWorker& stores, Settings& settings, QWidget& window)
    : QObject(&window), m_stores(stores), m_settings(settings), m_window(window) {
  m_timer.setSingleShot(true);
  m_timer.setInterval(100ms);
  connect(&m_timer, &QTimer::timeout, this, [this] {
    m_stores.run(
        this,
        [folders = m_settings.folders()](ModelLibrary& library) {
          library.setFolders(folders);
          Content content;
          content.entries = library.list();
          content.trash = library.trash();
          for (const QString& scheme : {kLocalStorage, kIndexedDb}) content.usage[scheme] = library.usage(scheme);
          return content;
        },
        [this](const Outcome<Content>& outcome) { take(outcome); });
  });
  m_stores.run(
      this,
      [folders = m_settings.folders()](ModelLibrary& library) {
        library.setFolders(folders);
        return removeOldTrash(library);
      },
      [](const Outcome<int>&) {});  // a Trash that cannot be read says so when it is listed
  connect(&m_model, &CatalogModel::renameRequested, this, &CatalogController::rename);
  connect(&m_settings, &Settings::foldersChanged, this, [this] {
    watchFolders();
    refresh();
  });
  connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &CatalogController::refresh);
  watchFolders();
}

void CatalogController::watchFolders() {
  if (!m_watcher.directories().isEmpty()) m_watcher.removePaths(m_watcher.directories());
  for (const QString& folder : m_settings.folders()) {
    if (QFileInfo(folder).isDir()) m_watcher.addPath(folder);
  }
}

void CatalogController::refresh() {
  m_timer.start();
}

void CatalogController::take(const Outcome<Content>& outcome) {
  m_isLoaded = true;
  if (!outcome.isOk()) {
    Q_EMIT noted(tr("The catalog was not read. %1").arg(QString::fromStdString(outcome.error().message())));
    Q_EMIT changed();
    return;
  }
  m_model.setEntries(outcome.value().entries);
  m_trash = outcome.value().trash;
  m_usage = outcome.value().usage;
  Q_EMIT changed();
}

template <class Value>
bool CatalogController::isFine(const Outcome<Value>& outcome, const QString& title) {
  refresh();
  if (outcome.isOk()) return true;
  ErrorDialog::show(title, outcome.error(), {}, &m_window);
  return false;
}

void CatalogController::rename(const QString& url, const QString& newName) {
  m_stores.run(
      this,
      [url, newName](ModelLibrary& library) {
        library.rename(url, newName);
        return true;
      },
      [this, url, newName](const Outcome<bool>& outcome) {
        if (!isFine(outcome, tr("The model was not renamed."))) return;
        const bool isFile = url.startsWith(QStringLiteral("file://"));
        const bool isPair = isFile && url.endsWith(QStringLiteral(".json"));
        Q_EMIT renamed(url, url.section(QLatin1Char('/'), 0, -2) + QLatin1Char('/') + newName +
                                (isPair ? QStringLiteral(".json") : QString()));
      });
}

void CatalogController::remove(const QStringList& urls) {
  m_stores.run(
      this,
      [urls](ModelLibrary& library) {
        std::vector<TrashEntry> entries;
        for (const QString& url : urls) entries.push_back(library.remove(url));
        return entries;
      },
      [this](const Outcome<std::vector<TrashEntry>>& outcome) {
        if (!isFine(outcome, tr("The model was not deleted."))) return;
        QStringList names, ids;
        for (const TrashEntry& entry : outcome.value()) {
          names << entry.name;
          ids << entry.id;
        }
        Q_EMIT removed(names, ids);
      });
}

void CatalogController::restore(const QStringList& trashIds) {
  m_stores.run(
      this,
      [trashIds](ModelLibrary& library) {
        QStringList urls;
        for (const QString& id : trashIds) urls << library.restore(id);
        return urls;
      },
      [this](const Outcome<QStringList>& outcome) {
        if (isFine(outcome, tr("The model was not restored.")))
          Q_EMIT noted(tr("Restored %n model(s).", nullptr, static_cast<int>(outcome.value().size())));
      });
}

void CatalogController::emptyTrash() {
  m_stores.run(
      this,
      [](ModelLibrary& library) {
        library.emptyTrash();
        return true;
      },
      [this](const Outcome<bool>& outcome) {
        if (isFine(outcome, tr("The trash was not emptied."))) Q_EMIT noted(tr("The trash is empty."));
      });
}

void CatalogController::askAndTransfer(const QStringList& urls, bool isMove, QWidget& parent) {
  auto* dialog = new PlaceDialog(isMove ? tr("Move to") : tr("Copy to"), m_settings.folders(), &parent);
  connect(dialog, &PlaceDialog::chosen, this,
          [this, urls, isMove](const QString& place) { transfer(urls, place, isMove); });
  dialog->open();
}

void CatalogController::transfer(const QStringList& urls, const QString& place, bool isMove) {
  const auto work = [urls, place, isMove](ModelLibrary& library) {
    QStringList results;
    for (const QString& url : urls) {
      QString name = url.section(QLatin1Char('/'), -1);
      if (name == QStringLiteral("model.json")) name = url.section(QLatin1Char('/'), -2, -2);
      if (name.endsWith(QStringLiteral(".json"))) name.chop(5);
      const QString target = freeUrl(library, place, name);
      results << (isMove ? library.move(url, target) : library.copy(url, target)).url;
    }
    return results;
  };
  m_stores.run(this, work, [this, isMove, place](const Outcome<QStringList>& outcome) {
    if (!isFine(outcome, isMove ? tr("The model was not moved.") : tr("The model was not copied."))) return;
    const int count = static_cast<int>(outcome.value().size());
    Q_EMIT noted(isMove ? tr("Moved %n model(s) to %1.", nullptr, count).arg(placeTitle(place))
                        : tr("Copied %n model(s) to %1.", nullptr, count).arg(placeTitle(place)));
  });
}

}  // namespace layersmith

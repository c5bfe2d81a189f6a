#pragma once

#include "ui/catalog/CatalogModel.h"
#include "ui/catalog/CatalogWork.h"
#include "ui/main/StoreWorker.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <deque>

namespace layersmith {

class Settings;

/// The catalog's content and everything done to it: listing, renaming, copying, moving, deleting to Trash, restoring.
/// All of it off the GUI thread; views share this one object. What was done can be undone, step by step; only what goes
/// to a server or is deleted there cannot. Places are asked one by one, so rows appear as they are found.
class CatalogController : public QObject {
  Q_OBJECT

 public:
  /// `transfers` does what may take long: everything with servers.
  CatalogController(StoreWorker& stores, StoreWorker& transfers, Settings& settings, QWidget& window);

  CatalogModel& model() { return m_model; }
  QUndoStack& undoStack() { return m_steps; }
  const std::vector<CatalogPlace>& places() const { return m_places; }
  const CatalogPlace* place(const QString& key) const;  ///< null: not one of the catalog's
  const std::vector<TrashEntry>& trash() const { return m_trash; }
  bool isLoaded() const { return m_isLoaded; }  ///< every place that is no server was read once

  void refresh();                         ///< asks all places again, soon
  void refreshPlace(const QString& key);  ///< asks one again, now

  void rename(const QString& url, const QString& newName);
  void remove(const QStringList& urls);  ///< to Trash; what lies on a server is asked about first
  void restore(const QStringList& trashIds);
  void emptyTrash();
  /// Copies or moves to a place. Where a name is taken the person is asked: Keep both, Replace, Skip.
  void transfer(const QStringList& urls, const QString& place, bool isMove);
  void askAndTransfer(const QStringList& urls, bool isMove, QWidget& parent);
  void check(const QString& url);                             ///< checked() says what is wrong
  void exportRaw(const QString& url, const QString& folder);  ///< its files or records as they are
  void askAndExportRaw(const QString& url, QWidget& parent);

  // The clipboard, and the place that is shown.
  void copyToClipboard(const QStringList& urls, bool isCut);
  void paste(const QString& place);

  // Places. A token is kept in memory only.
  void addFolder(const QString& folder);
  void addServer(const QString& address, const QString& token);
  void forgetPlace(const QString& key);
  void replaceFolder(const QString& folder, const QString& found);
  void setQuota(const QString& scheme, std::int64_t quota);
  HttpOptions accessFor(const QString& url) const { return layersmith::accessFor(m_access, url); }
  StoreWorker& workerFor(const QStringList& urls, const QString& place = {});  ///< for reading or changing these
  QStringList largestOf(const QString& place, int atMost) const;               ///< URLs, the largest first

 Q_SIGNALS:
  void changed();                                           ///< rows, places, Trash, or how a place is
  void done(const QString& text, const QString& iconName);  ///< a step; undoStack() takes it back
  void noted(const QString& text);
  void checked(const QString& url, const QString& problem);  ///< empty: nothing is wrong
  void renamed(const QString& url, const QString& newUrl);
  void started(const QString& text, std::shared_ptr<layersmith::JobProgress> progress);  ///< a transfer
  void ended(std::shared_ptr<layersmith::JobProgress> progress);

 private:
  friend class CatalogStep;
  struct Listed;
  using Change = std::shared_ptr<CatalogChange>;  ///< a job's own while one has it

  // CatalogController.cpp: listing and watching
  void updatePlaces();
  void listAll();
  void listLocal();
  void pathChanged(const QString& path);
  void take(const QString& key, const Outcome<Listed>& outcome);
  void listTrash();
  void readFacts();
  void watchFiles();

  // CatalogActions.cpp
  void reverse(const Change& change, const QString& text);
  void reverseNext();
  void took(const CatalogChange& change, const QString& title, const QString& step, const QString& text,
            const QString& iconName, bool isFinal = false);
  bool tellFailure(const CatalogChange& change, const QString& title);
  void resolve(std::shared_ptr<std::vector<Transfer>> transfers, std::size_t next, const QString& place, bool isMove);
  void run(const std::vector<Transfer>& transfers, const QString& place, bool isMove);
  void askToRemoveFromServers(const QStringList& urls);

  StoreWorker& m_stores;
  StoreWorker& m_transfers;
  Settings& m_settings;
  QWidget& m_window;
  CatalogModel m_model;
  QUndoStack m_steps;
  std::vector<CatalogPlace> m_places;
  std::vector<TrashEntry> m_trash;
  ServerAccess m_access;
  QSet<QString> m_asked;  ///< places that are being listed
  QSet<QString> m_askAgain;
  QFileSystemWatcher m_watcher;
  QTimer m_timer, m_localTimer, m_lateTimer, m_factsTimer;
  std::deque<std::pair<Change, QString>> m_reversing;  ///< steps being taken back, the first one now, and what to say
  bool m_isLoaded = false;
  bool m_isReadingFacts = false;
};

}  // namespace layersmith

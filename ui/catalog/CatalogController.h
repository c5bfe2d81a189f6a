#pragma once

#include "ui/catalog/CatalogModel.h"
#include "ui/catalog/CatalogWork.h"
#include "ui/catalog/SecretStore.h"
#include "ui/main/StoreWorker.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <deque>
#include <functional>

namespace layersmith {

struct ErrorAction;
class Settings;

/// Whether it is a refusal by the server at `url`, and not by one that it redirects to, which gets no token.
bool isHelpedByToken(const Error& error, const QString& url);
/// With the token of `access`, where there is one, instead of another; the rest as it is.
HttpOptions withAccess(HttpOptions options, const HttpOptions& access);

/// The catalog's content and everything done to it: listing, renaming, copying, moving, deleting to Trash, restoring.
/// All of it off the GUI thread; views share this one object. What was done can be undone, step by step; only what goes
/// to a server or is deleted there cannot. Places are asked one by one, so rows appear as they are found.
class CatalogController : public QObject {
  Q_OBJECT

 public:
  /// `transfers` does what may take long: everything with servers. `secrets` null: tokens last for the session.
  CatalogController(StoreWorker& stores, StoreWorker& transfers, Settings& settings, QWidget& window,
                    SecretStore* secrets = nullptr);

  CatalogModel& model() { return m_model; }
  QUndoStack& undoStack() { return m_steps; }
  const std::vector<CatalogPlace>& places() const { return m_places; }
  const CatalogPlace* place(const QString& key) const;  ///< null: not one of the catalog's
  const std::vector<TrashEntry>& trash() const { return m_trash; }
  bool isLoaded() const { return m_isLoaded; }  ///< every place that is no server was read once

  /// Work that changes models and is not a step of undoStack() yet.
  bool isChanging() const { return m_changing > 0; }
  bool isWorking() const { return m_changing > 0 || !m_reversing.empty(); }

  void refresh();                                      ///< asks all places again, soon
  void refreshPlace(const QString& key);               ///< asks one again, now
  void askAgain(const QString& key, QWidget& parent);  ///< as refreshPlace(), for its token first where it wants one

  void rename(const QString& url, const QString& newName);
  void remove(const QStringList& urls);  ///< to Trash; what lies on a server is asked about first
  void restore(const QStringList& trashIds, bool replaces = false);
  void purge(const QStringList& trashIds);       ///< deletes them for good; nothing asks here
  void emptyTrash(const QStringList& trashIds);  ///< those that the person was asked about
  /// Copies or moves to a place. Where a name is taken the person is asked: Keep both, Replace, Skip.
  void transfer(const QStringList& urls, const QString& place, bool isMove);
  void askAndTransfer(const QStringList& urls, bool isMove, QWidget& parent);
  void check(const QString& url);                             ///< checked() says what is wrong
  void check(const QStringList& urls);                        ///< as one job, with one summary
  void exportRaw(const QString& url, const QString& folder);  ///< its files or records as they are
  void askAndExportRaw(const QString& url, QWidget& parent);

  // The clipboard, and the place that is shown.
  void copyToClipboard(const QStringList& urls, bool isCut);
  void paste(const QString& place);

  // Places.
  void addFolder(const QString& folder);
  void addServer(const QString& address, const QString& token, bool isTokenKept = false);
  void forgetPlace(const QString& key);
  void replaceFolder(const QString& folder, const QString& found);
  void setQuota(const QString& scheme, std::int64_t quota);
  StoreWorker& workerFor(const QStringList& urls, const QString& place = {});  ///< for reading or changing these
  QStringList largestOf(const QString& place, int atMost) const;               ///< URLs, the largest first

  // Tokens. In memory, and in the system's keychain where that was chosen. Those of servers that the catalog does not
  // know last for the session.
  using AccessUse = std::function<void(const HttpOptions& access)>;
  HttpOptions accessFor(const QString& url) const;  ///< of the server that `url` lies on
  /// As accessFor(); a token that lies in the keychain is read first. `use` comes while `receiver` lives.
  void withAccessFor(const QString& url, QObject* receiver, AccessUse use);
  void giveToken(const QString& url, const QString& token);  ///< for the session; changes no server of the catalog
  /// Asks for the token of the server at `url`, keeps it, and goes on with `given`; `refused`: the dialog was closed.
  void askForToken(const QString& url, QWidget& parent, std::function<void()> given,
                   std::function<void()> refused = {});
  ErrorAction tokenAction(const QString& url, std::function<void()> given, std::function<void()> refused = {});
  bool isTokenKept(const QString& server) const;
  void probeKeychain(QObject* receiver, SecretStore::Done done);

 Q_SIGNALS:
  void changed();                                           ///< rows, places, Trash, or how a place is
  void done(const QString& text, const QString& iconName);  ///< a step; undoStack() takes it back
  void noted(const QString& text);
  void checked(const QString& url, const QString& problem, bool isDamaged);  ///< empty: nothing is wrong
  void renamed(const QString& url, const QString& newUrl);                   ///< or moved
  void restored(const QString& url);                                         ///< a model is at its place again
  void renameRefused(const QString& url, const QString& newName, const QString& reason);
  void removed(const QString& url);
  void started(const QString& text, std::shared_ptr<layersmith::JobProgress> progress);  ///< what may take long
  void ended(std::shared_ptr<layersmith::JobProgress> progress);

 private:
  friend class CatalogStep;
  struct Listed;
  using Change = std::shared_ptr<CatalogChange>;  ///< a job's own while one has it

  // CatalogController.cpp: listing and watching
  void updatePlaces();
  void listAll();
  void listLocal();
  void askPlace(const QString& key);
  void pathChanged(const QString& path);
  void take(const QString& key, const Outcome<Listed>& outcome, bool hadToken);
  void listTrash();
  void watchFiles();

  /// Runs work(library, progress) with a strip of its own, whose Cancel makes `progress` say no.
  template <class Work, class Done>
  void runShown(StoreWorker& worker, const QString& text, Work work, Done done) {
    auto progress = std::make_shared<JobProgress>();
    Q_EMIT started(text, progress);
    worker.run(
        this,
        [work = std::move(work), tell = JobProgress::reporter(progress)](ModelLibrary& library) {
          return work(library, tell);
        },
        [this, progress, done = std::move(done)](const auto& outcome) {
          Q_EMIT ended(progress);
          done(outcome);
        });
  }

  /// As runShown(), for what becomes a step.
  template <class Work, class Done>
  void runChange(StoreWorker& worker, const QString& text, Work work, Done done) {
    ++m_changing;
    runShown(worker, text, std::move(work), [this, done = std::move(done)](const auto& outcome) {
      --m_changing;
      done(outcome);
    });
  }

  // CatalogTokens.cpp
  QString serverOf(const QString& url) const;
  void readToken(const QString& server, std::function<void()> then);
  void keepToken(const QString& server, const QString& token);
  void noteKept(const QString& server, bool isKept);
  QStringList keptServers() const;

  // CatalogReading.cpp
  void readFacts();
  void readServerFacts();
  void tellUnread(const QString& title, const QString& stopped, const Error& error, std::function<void()> again);

  // CatalogActions.cpp
  void reverse(const Change& change, const QString& doing, const QString& text);
  void reverseNext();
  void took(const CatalogChange& change, const QString& title, const QString& step, const QString& text,
            const QString& iconName, bool isFinal = false, const std::function<void()>& again = {});
  bool tellFailure(const CatalogChange& change, const QString& title, const std::function<void()>& again = {});
  void tellOthers(const CatalogChange& change);
  std::vector<ErrorAction> tokenActions(const Error& error, const std::function<void()>& again);
  void resolve(std::shared_ptr<std::vector<Transfer>> transfers, std::size_t next, const QString& place, bool isMove);
  void run(const std::vector<Transfer>& transfers, const QString& place, bool isMove);
  void endStepsThatNeed(const QStringList& trashIds);
  void askToRemoveFromServers(const QStringList& urls);
  void removeFromServers(const QStringList& urls);

  StoreWorker& m_stores;
  StoreWorker& m_transfers;
  Settings& m_settings;
  QWidget& m_window;
  SecretStore* m_secrets;
  CatalogModel m_model;
  QUndoStack m_steps;
  std::vector<CatalogPlace> m_places;
  std::vector<TrashEntry> m_trash;
  ServerAccess m_access;
  std::map<QString, std::vector<std::function<void()>>> m_reading;  ///< what waits for a server's token
  QSet<QString> m_unread;  ///< servers whose token lies in the keychain, to be read when the server is first asked
  QSet<QString> m_asked;   ///< places that are being listed
  QSet<QString> m_askAgain;
  QFileSystemWatcher m_watcher;
  QTimer m_timer, m_localTimer, m_lateTimer, m_factsTimer;
  struct Reversal {
    Change change;
    QString doing, text;  ///< what the strip says meanwhile, and what is said at the end
  };
  std::deque<Reversal> m_reversing;  ///< steps being taken back, the first one now
  int m_changing = 0;
  QString m_trashProblem;  ///< told once
  bool m_isLoaded = false;
  bool m_isReadingFacts = false;
  bool m_isReadingServerFacts = false;
};

}  // namespace layersmith

#pragma once

#include "ui/dialogs/SaveRequest.h"
#include "ui/main/StoreWorker.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace layersmith {

class CatalogController;
class DocumentContext;
struct ErrorAction;
class SaveDialog;
class Settings;
class Workspace;

/// A save that waits for a server which could not be reached. In memory only.
struct PostponedSave {
  SaveRequest request;
  std::int64_t revision = 0;  ///< of the document, when it was sent last
  QString problem;            ///< not empty: the server answered, and refused; it is not tried again unasked
};

/// Saves documents off the GUI thread. The document is clean afterwards only when nothing was changed meanwhile; a
/// failed save changes nothing and offers ways out.
class SaveController : public QObject {
  Q_OBJECT

 public:
  /// Called once with true (saved) or false (refused, failed or cancelled).
  using Finished = std::function<void(bool isSaved)>;

  SaveController(Workspace& workspace, StoreWorker& stores, StoreWorker& transfers, Settings& settings,
                 CatalogController& catalog, QWidget& window);

  /// To where it is kept; Save As when it is kept nowhere yet.
  void save(DocumentContext& context, Finished finished = {});
  void saveAs(DocumentContext& context, Finished finished = {});
  void saveAsIn(DocumentContext& context, const QString& place);  ///< Save As with a place of the catalog chosen
  /// One after the other; stops at the first that is not saved. What is closed meanwhile is passed over.
  void saveAll(std::vector<QPointer<DocumentContext>> contexts, Finished finished);
  bool isSaving(DocumentContext* context) const { return m_waiting.contains(context); }
  bool isSaving() const { return !m_waiting.empty(); }
  void perform(DocumentContext& context, SaveRequest request, Finished finished = {});
  /// What the document's place held when the document was read from it or written to it (ModelStore::stamp): a later
  /// save sees by it whether another program wrote there. Empty: not known.
  void setBase(DocumentContext* context, const QString& stamp);
  QString base(DocumentContext* context) const;
  /// The program itself moved or restored the model: what lies at its place now is the document's.
  void renewBase(DocumentContext& context);
  /// The same for a document whose address was `from`: it is saved as it was, at its new one.
  void follow(DocumentContext& context, const QString& from);

  // Saves that wait, one for a document. They are tried again every 30 s, and go with their document.
  Workspace& workspace() { return m_workspace; }
  const PostponedSave* postponed(DocumentContext* context) const;  ///< null: none waits
  void sendPostponed(DocumentContext& context, Finished finished = {});
  void forgetPostponed(DocumentContext* context);
  void setPostponedInterval(std::chrono::milliseconds interval) { m_postponedTimer.setInterval(interval); }

 Q_SIGNALS:
  void saved(layersmith::DocumentContext* context, const layersmith::SaveResult& result);
  void answered(const layersmith::SaveResult& result, qint64 elapsedMs);  ///< by an HTTP server, after saved()
  void started(const QString& text, std::shared_ptr<layersmith::JobProgress> progress);
  void ended(std::shared_ptr<layersmith::JobProgress> progress);
  void stopped(layersmith::DocumentContext* context, const layersmith::Error& error);  ///< the person cancelled
  void settled(layersmith::DocumentContext* context, bool isSaved);  ///< none of its saves is under way any more
  void offered(layersmith::SaveDialog* dialog);                      ///< a Save As dialog, before it is shown
  void receiverRequested(layersmith::SaveDialog* dialog);
  void postponedChanged();
  void sentLater(const QString& name, const layersmith::SaveResult& result);  ///< of a document that is kept elsewhere

 private:
  struct Job {
    SaveRequest request;
    Finished finished;
    std::function<void(const Error&)> failed{};  ///< gets a failure instead of the person
    bool isPostponed = false;                    ///< what postponed() has; done when that is gone
    bool isPlain = false;                        ///< to where it is kept by then, not what `request` says
  };
  /// `prepare` fills the dialog in; it may be empty.
  void ask(DocumentContext& context, Finished finished, const std::function<void(SaveDialog&)>& prepare);
  void start(DocumentContext& context, Job job);
  void queue(DocumentContext& context, Job job);
  void startNext(DocumentContext* context, bool isSaved);
  void end(DocumentContext& context, const Job& job, const Outcome<SaveResult>& outcome, std::int64_t savedRevision);
  void tellOfClosed(const SaveRequest& request, const Outcome<SaveResult>& outcome);
  std::optional<Job> withKnownToken(const Job& job, const Error& error) const;
  void keepOutcome(DocumentContext& context, const SaveRequest& request, const SaveResult& result);
  void listFolderOf(const QString& url);
  void showFailure(DocumentContext& context, const SaveRequest& request, const Error& error, const Finished& finished);
  std::vector<ErrorAction> waysOut(DocumentContext& context, const SaveRequest& request, const Error& error,
                                   const Finished& finished);
  ErrorAction firstWayOut(DocumentContext& context, const SaveRequest& request, const Error& error,
                          const Finished& finished);
  void keepBoth(DocumentContext& context, const SaveRequest& request, const Finished& finished);
  void takeTheirs(DocumentContext& context, const SaveRequest& request, const Finished& finished);
  QString defaultFolder() const;

  // PostponedSaves.cpp
  static bool canPostpone(const SaveRequest& request, const Error& error);
  void postpone(DocumentContext& context, const SaveRequest& request);
  SaveRequest requestOf(DocumentContext& context, PostponedSave& save);
  void retryPostponed();

  Workspace& m_workspace;
  StoreWorker& m_stores;
  StoreWorker& m_transfers;
  Settings& m_settings;
  CatalogController& m_catalog;
  QWidget& m_window;
  /// Of the last save: what was asked for, address and options as they were given, and the URL that it has since.
  struct Kept {
    SaveRequest request;
    QString url;
  };
  std::map<DocumentContext*, Kept> m_kept;
  std::map<DocumentContext*, QString> m_bases;
  std::map<DocumentContext*, PostponedSave> m_postponed;
  QTimer m_postponedTimer;
  std::map<DocumentContext*, std::deque<Job>> m_waiting;  ///< behind the save that is under way; no entry: none is
};

/// "IndexedDB", "local storage", "folder moons", a host name: where a URL points, for people.
QString placeForPeople(const QString& url);

}  // namespace layersmith

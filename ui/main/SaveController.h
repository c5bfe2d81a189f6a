#pragma once

#include "ui/dialogs/SaveRequest.h"
#include "ui/main/StoreWorker.h"

#include <QObject>

#include <functional>
#include <map>

namespace layersmith {

class DocumentContext;
class SaveDialog;
class Settings;
class Workspace;

/// Saves documents off the GUI thread. The document is clean afterwards only when nothing was changed meanwhile; a
/// failed save changes nothing and offers ways out.
class SaveController : public QObject {
  Q_OBJECT

 public:
  /// Called once with true (saved) or false (refused, failed or cancelled).
  using Finished = std::function<void(bool isSaved)>;

  SaveController(Workspace& workspace, StoreWorker& stores, StoreWorker& transfers, Settings& settings,
                 QWidget& window);

  /// To where it is kept; Save As when it is kept nowhere yet.
  void save(DocumentContext& context, Finished finished = {});
  void saveAs(DocumentContext& context, Finished finished = {});
  /// One after the other; stops at the first that is not saved.
  void saveAll(std::vector<DocumentContext*> contexts, Finished finished);
  void perform(DocumentContext& context, const SaveRequest& request, Finished finished = {});
  /// Remembers what the document's place holds now, so that a later save sees whether another program wrote there.
  void noteBase(DocumentContext* context);
  QString base(DocumentContext* context) const;  ///< what was noted; empty: nothing

 Q_SIGNALS:
  void saved(layersmith::DocumentContext* context, const layersmith::SaveResult& result);
  void answered(const layersmith::SaveResult& result, qint64 elapsedMs);  ///< by an HTTP server, after saved()
  void started(const QString& text, std::shared_ptr<layersmith::JobProgress> progress);
  void ended(std::shared_ptr<layersmith::JobProgress> progress);
  void stopped(layersmith::DocumentContext* context, const layersmith::Error& error);  ///< the person cancelled
  void receiverRequested(layersmith::SaveDialog* dialog);

 private:
  void showFailure(DocumentContext& context, const SaveRequest& request, const Error& error, const Finished& finished);
  void keepOutcome(DocumentContext& context, const SaveRequest& request, const QString& url);
  QString defaultFolder() const;

  Workspace& m_workspace;
  StoreWorker& m_stores;
  StoreWorker& m_transfers;
  Settings& m_settings;
  QWidget& m_window;
  std::map<DocumentContext*, SaveRequest> m_lastRequests;  ///< with the options chosen, for a plain Save
  std::map<DocumentContext*, QString> m_bases;             ///< what the place held when it was opened or saved last
};

/// "IndexedDB", "local storage", "folder moons", a host name: where a URL points, for people.
QString placeForPeople(const QString& url);

}  // namespace layersmith

#pragma once

#include "model/document/RecoveryJournal.h"
#include "model/session/TrainingSession.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <functional>
#include <map>

namespace layersmith {

class DocumentContext;
class SaveController;
class StoreWorker;
class Workspace;

/// Keeps unsaved work in the recovery folder: a document 2 s after a change, a training every 5 s, or less often where
/// that would cost it over 5 % of its time; and brings both back after a crash. The files are written on a thread of
/// its own.
class RecoveryController : public QObject {
  Q_OBJECT

 public:
  RecoveryController(Workspace& workspace, SaveController& saver, StoreWorker& stores, StoreWorker& transfers,
                     const QString& folder, QWidget& window);
  ~RecoveryController() override;

  /// Looks for work of a program that ended unexpectedly; opens it first, asks afterwards.
  void recover();

 Q_SIGNALS:
  void recovered(int documents);
  void nothingToRecover();
  void failed(const QString& reason);  ///< once, until a write succeeds again

 private:
  struct Timers {
    QTimer* document;
    QTimer* checkpoint;
  };
  struct Found;

  void watch(DocumentContext* context);
  void unwatch(DocumentContext* context);
  void changed(DocumentContext* context);
  void sessionChanged(DocumentContext* context);
  void trainingEnded(DocumentContext* context);
  void write(DocumentContext* context, bool endsTraining = false);
  void writeCheckpoint(DocumentContext* context, const std::shared_ptr<const TrainingCheckpoint>& checkpoint);
  void forget(const QString& key);
  RecoveryLabel labelOf(DocumentContext* context) const;
  /// Runs `work` on m_pool, then `done(seconds it took)` here, whether it succeeded or not.
  void post(std::function<void()> work, std::function<void(double seconds)> done = {});
  void restore(const std::vector<Found>& found);
  DocumentContext* open(const Found& found);
  void compare(const Found& found, QWidget& parent);

  Workspace& m_workspace;
  SaveController& m_saver;
  StoreWorker& m_stores;
  StoreWorker& m_transfers;
  QString m_folder;
  QWidget& m_window;
  std::shared_ptr<RecoveryJournal> m_journal;  ///< used on m_pool only
  QThreadPool m_pool;
  std::map<DocumentContext*, Timers> m_timers;
  bool m_hasFailed = false;
};

}  // namespace layersmith

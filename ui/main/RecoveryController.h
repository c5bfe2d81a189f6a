#pragma once

#include "model/document/RecoveryJournal.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <map>

namespace layersmith {

class DocumentContext;
class Workspace;

/// Keeps unsaved work in the recovery folder, 2 s after a change, and brings it back after a crash. The files are
/// written on a thread of its own.
class RecoveryController : public QObject {
  Q_OBJECT

 public:
  RecoveryController(Workspace& workspace, const QString& folder, QWidget& window);
  ~RecoveryController() override;

  /// Looks for work of a program that ended unexpectedly; opens it first, asks afterwards.
  void recover();

 Q_SIGNALS:
  void recovered(int documents);
  void nothingToRecover();
  void failed(const QString& reason);

 private:
  void watch(DocumentContext* context);
  void changed(DocumentContext* context);
  void write(DocumentContext* context);
  void forget(const QString& key);
  void restore(const std::vector<RecoveredDocument>& found);

  Workspace& m_workspace;
  QString m_folder;
  QWidget& m_window;
  std::shared_ptr<RecoveryJournal> m_journal;  ///< used on m_pool only
  QThreadPool m_pool;
  std::map<DocumentContext*, QTimer*> m_timers;
};

}  // namespace layersmith

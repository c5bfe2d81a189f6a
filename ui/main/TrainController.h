#pragma once

#include "model/session/TrainingSession.h"

#include <QObject>

namespace layersmith {

class Actions;
class DocumentContext;
class TrainingControls;
class Workspace;

/// The Train menu and the top bar's button: they do what the training panel's controls do.
class TrainController : public QObject {
  Q_OBJECT

 public:
  TrainController(Actions& actions, TrainingControls& controls, Workspace& workspace, QObject* parent);

 Q_SIGNALS:
  void runningChanged(bool isRunning);  ///< of the document in front
  void bestTaken(int epoch);

 private:
  void watch(DocumentContext* context);
  void keepBest(DocumentContext* context, const TrainingOutcome& outcome);
  void refresh();
  void takeBest();

  Actions& m_actions;
  TrainingControls& m_controls;
  Workspace& m_workspace;
  DocumentContext* m_context = nullptr;
};

}  // namespace layersmith

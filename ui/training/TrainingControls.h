#pragma once

#include "model/session/TrainingSession.h"

#include <QObject>
#include <QPointer>

class QAction;

namespace layersmith {

class DocumentContext;

/// Train, Pause, Step and Stop of the current document, as actions for buttons, menus and shortcuts.
/// Train on a model with faults shows the first of them instead; without data it asks for some.
class TrainingControls : public QObject {
  Q_OBJECT

 public:
  explicit TrainingControls(QObject* parent = nullptr);

  void setContext(DocumentContext* context);

  QAction* trainAction() { return m_train; }  ///< F5: starts, or goes on when paused
  QAction* pauseAction() { return m_pause; }  ///< F8
  QAction* stepAction() { return m_step; }    ///< F7: one batch
  QAction* stopAction() { return m_stop; }    ///< Shift+F5

  TrainingSession::Speed speed() const { return m_speed; }
  void setSpeed(TrainingSession::Speed speed);

  /// A tenth of the learning rate, from the weights as they are. What a runaway loss needs.
  void goOnSlower();

 Q_SIGNALS:
  void started();
  void dataMissing();
  void faultFound(const QString& message);
  void stateChanged(layersmith::TrainingSession::State state);

 private:
  QAction* makeAction(const QString& name, const QString& text, const QString& iconName, const QKeySequence& keys);
  void train();
  void step();
  bool isReady();  ///< else says what is missing
  void refresh();

  QPointer<DocumentContext> m_context;
  TrainingSession::Speed m_speed = TrainingSession::Speed::Watch;
  QAction* m_train;
  QAction* m_pause;
  QAction* m_step;
  QAction* m_stop;
};

}  // namespace layersmith

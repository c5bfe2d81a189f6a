#pragma once

#include <QObject>
#include <QPointer>

#include <functional>
#include <vector>

class QUndoStack;
class QWidget;

namespace layersmith {

class Actions;
class DocumentContext;
class Workspace;

/// Carries out the Edit and Model menus on the document in front. In a text field, and in a widget with the property
/// "ownEdits", Cut, Copy, Paste, Delete and Select All are the widget's.
class EditController : public QObject {
  Q_OBJECT

 public:
  EditController(Actions& actions, Workspace& workspace, QObject* parent);

  /// While `area` or a part of it has the focus, Undo and Redo are those of `stack`, and layers are let alone.
  /// While `isBusy` says so its newest step is still to come, and nothing is undone.
  void addArea(QWidget& area, QUndoStack& stack, std::function<bool()> isBusy = {});

 Q_SIGNALS:
  void refused(const QString& reason);  ///< an edit that cannot be done now, and why

 private:
  void connectEdits();
  void connectClipboard();
  void watch(DocumentContext* context);
  void refreshEnabled();
  void refreshUndo();
  void step(void (QUndoStack::*run)());
  QUndoStack* stackInForce() const;

  void cut();
  void copy();
  void paste();
  void duplicate();
  void removeSelected();
  void selectAll();
  void shift(int direction);
  void toggleFrozen();
  void resetWeights();
  void goToFirstProblem();

  Actions& m_actions;
  Workspace& m_workspace;
  DocumentContext* m_context = nullptr;
  struct Area {
    QPointer<QWidget> widget;
    QUndoStack* stack;
    std::function<bool()> isBusy;
  };
  const Area* areaInFocus() const;

  std::vector<Area> m_areas;
};

}  // namespace layersmith

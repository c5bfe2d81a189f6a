#pragma once

#include <QObject>

namespace layersmith {

class Actions;
class DocumentContext;
class Workspace;

/// Carries out the Edit and Model menus on the document in front. In a text field, Cut, Copy, Paste, Delete and Select
/// All are the field's.
class EditController : public QObject {
  Q_OBJECT

 public:
  EditController(Actions& actions, Workspace& workspace, QObject* parent);

 Q_SIGNALS:
  void refused(const QString& reason);  ///< an edit that cannot be done now, and why

 private:
  void connectEdits();
  void connectClipboard();
  void watch(DocumentContext* context);
  void refreshEnabled();
  void refreshUndo();

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
};

}  // namespace layersmith

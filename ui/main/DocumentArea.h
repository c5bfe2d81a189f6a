#pragma once

#include <QWidget>

class QStackedWidget;
class QTabBar;
class QToolButton;

namespace layersmith {

class Actions;
class DocumentContext;
class DocumentView;
class EmptyState;
class Workspace;

/// The middle of the window: a tab for each document, and the view of the one in front.
class DocumentArea : public QWidget {
  Q_OBJECT

 public:
  DocumentArea(Workspace& workspace, Actions& actions, QWidget* parent = nullptr);

  DocumentView* view(const DocumentContext* context) const;
  DocumentView* currentView() const;

 Q_SIGNALS:
  void closeRequested(layersmith::DocumentContext* context);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void add(DocumentContext* context);
  void remove(DocumentContext* context);
  void show(DocumentContext* context);
  void refreshTitle(DocumentContext* context);

  Workspace& m_workspace;
  QTabBar* m_tabs = nullptr;
  QStackedWidget* m_pages = nullptr;
  EmptyState* m_empty = nullptr;
};

}  // namespace layersmith

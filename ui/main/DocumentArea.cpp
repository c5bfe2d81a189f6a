#include "ui/main/DocumentArea.h"

#include "ui/dialogs/Parts.h"
#include "ui/main/Actions.h"
#include "ui/main/DocumentView.h"
#include "ui/main/Workspace.h"
#include "ui/widgets/EmptyState.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace layersmith {

DocumentArea::DocumentArea(Workspace& workspace, Actions& actions, QWidget* parent)
    : QWidget(parent), m_workspace(workspace) {
  setObjectName(QStringLiteral("documents"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* head = new Surface("window", Qt::BottomEdge);
  head->setFixedHeight(36);
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(0, 0, 8, 0);
  row->setSpacing(4);
  m_tabs = new QTabBar;
  nameControl(*m_tabs, QStringLiteral("documents.tabs"), tr("Open models"));
  m_tabs->setToolTip({});
  m_tabs->setDocumentMode(true);
  m_tabs->setProperty("documentTabs", true);
  m_tabs->setTabsClosable(true);
  m_tabs->setMovable(true);
  m_tabs->setExpanding(false);
  m_tabs->setDrawBase(false);
  m_tabs->setElideMode(Qt::ElideMiddle);
  QToolButton* add = makeToolButton(QStringLiteral("documents.new"), QStringLiteral("add"),
                                    Actions::tip(*actions[ActionId::NewModel]));
  connect(add, &QToolButton::clicked, actions[ActionId::NewModel], &QAction::trigger);
  row->addWidget(m_tabs);
  row->addWidget(add);
  row->addStretch();
  m_pages = new QStackedWidget;
  m_empty =
      new EmptyState(QStringLiteral("model"), tr("No model is open"),
                     tr("Make one, open one, or drop a model.json here."), tr("New model"), QStringLiteral("new"));
  m_empty->button()->setObjectName(QStringLiteral("documents.emptyNew"));
  connect(m_empty, &EmptyState::activated, actions[ActionId::NewModel], &QAction::trigger);
  m_pages->addWidget(m_empty);
  column->addWidget(head);
  column->addWidget(m_pages, 1);

  connect(&workspace, &Workspace::added, this, &DocumentArea::add);
  connect(&workspace, &Workspace::aboutToClose, this, &DocumentArea::remove);
  connect(&workspace, &Workspace::currentChanged, this, &DocumentArea::show);
  connect(&workspace, &Workspace::titleChanged, this, &DocumentArea::refreshTitle);
  connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
    if (index >= 0) m_workspace.setCurrent(m_workspace.documents()[index]);
  });
  connect(m_tabs, &QTabBar::tabMoved, this, [this](int from, int to) { m_workspace.move(from, to); });
  connect(m_tabs, &QTabBar::tabCloseRequested, this,
          [this](int index) { Q_EMIT closeRequested(m_workspace.documents()[index]); });
}

DocumentView* DocumentArea::view(const DocumentContext* context) const {
  for (int i = 0; i < m_pages->count(); ++i) {
    auto* view = qobject_cast<DocumentView*>(m_pages->widget(i));
    if (view && &view->context() == context) return view;
  }
  return nullptr;
}

DocumentView* DocumentArea::currentView() const {
  return qobject_cast<DocumentView*>(m_pages->currentWidget());
}

void DocumentArea::add(DocumentContext* context) {
  m_pages->addWidget(new DocumentView(*context));
  const QSignalBlocker blocker(m_tabs);
  m_tabs->addTab(context->document().name());
  refreshTitle(context);
}

void DocumentArea::remove(DocumentContext* context) {
  const QSignalBlocker blocker(m_tabs);
  m_tabs->removeTab(m_workspace.indexOf(context));
  if (DocumentView* old = view(context)) {
    m_pages->removeWidget(old);
    delete old;
  }
}

void DocumentArea::show(DocumentContext* context) {
  const QSignalBlocker blocker(m_tabs);
  if (DocumentView* shown = view(context))
    m_pages->setCurrentWidget(shown);
  else
    m_pages->setCurrentWidget(m_empty);
  if (context) m_tabs->setCurrentIndex(m_workspace.indexOf(context));
}

/// Tabs that came while the page was hidden have not told how wide they are.
void DocumentArea::showEvent(QShowEvent* event) {
  m_tabs->updateGeometry();
  QWidget::showEvent(event);
}

void DocumentArea::refreshTitle(DocumentContext* context) {
  const int index = m_workspace.indexOf(context);
  if (index < 0) return;
  const QString star = context->isModified() ? QStringLiteral("*") : QString();
  m_tabs->setTabText(index, context->document().name() + star);
  const QString url = context->document().url();
  m_tabs->setTabToolTip(index, url.isEmpty() ? tr("Not saved yet") : url);
}

}  // namespace layersmith

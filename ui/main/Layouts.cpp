#include "ui/main/Layouts.h"

#include "ui/main/Settings.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/DockHeader.h"

#include <QApplication>
#include <QDockWidget>
#include <QLayout>
#include <QMenu>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kStateVersion = 1;
constexpr int kNarrowest = 240;

QString keyOf(LayoutKind kind, const char* part) {
  const char* names[] = {"design", "training", "evaluation", "catalog"};
  return QStringLiteral("layout/%1-%2").arg(QLatin1String(names[static_cast<int>(kind)]), QLatin1String(part));
}

}  // namespace

Layouts::Layouts(QMainWindow& window, QMainWindow& centre, QStackedWidget& pages, Settings& settings)
    : QObject(&window), m_window(window), m_centre(centre), m_pages(pages), m_settings(settings) {
  for (QMainWindow* host : {&window, &centre}) {
    host->setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    host->setDockNestingEnabled(true);
  }
}

void Layouts::addDock(DockId id, const QString& name, const QString& title, QWidget* content, QWidget* tools) {
  auto* dock = new QDockWidget(title, &hostOf(id));
  dock->setObjectName(QStringLiteral("dock.") + name);
  dock->setAccessibleName(title);
  content->setMinimumWidth(std::max(kNarrowest, content->minimumWidth()));
  dock->setWidget(content);
  auto* header = new DockHeader(title);
  if (tools) header->addTool(tools);
  QToolButton* more = makeToolButton(QStringLiteral("dock.%1.more").arg(name), QStringLiteral("more"),
                                     tr("%1: float or close").arg(title));
  auto* menu = new QMenu(more);
  connect(menu, &QMenu::aboutToShow, this, [this, menu, id] { fillMenu(*menu, id); });
  connect(more, &QToolButton::clicked, menu,
          [menu, more] { menu->popup(more->mapToGlobal(QPoint(0, more->height()))); });
  header->addTool(more);
  dock->setTitleBarWidget(header);
  m_docks[id] = dock;
  m_headers[id] = header;
  m_hasTools[id] = tools != nullptr;
  m_nothing[id] = new QWidget(dock);
  m_nothing[id]->setFixedHeight(0);
  m_nothing[id]->hide();
  const auto later = [this] { QTimer::singleShot(0, this, &Layouts::updateHeaders); };
  connect(dock, &QDockWidget::visibilityChanged, this, later);
  connect(dock, &QDockWidget::dockLocationChanged, this, later);
  connect(dock, &QDockWidget::topLevelChanged, this, later);
  hostOf(id).addDockWidget(Qt::RightDockWidgetArea, dock);
  dock->hide();
}

void Layouts::fillMenu(QMenu& menu, DockId id) {
  menu.clear();
  QDockWidget* dock = m_docks.at(id);
  menu.addAction(dock->isFloating() ? tr("Put Back") : tr("Float"), dock,
                 [dock] { dock->setFloating(!dock->isFloating()); });
  menu.addAction(tr("Close"), dock, &QWidget::hide);
}

void Layouts::setTitle(DockId id, const QString& title) {
  m_docks.at(id)->setWindowTitle(title);
  updateHeaders();
}

QMainWindow& Layouts::hostOf(DockId id) const {
  return id == DockId::Evaluation ? m_centre : m_window;
}

void Layouts::apply(LayoutKind kind) {
  if (m_isApplied) save();
  m_isApplied = true;
  m_current = kind;
  arrange(kind);
  const QByteArray window = m_settings.blob(keyOf(kind, "window"));
  const QByteArray centre = m_settings.blob(keyOf(kind, "centre"));
  if (!window.isEmpty()) m_window.restoreState(window, kStateVersion);
  if (!centre.isEmpty()) m_centre.restoreState(centre, kStateVersion);
  if (!window.isEmpty()) keepOnly(m_settings.blob(keyOf(kind, "docks")).split(' '));
  m_pages.setCurrentIndex(kind == LayoutKind::Catalog ? 1 : 0);
  updateHeaders();
  Q_EMIT applied(kind);
}

void Layouts::restoreSizes() {
  m_isApplied = false;
  apply(m_current);
}

// restoreState() brings docks of other layouts back as well: only those that were open stay.
void Layouts::keepOnly(const QList<QByteArray>& names) {
  for (const auto& [id, dock] : m_docks)
    if (!names.contains(dock->objectName().toUtf8())) hostOf(id).removeDockWidget(dock);
}

void Layouts::save() {
  QByteArrayList names;
  for (const auto& [id, dock] : m_docks)
    if (!dock->isHidden()) names << dock->objectName().toUtf8();
  m_settings.setBlob(keyOf(m_current, "docks"), names.join(' '));
  m_settings.setBlob(keyOf(m_current, "window"), m_window.saveState(kStateVersion));
  m_settings.setBlob(keyOf(m_current, "centre"), m_centre.saveState(kStateVersion));
}

void Layouts::reset() {
  m_settings.removeBlobs(QStringLiteral("layout"));
  m_isApplied = false;
  apply(m_current);
}

void Layouts::arrange(LayoutKind kind) {
  for (const auto& [id, dock] : m_docks) {
    dock->setFloating(false);
    hostOf(id).removeDockWidget(dock);
  }
  switch (kind) {
    case LayoutKind::Design: arrangeDesign(); break;
    case LayoutKind::Training: arrangeTraining(); break;
    case LayoutKind::Evaluation: arrangeEvaluation(); break;
    case LayoutKind::Catalog: break;
  }
}

void Layouts::place(DockId id, Qt::DockWidgetArea area) {
  hostOf(id).addDockWidget(area, m_docks.at(id));
  m_docks.at(id)->show();
}

// Docks take sizes only after the layout has given them some.
void Layouts::settle() {
  updateHeaders();
  for (QMainWindow* host : {&m_window, &m_centre}) host->layout()->activate();
}

void Layouts::arrangeDesign() {
  m_window.setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
  m_window.setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
  place(DockId::Layers, Qt::LeftDockWidgetArea);
  place(DockId::Outline, Qt::LeftDockWidgetArea);
  place(DockId::Inspector, Qt::RightDockWidgetArea);
  place(DockId::Problems, Qt::RightDockWidgetArea);
  place(DockId::Data, Qt::BottomDockWidgetArea);
  place(DockId::Training, Qt::BottomDockWidgetArea);
  place(DockId::Catalog, Qt::BottomDockWidgetArea);
  m_window.tabifyDockWidget(dock(DockId::Layers), dock(DockId::Outline));
  m_window.tabifyDockWidget(dock(DockId::Inspector), dock(DockId::Problems));
  m_window.splitDockWidget(dock(DockId::Data), dock(DockId::Training), Qt::Horizontal);
  m_window.splitDockWidget(dock(DockId::Training), dock(DockId::Catalog), Qt::Horizontal);
  dock(DockId::Layers)->raise();
  dock(DockId::Inspector)->raise();
  settle();
  m_window.resizeDocks({dock(DockId::Layers), dock(DockId::Inspector)}, {240, 320}, Qt::Horizontal);
  m_window.resizeDocks({dock(DockId::Data), dock(DockId::Training), dock(DockId::Catalog)}, {400, 718, 320},
                       Qt::Horizontal);
  m_window.resizeDocks({dock(DockId::Data)}, {297}, Qt::Vertical);
}

void Layouts::arrangeTraining() {
  m_window.setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
  m_window.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  place(DockId::Inspector, Qt::RightDockWidgetArea);
  place(DockId::Problems, Qt::RightDockWidgetArea);
  place(DockId::Training, Qt::BottomDockWidgetArea);
  place(DockId::Evaluation, Qt::RightDockWidgetArea);
  m_window.tabifyDockWidget(dock(DockId::Inspector), dock(DockId::Problems));
  dock(DockId::Inspector)->raise();
  settle();
  m_window.resizeDocks({dock(DockId::Inspector)}, {320}, Qt::Horizontal);
  m_window.resizeDocks({dock(DockId::Training)}, {356}, Qt::Vertical);
  m_centre.resizeDocks({dock(DockId::Evaluation)}, {594}, Qt::Horizontal);
}

void Layouts::arrangeEvaluation() {
  m_window.setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
  m_window.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  place(DockId::Data, Qt::BottomDockWidgetArea);
  place(DockId::Evaluation, Qt::RightDockWidgetArea);
  settle();
  m_window.resizeDocks({dock(DockId::Data)}, {240}, Qt::Vertical);
  m_centre.resizeDocks({dock(DockId::Evaluation)}, {1000}, Qt::Horizontal);
}

bool Layouts::isTabbed(DockId id) const {
  return std::ranges::any_of(hostOf(id).tabifiedDockWidgets(dock(id)),
                             [](QDockWidget* other) { return !other->isHidden(); });
}

// A dock among tabs has its tab as title; what is left of its header is the row of tools.
void Layouts::updateHeaders() {
  for (const auto& [id, dock] : m_docks) {
    const bool isLone = dock->isFloating() || !isTabbed(id);
    m_headers.at(id)->setTitle(isLone ? dock->windowTitle() : QString());
    QWidget* bar = isLone || m_hasTools.at(id) ? static_cast<QWidget*>(m_headers.at(id)) : m_nothing.at(id);
    if (dock->titleBarWidget() != bar) dock->setTitleBarWidget(bar);
  }
}

void Layouts::reveal(DockId id) {
  if (m_current == LayoutKind::Catalog && id != DockId::Catalog) apply(LayoutKind::Design);
  if (m_current == LayoutKind::Catalog) return;
  QDockWidget* dock = m_docks.at(id);
  if (hostOf(id).dockWidgetArea(dock) == Qt::NoDockWidgetArea) hostOf(id).addDockWidget(Qt::RightDockWidgetArea, dock);
  dock->show();
  dock->raise();
  dock->widget()->setFocus(Qt::ShortcutFocusReason);
}

void Layouts::focusNext(int direction) {
  std::vector<QDockWidget*> visible;
  for (const auto& [id, dock] : m_docks) {
    if (dock->isVisible() && !dock->visibleRegion().isEmpty()) visible.push_back(dock);
  }
  if (visible.empty()) return;
  const auto holdsFocus = [](QDockWidget* dock) { return dock->isAncestorOf(QApplication::focusWidget()); };
  const auto found = std::ranges::find_if(visible, holdsFocus);
  const int count = static_cast<int>(visible.size());
  const int from = found == visible.end() ? (direction > 0 ? -1 : 0) : static_cast<int>(found - visible.begin());
  QWidget* target = visible[(from + direction + count) % count]->widget();
  QWidget* inner = target->focusPolicy() == Qt::NoFocus ? target->nextInFocusChain() : target;
  while (inner != target && target->isAncestorOf(inner) && !(inner->focusPolicy() & Qt::TabFocus))
    inner = inner->nextInFocusChain();
  inner->setFocus(Qt::TabFocusReason);
}

}  // namespace layersmith

#include "ui/main/MainWindow.h"

#include "model/session/BrowserBridge.h"
#include "ui/canvas/LayerCanvas.h"
#include "ui/canvas/LayerPalette.h"
#include "ui/canvas/OutlineView.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogPanel.h"
#include "ui/data/DataPanel.h"
#include "ui/inspector/InspectorPanel.h"
#include "ui/inspector/ProblemsPanel.h"
#include "ui/main/CloseController.h"
#include "ui/main/DocumentArea.h"
#include "ui/main/DocumentView.h"
#include "ui/main/DropZone.h"
#include "ui/main/EditController.h"
#include "ui/main/JobStrips.h"
#include "ui/main/OpenController.h"
#include "ui/main/PostponedStrips.h"
#include "ui/main/RecoveryController.h"
#include "ui/main/SaveController.h"
#include "ui/main/Settings.h"
#include "ui/main/StatusBar.h"
#include "ui/main/TopBar.h"
#include "ui/main/TrainController.h"
#include "ui/main/WelcomePanel.h"
#include "ui/training/EvaluationPanel.h"
#include "ui/training/TrainingPanel.h"
#include "ui/widgets/Toast.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

namespace {

const QString kGeometryKey = QStringLiteral("window/geometry");

}  // namespace

MainWindow::MainWindow(Services services, QWidget* parent)
    : QMainWindow(parent), m_services(services), m_workspace(services.compute) {
  setObjectName(QStringLiteral("mainWindow"));
  setMinimumSize(1024, 700);
  resize(1440, 900);
  setAcceptDrops(true);
  m_topBar = new TopBar(m_actions);
  m_actions.fill(m_topBar->menuBar());
  setMenuWidget(m_topBar);
  for (QAction* action : m_actions.all()) addAction(action);
  m_status = new StatusBar;
  m_status->setThreads(services.threads);
  setStatusBar(m_status);
  makeCentre();
  makePanels();
  makeControllers();
  m_dropZone = new DropZone(this);
  connectFile();
  connectData();
  connectView();
  connectPanels();
  connectZoom();
  connectHelp();
  connectSentLater();
  connectBridge();
  connectMessages();
  applyFont();
  const QByteArray geometry = services.settings.blob(kGeometryKey);
  if (!geometry.isEmpty()) restoreGeometry(geometry);
  m_layouts->apply(LayoutKind::Design);
  setCurrent(nullptr);
}

// Before the actions it sets: panels that go give up the focus, and it listens to that.
MainWindow::~MainWindow() {
  delete m_editor;
}

void MainWindow::makeCentre() {
  m_documents = new DocumentArea(m_workspace, m_actions);
  m_centre = new QMainWindow;
  m_centre->setObjectName(QStringLiteral("centre"));
  m_centre->setWindowFlags(Qt::Widget);
  m_centre->setContextMenuPolicy(Qt::NoContextMenu);
  m_centre->setCentralWidget(m_documents);
  m_pages = new QStackedWidget;
  m_pages->addWidget(m_centre);
  m_jobs = new JobStrips;
  auto* middle = new QWidget;
  auto* column = new QVBoxLayout(middle);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(m_pages, 1);
  column->addWidget(m_jobs);
  setCentralWidget(middle);
  setContextMenuPolicy(Qt::NoContextMenu);
  m_welcome = new WelcomePanel(m_actions, m_services.settings, this);
  m_welcome->hide();
}

void MainWindow::makePanels() {
  m_catalogController =
      new CatalogController(m_services.stores, m_services.transfers, m_services.settings, *this, m_services.secrets);
  m_palette = new LayerPalette;
  m_outline = new OutlineView;
  m_inspector = new InspectorPanel;
  m_problems = new ProblemsPanel;
  m_dataPanel = new DataPanel;
  m_training = new TrainingPanel;
  m_evaluation = new EvaluationPanel;
  m_catalogDock = new CatalogPanel(*m_catalogController, CatalogPanel::Size::Dock);
  m_catalogPage = new CatalogPanel(*m_catalogController, CatalogPanel::Size::Page);
  m_pages->addWidget(m_catalogPage);
  m_layouts = new Layouts(*this, *m_centre, *m_pages, m_services.settings);
  m_layouts->addDock(DockId::Layers, QStringLiteral("layers"), tr("Layers"), m_palette);
  m_layouts->addDock(DockId::Outline, QStringLiteral("outline"), tr("Outline"), m_outline);
  m_layouts->addDock(DockId::Inspector, QStringLiteral("inspector"), tr("Inspector"), m_inspector);
  m_layouts->addDock(DockId::Problems, QStringLiteral("problems"), tr("Problems"), m_problems);
  m_layouts->addDock(DockId::Data, QStringLiteral("data"), tr("Data"), m_dataPanel, m_dataPanel->tools());
  m_layouts->addDock(DockId::Training, QStringLiteral("training"), tr("Training"), m_training, m_training->tools());
  m_layouts->addDock(DockId::Evaluation, QStringLiteral("evaluation"), tr("Evaluation"), m_evaluation,
                     m_evaluation->tools());
  m_layouts->addDock(DockId::Catalog, QStringLiteral("catalog"), tr("Catalog"), m_catalogDock);
}

void MainWindow::makeControllers() {
  m_opener = new OpenController(m_workspace, m_services.stores, m_services.transfers, m_services.settings,
                                *m_catalogController, *this);
  m_saver = new SaveController(m_workspace, m_services.stores, m_services.transfers, m_services.settings,
                               *m_catalogController, *this);
  m_jobs->parentWidget()->layout()->addWidget(new PostponedStrips(*m_saver));
  m_closer = new CloseController(m_workspace, *m_saver, *this);
  m_editor = new EditController(m_actions, m_workspace, this);
  for (CatalogPanel* panel : {m_catalogDock, m_catalogPage})
    m_editor->addArea(*panel, m_catalogController->undoStack(), [this] { return m_catalogController->isChanging(); });
  m_closer->waitWhile([this] { return m_catalogController->isWorking(); });
  m_trainer = new TrainController(m_actions, m_training->controls(), m_workspace, this);
  m_recovery = new RecoveryController(m_workspace, *m_saver, m_services.stores, m_services.transfers,
                                      m_services.recoveryFolder, *this);
  m_bridge = new BrowserBridge(this);
}

void MainWindow::openPlaces(const QStringList& places) {
  for (const QString& place : places) {
    if (QFileInfo(place).isFile())
      m_opener->openPlan(planOpen({place}));  // a table or images, perhaps: content decides
    else
      m_opener->open(place);
  }
}

void MainWindow::start(const QStringList& places, const QString& templateKey) {
  openPlaces(places);
  if (!templateKey.isEmpty()) {
    m_opener->openTemplate(templateKey);
  } else if (places.isEmpty()) {
    m_opener->openTemplate(QStringLiteral("twoMoons"));
    showWelcome(true);
  }
  m_recovery->recover();
  m_catalogController->refresh();
  m_services.stores.run(
      this,
      [](ModelLibrary& library) {
        library.usage(QStringLiteral("indexeddb"));
        return library.storeWarning();
      },
      [this](const Outcome<QString>& warning) {
        if (warning.isOk() && !warning.value().isEmpty()) toast(warning.value());
      });
}

void MainWindow::setCurrent(DocumentContext* context) {
  if (m_shown) {
    disconnect(&m_shown->document(), nullptr, this, nullptr);
    disconnect(&m_shown->session(), nullptr, this, nullptr);
  }
  m_shown = context;
  for (QDockWidget* dock : {m_layouts->dock(DockId::Data), m_layouts->dock(DockId::Training)})
    dock->setEnabled(context != nullptr);
  m_palette->setContext(context);
  m_outline->setContext(context);
  m_inspector->setContext(context);
  m_problems->setContext(context);
  m_dataPanel->setContext(context);
  m_training->setContext(context);
  m_evaluation->setContext(context);
  m_status->setContext(context);
  if (context) context->cost().setActive(m_actions[ActionId::ShowCost]->isChecked());
  m_actions.setEnabled({ActionId::Save, ActionId::SaveAs, ActionId::ShowCommand, ActionId::ShowCode, ActionId::CloseTab,
                        ActionId::OpenTable, ActionId::OpenImages, ActionId::ZoomIn, ActionId::ZoomOut,
                        ActionId::ZoomFit, ActionId::ArrangeCards, ActionId::ShowCost, ActionId::SelectAll},
                       context != nullptr);
  const QString name = context ? context->document().name() : QString();
  m_catalogDock->setCurrentName(name);
  m_catalogPage->setCurrentName(name);
  if (context) connect(&context->document(), &ModelDocument::changed, this, &MainWindow::refreshTitle);
  refreshTitle();
}

void MainWindow::refreshTitle() {
  int faults = 0;
  if (m_shown) faults = static_cast<int>(m_shown->document().report().issues.size());
  m_layouts->setTitle(DockId::Problems, faults == 0 ? tr("Problems") : tr("Problems (%1)").arg(faults));
  if (!m_shown) {
    setWindowModified(false);
    setWindowTitle(tr("Layersmith"));
    return;
  }
  setWindowTitle(tr("%1[*] - Layersmith").arg(m_shown->document().name()));
  setWindowModified(m_shown->isModified());
}

void MainWindow::showWelcome(bool isShown) {
  DocumentView* view = m_documents->currentView();
  if (!view) return;
  m_actions[ActionId::ShowWelcome]->setEnabled(!isShown);
  if (!isShown) {
    for (DocumentContext* context : m_workspace.documents()) m_documents->view(context)->hideWelcome(m_welcome);
    return;
  }
  DocumentContext& context = view->context();
  const auto rows = context.state().dataset && context.state().dataset->raw ? context.state().dataset->raw->rows : 0;
  m_welcome->setSample(
      tr("The two moons sample is ready"),
      tr("%1 points, %2 parameters, about 5 seconds.").arg(rows).arg(context.document().report().parameters));
  m_welcome->adjustSize();
  view->showWelcome(m_welcome);
}

void MainWindow::setThemeMode(Theme::Mode mode) {
  m_services.settings.setThemeMode(mode);
  theme().setMode(mode);
  const ActionId ids[] = {ActionId::ThemeLight, ActionId::ThemeDark, ActionId::ThemeSystem};
  m_actions[ids[static_cast<int>(mode)]]->setChecked(true);
}

void MainWindow::applyFont() {
  theme().setUiFamily(m_services.settings.fontFamily());
  theme().setFontScale(m_services.settings.fontScale() / 100.0);
}

void MainWindow::toast(const QString& text, const QString& iconName, const QString& actionText,
                       std::function<void()> action) {
  Toast::show(this, iconName.isEmpty() ? QStringLiteral("info") : iconName, text, actionText, std::move(action));
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!m_closer->mayCloseWindow()) {
    event->ignore();
    return;
  }
  m_layouts->save();
  m_services.settings.setBlob(kGeometryKey, saveGeometry());
  m_jobs->cancelAll();  // mere readings by now
  while (!m_workspace.documents().empty()) m_workspace.close(m_workspace.documents().back());
  event->accept();
}

// Docks know their real sizes only now; sizes asked for earlier were shares of nothing.
void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  if (m_wasShown) return;
  m_wasShown = true;
  m_layouts->restoreSizes();
  if (DocumentView* view = m_documents->currentView()) view->canvas().setFocus();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (!m_dropZone->handleDragEnter(*event)) event->ignore();
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent*) {
  m_dropZone->handleDragLeave();
}
void MainWindow::dropEvent(QDropEvent* event) {
  m_dropZone->handleDrop(*event);
}

}  // namespace layersmith

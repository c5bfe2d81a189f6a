// What the window's actions and parts tell each other.
#include "model/document/CodeExport.h"
#include "model/nn/GraphAnalysis.h"
#include "model/session/BrowserBridge.h"
#include "ui/canvas/LayerCanvas.h"
#include "ui/canvas/LayerPalette.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogPanel.h"
#include "ui/catalog/CatalogPlaces.h"
#include "ui/catalog/PlacesList.h"
#include "ui/data/DataPanel.h"
#include "ui/dialogs/AboutDialog.h"
#include "ui/dialogs/AnswerDialog.h"
#include "ui/dialogs/BridgeDialog.h"
#include "ui/dialogs/HelpDialog.h"
#include "ui/dialogs/PreferencesDialog.h"
#include "ui/dialogs/SaveDialog.h"
#include "ui/dialogs/SaveForm.h"
#include "ui/dialogs/ShortcutsDialog.h"
#include "ui/dialogs/ShowCodeDialog.h"
#include "ui/main/ActionSearch.h"
#include "ui/main/CloseController.h"
#include "ui/main/DocumentArea.h"
#include "ui/main/DocumentView.h"
#include "ui/main/DropZone.h"
#include "ui/main/EditController.h"
#include "ui/main/JobStrips.h"
#include "ui/main/MainWindow.h"
#include "ui/main/MissingWeights.h"
#include "ui/main/OpenController.h"
#include "ui/main/RecoveryController.h"
#include "ui/main/SaveController.h"
#include "ui/main/Settings.h"
#include "ui/main/StatusBar.h"
#include "ui/main/TopBar.h"
#include "ui/main/TrainController.h"
#include "ui/main/WelcomePanel.h"
#include "ui/training/EvaluationPanel.h"
#include "ui/training/TrainingPanel.h"

#include <QApplication>
#include <QMenu>
#include <QProcess>
#include <QUndoStack>
#include <QUrl>

namespace layersmith {

void MainWindow::connectFile() {
  const auto on = [this](ActionId id, auto run) { connect(m_actions[id], &QAction::triggered, this, run); };
  on(ActionId::NewModel, [this] { m_opener->openNewDialog(); });
  on(ActionId::NewWindow,
     [] { QProcess::startDetached(QCoreApplication::applicationFilePath(), {QStringLiteral("--new-window")}); });
  on(ActionId::Open, [this] { m_opener->openWithDialog(); });
  on(ActionId::OpenFolder, [this] { m_opener->openFolderWithDialog(); });
  on(ActionId::OpenLink, [this] { m_opener->openLinkWithDialog(); });
  on(ActionId::Save, [this] { m_saver->save(*m_shown); });
  on(ActionId::SaveAs, [this] { m_saver->saveAs(*m_shown); });
  on(ActionId::ShowCommand, [this] { showCommand(); });
  on(ActionId::ShowCode, [this] { showCode(); });
  on(ActionId::CloseTab, [this] { m_closer->closeDocument(*m_shown); });
  on(ActionId::Quit, [this] { close(); });
  connect(m_documents, &DocumentArea::closeRequested, m_closer,
          [this](DocumentContext* context) { m_closer->closeDocument(*context); });
  connect(m_closer, &CloseController::closeConfirmed, this, &QWidget::close, Qt::QueuedConnection);
  connect(m_closer, &CloseController::waits, this, [this](const QString& text) { toast(text); });
  connect(m_actions.recentMenu(), &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
  connect(m_actions.windowMenu(), &QMenu::aboutToShow, this, &MainWindow::fillWindowMenu);
  connect(&m_workspace, &Workspace::currentChanged, this, &MainWindow::setCurrent);
  connect(&m_workspace, &Workspace::titleChanged, this, &MainWindow::refreshTitle);
  connect(m_dropZone, &DropZone::dropped, m_opener, &OpenController::openPlan);
  connect(m_saver, &SaveController::saved, m_catalogController, &CatalogController::refresh);
}

void MainWindow::connectData() {
  const auto on = [this](ActionId id, auto run) { connect(m_actions[id], &QAction::triggered, this, run); };
  on(ActionId::OpenTable, [this] { m_dataPanel->openCsvAction()->trigger(); });
  on(ActionId::OpenImages, [this] { m_dataPanel->openImagesAction()->trigger(); });
  const std::pair<ActionId, const char*> samples[] = {{ActionId::SampleTwoMoons, "twoMoons"},
                                                      {ActionId::SampleXor, "xor"},
                                                      {ActionId::SampleSpirals, "spirals"},
                                                      {ActionId::SampleCircles, "circles"},
                                                      {ActionId::SampleDigits, "digits"}};
  for (const auto& [id, name] : samples) {
    on(id, [this, generator = QString::fromLatin1(name)] { m_dataPanel->useGenerator(generator); });
  }
  on(ActionId::SampleIris, [this] { m_dataPanel->useIris(); });
  connect(m_opener, &OpenController::opened, m_saver, &SaveController::setBase);
  const auto showIt = [this] {
    if (m_layouts->current() == LayoutKind::Catalog) m_layouts->apply(LayoutKind::Design);  // where it can be seen
  };
  connect(m_opener, &OpenController::opened, this, showIt);
  connect(m_opener, &OpenController::raised, this, showIt);
  connect(m_opener, &OpenController::trashRequested, this, [this] {
    m_layouts->apply(LayoutKind::Catalog);
    m_catalogPage->places()->choose(QStringLiteral("trash"));
  });
  connect(m_opener, &OpenController::tableRequested, this, [this](const QString& path) {
    if (!m_shown) m_opener->openTemplate(QStringLiteral("mlp"));
    m_layouts->reveal(DockId::Data);
    m_dataPanel->openCsv(path);
  });
  connect(m_opener, &OpenController::imagesRequested, this, [this](const QString& images, const QString& labels) {
    if (!m_shown) m_opener->openTemplate(QStringLiteral("convnet"));
    m_layouts->reveal(DockId::Data);
    m_dataPanel->openIdx(images, labels);
  });
  connect(m_training, &TrainingPanel::sampleRequested, m_dataPanel,
          [this](const QString& generator) { m_dataPanel->useGenerator(generator); });
  connect(m_training, &TrainingPanel::csvRequested, m_dataPanel->openCsvAction(), &QAction::trigger);
  connect(m_evaluation, &EvaluationPanel::rowsChosen, m_dataPanel, [this](const std::vector<std::int64_t>& rows) {
    m_layouts->reveal(DockId::Data);
    m_dataPanel->showRows(rows);
  });
}

void MainWindow::connectView() {
  const std::pair<ActionId, LayoutKind> kinds[] = {{ActionId::LayoutDesign, LayoutKind::Design},
                                                   {ActionId::LayoutTraining, LayoutKind::Training},
                                                   {ActionId::LayoutEvaluation, LayoutKind::Evaluation},
                                                   {ActionId::LayoutCatalog, LayoutKind::Catalog}};
  for (const auto& [id, kind] : kinds) {
    connect(m_actions[id], &QAction::triggered, this, [this, kind = kind] { m_layouts->apply(kind); });
    connect(m_layouts, &Layouts::applied, this, [this, id = id, kind = kind](LayoutKind now) {
      if (now == kind) m_actions[id]->setChecked(true);
    });
  }
  connect(m_actions[ActionId::ResetLayout], &QAction::triggered, m_layouts, &Layouts::reset);
  const std::pair<ActionId, DockId> docks[] = {{ActionId::ShowLayers, DockId::Layers},
                                               {ActionId::ShowOutline, DockId::Outline},
                                               {ActionId::ShowInspector, DockId::Inspector},
                                               {ActionId::ShowProblems, DockId::Problems},
                                               {ActionId::ShowData, DockId::Data},
                                               {ActionId::ShowTraining, DockId::Training},
                                               {ActionId::ShowEvaluation, DockId::Evaluation},
                                               {ActionId::ShowCatalog, DockId::Catalog}};
  for (const auto& [id, dock] : docks) {
    connect(m_actions[id], &QAction::triggered, this, [this, dock = dock] { m_layouts->reveal(dock); });
  }
  const std::pair<ActionId, Theme::Mode> modes[] = {{ActionId::ThemeLight, Theme::Mode::Light},
                                                    {ActionId::ThemeDark, Theme::Mode::Dark},
                                                    {ActionId::ThemeSystem, Theme::Mode::System}};
  for (const auto& [id, mode] : modes) {
    connect(m_actions[id], &QAction::triggered, this, [this, mode = mode] { setThemeMode(mode); });
    m_actions[id]->setChecked(mode == m_services.settings.themeMode());
  }
  connect(m_actions[ActionId::FullScreen], &QAction::toggled, this,
          [this](bool isOn) { isOn ? showFullScreen() : showNormal(); });
  connect(m_actions[ActionId::ShowCost], &QAction::toggled, this, [this](bool isOn) {
    if (m_shown) m_shown->cost().setActive(isOn);
  });
  connect(m_actions[ActionId::ShowWelcome], &QAction::triggered, this, [this] { showWelcome(true); });
  const auto step = [this](int direction) {
    const int count = static_cast<int>(m_workspace.documents().size());
    if (count > 0)
      m_workspace.setCurrent(m_workspace.documents()[(m_workspace.indexOf(m_shown) + direction + count) % count]);
  };
  connect(m_actions[ActionId::NextTab], &QAction::triggered, this, [step] { step(+1); });
  connect(m_actions[ActionId::PreviousTab], &QAction::triggered, this, [step] { step(-1); });
  connect(m_actions[ActionId::NextPanel], &QAction::triggered, this, [this] { m_layouts->focusNext(+1); });
  connect(m_actions[ActionId::PreviousPanel], &QAction::triggered, this, [this] { m_layouts->focusNext(-1); });
}

void MainWindow::connectZoom() {
  const auto onCanvas = [this](ActionId id, void (LayerCanvas::*run)()) {
    connect(m_actions[id], &QAction::triggered, this, [this, run] {
      if (DocumentView* view = m_documents->currentView()) (view->canvas().*run)();
    });
  };
  onCanvas(ActionId::ZoomIn, &LayerCanvas::zoomIn);
  onCanvas(ActionId::ZoomOut, &LayerCanvas::zoomOut);
  onCanvas(ActionId::ZoomFit, &LayerCanvas::fit);
  onCanvas(ActionId::ArrangeCards, &LayerCanvas::autoLayout);
  onCanvas(ActionId::InsertLayer, &LayerCanvas::openInsertSearch);
  connect(m_actions[ActionId::Find], &QAction::triggered, this, [this] {
    m_layouts->reveal(DockId::Layers);
    m_palette->focusFilter();
  });
}

void MainWindow::connectPanels() {
  connect(m_trainer, &TrainController::runningChanged, this, [this](bool isRunning) {
    m_topBar->setTraining(isRunning);
    if (isRunning) showWelcome(false);
  });
  connect(m_training, &TrainingPanel::tryRequested, m_actions[ActionId::TryModel], &QAction::trigger);
  connect(m_actions[ActionId::TryModel], &QAction::triggered, this, [this] {
    if (m_layouts->current() == LayoutKind::Design || m_layouts->current() == LayoutKind::Catalog)
      m_layouts->apply(LayoutKind::Evaluation);
    m_evaluation->showView(EvaluationPanel::Predictions);
    m_layouts->reveal(DockId::Evaluation);
  });
  connect(&m_training->controls(), &TrainingControls::faultFound, this,
          [this] { m_layouts->reveal(DockId::Problems); });
  connect(&m_training->controls(), &TrainingControls::dataMissing, this,
          [this] { m_layouts->reveal(DockId::Training); });
  connect(m_status, &StatusBar::problemsRequested, this, [this] { m_layouts->reveal(DockId::Problems); });
  connect(m_welcome, &WelcomePanel::dismissed, this, [this] { showWelcome(false); });
  connect(m_welcome, &WelcomePanel::templateRequested, m_opener, &OpenController::openTemplate);
  connect(m_welcome, &WelcomePanel::placeRequested, m_opener, [this](const QString& place) { m_opener->open(place); });
  for (CatalogPanel* panel : {m_catalogDock, m_catalogPage}) {
    connect(panel, &CatalogPanel::openRequested, m_opener, [this](const QString& url) { m_opener->open(url); });
    connect(panel, &CatalogPanel::saveRequested, m_saver, [this](const QString& place) {
      if (m_shown) m_saver->saveAsIn(*m_shown, place);
    });
  }
  connect(m_catalogController, &CatalogController::renamed, this, [this](const QString& url, const QString& newUrl) {
    for (DocumentContext* context : m_workspace.allOfUrl(url)) {
      context->document().setUrl(newUrl);
      context->document().setName(modelNameOf(newUrl));
      m_saver->follow(*context, url);
    }
  });
  connect(m_catalogController, &CatalogController::restored, this, [this](const QString& url) {
    for (DocumentContext* context : m_workspace.allOfUrl(url)) m_saver->renewBase(*context);
  });
  connect(m_catalogController, &CatalogController::removed, this, [this](const QString& url) {
    for (DocumentContext* context : m_workspace.allOfUrl(url)) context->undoStack().resetClean();  // nowhere any more
  });
}

void MainWindow::connectHelp() {
  connect(m_actions[ActionId::SearchActions], &QAction::triggered, this, [this] {
    auto* search = new ActionSearch(m_actions.all(), this);
    search->move(mapToGlobal(QPoint((width() - search->width()) / 2, m_topBar->height() + 8)));
    search->show();
  });
  connect(m_actions[ActionId::Preferences], &QAction::triggered, this, [this] {
    auto* dialog = new PreferencesDialog(m_services.settings, m_services.stores, m_services.threads, this);
    connect(dialog, &PreferencesDialog::themeModeChosen, this, &MainWindow::setThemeMode);
    dialog->open();
  });
  connect(m_actions[ActionId::Help], &QAction::triggered, this, [this] { (new HelpDialog(this))->show(); });
  connect(m_actions[ActionId::Shortcuts], &QAction::triggered, this,
          [this] { (new ShortcutsDialog(m_actions.all(), this))->open(); });
  connect(m_actions[ActionId::About], &QAction::triggered, this, [this] { (new AboutDialog(this))->open(); });
  connect(&m_services.settings, &Settings::fontChanged, this, &MainWindow::applyFont);
}

void MainWindow::connectMessages() {
  connect(m_opener, &OpenController::started, m_jobs, &JobStrips::add);
  connect(m_opener, &OpenController::ended, m_jobs, &JobStrips::remove);
  connect(m_saver, &SaveController::started, m_jobs, &JobStrips::add);
  connect(m_saver, &SaveController::ended, m_jobs, &JobStrips::remove);
  connect(m_catalogController, &CatalogController::started, m_jobs, &JobStrips::add);
  connect(m_catalogController, &CatalogController::ended, m_jobs, &JobStrips::remove);
  connect(m_catalogController, &CatalogController::ended, m_closer, &CloseController::workEnded);
  connect(m_jobs, &JobStrips::textChanged, m_status, &StatusBar::setBusy);
  connect(m_saver, &SaveController::stopped, this, [this](DocumentContext* context, const Error& error) {
    toast(tr("%1 %2 was not saved.").arg(QString::fromStdString(error.message()), context->document().name()));
  });
  connect(m_opener, &OpenController::noted, this,
          [this](const QString& text) { toast(text, QStringLiteral("warning")); });
  connect(m_opener, &OpenController::weightsMissing, this, [this](DocumentContext* context, const QStringList& files) {
    if (DocumentView* view = m_documents->view(context)) showMissingWeights(*view, m_services.stores, files);
  });
  connect(m_saver, &SaveController::saved, this, [this](DocumentContext* context, const SaveResult& result) {
    toast(tr("Saved %1 in %2.").arg(context->document().name(), placeForPeople(result.url)), QStringLiteral("check"));
    if (const QString place = placeOf(result.url); m_services.settings.servers().contains(place))
      m_catalogController->refreshPlace(place);
  });
  connect(m_saver, &SaveController::offered, this, [this](SaveDialog* dialog) {
    std::vector<UploadServer> servers;
    for (const QString& root : m_services.settings.servers()) {
      const CatalogPlace* place = m_catalogController->place(root);
      servers.push_back(
          {root, placeTitle(root), m_catalogController->accessFor(root), place ? place->problem : QString()});
    }
    dialog->form().setServers(std::move(servers));
  });
  connect(m_saver, &SaveController::receiverRequested, this, [this](SaveDialog* dialog) { offerReceiver(*dialog); });
  connect(m_saver, &SaveController::answered, this, [this](const SaveResult& result, qint64 elapsedMs) {
    toast(tr("Sent to %1: it answered %2.").arg(QUrl(result.url).authority(), answerSummary(result, elapsedMs)),
          QStringLiteral("check"), tr("Show answer"),
          [this, result, elapsedMs] { (new AnswerDialog(result, elapsedMs, this))->open(); });
  });
  connect(m_editor, &EditController::refused, this, [this](const QString& reason) { toast(reason); });
  connect(m_trainer, &TrainController::bestTaken, this, [this](int epoch) {
    const auto takeBack = [context = QPointer(m_shown), step = m_shown->undoStack().index()] {
      if (context && context->undoStack().index() == step && !context->session().isActive())
        context->undoStack().undo();
    };
    toast(tr("The weights of epoch %1 are back.").arg(epoch + 1), QStringLiteral("back-to-best"), tr("Undo"), takeBack);
  });
  connect(m_recovery, &RecoveryController::failed, this,
          [this](const QString& reason) { toast(reason, QStringLiteral("warning")); });
  connect(m_catalogController, &CatalogController::noted, this, [this](const QString& text) { toast(text); });
  connect(m_catalogController, &CatalogController::done, this, [this](const QString& text, const QString& iconName) {
    QUndoStack& steps = m_catalogController->undoStack();
    toast(text, iconName, tr("Undo"), [&steps, step = steps.index()] {
      if (steps.index() == step) steps.undo();
    });
  });
}

void MainWindow::connectSentLater() {
  connect(m_saver, &SaveController::sentLater, this, [this](const QString& name, const SaveResult& result) {
    toast(
        tr("%1 was sent to %2. It is kept elsewhere since, and stays there.").arg(name, QUrl(result.url).authority()));
    m_catalogController->refresh();
  });
}

void MainWindow::connectBridge() {
  connect(m_actions[ActionId::BrowserBridge], &QAction::triggered, this, &MainWindow::showBridge);
  connect(m_bridge, &BrowserBridge::stateChanged, this, [this] {
    m_status->setBridge(m_bridge->state() == BrowserBridge::State::Listening ? m_bridge->address() : QString());
  });
  connect(m_bridge, &BrowserBridge::modelArrived, m_catalogController, &CatalogController::refresh);
  connect(m_bridge, &BrowserBridge::modelRemoved, m_catalogController, &CatalogController::refresh);
  connect(m_bridge, &BrowserBridge::modelArrived, this,
          [this] { toast(tr("A page sent a model to the catalog."), QStringLiteral("bridge")); });
}

void MainWindow::showBridge() {
  const QString name = m_shown ? m_shown->document().name() : QStringLiteral("my-model");
  auto* dialog = new BridgeDialog(*m_bridge, name, this);
  connect(dialog, &BridgeDialog::startRequested, m_bridge, [this] { startBridge(); });
  connect(dialog, &BridgeDialog::stopRequested, m_bridge, &BrowserBridge::stop);
  dialog->open();
}

void MainWindow::startBridge() {
  m_bridge->start({{}, m_services.storePath, 0});
}

/// Once the bridge listens, the dialog sends there.
void MainWindow::offerReceiver(SaveDialog& dialog) {
  const auto fill = [this, &dialog] {
    if (m_bridge->state() == BrowserBridge::State::Listening)
      dialog.form().setReceiver(m_bridge->address(), m_bridge->token());
    else if (m_bridge->state() == BrowserBridge::State::Failed)
      toast(tr("The test receiver was not started. %1").arg(m_bridge->problem()), QStringLiteral("warning"));
  };
  connect(m_bridge, &BrowserBridge::stateChanged, &dialog, fill);
  startBridge();
  fill();
}

void MainWindow::fillRecentMenu() {
  QMenu* menu = m_actions.recentMenu();
  menu->clear();
  const QStringList places = m_services.settings.recentPlaces();
  for (const QString& place : places)
    menu->addAction(placeForPeople(place) + QStringLiteral("  ") + modelNameOf(place), m_opener,
                    [this, place] { m_opener->open(place); });
  if (places.isEmpty()) {
    menu->addAction(tr("Nothing opened yet"))->setEnabled(false);
    return;
  }
  menu->addSeparator();
  menu->addAction(tr("Clear This List"), &m_services.settings, &Settings::clearRecentPlaces);
}

void MainWindow::fillWindowMenu() {
  QMenu* menu = m_actions.windowMenu();
  for (QAction* action : menu->actions()) {
    if (action->property("document").toBool()) delete action;
  }
  for (DocumentContext* context : m_workspace.documents()) {
    QAction* action = menu->addAction(context->document().name(), this, [this, target = QPointer(context)] {
      if (target) m_workspace.setCurrent(target);  // it may close while the menu is open
    });
    action->setProperty("document", true);
    action->setCheckable(true);
    action->setChecked(context == m_shown);
  }
}

void MainWindow::showCommand() {
  const QString kept = m_shown->document().url();
  const QString place = kept.isEmpty() ? QStringLiteral("indexeddb://") + m_shown->document().name() : kept;
  QString note = tr("The same training in a terminal; run it in the folder of the data file.");
  if (kept.isEmpty()) note = tr("Save the model as %1 first.").arg(place) + QLatin1Char(' ') + note;
  (new ShowCodeDialog(tr("Show as command"), note, trainCommandLine(m_shown->state(), place, place), {}, this))->open();
}

void MainWindow::showCode() {
  const QString page = tensorflowJsPage(m_shown->state(), m_shown->document().name());
  (new ShowCodeDialog(tr("Show as TensorFlow.js code"),
                      tr("A page that loads model.json from beside it and predicts. Save the model to a folder, and "
                         "this page into the same one."),
                      page, QStringLiteral("index.html"), this))
      ->open();
}

}  // namespace layersmith

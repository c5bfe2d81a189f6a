#pragma once

#include "ui/main/Actions.h"
#include "ui/main/Layouts.h"
#include "ui/main/Workspace.h"
#include "ui/theme/Theme.h"

#include <QMainWindow>

#include <functional>

class QStackedWidget;

namespace layersmith {

class BrowserBridge;
class CatalogController;
class CatalogPanel;
class CloseController;
class DataPanel;
class DocumentArea;
class DropZone;
class EditController;
class EvaluationPanel;
class InspectorPanel;
class JobStrips;
class LayerPalette;
class OpenController;
class OutlineView;
class ProblemsPanel;
class RecoveryController;
class SaveController;
class SaveDialog;
class SecretStore;
class Settings;
class StatusBar;
class StoreWorker;
class TopBar;
class TrainController;
class TrainingPanel;
class WelcomePanel;

/// What the window is given; all outlive it.
struct Services {
  Settings& settings;
  ComputeThread& compute;
  StoreWorker& stores;     ///< catalog, folders, browser storage
  StoreWorker& transfers;  ///< HTTP, which may take long
  QString recoveryFolder;
  int threads = 1;                 ///< that compute
  QString storePath{};             ///< where the Browser Bridge puts models; empty: the programs' own store
  SecretStore* secrets = nullptr;  ///< the system's keychain; null: tokens last for the session
};

/// The studio's window. It builds the parts and joins them; what they do stands in the controllers.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(Services services, QWidget* parent = nullptr);
  ~MainWindow() override;

  /// Places of the command line; with none, the two-moons sample and the welcome panel.
  void start(const QStringList& places, const QString& templateKey);
  void openPlaces(const QStringList& places);  ///< in a program that has started already

  Workspace& workspace() { return m_workspace; }
  Actions& actions() { return m_actions; }
  Layouts& layouts() { return *m_layouts; }
  OpenController& opener() { return *m_opener; }
  SaveController& saver() { return *m_saver; }
  RecoveryController& recovery() { return *m_recovery; }
  CatalogController& catalog() { return *m_catalogController; }
  DocumentArea& documents() { return *m_documents; }
  TrainingPanel& trainingPanel() { return *m_training; }
  DataPanel& dataPanel() { return *m_dataPanel; }
  EvaluationPanel& evaluationPanel() { return *m_evaluation; }
  JobStrips& jobs() { return *m_jobs; }
  BrowserBridge& bridge() { return *m_bridge; }
  DropZone& dropZone() { return *m_dropZone; }

  void setThemeMode(Theme::Mode mode);
  void toast(const QString& text, const QString& iconName = {}, const QString& actionText = {},
             std::function<void()> action = {});

 protected:
  void closeEvent(QCloseEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  // MainWindow.cpp
  void makeCentre();
  void makePanels();
  void makeControllers();
  void setCurrent(DocumentContext* context);
  void refreshTitle();
  void showWelcome(bool isShown);
  void applyFont();

  // MainWindowWiring.cpp
  void connectFile();
  void connectData();
  void connectView();
  void connectPanels();
  void connectZoom();
  void connectHelp();
  void connectSentLater();
  void connectBridge();
  void connectMessages();
  void fillRecentMenu();
  void fillWindowMenu();
  void showCommand();
  void showCode();
  void showBridge();
  void startBridge();
  void offerReceiver(SaveDialog& dialog);

  Services m_services;
  Actions m_actions;
  Workspace m_workspace;
  TopBar* m_topBar = nullptr;
  QStackedWidget* m_pages = nullptr;
  QMainWindow* m_centre = nullptr;
  DocumentArea* m_documents = nullptr;
  WelcomePanel* m_welcome = nullptr;
  StatusBar* m_status = nullptr;
  JobStrips* m_jobs = nullptr;
  DropZone* m_dropZone = nullptr;
  LayerPalette* m_palette = nullptr;
  OutlineView* m_outline = nullptr;
  InspectorPanel* m_inspector = nullptr;
  ProblemsPanel* m_problems = nullptr;
  DataPanel* m_dataPanel = nullptr;
  TrainingPanel* m_training = nullptr;
  EvaluationPanel* m_evaluation = nullptr;
  CatalogPanel* m_catalogDock = nullptr;
  CatalogPanel* m_catalogPage = nullptr;
  Layouts* m_layouts = nullptr;
  OpenController* m_opener = nullptr;
  SaveController* m_saver = nullptr;
  CloseController* m_closer = nullptr;
  EditController* m_editor = nullptr;
  TrainController* m_trainer = nullptr;
  RecoveryController* m_recovery = nullptr;
  CatalogController* m_catalogController = nullptr;
  BrowserBridge* m_bridge = nullptr;
  DocumentContext* m_shown = nullptr;
  bool m_wasShown = false;
};

}  // namespace layersmith

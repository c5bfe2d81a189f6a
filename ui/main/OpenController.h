#pragma once

#include "model/document/DocumentIo.h"
#include "model/storage/ModelStore.h"
#include "ui/main/OpenPlan.h"
#include "ui/main/StoreWorker.h"

#include <QObject>
#include <QPointer>

#include <functional>

namespace layersmith {

class DocumentContext;
class Settings;
class Workspace;

/// Opens models: from a dialog, a link, an argument, a drop, the catalog, a template. Reading happens off the GUI
/// thread.
class OpenController : public QObject {
  Q_OBJECT

 public:
  OpenController(Workspace& workspace, StoreWorker& stores, StoreWorker& transfers, Settings& settings,
                 QWidget& window);

  void openWithDialog();
  void openFolderWithDialog();
  void openLinkWithDialog();
  void openNewDialog();
  /// What parsePlace takes: a folder, a file, a URL. Opened already: brings it to the front.
  void open(const QString& place, const HttpOptions& http = {});
  void openTemplate(const QString& key);
  void openPlan(const OpenPlan& plan);
  /// A model whose files were picked from different folders: it has no place of its own yet.
  void openPicked(const QString& json, const QStringList& files);

 Q_SIGNALS:
  void opened(layersmith::DocumentContext* context);
  void failed(const QString& place);
  void started(const QString& text, std::shared_ptr<layersmith::JobProgress> progress);
  void ended(std::shared_ptr<layersmith::JobProgress> progress);
  void tableRequested(const QString& path);
  void imagesRequested(const QString& imagesPath, const QString& labelsPath);
  void weightsMissing(layersmith::DocumentContext* context, const QStringList& files);
  void noted(const QString& text);

 private:
  struct Loaded;
  /// `load(options)` runs on the worker; what it gives becomes a tab.
  template <class Load>
  void read(StoreWorker& worker, const QString& place, Load load, std::function<void()> retry);
  void finish(const QString& place, Outcome<Loaded> outcome, const std::function<void()>& retry);
  void showFailure(const QString& place, const Error& error, const std::function<void()>& retry);
  void tell(DocumentContext* context, const Loaded& loaded);

  Workspace& m_workspace;
  StoreWorker& m_stores;
  StoreWorker& m_transfers;
  Settings& m_settings;
  QWidget& m_window;
};

/// "moons" of "indexeddb://moons", "/a/moons/model.json", "https://x/moons/model.json".
QString modelNameOf(const QString& place);

}  // namespace layersmith

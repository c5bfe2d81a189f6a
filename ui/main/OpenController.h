#pragma once

#include "model/document/DocumentIo.h"
#include "model/storage/ModelStore.h"
#include "ui/main/OpenPlan.h"
#include "ui/main/StoreWorker.h"

#include <QObject>
#include <QPointer>

#include <functional>

namespace layersmith {

class CatalogController;
class DocumentContext;
class Settings;
class Workspace;

/// Opens models: from a dialog, a link, an argument, a drop, the catalog, a template. Reading happens off the GUI
/// thread. A server gets the token that the catalog has for it, and one that refuses is asked for another.
class OpenController : public QObject {
  Q_OBJECT

 public:
  OpenController(Workspace& workspace, StoreWorker& stores, StoreWorker& transfers, Settings& settings,
                 CatalogController& catalog, QWidget& window);

  void openWithDialog();
  void openFolderWithDialog();
  void openLinkWithDialog();
  void openNewDialog();
  /// What parsePlace takes: a folder, a file, a URL. Opened already: brings it to the front.
  void open(const QString& place);
  void openTemplate(const QString& key);
  void openPlan(const OpenPlan& plan);
  /// A model whose files were picked from different folders: it has no place of its own yet.
  void openPicked(const QString& json, const QStringList& files);

 Q_SIGNALS:
  /// `stamp`: what the model's place held when it was read; empty: not known.
  void opened(layersmith::DocumentContext* context, const QString& stamp);
  void failed(const QString& place);
  void started(const QString& text, std::shared_ptr<layersmith::JobProgress> progress);
  void ended(std::shared_ptr<layersmith::JobProgress> progress);
  void tableRequested(const QString& path);
  void imagesRequested(const QString& imagesPath, const QString& labelsPath);
  void weightsMissing(layersmith::DocumentContext* context, const QStringList& files);
  void noted(const QString& text);
  void trashRequested();
  void raised();  ///< what was to be opened is open, and in front now

 private:
  struct Loaded;
  /// What to open, and how.
  struct Request {
    QString place;
    QStringList files;  ///< not empty: these, picked by hand, instead of what lies at `place`
    HttpOptions http;
    bool acceptsChanged = false;  ///< although its files were changed after saving
  };
  void open(const Request& request);
  void readPlace(StoreWorker& worker, const Request& request, const QString& address);
  /// `load(library, options)` runs on the worker; what it gives becomes a tab.
  template <class Load>
  void read(StoreWorker& worker, const Request& request, Load load);
  void finish(const Request& request, Outcome<Loaded> outcome);
  void show(Loaded loaded);
  void showFailure(const Request& request, const Error& error);
  void tell(DocumentContext* context, const Loaded& loaded);

  Workspace& m_workspace;
  StoreWorker& m_stores;
  StoreWorker& m_transfers;
  Settings& m_settings;
  CatalogController& m_catalog;
  QWidget& m_window;
};

}  // namespace layersmith

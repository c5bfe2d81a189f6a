#include "ui/main/OpenController.h"

#include "model/document/Templates.h"
#include "model/storage/WeightFileHashes.h"
#include "model/storage/files/FileSet.h"
#include "model/storage/http/HttpErrors.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogPlaces.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/LinkDialog.h"
#include "ui/dialogs/NewModelDialog.h"
#include "ui/main/Settings.h"
#include "ui/main/Workspace.h"

#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QRegularExpression>
#include <QUrl>

namespace layersmith {

struct OpenController::Loaded {
  Loaded(ModelArtifacts artifacts, const QString& itsUrl, const QString& itsName)
      : url(itsUrl), name(itsName), missingFiles(artifacts.missingFiles) {
    document = documentFromArtifacts(std::move(artifacts));
  }
  Loaded(OpenedDocument opened, const QString& itsUrl)
      : document(std::move(opened)), url(itsUrl), name(modelNameOf(itsUrl)) {}

  OpenedDocument document;
  QString url;
  QString name;
  QString stamp;
  QStringList missingFiles;
};

OpenController::OpenController(Workspace& workspace, StoreWorker& stores, StoreWorker& transfers, Settings& settings,
                               CatalogController& catalog, QWidget& window)
    : QObject(&window),
      m_workspace(workspace),
      m_stores(stores),
      m_transfers(transfers),
      m_settings(settings),
      m_catalog(catalog),
      m_window(window) {}

void OpenController::openWithDialog() {
  auto* dialog = new QFileDialog(&m_window, tr("Open a model"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setObjectName(QStringLiteral("openDialog"));
  dialog->setFileMode(QFileDialog::ExistingFiles);
  dialog->setNameFilters(
      {tr("Models, tables, images (*.json *.zip *.csv *.tsv *.txt *.gz *ubyte)"), tr("All files (*)")});
  connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& files) { openPlan(planOpen(files)); });
  dialog->open();
}

void OpenController::openFolderWithDialog() {
  auto* dialog = new QFileDialog(&m_window, tr("Open the model in a folder"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setObjectName(QStringLiteral("openFolderDialog"));
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::filesSelected, this,
          [this](const QStringList& folders) { openPlan(planOpen(folders)); });
  dialog->open();
}

void OpenController::openLinkWithDialog() {
  auto* dialog = new LinkDialog(m_transfers, m_catalog, &m_window);
  connect(dialog, &LinkDialog::loaded, this,
          [this](const QString& url, const OpenedDocument& document) { show(Loaded(document, withoutSecrets(url))); });
  dialog->open();
}

void OpenController::openNewDialog() {
  auto* dialog = new NewModelDialog(&m_window);
  connect(dialog, &NewModelDialog::chosen, this, &OpenController::openTemplate);
  dialog->open();
}

void OpenController::openTemplate(const QString& key) {
  try {
    static const QRegularExpression capital(QStringLiteral("([A-Z])"));
    QString name = key;
    name.replace(capital, QStringLiteral("-\\1"));
    DocumentContext* context =
        m_workspace.add(makeTemplate(key), key == QStringLiteral("empty") ? tr("model") : name.toLower());
    Q_EMIT opened(context, {});
  } catch (...) {
    ErrorDialog::show(tr("The template was not opened."), currentError(), {}, &m_window);
  }
}

void OpenController::openPlan(const OpenPlan& plan) {
  if (plan.items.empty()) {
    ErrorDialog::show(tr("Nothing was opened."), Error(ErrorKind::Format, plan.text.toStdString()), {}, &m_window);
    return;
  }
  if (!plan.note.isEmpty()) Q_EMIT noted(plan.note);
  for (const OpenItem& item : plan.items) {
    switch (item.kind) {
      case OpenItem::Kind::Model: open(item.place); break;
      case OpenItem::Kind::PickedModel: openPicked(item.place, item.files); break;
      case OpenItem::Kind::Table: Q_EMIT tableRequested(item.place); break;
      case OpenItem::Kind::Images: Q_EMIT imagesRequested(item.place, item.labels); break;
    }
  }
}

void OpenController::open(const QString& place) {
  open(Request{place, {}, {}, false});
}

void OpenController::openPicked(const QString& json, const QStringList& files) {
  open(Request{json, files, {}, false});
}

void OpenController::open(const Request& request) {
  if (!request.files.isEmpty()) {
    read(m_stores, request, [request](ModelLibrary&, const LoadOptions& options) {
      return Loaded(loadPickedFiles(request.files, options), {}, modelNameOf(request.place));
    });
    return;
  }
  Place place;
  try {
    place = parsePlace(request.place);
  } catch (...) {
    showFailure(request, currentError());
    return;
  }
  const QString url = withoutSecrets(place.url());
  if (DocumentContext* context = m_workspace.findUrl(url)) {
    m_workspace.setCurrent(context);
    Q_EMIT raised();
    return;
  }
  if (!place.scheme.startsWith(QStringLiteral("http"))) {
    readPlace(m_stores, request, place.url());
    return;
  }
  m_catalog.withAccessFor(url, this, [this, request, address = place.url()](const HttpOptions& access) {
    Request with = request;
    with.http = withAccess(request.http, access);
    readPlace(m_transfers, with, address);
  });
}

void OpenController::readPlace(StoreWorker& worker, const Request& request, const QString& address) {
  read(worker, request, [address](ModelLibrary& library, LoadOptions options) {
    QString stamp;
    options.stamp = &stamp;
    const QString url = withoutSecrets(address);
    Loaded loaded(library.load(address, options), url, modelNameOf(url));
    loaded.stamp = stamp;
    return loaded;
  });
}

template <class Load>
void OpenController::read(StoreWorker& worker, const Request& request, Load load) {
  auto progress = std::make_shared<JobProgress>();
  Q_EMIT started(tr("Opening %1").arg(modelNameOf(request.place)), progress);
  worker.run(
      this,
      [load, progress, request](ModelLibrary& library) {
        LoadOptions options;
        options.allowMissingWeights = true;
        options.acceptChangedFiles = request.acceptsChanged;
        options.keepsUnfinished = true;  // Retry goes on
        options.http = request.http;
        options.progress = JobProgress::reporter(progress);
        return load(library, options);
      },
      [this, request, progress](Outcome<Loaded> outcome) {
        Q_EMIT ended(progress);
        finish(request, std::move(outcome));
      });
}

void OpenController::finish(const Request& request, Outcome<Loaded> outcome) {
  if (!outcome.isOk()) {
    showFailure(request, outcome.error());
    return;
  }
  Loaded& loaded = outcome.value();
  if (request.acceptsChanged) {  // a plain Save must not make the damaged one the good one
    loaded.url.clear();
    loaded.stamp.clear();
    Q_EMIT noted(tr("%1 was opened as a copy: its files are not as they were saved.").arg(loaded.name));
  }
  show(std::move(loaded));
}

void OpenController::show(Loaded loaded) {
  if (DocumentContext* context = loaded.url.isEmpty() ? nullptr : m_workspace.findUrl(loaded.url)) {
    m_workspace.setCurrent(context);  // it was asked for twice
    Q_EMIT raised();
    return;
  }
  DocumentContext* context = m_workspace.add(std::move(loaded.document.state), loaded.name, loaded.url);
  if (!loaded.url.isEmpty()) m_settings.addRecentPlace(loaded.url);
  Q_EMIT opened(context, loaded.stamp);
  tell(context, loaded);
}

void OpenController::tell(DocumentContext* context, const Loaded& loaded) {
  if (!loaded.missingFiles.isEmpty()) Q_EMIT weightsMissing(context, loaded.missingFiles);
  for (const Issue& issue : loaded.document.issues) {
    if (issue.severity != Severity::Hint) Q_EMIT noted(QString::fromStdString(issue.message));
  }
}

void OpenController::showFailure(const Request& request, const Error& error) {
  if (error.kind() == ErrorKind::Cancelled) return;
  std::vector<ErrorAction> actions;
  if (isHelpedByToken(error, request.place)) {
    actions.push_back(m_catalog.tokenAction(request.place, [this, request] { open(request); }));
  } else if (isChangedAfterSaving(error)) {
    Request anyway = request;
    anyway.acceptsChanged = true;
    actions.push_back({QStringLiteral("anyway"), tr("Open anyway"), [this, anyway] { open(anyway); }});
    actions.push_back({QStringLiteral("trash"), tr("Look in the Trash"), [this] { Q_EMIT trashRequested(); }});
  } else {
    actions.push_back({QStringLiteral("retry"), tr("Retry"), [this, request] { open(request); }});
  }
  actions.push_back({QStringLiteral("other"), tr("Open another..."), [this] { openWithDialog(); }});
  const QString recent = withoutSecrets(request.place);
  if (m_settings.recentPlaces().contains(recent)) {
    actions.push_back(
        {QStringLiteral("forget"), tr("Forget it"), [this, recent] { m_settings.forgetRecentPlace(recent); }});
  }
  ErrorDialog::show(tr("“%1” was not opened.").arg(modelNameOf(request.place)), error, std::move(actions), &m_window);
  Q_EMIT failed(request.place);
}

}  // namespace layersmith

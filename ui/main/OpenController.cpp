#include "ui/main/OpenController.h"

#include "model/document/Templates.h"
#include "model/storage/FileSet.h"
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
  OpenedDocument document;
  QString url;
  QString name;
  QStringList missingFiles;
};

QString modelNameOf(const QString& place) {
  const bool isFile = QUrl(place).isLocalFile();
  QString path = isFile ? QUrl(place).toLocalFile() : place;
  const qsizetype scheme = path.indexOf(QStringLiteral("://"));
  if (scheme >= 0) path = path.mid(scheme + 3);
  if (!isFile) path = path.section(QLatin1Char('?'), 0, 0);
  while (path.endsWith(QLatin1Char('/'))) path.chop(1);
  QString name = path.section(QLatin1Char('/'), -1);
  if (name == QStringLiteral("model.json")) name = path.section(QLatin1Char('/'), -2, -2);
  if (name.endsWith(QStringLiteral(".json"))) name.chop(5);
  return name.isEmpty() ? QStringLiteral("model") : name;
}

OpenController::OpenController(Workspace& workspace, StoreWorker& stores, StoreWorker& transfers, Settings& settings,
                               QWidget& window)
    : QObject(&window),
      m_workspace(workspace),
      m_stores(stores),
      m_transfers(transfers),
      m_settings(settings),
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
  auto* dialog = new LinkDialog(m_transfers, &m_window);
  connect(dialog, &LinkDialog::loaded, this, [this](const QString& url, const OpenedDocument& document) {
    DocumentContext* context = m_workspace.add(document.state, modelNameOf(url), url);
    m_settings.addRecentPlace(url);
    Q_EMIT opened(context);
    tell(context, {document, url, modelNameOf(url), {}});
  });
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
    Q_EMIT opened(context);
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

void OpenController::open(const QString& place, const HttpOptions& http) {
  const auto retry = [this, place, http] { open(place, http); };
  Place parsed;
  try {
    parsed = parsePlace(place);
  } catch (...) {
    showFailure(place, currentError(), retry);
    return;
  }
  const QString url = parsed.url();
  if (DocumentContext* context = m_workspace.findUrl(url)) {
    m_workspace.setCurrent(context);
    return;
  }
  const bool isRemote = parsed.scheme.startsWith(QStringLiteral("http"));
  read(
      isRemote ? m_transfers : m_stores, place,
      [url, http](ModelLibrary& library, LoadOptions options) {
        options.http = http;
        ModelArtifacts artifacts = library.load(url, options);
        const QStringList missing = artifacts.missingFiles;
        return Loaded{documentFromArtifacts(std::move(artifacts)), url, modelNameOf(url), missing};
      },
      retry);
}

void OpenController::openPicked(const QString& json, const QStringList& files) {
  read(
      m_stores, json,
      [json, files](ModelLibrary&, const LoadOptions& options) {
        ModelArtifacts artifacts = loadPickedFiles(files, options);
        const QStringList missing = artifacts.missingFiles;
        return Loaded{documentFromArtifacts(std::move(artifacts)), {}, modelNameOf(json), missing};
      },
      [this, json, files] { openPicked(json, files); });
}

template <class Load>
void OpenController::read(StoreWorker& worker, const QString& place, Load load, std::function<void()> retry) {
  auto progress = std::make_shared<JobProgress>();
  Q_EMIT started(tr("Opening %1").arg(modelNameOf(place)), progress);
  worker.run(
      this,
      [load, progress](ModelLibrary& library) {
        LoadOptions options;
        options.allowMissingWeights = true;
        options.progress = JobProgress::reporter(progress);
        return load(library, options);
      },
      [this, place, progress, retry = std::move(retry)](Outcome<Loaded> outcome) {
        Q_EMIT ended(progress);
        finish(place, std::move(outcome), retry);
      });
}

void OpenController::finish(const QString& place, Outcome<Loaded> outcome, const std::function<void()>& retry) {
  if (!outcome.isOk()) {
    showFailure(place, outcome.error(), retry);
    return;
  }
  Loaded& loaded = outcome.value();
  DocumentContext* context = m_workspace.add(std::move(loaded.document.state), loaded.name, loaded.url);
  if (!loaded.url.isEmpty()) m_settings.addRecentPlace(loaded.url);
  Q_EMIT opened(context);
  tell(context, loaded);
}

void OpenController::tell(DocumentContext* context, const Loaded& loaded) {
  if (!loaded.missingFiles.isEmpty()) Q_EMIT weightsMissing(context, loaded.missingFiles);
  for (const Issue& issue : loaded.document.issues) {
    if (issue.severity != Severity::Hint) Q_EMIT noted(QString::fromStdString(issue.message));
  }
}

void OpenController::showFailure(const QString& place, const Error& error, const std::function<void()>& retry) {
  if (error.kind() == ErrorKind::Cancelled) return;
  std::vector<ErrorAction> actions;
  actions.push_back({QStringLiteral("retry"), tr("Retry"), retry});
  actions.push_back({QStringLiteral("other"), tr("Open another..."), [this] { openWithDialog(); }});
  if (m_settings.recentPlaces().contains(place)) {
    actions.push_back(
        {QStringLiteral("forget"), tr("Forget it"), [this, place] { m_settings.forgetRecentPlace(place); }});
  }
  ErrorDialog::show(tr("“%1” was not opened.").arg(modelNameOf(place)), error, std::move(actions), &m_window);
  Q_EMIT failed(place);
}

}  // namespace layersmith

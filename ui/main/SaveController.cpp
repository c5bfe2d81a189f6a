#include "ui/main/SaveController.h"

#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/SaveDialog.h"
#include "ui/main/OpenController.h"
#include "ui/main/Settings.h"
#include "ui/main/Workspace.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QPointer>
#include <QStandardPaths>
#include <QUrl>

namespace layersmith {

QString placeForPeople(const QString& url) {
  if (url.startsWith(QStringLiteral("indexeddb://"))) return SaveController::tr("IndexedDB");
  if (url.startsWith(QStringLiteral("localstorage://"))) return SaveController::tr("local storage");
  if (url.startsWith(QStringLiteral("http"))) return QUrl(url).host();
  return QDir::toNativeSeparators(QUrl(url).isLocalFile() ? QUrl(url).toLocalFile() : url);
}

SaveController::SaveController(Workspace& workspace, StoreWorker& stores, StoreWorker& transfers, Settings& settings,
                               QWidget& window)
    : QObject(&window),
      m_workspace(workspace),
      m_stores(stores),
      m_transfers(transfers),
      m_settings(settings),
      m_window(window) {
  connect(&workspace, &Workspace::aboutToClose, this, [this](DocumentContext* context) {
    m_lastRequests.erase(context);
    m_bases.erase(context);
  });
}

void SaveController::noteBase(DocumentContext* context) {
  if (context->document().url().isEmpty()) return;
  m_stores.run(
      context, [url = context->document().url()](ModelLibrary& library) { return library.stamp(url); },
      [this, context](const Outcome<QString>& outcome) {
        if (outcome.isOk()) m_bases[context] = outcome.value();
      });
}

QString SaveController::base(DocumentContext* context) const {
  const auto found = m_bases.find(context);
  return found == m_bases.end() ? QString() : found->second;
}

QString SaveController::defaultFolder() const {
  for (const QString& place : m_settings.recentPlaces()) {
    const QString path = place.startsWith(QStringLiteral("file://")) ? QUrl(place).toLocalFile() : place;
    if (QFileInfo(path).isAbsolute()) return QFileInfo(path).path();
  }
  if (!m_settings.folders().isEmpty()) return m_settings.folders().front();
  const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
  return QDir(documents.isEmpty() ? QDir::homePath() : documents).filePath(QStringLiteral("Layersmith"));
}

void SaveController::save(DocumentContext& context, Finished finished) {
  const QString url = context.document().url();
  const auto known = m_lastRequests.find(&context);
  if (known != m_lastRequests.end() && known->second.url == url) {
    SaveRequest request = known->second;
    request.options.overwrite = true;
    request.options.replacedToTrash = false;  // saving one's own model again is not a replacement
    perform(context, request, std::move(finished));
    return;
  }
  if (url.isEmpty() || url.startsWith(QStringLiteral("http"))) {
    saveAs(context, std::move(finished));
    return;
  }
  SaveRequest request;
  request.url = url;
  request.name = context.document().name();
  request.options.overwrite = true;
  perform(context, request, std::move(finished));
}

void SaveController::saveAs(DocumentContext& context, Finished finished) {
  auto* dialog = new SaveDialog(context, m_stores, defaultFolder(), &m_window);
  auto isAccepted = std::make_shared<bool>(false);
  connect(dialog, &SaveDialog::accepted, this,
          [this, context = QPointer(&context), finished, isAccepted](const SaveRequest& request) {
            *isAccepted = true;
            if (context) perform(*context, request, finished);
          });
  connect(dialog, &QDialog::finished, this, [finished, isAccepted] {
    if (!*isAccepted && finished) finished(false);
  });
  connect(dialog, &SaveDialog::receiverRequested, this, [this, dialog] { Q_EMIT receiverRequested(dialog); });
  dialog->open();
}

void SaveController::saveAll(std::vector<DocumentContext*> contexts, Finished finished) {
  if (contexts.empty()) {
    finished(true);
    return;
  }
  DocumentContext* first = contexts.front();
  contexts.erase(contexts.begin());
  m_workspace.setCurrent(first);
  save(*first, [this, rest = std::move(contexts), finished = std::move(finished)](bool isSaved) {
    if (isSaved)
      saveAll(rest, finished);
    else
      finished(false);
  });
}

void SaveController::perform(DocumentContext& context, const SaveRequest& request, Finished finished) {
  auto progress = std::make_shared<JobProgress>();
  Q_EMIT started(tr("Saving %1").arg(request.name), progress);
  const int savedIndex = context.undoStack().index();
  const bool isRemote = request.url.startsWith(QStringLiteral("http"));
  const bool isOwnPlace = !isRemote && parsePlace(request.url).url() == context.document().url();
  QElapsedTimer timer;
  timer.start();
  const QString base = isOwnPlace && !request.options.replacedToTrash ? m_bases[&context] : QString();
  (isRemote ? m_transfers : m_stores)
      .run(
          this,
          [state = context.state(), request, base, progress](ModelLibrary& library) {
            SaveOptions options = request.options;
            options.base = base;
            return library.save(parsePlace(request.url).url(), artifactsFromDocument(state, request.contents), options,
                                JobProgress::reporter(progress));
          },
          [this, target = QPointer(&context), request, progress, savedIndex, isRemote, timer,
           finished = std::move(finished)](const Outcome<SaveResult>& outcome) {
            Q_EMIT ended(progress);
            if (!target) return;
            if (!outcome.isOk() && outcome.error().kind() == ErrorKind::Cancelled) {
              Q_EMIT stopped(target, outcome.error());
              if (finished) finished(false);
              return;
            }
            if (!outcome.isOk()) {
              showFailure(*target, request, outcome.error(), finished);
              return;
            }
            keepOutcome(*target, request, outcome.value().url);
            if (target->undoStack().index() == savedIndex) target->undoStack().setClean();
            Q_EMIT saved(target, outcome.value());
            if (isRemote) Q_EMIT answered(outcome.value(), timer.elapsed());
            if (finished) finished(true);
          });
}

void SaveController::keepOutcome(DocumentContext& context, const SaveRequest& request, const QString& url) {
  SaveRequest& last = m_lastRequests[&context];
  last = request;
  last.url = url;
  context.document().setUrl(url);
  context.document().setName(request.name.isEmpty() ? modelNameOf(request.url) : request.name);
  noteBase(&context);
  m_settings.addRecentPlace(url);
  // The folder that holds it is listed from now on: what was saved is found in the catalog.
  QStringList folders = m_settings.folders();
  const QString folder = QUrl(url).isLocalFile() ? QFileInfo(QUrl(url).toLocalFile()).path() : QString();
  if (folder.isEmpty() || folders.contains(folder)) return;
  folders.append(folder);
  m_settings.setFolders(folders);
}

void SaveController::showFailure(DocumentContext& context, const SaveRequest& request, const Error& error,
                                 const Finished& finished) {
  const auto again = [this, target = QPointer(&context), finished](const SaveRequest& next) {
    if (target) perform(*target, next, finished);
  };
  std::vector<ErrorAction> actions;
  if (error.kind() == ErrorKind::NoSpace && request.target == SaveTarget::LocalStorage) {
    SaveRequest inDatabase = request;
    inDatabase.target = SaveTarget::IndexedDb;
    inDatabase.url = QStringLiteral("indexeddb://") + request.name;
    actions.push_back(
        {QStringLiteral("indexedDb"), tr("Save in IndexedDB"), [again, inDatabase] { again(inDatabase); }});
  } else if (error.kind() == ErrorKind::AlreadyExists || error.code() == "E203") {
    SaveRequest replacing = request;
    replacing.options.overwrite = true;
    replacing.options.replacedToTrash = true;
    actions.push_back({QStringLiteral("replace"), tr("Replace"), [again, replacing] { again(replacing); }});
  } else {
    actions.push_back({QStringLiteral("retry"), tr("Retry"), [again, request] { again(request); }});
  }
  actions.push_back(
      {QStringLiteral("elsewhere"), tr("Save elsewhere..."), [this, target = QPointer(&context), finished] {
         if (target) saveAs(*target, finished);
       }});
  ErrorDialog* dialog = ErrorDialog::show(tr("The model was not saved."), error, std::move(actions), &m_window);
  if (finished) connect(dialog, &QDialog::rejected, this, [finished] { finished(false); });
}

}  // namespace layersmith

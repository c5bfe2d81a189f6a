#include "ui/main/SaveController.h"

#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/HttpRequest.h"
#include "model/storage/http/ServerModel.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogPlaces.h"
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
#include <QUuid>

#include <utility>

namespace layersmith {

using namespace std::chrono_literals;

QString placeForPeople(const QString& url) {
  if (url.startsWith(QStringLiteral("indexeddb://"))) return SaveController::tr("IndexedDB");
  if (url.startsWith(QStringLiteral("localstorage://"))) return SaveController::tr("local storage");
  if (url.startsWith(QStringLiteral("http"))) return QUrl(url).host();
  return QDir::toNativeSeparators(QUrl(url).isLocalFile() ? QUrl(url).toLocalFile() : url);
}

SaveController::SaveController(Workspace& workspace, StoreWorker& stores, StoreWorker& transfers, Settings& settings,
                               CatalogController& catalog, QWidget& window)
    : QObject(&window),
      m_workspace(workspace),
      m_stores(stores),
      m_transfers(transfers),
      m_settings(settings),
      m_catalog(catalog),
      m_window(window) {
  connect(&workspace, &Workspace::aboutToClose, this, [this](DocumentContext* context) {
    m_kept.erase(context);
    m_bases.erase(context);
    m_waiting.erase(context);
    forgetPostponed(context);
  });
  m_postponedTimer.setInterval(30s);
  connect(&m_postponedTimer, &QTimer::timeout, this, &SaveController::retryPostponed);
}

void SaveController::setBase(DocumentContext* context, const QString& stamp) {
  m_bases[context] = stamp;
}

QString SaveController::base(DocumentContext* context) const {
  const auto found = m_bases.find(context);
  return found == m_bases.end() ? QString() : found->second;
}

void SaveController::follow(DocumentContext& context, const QString& from) {
  renewBase(context);
  const auto kept = m_kept.find(&context);
  if (kept == m_kept.end() || kept->second.url != from) return;
  const QString url = context.document().url();
  const std::optional<SaveTarget> target = targetOf(url);
  if (!target || target == SaveTarget::Http || kept->second.request.target == SaveTarget::Http) {
    m_kept.erase(kept);
    return;
  }
  kept->second.url = url;
  kept->second.request.url = url;
  kept->second.request.target = *target;
  kept->second.request.name = context.document().name();
}

void SaveController::renewBase(DocumentContext& context) {
  const QString url = context.document().url();
  setBase(&context, {});
  if (url.startsWith(QStringLiteral("http"))) return;  // the next save is told of its stamp
  m_stores.run(
      this, [url](ModelLibrary& library) { return library.stamp(url); },
      [this, target = QPointer(&context), url](const Outcome<QString>& outcome) {
        if (target && outcome.isOk() && target->document().url() == url && base(target).isEmpty())
          setBase(target, outcome.value());
      });
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
  if (const auto waiting = m_waiting.find(&context); waiting != m_waiting.end()) {
    waiting->second.push_back({{}, std::move(finished), {}, false, true});  // its place may be another one by then
    return;
  }
  const QString url = context.document().url();
  const PostponedSave* waiting = postponed(&context);
  if (waiting && (url.isEmpty() || url == ownUrl(waiting->request))) {
    sendPostponed(context, std::move(finished));
    return;
  }
  const auto known = m_kept.find(&context);
  if (known != m_kept.end() && known->second.url == url) {
    SaveRequest request = known->second.request;
    request.options.overwrite = true;
    request.options.replacedToTrash = false;  // saving one's own model again is not a replacement
    perform(context, request, std::move(finished));
    return;
  }
  if (url.isEmpty() || url.startsWith(QStringLiteral("http"))) {
    const auto model = ServerModel::at(url);
    ask(context, std::move(finished), [this, model](SaveDialog& dialog) {
      if (model && m_catalog.place(model->root)) dialog.setPlace(model->root);  // where it came from
    });
    return;
  }
  SaveRequest request;
  request.url = url;
  request.name = context.document().name();
  request.options.overwrite = true;
  perform(context, request, std::move(finished));
}

void SaveController::saveAs(DocumentContext& context, Finished finished) {
  ask(context, std::move(finished), {});
}

void SaveController::saveAsIn(DocumentContext& context, const QString& place) {
  ask(context, {}, [place](SaveDialog& dialog) { dialog.setPlace(place); });
}

void SaveController::ask(DocumentContext& context, Finished finished, const std::function<void(SaveDialog&)>& prepare) {
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
  Q_EMIT offered(dialog);
  if (prepare) prepare(*dialog);
  dialog->open();
}

void SaveController::saveAll(std::vector<QPointer<DocumentContext>> contexts, Finished finished) {
  std::erase_if(contexts, [this](const auto& context) { return !context || m_workspace.indexOf(context) < 0; });
  if (contexts.empty()) {
    finished(true);
    return;
  }
  DocumentContext* first = contexts.front();
  contexts.erase(contexts.begin());
  m_workspace.setCurrent(first);
  const auto next = [this, rest = std::move(contexts), finished = std::move(finished)](bool isSaved) {
    if (isSaved)
      saveAll(rest, finished);
    else
      finished(false);
  };
  save(*first, [this, target = QPointer(first), next](bool isSaved) {
    if (isSaved && target && postponed(target))
      sendPostponed(*target, next);  // saved here, and still waiting for a server
    else
      next(isSaved);
  });
}

void SaveController::perform(DocumentContext& context, SaveRequest request, Finished finished) {
  queue(context, {std::move(request), std::move(finished)});
}

void SaveController::queue(DocumentContext& context, Job job) {
  const auto [waiting, isFirst] = m_waiting.try_emplace(&context);
  if (isFirst)
    start(context, std::move(job));
  else
    waiting->second.push_back(std::move(job));
}

void SaveController::startNext(DocumentContext* context, bool isSaved) {
  const auto waiting = m_waiting.find(context);
  if (waiting == m_waiting.end()) return;
  std::deque<Job> jobs = std::move(waiting->second);
  m_waiting.erase(waiting);
  for (Job& job : jobs) {  // the first one starts, and the others wait for it
    if (job.isPlain)
      save(*context, std::move(job.finished));
    else if (!job.isPostponed || postponed(context))
      queue(*context, std::move(job));
    else if (job.finished)
      job.finished(true);  // the try before it came through
  }
  if (!isSaving(context)) Q_EMIT settled(context, isSaved);
}

void SaveController::start(DocumentContext& context, Job job) {
  SaveRequest& request = job.request;
  if (!request.server.isEmpty())
    request.options.http = withAccess(request.options.http, m_catalog.accessFor(request.server));
  if (request.options.idempotencyKey.isEmpty())
    request.options.idempotencyKey = QUuid::createUuid().toString(QUuid::WithoutBraces);
  auto progress = std::make_shared<JobProgress>();
  Q_EMIT started(tr("Saving %1").arg(request.name), progress);
  QElapsedTimer timer;
  timer.start();
  const bool isRemote = request.url.startsWith(QStringLiteral("http"));
  const bool isOwnPlace = ownUrl(request) == context.document().url();
  const QString base = isOwnPlace && !request.options.replacedToTrash ? this->base(&context) : QString();
  (isRemote ? m_transfers : m_stores)
      .run(
          this,
          [state = context.state(), request, base, progress](ModelLibrary& library) {
            SaveOptions options = request.options;
            options.base = base;
            SaveResult result = library.save(sendingUrl(request), artifactsFromDocument(state, request.contents),
                                             options, JobProgress::reporter(progress));
            if (!request.server.isEmpty()) result.url = ownUrl(request);
            return result;
          },
          [this, target = QPointer(&context), job, progress, savedRevision = context.document().revision(), isRemote,
           timer](const Outcome<SaveResult>& outcome) {
            Q_EMIT ended(progress);
            if (!target) {
              tellOfClosed(job.request, outcome);
              return;
            }
            end(*target, job, outcome, savedRevision);
            if (isRemote && outcome.isOk()) Q_EMIT answered(outcome.value(), timer.elapsed());
            if (job.finished && outcome.isOk()) job.finished(true);
            startNext(target, outcome.isOk());
          });
}

void SaveController::end(DocumentContext& context, const Job& job, const Outcome<SaveResult>& outcome,
                         std::int64_t savedRevision) {
  if (outcome.isOk()) {
    const PostponedSave* waiting = postponed(&context);
    if (waiting && ownUrl(waiting->request) == ownUrl(job.request)) {
      forgetPostponed(&context);
      QTimer::singleShot(0, this, &SaveController::retryPostponed);  // others may wait for that server
    }
    const QString url = context.document().url();
    if (job.isPostponed && !url.isEmpty() && url != ownUrl(job.request)) {
      Q_EMIT sentLater(job.request.name, outcome.value());  // it has been saved elsewhere since, and stays there
      return;
    }
    for (DocumentContext* other : m_workspace.allOfUrl(outcome.value().url))
      if (other != &context) other->undoStack().resetClean();  // another model is at its place now
    keepOutcome(context, job.request, outcome.value());
    if (context.document().revision() == savedRevision) context.undoStack().setClean();
    Q_EMIT saved(&context, outcome.value());
  } else if (const std::optional<Job> again = withKnownToken(job, outcome.error())) {
    m_waiting[&context].push_front(*again);
  } else if (job.failed) {
    job.failed(outcome.error());
  } else if (outcome.error().kind() == ErrorKind::Cancelled) {
    Q_EMIT stopped(&context, outcome.error());
    if (job.finished) job.finished(false);
  } else {
    for (const Job& other : std::exchange(m_waiting[&context], {}))
      if (other.finished) other.finished(false);  // one answer is enough
    showFailure(context, job.request, outcome.error(), job.finished);
  }
}

/// Its tab is gone, but what became of it is not nothing to the person.
void SaveController::tellOfClosed(const SaveRequest& request, const Outcome<SaveResult>& outcome) {
  if (outcome.isOk() || outcome.error().kind() == ErrorKind::Cancelled) return;
  ErrorDialog::show(tr("%1 was not saved, and it is closed.").arg(request.name), outcome.error(), {}, &m_window);
}

/// A server that got none and wants one gets the token that was given for it before.
std::optional<SaveController::Job> SaveController::withKnownToken(const Job& job, const Error& error) const {
  const QString url = sendingUrl(job.request);
  if (!isHelpedByToken(error, url) || sendsSecret(job.request.options.http)) return {};
  const HttpOptions access = m_catalog.accessFor(url);
  if (!sendsSecret(access)) return {};
  Job again = job;
  again.request.options.http = withAccess(job.request.options.http, access);
  return again;
}

void SaveController::keepOutcome(DocumentContext& context, const SaveRequest& request, const SaveResult& result) {
  m_kept[&context] = {asAnother(request), result.url};
  setBase(&context, result.stamp);
  if (context.document().url() != result.url) listFolderOf(result.url);  // once: a person may have it forgotten
  context.document().setUrl(result.url);
  context.document().setName(request.name.isEmpty() ? modelNameOf(request.url) : request.name);
  m_settings.addRecentPlace(result.url);
}

/// What was saved is found in the catalog.
void SaveController::listFolderOf(const QString& url) {
  QStringList folders = m_settings.folders();
  const QString folder = QUrl(url).isLocalFile() ? QFileInfo(QUrl(url).toLocalFile()).path() : QString();
  if (folder.isEmpty() || folders.contains(folder)) return;
  folders.append(folder);
  m_settings.setFolders(folders);
}

}  // namespace layersmith

// What a save that failed offers.
#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/HttpRequest.h"
#include "model/storage/http/ServerModel.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogPlaces.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/SaveDialog.h"
#include "ui/main/SaveController.h"
#include "ui/main/Workspace.h"

#include <QPointer>

namespace layersmith {

void SaveController::showFailure(DocumentContext& context, const SaveRequest& request, const Error& error,
                                 const Finished& finished) {
  const bool isChanged = error.kind() == ErrorKind::Changed;
  if (isChanged) context.undoStack().resetClean();  // what is there is not what is here
  const QString ways =
      tr("Replace it (the other version goes to the Trash), take theirs (Undo brings yours back), or "
         "save this one elsewhere.");
  const Error told(error.kind(), error.message(), error.code(), error.where(),
                   isChanged ? ways.toStdString() : error.hint());
  ErrorDialog* dialog = ErrorDialog::show(tr("The model was not saved."), told.withDetails(error.details()),
                                          waysOut(context, request, error, finished), &m_window);
  if (finished) connect(dialog, &QDialog::rejected, this, [finished] { finished(false); });
}

std::vector<ErrorAction> SaveController::waysOut(DocumentContext& context, const SaveRequest& request,
                                                 const Error& error, const Finished& finished) {
  const auto onTarget = [target = QPointer(&context)](auto run) {
    return [target, run] {
      if (target) run(*target);
    };
  };
  std::vector<ErrorAction> actions = {firstWayOut(context, request, error, finished)};
  if (canPostpone(request, error))
    actions.push_back({QStringLiteral("later"), tr("Send later"), onTarget([=, this](DocumentContext& target) {
                         postpone(target, request);
                         if (finished) finished(false);
                       })});
  if (error.kind() == ErrorKind::AlreadyExists && knowsTakenNames(request))
    actions.push_back({QStringLiteral("keepBoth"), tr("Keep both"),
                       onTarget([=, this](DocumentContext& target) { keepBoth(target, request, finished); })});
  if (error.kind() == ErrorKind::Changed)
    actions.push_back({QStringLiteral("theirs"), tr("Take theirs"),
                       onTarget([=, this](DocumentContext& target) { takeTheirs(target, request, finished); })});
  actions.push_back({QStringLiteral("elsewhere"), tr("Save elsewhere..."), onTarget([=, this](DocumentContext& target) {
                       ask(target, finished, [request](SaveDialog& dialog) { dialog.setRequest(request); });
                     })});
  return actions;
}

/// What helps against this error: the primary button.
ErrorAction SaveController::firstWayOut(DocumentContext& context, const SaveRequest& request, const Error& error,
                                        const Finished& finished) {
  const auto again = [this, target = QPointer(&context), finished](const SaveRequest& next) {
    if (target) perform(*target, next, finished);
  };
  // A model that is not as it was is another save.
  const auto repeat = [again, revision = context.document().revision(),
                       target = QPointer(&context)](const SaveRequest& next) {
    const bool isSame = target && target->document().revision() == revision;
    again(isSame ? next : asAnother(next));
  };
  if (isHelpedByToken(error, sendingUrl(request))) {
    const auto given = [this, repeat, request] {
      SaveRequest next = request;
      next.options.http = withAccess(request.options.http, m_catalog.accessFor(sendingUrl(request)));
      repeat(next);
    };
    return m_catalog.tokenAction(sendingUrl(request), given, [finished] {
      if (finished) finished(false);
    });
  }
  if (error.kind() == ErrorKind::NoSpace && request.target == SaveTarget::LocalStorage) {
    SaveRequest inDatabase = asAnother(request);
    inDatabase.target = SaveTarget::IndexedDb;
    inDatabase.url = QStringLiteral("indexeddb://") + request.name;
    return {QStringLiteral("indexedDb"), tr("Save in IndexedDB"), [again, inDatabase] { again(inDatabase); }};
  }
  if (error.kind() == ErrorKind::AlreadyExists || error.kind() == ErrorKind::Changed) {
    SaveRequest replacing = asAnother(request);
    replacing.options.overwrite = true;
    replacing.options.replacedToTrash = true;
    return {QStringLiteral("replace"), tr("Replace"), [again, replacing] { again(replacing); }};
  }
  return {QStringLiteral("retry"), tr("Retry"), [repeat, request] { repeat(request); }};
}

/// Under the next name that is free there.
void SaveController::keepBoth(DocumentContext& context, const SaveRequest& request, const Finished& finished) {
  (request.url.startsWith(QStringLiteral("http")) ? m_transfers : m_stores)
      .run(
          this, [request](ModelLibrary& library) { return renamed(asAnother(request), freeNameFor(library, request)); },
          [this, target = QPointer(&context), request, finished](const Outcome<SaveRequest>& outcome) {
            if (!target) return;
            if (outcome.isOk())
              perform(*target, outcome.value(), finished);
            else
              showFailure(*target, request, outcome.error(), finished);
          });
}

/// As one undo step: what was made here stays within reach.
void SaveController::takeTheirs(DocumentContext& context, const SaveRequest& request, const Finished& finished) {
  struct Theirs {
    DocumentState state;
    QString stamp;
  };
  const auto sent = ServerModel::sentTo(context.document().url());
  const QString url = sent ? sent->url() : context.document().url();
  (request.url.startsWith(QStringLiteral("http")) ? m_transfers : m_stores)
      .run(
          this,
          [url, http = request.options.http](ModelLibrary& library) {
            QString stamp;
            LoadOptions options;
            options.http = http;
            options.stamp = &stamp;
            DocumentState state = documentFromArtifacts(library.load(url, options)).state;
            return Theirs{std::move(state), stamp};
          },
          [this, target = QPointer(&context), request, url, finished](const Outcome<Theirs>& outcome) {
            if (!outcome.isOk()) {
              std::vector<ErrorAction> actions;
              if (target && isHelpedByToken(outcome.error(), url))
                actions.push_back(m_catalog.tokenAction(url, [this, target, request, url] {
                  SaveRequest next = request;
                  next.options.http = withAccess(request.options.http, m_catalog.accessFor(url));
                  if (target) takeTheirs(*target, next, {});
                }));
              ErrorDialog::show(tr("The other version was not opened."), outcome.error(), std::move(actions),
                                &m_window);
            } else if (target &&
                       target->apply(tr("take the version of %1").arg(placeForPeople(url)), outcome.value().state)) {
              setBase(target, outcome.value().stamp);
              target->undoStack().setClean();
            }
            if (finished) finished(false);
          });
}

}  // namespace layersmith

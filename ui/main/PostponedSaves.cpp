// Saves that wait for a server which cannot be reached: kept for the session, tried again until they get there.
#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/ServerModel.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/main/SaveController.h"
#include "ui/main/Workspace.h"

#include <QPointer>
#include <QSet>
#include <QUrl>
#include <QUuid>

namespace layersmith {

namespace {

/// A Layersmith server stores a save once, however often it comes; another may store it twice.
bool mayBeRepeated(const SaveRequest& request, const Error& error) {
  return !request.server.isEmpty() || ServerModel::sentTo(request.url) || !mayHaveArrived(error);
}

bool isUnreached(const Error& error) {
  return error.kind() == ErrorKind::Network && error.code() == "E301";
}

}  // namespace

const PostponedSave* SaveController::postponed(DocumentContext* context) const {
  const auto found = m_postponed.find(context);
  return found == m_postponed.end() ? nullptr : &found->second;
}

bool SaveController::canPostpone(const SaveRequest& request, const Error& error) {
  return request.target == SaveTarget::Http && isUnreached(error) && mayBeRepeated(request, error);
}

void SaveController::postpone(DocumentContext& context, const SaveRequest& request) {
  m_postponed[&context] = {request, context.document().revision(), {}};
  m_postponedTimer.start();
  Q_EMIT postponedChanged();
}

void SaveController::forgetPostponed(DocumentContext* context) {
  if (m_postponed.erase(context) == 0) return;
  if (m_postponed.empty()) m_postponedTimer.stop();
  Q_EMIT postponedChanged();
}

void SaveController::sendPostponed(DocumentContext& context, Finished finished) {
  const auto found = m_postponed.find(&context);
  if (found == m_postponed.end()) return;
  queue(context, {requestOf(context, found->second), std::move(finished), {}, true});
}

/// The model goes as it is now; when that is not as it was, it is another save.
SaveRequest SaveController::requestOf(DocumentContext& context, PostponedSave& save) {
  if (save.revision != context.document().revision()) save.request.options.idempotencyKey.clear();
  save.revision = context.document().revision();
  if (save.request.options.idempotencyKey.isEmpty())
    save.request.options.idempotencyKey = QUuid::createUuid().toString(QUuid::WithoutBraces);
  return save.request;
}

/// Nobody asked for it now, so nobody is interrupted: what the server says stands in the strip. One model for a server:
/// when it gets there, the others follow.
void SaveController::retryPostponed() {
  QSet<QString> servers;
  for (auto& [context, save] : m_postponed) {
    const QString server = QUrl(save.request.url).authority();
    if (!save.problem.isEmpty() || m_waiting.contains(context) || servers.contains(server)) continue;
    servers.insert(server);
    const auto failed = [this, target = QPointer(context)](const Error& error) {
      const auto found = m_postponed.find(target);
      if (found == m_postponed.end() || canPostpone(found->second.request, error)) return;
      found->second.problem = QString::fromStdString(error.message());
      Q_EMIT postponedChanged();
    };
    queue(*context, {requestOf(*context, save), {}, failed, true});
  }
}

}  // namespace layersmith

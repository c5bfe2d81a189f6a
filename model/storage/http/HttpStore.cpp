#include "model/storage/http/HttpStore.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/BoundedJson.h"
#include "model/format/ContentKind.h"
#include "model/format/JsonAccess.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/HttpLoad.h"
#include "model/storage/http/HttpRequest.h"
#include "model/storage/http/MultipartBody.h"
#include "model/storage/http/ServerModel.h"

#include <QJsonDocument>
#include <QUuid>

#include <algorithm>
#include <span>

namespace layersmith {

namespace {

[[noreturn]] void unsupported(const char* what) {
  throw Error(ErrorKind::Unsupported,
              std::string("A web server cannot ") + what + ". Copy the model to a folder or a store first.");
}

/// Of the server's address, or that of its list itself.
QUrl listUrl(const QUrl& server) {
  const QUrl given = server.adjusted(QUrl::StripTrailingSlash);
  return given.path().endsWith(QStringLiteral("/models")) ? given : below(server, QStringLiteral("models"));
}

/// Of what an upload published. The ETag of another server's answer may be of that answer.
QString stampOfUpload(const HttpReply& reply) {
  const QString url = QJsonDocument::fromJson(reply.body)[u"url"].toString();
  return url.startsWith(QStringLiteral("/models/")) ? stampOf(reply) : QString();
}

/// The array of {"models": [...]}.
Json modelsIn(const QByteArray& body, const QString& server) {
  requireModelJson(body, server);
  const Json answer = parseBoundedJson(body, server);
  const Json& models = memberOf(answer, "models");
  if (!models.is_array())
    throw Error(ErrorKind::Format,
                server.toStdString() + " answered, but not with a list of models: it is no Layersmith server.", "E104",
                server.toStdString());
  return models;
}

QString textOf(const Json& object, const char* key) {
  const Json& value = memberOf(object, key);
  return value.is_string() ? QString::fromStdString(value.get<std::string>()) : QString();
}

std::int64_t countOf(const Json& object, const char* key) {
  const Json& value = memberOf(object, key);
  return value.is_number_integer() ? std::max<std::int64_t>(value.get<std::int64_t>(), 0) : 0;
}

}  // namespace

HttpStore::HttpStore(std::shared_ptr<LostLoad> lost) : m_lost(lost ? std::move(lost) : std::make_shared<LostLoad>()) {}

ModelArtifacts HttpStore::load(const QString& address, const LoadOptions& options) {
  return HttpLoad(m_transfer, *m_lost, address, options).run();
}

ModelArtifacts HttpStore::loadStructure(const QString& address, const LoadOptions& options) {
  return HttpLoad(m_transfer, *m_lost, address, options).structure();
}

QList<std::pair<QString, QString>> headersOfSave(const SaveOptions& options) {
  if (!options.overwrite) return {{QStringLiteral("If-None-Match"), QStringLiteral("*")}};
  QList<std::pair<QString, QString>> headers;
  if (!options.base.isEmpty()) headers.append({QStringLiteral("If-Match"), options.base});
  if (!options.base.isEmpty() || options.replacedToTrash)
    headers.append({QStringLiteral("Prefer"), QStringLiteral("keep-replaced")});
  return headers;
}

SaveResult HttpStore::save(const QString& address, const ModelArtifacts& artifacts, const SaveOptions& options,
                           const StoreProgress& progress) {
  const QString method = options.http.method.toUpper();
  if (method != QStringLiteral("POST") && method != QStringLiteral("PUT"))
    throw Error(ErrorKind::InvalidConfig, "A model is sent with POST or PUT, not " + method.toStdString() + ".", {},
                "method");
  const QUrl url(address);
  const QByteArray boundary = makeBoundary();
  HttpOptions http = options.http;
  http.headers += headersOfSave(options);
  // One key a save, so that a server that knows it stores a repeated request once.
  http.headers.append({QStringLiteral("Idempotency-Key"), options.idempotencyKey.isEmpty()
                                                              ? QUuid::createUuid().toString(QUuid::WithoutBraces)
                                                              : options.idempotencyKey});
  const HttpReply reply = m_transfer.send(url, method.toLatin1(), "multipart/form-data; boundary=" + boundary,
                                          multipartBody(uploadParts(artifacts), boundary), http, progress);
  if (reply.status == 412 && options.overwrite && !options.base.isEmpty() && !reply.isRepeated)
    throw changedOnServer(url);
  if (reply.status < 200 || reply.status > 299) throw refusedUpload(reply);
  SaveResult result = saveResult(shown(url), artifacts, QDateTime::currentDateTimeUtc());
  result.stamp = stampOfUpload(reply);
  result.httpStatus = reply.status;
  result.replyHeaders = reply.headers;
  result.replyBody = reply.body.left(4096);
  return result;
}

std::vector<ModelEntry> HttpStore::listServer(const QString& server, const HttpOptions& options) {
  const QUrl root(server);
  const HttpReply reply = m_transfer.get(listUrl(root), options, limits::kModelJsonBytes, {});
  const Json models = modelsIn(reply.body, shown(root));
  // Not as the server says it: behind a proxy it does not know under which path it is reached.
  const QString folder = listUrl(root)
                             .adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment)
                             .toString(QUrl::FullyEncoded)
                             .chopped(qsizetype(sizeof("/models") - 1));
  std::vector<ModelEntry> entries;
  for (const Json& model : models) {
    const QString name = textOf(model, "name");
    if (name.isEmpty() || ServerModel::nameFor(name) != name) continue;
    const Json& info = memberOf(model, "modelArtifactsInfo");
    ModelEntry entry;
    entry.url = shown(QUrl(ServerModel{folder, name}.url()));
    entry.name = name;
    entry.info.dateSaved = QDateTime::fromString(textOf(info, "dateSaved"), Qt::ISODateWithMs);
    entry.info.modelTopologyBytes = countOf(info, "modelTopologyBytes");
    entry.info.weightSpecsBytes = countOf(info, "weightSpecsBytes");
    entry.info.weightDataBytes = countOf(info, "weightDataBytes");
    entry.layerCount = int(countOf(model, "layers"));
    entry.parameters = countOf(model, "parameters");
    entry.problem = textOf(model, "problem");
    entries.push_back(std::move(entry));
  }
  return entries;
}

QString HttpStore::stampOnServer(const QString& address, const HttpOptions& options) {
  return stampOf(modelJsonAt(m_transfer, QUrl(address), options, {}).reply);
}

void HttpStore::removeFromServer(const QString& address, const HttpOptions& given, const QString& stamp) {
  const QUrl url(ServerModel::require(address, "Nothing was removed.").folder());
  HttpOptions options = given;
  if (!stamp.isEmpty()) options.headers.append({QStringLiteral("If-Match"), stamp});
  HttpReply reply;
  try {
    reply = m_transfer.send(url, "DELETE", "application/octet-stream", {}, options, {});
  } catch (const Error& error) {
    if (error.code() != "E301" || !m_transfer.wasSent()) throw;
    throw Error(ErrorKind::Network,
                "The connection to " + url.host().toStdString() + " was lost before an answer came. Whether " +
                    shown(url).toStdString() + " was removed is not known: list the server's models.",
                "E301", shown(url).toStdString());
  }
  if (reply.status == 412)
    throw Error(ErrorKind::Changed,
                shown(url).toStdString() + " was written by another program meanwhile, so it stays on the server.",
                "E203", shown(url).toStdString(), "Move it again.");
  if (reply.status < 200 || reply.status > 299) throw refused(reply);
}

bool HttpStore::contains(const QString&) {
  return false;
}

std::vector<ModelEntry> HttpStore::list() {
  return {};
}

TrashEntry HttpStore::remove(const QString&) {
  unsupported("be told to remove a model");
}

void HttpStore::rename(const QString&, const QString&) {
  unsupported("be told to rename a model");
}

void HttpStore::restore(const QString&) {
  unsupported("restore a model");
}

void HttpStore::purge(const QString&) {
  unsupported("remove a model");
}

}  // namespace layersmith

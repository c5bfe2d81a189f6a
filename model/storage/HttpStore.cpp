#include "model/storage/HttpStore.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/BoundedJson.h"
#include "model/format/ContentKind.h"
#include "model/format/JsonAccess.h"
#include "model/format/ModelJson.h"
#include "model/format/WeightsManifest.h"
#include "model/storage/HttpErrors.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/MultipartBody.h"
#include "model/storage/WeightFileErrors.h"

#include <QUuid>

#include <algorithm>
#include <span>

namespace layersmith {

namespace {

[[noreturn]] void unsupported(const char* what) {
  throw Error(ErrorKind::Unsupported,
              std::string("A web server cannot ") + what + ". Copy the model to a folder or a store first.");
}

QUrl weightUrl(const QUrl& modelUrl, const std::string& path) {
  const QUrl relative(QString::fromStdString(path));
  if (!relative.isRelative() || relative.path().isEmpty()) {
    if (!isSameOrigin(modelUrl, relative))
      throw Error(ErrorKind::Format, path + " points outside the model's origin. Refused.", "E131", path);
    return relative;
  }
  QUrl url = modelUrl.resolved(relative);
  if (!isSameOrigin(modelUrl, url))
    throw Error(ErrorKind::Format, path + " points outside the model's origin. Refused.", "E131", path);
  if (!relative.hasQuery()) url.setQuery(modelUrl.query(QUrl::FullyEncoded), QUrl::StrictMode);
  return url;
}

/// As TensorFlow.js: what a person says stands before the path, and the query of model.json after it.
QUrl prefixedUrl(const QUrl& modelUrl, const QString& prefix, const std::string& path) {
  QUrl url(prefix + QString::fromStdString(path));
  if (url.scheme() != QStringLiteral("http") && url.scheme() != QStringLiteral("https"))
    throw Error(ErrorKind::InvalidConfig,
                "The prefix of weight files must be an http(s):// address, not " + prefix.toStdString() + ".", {},
                "weightPathPrefix");
  if (!url.hasQuery()) url.setQuery(modelUrl.query(QUrl::FullyEncoded), QUrl::StrictMode);
  return url;
}

QUrl listUrl(const QUrl& server) {
  QUrl url = server;
  url.setPath(server.adjusted(QUrl::StripTrailingSlash).path() + QStringLiteral("/models"));
  return url;
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

/// Weight files, one after the other, each to its place in one block: a manifest tells the size of all files of a group
/// together, so that a file's place is known when those before it are there. What is longer than the manifest says
/// stays beside the block.
class WeightsDownload {
 public:
  /// Errors: E130.
  WeightsDownload(HttpTransfer& transfer, std::int64_t total, const StoreProgress& progress)
      : m_transfer(transfer), m_block(sizeWithinLimits(total)), m_progress(progress) {}

  /// `expected`: bytes of the file's group, `missing`: those of them not there yet. Returns how long the file is.
  std::int64_t fetch(const QUrl& url, const HttpOptions& http, std::int64_t expected, std::int64_t missing) {
    const std::span<std::byte> place = m_block.span().subspan(m_placed, std::size_t(missing));
    const std::int64_t before = std::int64_t(m_placed) + m_surplus, total = std::int64_t(m_block.size());
    const HttpReply file =
        m_transfer.getInto(place, url, http, expected + limits::kMiB, [&](std::int64_t done, std::int64_t) {
          return !m_progress || m_progress(before + done, std::max(total, before + done));
        });
    const std::int64_t placed = file.bodyBytes - file.body.size();
    if (placed < missing) requireWeights(QByteArrayView(place.data(), qsizetype(placed)), shown(file.url), file.status);
    m_placed += std::size_t(placed);
    if (!file.body.isEmpty()) {
      appendPlaced();
      m_bytes.append(SharedBytes::copyOf(std::as_bytes(std::span(file.body))));
      m_surplus += file.body.size();
    }
    return file.bodyBytes;
  }

  WeightData finish() {
    appendPlaced();
    return std::make_shared<const WeightBytes>(std::move(m_bytes));
  }

 private:
  static std::size_t sizeWithinLimits(std::int64_t bytes) {
    requireMemory(bytes);
    return std::size_t(bytes);
  }
  void appendPlaced() {
    m_bytes.append(m_block.share().slice(m_appended, m_placed - m_appended));
    m_appended = m_placed;
  }

  HttpTransfer& m_transfer;
  ByteBlock m_block;
  const StoreProgress& m_progress;
  std::size_t m_placed = 0, m_appended = 0;
  std::int64_t m_surplus = 0;
  WeightBytes m_bytes;
};

QString fileName(const QUrl& url) {
  return url.fileName().isEmpty() ? shown(url) : url.fileName();
}

}  // namespace

ModelArtifacts HttpStore::load(const QString& address, const LoadOptions& options) {
  const QUrl given(address);
  const auto isWanted = [&](std::int64_t, std::int64_t) { return !options.progress || options.progress(0, 0); };
  const HttpReply json = m_transfer.get(given, options.http, limits::kModelJsonBytes, isWanted);
  requireModelJson(json.body, shown(json.url), json.status);
  ModelArtifacts artifacts = parseModelJson(json.body, fileName(json.url));
  if (!options.allowMissingWeights) requireWhole(artifacts, fileName(json.url));
  HttpOptions http = options.http;
  if (!isSameOrigin(given, json.url)) http.headers.clear();

  WeightsDownload weights(m_transfer, storedBytes(artifacts.weightSpecs), options.progress);
  std::size_t next = 0;
  for (WeightsGroup& group : artifacts.groups) {
    const std::int64_t expected = storedBytes(std::span(artifacts.weightSpecs).subspan(next, group.weights));
    next += group.weights;
    std::int64_t found = 0;
    for (const std::string& path : group.paths) {
      const QUrl url = options.weightPathPrefix.isEmpty() ? weightUrl(json.url, path)
                                                          : prefixedUrl(json.url, options.weightPathPrefix, path);
      HttpOptions own = http;
      if (!isSameOrigin(given, url)) own.headers.clear();
      group.bytes.push_back(weights.fetch(url, own, expected, std::max<std::int64_t>(expected - found, 0)));
      found += group.bytes.back();
    }
    const std::string last = group.paths.empty() ? std::string() : group.paths.back();
    if (found < expected) throw shortFile(QString::fromStdString(last), found, expected);
  }
  if (!artifacts.groups.empty()) artifacts.weightData = weights.finish();
  return artifacts;
}

ModelArtifacts HttpStore::loadStructure(const QString& address, const LoadOptions& options) {
  const HttpReply json = m_transfer.get(QUrl(address), options.http, limits::kModelJsonBytes, {});
  requireModelJson(json.body, shown(json.url), json.status);
  return parseModelJson(json.body, fileName(json.url));
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
  // One key a save, so that a server that knows it stores a repeated request once.
  http.headers.append({QStringLiteral("Idempotency-Key"), QUuid::createUuid().toString(QUuid::WithoutBraces)});
  const HttpReply reply = m_transfer.send(url, method.toLatin1(), "multipart/form-data; boundary=" + boundary,
                                          multipartBody(uploadParts(artifacts), boundary), http, progress);
  if (reply.status < 200 || reply.status > 299) throw refusedUpload(url, reply.status, reply.body);
  SaveResult result = saveResult(shown(url), artifacts, QDateTime::currentDateTimeUtc());
  result.httpStatus = reply.status;
  result.replyHeaders = reply.headers;
  result.replyBody = reply.body.left(4096);
  return result;
}

std::vector<ModelEntry> HttpStore::listServer(const QString& server, const HttpOptions& options) {
  const QUrl root(server);
  const HttpReply reply = m_transfer.get(listUrl(root), options, limits::kModelJsonBytes, {});
  const Json models = modelsIn(reply.body, shown(root));
  std::vector<ModelEntry> entries;
  for (const Json& model : models) {
    const QString name = textOf(model, "name");
    const QUrl url = listUrl(root).resolved(QUrl(textOf(model, "url")));
    if (name.isEmpty() || !isSameOrigin(root, url)) continue;
    const Json& info = memberOf(model, "modelArtifactsInfo");
    ModelEntry entry;
    entry.url = shown(url);
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
  const HttpReply reply = m_transfer.get(QUrl(address), options, limits::kModelJsonBytes, {});
  return QString::fromLatin1(reply.header("ETag"));
}

void HttpStore::removeFromServer(const QString& address, const HttpOptions& given, const QString& stamp) {
  HttpOptions options = given;
  if (!stamp.isEmpty()) options.headers.append({QStringLiteral("If-Match"), stamp});
  QUrl url(address);
  if (url.path().endsWith(QStringLiteral("/model.json"))) url = url.resolved(QUrl(QStringLiteral(".")));
  url = url.adjusted(QUrl::StripTrailingSlash);
  const HttpReply reply = m_transfer.send(url, "DELETE", "application/octet-stream", {}, options, {});
  if (reply.status == 412)
    throw Error(ErrorKind::Busy,
                shown(url).toStdString() + " was written by another program meanwhile, so it stays on the server.",
                "E203", shown(url).toStdString(), "Move it again.");
  if (reply.status < 200 || reply.status > 299) throw refused(url, reply.status, reply.body);
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

#include "model/storage/HttpStore.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ContentKind.h"
#include "model/format/ModelJson.h"
#include "model/format/WeightsManifest.h"
#include "model/storage/BytesDevice.h"
#include "model/storage/HttpErrors.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/MultipartBody.h"

#include <QEventLoop>
#include <QHttp2Configuration>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslError>
#include <QTimer>

#include <limits>

namespace layersmith {

namespace {

[[noreturn]] void unsupported(const char* what) {
  throw Error(ErrorKind::Unsupported,
              std::string("A web server cannot ") + what + ". Copy the model to a folder or a store first.");
}

QNetworkRequest requestFor(const QUrl& url, const HttpOptions& options) {
  QNetworkRequest request(url);
  request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);  // CVE-2023-51714
  request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
  request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
  request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("Layersmith/" LAYERSMITH_VERSION));
  for (const auto& [name, value] : options.headers) request.setRawHeader(name.toUtf8(), value.toUtf8());
  return request;
}

bool isSameOrigin(const QUrl& a, const QUrl& b) {
  const auto port = [](const QUrl& url) { return url.port(url.scheme() == QStringLiteral("https") ? 443 : 80); };
  return a.scheme() == b.scheme() && a.host() == b.host() && port(a) == port(b);
}

/// Headers that a person set may hold secrets: they do not follow a redirect to another origin.
QUrl redirectTarget(const QUrl& from, const QUrl& location, HttpOptions& options) {
  const QUrl target = from.resolved(location);
  const QString scheme = target.scheme();
  const bool isWeb = scheme == QStringLiteral("https") ||
                     (scheme == QStringLiteral("http") && from.scheme() == QStringLiteral("http"));
  if (!isWeb)
    throw Error(ErrorKind::Network,
                QStringLiteral("%1 redirects to %2, which is not as safe. Refused. Nothing was changed.")
                    .arg(shown(from), shown(target))
                    .toStdString(),
                "E131", shown(target).toStdString());
  if (!isSameOrigin(from, target)) options.headers.clear();
  return target;
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

QString fileName(const QUrl& url) {
  return url.fileName().isEmpty() ? shown(url) : url.fileName();
}

}  // namespace

struct HttpStore::Reply {
  int status = 0;
  QByteArray body;
  QList<std::pair<QString, QString>> headers;
  QUrl url;       ///< where it came from in the end
  QUrl location;  ///< of a redirect
};

HttpStore::HttpStore() = default;
HttpStore::~HttpStore() = default;

QNetworkAccessManager& HttpStore::manager() {
  if (!m_manager) {
    m_manager = std::make_unique<QNetworkAccessManager>();
    m_manager->setAutoDeleteReplies(false);
  }
  return *m_manager;
}

HttpStore::Reply HttpStore::wait(QNetworkReply* raw, const HttpOptions& options, std::int64_t limit,
                                 const StoreProgress& progress, std::int64_t uploadBytes) {
  const bool isUpload = uploadBytes > 0;
  const std::unique_ptr<QNetworkReply> reply(raw);
  QEventLoop loop;
  QTimer idle;
  idle.setSingleShot(true);
  bool isTimedOut = false, isCancelled = false, isTooLong = false, hasBytes = false;
  QByteArray body;
  std::int64_t sent = 0;
  const int idleMs = options.timeoutMs > 0 ? options.timeoutMs : limits::kHttpIdleMs;
  const auto stillAlive = [&] { idle.start(idleMs); };
  const auto tell = [&](std::int64_t done, std::int64_t total) {
    if (progress && !progress(done, total)) {
      isCancelled = true;
      reply->abort();
    }
  };
  QObject::connect(&idle, &QTimer::timeout, &loop, [&] {
    isTimedOut = true;
    reply->abort();
  });
  QObject::connect(reply.get(), &QNetworkReply::readyRead, &loop, [&] {
    stillAlive();
    hasBytes = true;
    body += reply->readAll();
    if (body.size() > limit) {
      isTooLong = true;
      reply->abort();
    } else if (!isUpload) {
      tell(body.size(),
           std::max<std::int64_t>(body.size(), reply->header(QNetworkRequest::ContentLengthHeader).toLongLong()));
    }
  });
  QObject::connect(reply.get(), &QNetworkReply::uploadProgress, &loop, [&](qint64 done, qint64 total) {
    stillAlive();
    sent = done;
    if (isUpload && total > 0) tell(done, total);
  });
  if (!options.checkCertificate)
    QObject::connect(reply.get(), &QNetworkReply::sslErrors, &loop,
                     [&](const QList<QSslError>&) { reply->ignoreSslErrors(); });
  QString tlsReason;
  QObject::connect(reply.get(), &QNetworkReply::sslErrors, &loop, [&](const QList<QSslError>& errors) {
    if (!errors.isEmpty()) tlsReason = errors.front().errorString();
  });
  QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
  QTimer whole;  // a peer that drips bytes must end too: 10 KiB a second, and a minute
  whole.setSingleShot(true);
  QObject::connect(&whole, &QTimer::timeout, &idle, [&idle] { idle.start(0); });
  whole.start(int(std::min<std::int64_t>(std::max(limit, uploadBytes) / 10 + 60'000, std::numeric_limits<int>::max())));
  idle.start(std::min(idleMs, limits::kHttpConnectMs));
  if (!reply->isFinished()) loop.exec();
  idle.stop();
  if (!isTooLong) body += reply->readAll();

  Reply result;
  result.url = reply->url();
  result.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
  for (const auto& [name, value] : reply->rawHeaderPairs())
    result.headers.append({QString::fromLatin1(name), QString::fromLatin1(value)});
  result.location = QUrl::fromEncoded(reply->rawHeader("Location"));  // header() drops relative ones
  result.body = body;
  if (isCancelled) throw Error(ErrorKind::Cancelled, "Stopped. Nothing was changed.");
  if (isTooLong) throw tooLong(result.url, limit);
  if (isTimedOut) throw timedOut(result.url, hasBytes || sent > 0, idleMs);
  const std::int64_t announced = reply->header(QNetworkRequest::ContentLengthHeader).toLongLong();
  const bool isCut = announced > 0 && body.size() < announced && !reply->hasRawHeader("Content-Encoding");
  if (result.status == 0 || (isCut && !isUpload))
    throw transportError(*reply, isUpload ? sent : body.size(), isUpload ? 0 : announced, tlsReason);
  return result;
}

HttpStore::Reply HttpStore::get(const QUrl& address, const HttpOptions& given, std::int64_t limit,
                                const StoreProgress& progress) {
  HttpOptions options = given;
  QUrl url = address;
  for (int redirects = 0;; ++redirects) {
    QNetworkRequest request = requestFor(url, options);
    request.setRawHeader("Accept-Encoding", "identity");  // byte counts are compared with the manifest
    Reply reply = wait(manager().get(request), options, limit, progress, 0);
    const bool isRedirect = reply.status >= 300 && reply.status < 400 && !reply.location.isEmpty();
    if (!isRedirect) {
      if (reply.status < 200 || reply.status > 299) throw refused(url, reply.status, reply.body);
      reply.url = url;
      return reply;
    }
    if (redirects == limits::kHttpRedirects)
      throw Error(ErrorKind::Network,
                  QStringLiteral("%1 redirects more than %2 times. Check the address.")
                      .arg(shown(address))
                      .arg(limits::kHttpRedirects)
                      .toStdString(),
                  "E305", shown(address).toStdString());
    url = redirectTarget(url, reply.location, options);
  }
}

ModelArtifacts HttpStore::load(const QString& address, const LoadOptions& options) {
  const QUrl given(address);
  const Reply json = get(given, options.http, limits::kModelJsonBytes, {});
  requireModelJson(json.body, shown(json.url), json.status);
  ModelArtifacts artifacts = parseModelJson(json.body, fileName(json.url));
  if (!options.allowMissingWeights) requireWhole(artifacts, fileName(json.url));
  HttpOptions http = options.http;
  if (!isSameOrigin(given, json.url)) http.headers.clear();

  const std::int64_t total = storedBytes(artifacts.weightSpecs);
  QByteArray weights;
  std::size_t next = 0;
  for (WeightsGroup& group : artifacts.groups) {
    const std::int64_t expected = storedBytes(std::span(artifacts.weightSpecs).subspan(next, group.weights));
    next += group.weights;
    std::int64_t found = 0;
    for (const std::string& path : group.paths) {
      const QUrl url = weightUrl(json.url, path);
      const std::int64_t before = weights.size();
      const Reply shard = get(url, http, expected + limits::kMiB, [&](std::int64_t done, std::int64_t) {
        return !options.progress || options.progress(before + done, std::max(total, before + done));
      });
      if (shard.body.size() < expected - found) requireWeights(shard.body, shown(shard.url), shard.status);
      weights += shard.body;
      group.bytes.push_back(shard.body.size());
      found += shard.body.size();
    }
    if (found < expected)
      throw Error(ErrorKind::Format,
                  QStringLiteral(
                      "Weight file %1: %2 bytes, %3 expected by the manifest (%4 too few). Copy or download it again.")
                      .arg(QString::fromStdString(group.paths.empty() ? "" : group.paths.back()))
                      .arg(found)
                      .arg(expected)
                      .arg(expected - found)
                      .toStdString(),
                  "E110", group.paths.empty() ? std::string() : group.paths.back());
  }
  if (!artifacts.groups.empty()) artifacts.weightData = std::make_shared<const WeightBytes>(std::move(weights));
  return artifacts;
}

SaveResult HttpStore::save(const QString& address, const ModelArtifacts& artifacts, const SaveOptions& options,
                           const StoreProgress& progress) {
  const QString method = options.http.method.toUpper();
  if (method != QStringLiteral("POST") && method != QStringLiteral("PUT"))
    throw Error(ErrorKind::InvalidConfig, "A model is sent with POST or PUT, not " + method.toStdString() + ".", {},
                "method");
  const QUrl url(address);
  const QByteArray boundary = makeBoundary();
  BytesDevice body(multipartBody(uploadParts(artifacts), boundary));
  QNetworkRequest request = requestFor(url, options.http);
  request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("multipart/form-data; boundary=" + boundary));
  request.setHeader(QNetworkRequest::ContentLengthHeader, body.size());
  const Reply reply = wait(manager().sendCustomRequest(request, method.toLatin1(), &body), options.http, limits::kMiB,
                           progress, body.size());
  if (reply.status < 200 || reply.status > 299) throw refusedUpload(url, reply.status, reply.body);
  SaveResult result = saveResult(shown(url), artifacts, QDateTime::currentDateTimeUtc());
  result.httpStatus = reply.status;
  result.replyHeaders = reply.headers;
  result.replyBody = reply.body.left(4096);
  return result;
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

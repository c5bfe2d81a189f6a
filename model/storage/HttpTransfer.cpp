#include "model/storage/HttpTransfer.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/storage/BytesDevice.h"
#include "model/storage/HttpErrors.h"
#include "model/storage/ReceivedBody.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <limits>
#include <optional>

namespace layersmith {

namespace {

constexpr int kRetryMs[] = {1'000, 4'000, 16'000};
constexpr qint64 kAheadBytes = limits::kMiB;  // what comes faster than it is taken waits with its sender, not here

QSslConfiguration tlsOf(const HttpOptions& options) {
  QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
  QList<QSslCertificate> trusted = QSslConfiguration::systemCaCertificates();
  if (!options.caFile.isEmpty()) {
    QFile file(options.caFile);
    const QList<QSslCertificate> more =
        file.open(QIODevice::ReadOnly) ? QSslCertificate::fromDevice(&file) : QList<QSslCertificate>();
    if (more.isEmpty())
      throw Error(ErrorKind::InvalidConfig, "There is no certificate in " + options.caFile.toStdString() + ".", {},
                  "ca-file");
    trusted += more;
  }
  tls.setCaCertificates(trusted);
  tls.setProtocol(QSsl::TlsV1_2OrLater);
  return tls;
}

QNetworkRequest requestFor(const QUrl& url, const HttpOptions& options) {
  QNetworkRequest request(url);
  request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);  // CVE-2023-51714
  request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
  request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
  request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("Layersmith/" LAYERSMITH_VERSION));
  if (url.scheme() == QStringLiteral("https")) request.setSslConfiguration(tlsOf(options));
  for (const auto& [name, value] : options.headers) request.setRawHeader(name.toUtf8(), value.toUtf8());
  return request;
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

bool isBusyForNow(int status) {
  return status == 408 || status == 429 || (status >= 502 && status <= 504);
}

/// 40 of "bytes 40-91/92"; -1 when it does not say.
std::int64_t firstOfRange(const QByteArray& contentRange) {
  bool isNumber = false;
  const std::int64_t first = contentRange.mid(6).left(contentRange.mid(6).indexOf('-')).toLongLong(&isNumber);
  return contentRange.startsWith("bytes ") && isNumber ? first : -1;
}

bool sleepInSlices(int milliseconds, const std::function<bool()>& isWanted) {
  QElapsedTimer timer;
  for (timer.start(); timer.elapsed() < milliseconds; QThread::msleep(50))
    if (!isWanted()) return false;
  return true;
}

}  // namespace

/// What is known of one download or upload over all its tries.
struct HttpTransfer::Attempt {
  ReceivedBody received;   ///< of a successful answer, kept from try to try
  QByteArray validator;    ///< of what was received: a strong ETag, or the date it was changed; empty: start anew
  std::int64_t whole = 0;  ///< bytes of the whole body, 0 when unknown
  std::int64_t upload = 0;
  bool isUsable = false;  ///< the last answer was a success, and `received` its body
  HttpReply reply;
  std::optional<Error> lost;  ///< why this try failed, when another may do better
};

bool isSameOrigin(const QUrl& a, const QUrl& b) {
  const auto port = [](const QUrl& url) { return url.port(url.scheme() == QStringLiteral("https") ? 443 : 80); };
  return a.scheme() == b.scheme() && a.host() == b.host() && port(a) == port(b);
}

QByteArray HttpReply::header(const char* name) const {
  const auto it = std::ranges::find_if(
      headers, [&](const auto& pair) { return pair.first.compare(QLatin1String(name), Qt::CaseInsensitive) == 0; });
  return it == headers.end() ? QByteArray() : it->second.toLatin1();
}

HttpTransfer::HttpTransfer() : m_pause(sleepInSlices) {}
HttpTransfer::~HttpTransfer() = default;

QNetworkAccessManager& HttpTransfer::manager() {
  if (!m_manager) {
    m_manager = std::make_unique<QNetworkAccessManager>();
    m_manager->setAutoDeleteReplies(false);
  }
  return *m_manager;
}

namespace {

/// One request from its first byte to its last, with what ended it.
class Watch {
 public:
  Watch(QNetworkReply& reply, const HttpOptions& options, std::int64_t limit, std::int64_t uploadBytes)
      : m_reply(reply),
        m_limit(limit),
        m_idleMs(options.timeoutMs > 0 ? options.timeoutMs : limits::kHttpIdleMs),
        m_isUpload(uploadBytes > 0) {
    m_idle.setSingleShot(true);
    m_whole.setSingleShot(true);  // a peer that drips bytes must end too: 10 KiB a second, and a minute
    const std::int64_t wholeMs = std::max(limit, uploadBytes) / 10 + 60'000;
    m_whole.start(int(std::min<std::int64_t>(wholeMs, std::numeric_limits<int>::max())));
    m_idle.start(std::min(m_idleMs, limits::kHttpConnectMs));
    QObject::connect(&m_whole, &QTimer::timeout, &m_idle, [this] { m_idle.start(0); });
    QObject::connect(&m_idle, &QTimer::timeout, &m_loop, [this] {
      isTimedOut = true;
      m_reply.abort();
    });
    watchTls(options.checkCertificate);
  }

  /// `received` gets the body of a success; other answers go to `refusal`. `tell` gives false to cancel.
  void run(ReceivedBody& received, const std::function<bool()>& isSuccess, const StoreProgress& tell,
           std::int64_t start) {
    QObject::connect(&m_reply, &QNetworkReply::readyRead, &m_loop, [&] {
      m_idle.start(m_idleMs);
      hasBytes = true;
      ReceivedBody& body = isSuccess() ? received : refusal;
      body.take(m_reply);
      if (body.size() > m_limit) {
        isTooLong = true;
        m_reply.abort();
      } else if (!m_isUpload && &body == &received) {
        const std::int64_t length = m_reply.header(QNetworkRequest::ContentLengthHeader).toLongLong();
        askWhether(tell, body.size(), std::max<std::int64_t>(body.size(), start + length));
      }
    });
    QObject::connect(&m_reply, &QNetworkReply::uploadProgress, &m_loop, [&](qint64 done, qint64 total) {
      m_idle.start(m_idleMs);
      sent = done;
      if (m_isUpload && total > 0) askWhether(tell, done, total);
    });
    QObject::connect(&m_reply, &QNetworkReply::finished, &m_loop, &QEventLoop::quit);
    QTimer ask;  // a person may cancel while nothing arrives
    QObject::connect(&ask, &QTimer::timeout, &m_loop, [&] { askWhether(tell, m_done, m_total); });
    ask.start(100);
    if (!m_reply.isFinished()) m_loop.exec();
    if (!isTooLong && m_reply.isOpen()) (isSuccess() ? received : refusal).take(m_reply);
  }

  int idleMs() const { return m_idleMs; }

  bool isTimedOut = false, isCancelled = false, isTooLong = false, hasBytes = false;
  std::int64_t sent = 0;
  ReceivedBody refusal;
  QString tlsReason;

 private:
  void askWhether(const StoreProgress& tell, std::int64_t done, std::int64_t total) {
    m_done = done;
    m_total = total;
    if (isCancelled || !tell || tell(done, total)) return;
    isCancelled = true;
    m_reply.abort();
  }

  void watchTls(bool checksCertificate) {
    QObject::connect(&m_reply, &QNetworkReply::sslErrors, &m_loop,
                     [this, checksCertificate](const QList<QSslError>& errors) {
                       if (!checksCertificate) return m_reply.ignoreSslErrors();
                       if (errors.isEmpty()) return;
                       const QByteArray fingerprint =
                           errors.front().certificate().digest(QCryptographicHash::Sha256).toHex(':').toUpper();
                       tlsReason = errors.front().errorString() + QStringLiteral(" Its SHA-256 fingerprint is ") +
                                   QString::fromLatin1(fingerprint);
                     });
  }

  QNetworkReply& m_reply;
  std::int64_t m_limit;
  int m_idleMs;
  bool m_isUpload;
  std::int64_t m_done = 0, m_total = 0;
  QEventLoop m_loop;
  QTimer m_idle, m_whole;
};

/// Whether the connection failed in a way that another try may mend.
bool isLost(const QNetworkReply& reply) {
  switch (reply.error()) {
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::TimeoutError:
    case QNetworkReply::TemporaryNetworkFailureError:
    case QNetworkReply::NetworkSessionFailedError:
    case QNetworkReply::UnknownNetworkError: return true;
    default: return false;
  }
}

}  // namespace

void HttpTransfer::run(QNetworkReply* raw, const HttpOptions& options, std::int64_t limit,
                       const StoreProgress& progress, Attempt& attempt) {
  const std::unique_ptr<QNetworkReply> reply(raw);
  reply->setReadBufferSize(kAheadBytes);
  Watch watch(*reply, options, limit, attempt.upload);
  const std::int64_t start = attempt.received.size();
  bool isDecided = false, isSuccess = false;
  std::int64_t kept = start;
  const auto decide = [&] {
    if (isDecided) return isSuccess;
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0) return true;
    isDecided = true;
    const bool isRest = status == 206 && start > 0 && firstOfRange(reply->rawHeader("Content-Range")) == start;
    isSuccess = status >= 200 && status < 300 && (status != 206 || isRest);
    if (isSuccess && !isRest) {  // the whole anew
      attempt.received.clear();
      kept = 0;
    }
    return isSuccess;
  };
  watch.run(attempt.received, decide, progress, start);

  HttpReply& result = attempt.reply;
  result = HttpReply();
  result.url = reply->url();
  result.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
  for (const auto& [name, value] : reply->rawHeaderPairs())
    result.headers.append({QString::fromLatin1(name), QString::fromLatin1(value)});
  result.location = QUrl::fromEncoded(reply->rawHeader("Location"));  // header() drops relative ones
  result.body = std::move(watch.refusal.rest());
  if (watch.isCancelled)
    throw Error(ErrorKind::Cancelled, attempt.upload > 0 && watch.sent >= attempt.upload
                                          ? "Stopped. All of it was sent, so the server may have kept it."
                                          : "Stopped. Nothing was changed.");
  if (watch.isTooLong) throw tooLong(result.url, limit);
  attempt.lost.reset();
  if (watch.isTimedOut) {
    Error error = timedOut(result.url, watch.hasBytes || watch.sent > 0, watch.idleMs());
    if (!watch.hasBytes && watch.sent == 0) throw error;  // nobody is there: another try would wait just as long
    attempt.lost = std::move(error);
    return;
  }
  const std::int64_t announced = reply->header(QNetworkRequest::ContentLengthHeader).toLongLong();
  const bool isEncoded = reply->hasRawHeader("Content-Encoding");
  const bool isUpload = attempt.upload > 0;
  const bool isCut = decide() && announced > 0 && attempt.received.size() < kept + announced && !isEncoded;
  attempt.isUsable = isSuccess;
  if (isSuccess) attempt.whole = announced > 0 ? kept + announced : 0;
  if (isSuccess && !isUpload) {
    const QByteArray tag = reply->rawHeader("ETag");
    attempt.validator = !tag.isEmpty() && !tag.startsWith("W/") ? tag : reply->rawHeader("Last-Modified");
  }
  if (result.status != 0 && !(isCut && !isUpload) && !(isLost(*reply) && !isUpload)) return;
  Error error = transportError(*reply, isUpload ? watch.sent : attempt.received.size(),
                               isUpload ? attempt.upload : attempt.whole, watch.tlsReason);
  if (!isCut && !isLost(*reply)) throw error;
  attempt.lost = std::move(error);
}

HttpReply HttpTransfer::getOnce(const QUrl& address, const HttpOptions& given, std::int64_t limit,
                                const StoreProgress& progress, Attempt& attempt) {
  HttpOptions options = given;
  QUrl url = address;
  for (int redirects = 0;; ++redirects) {
    QNetworkRequest request = requestFor(url, options);
    request.setRawHeader("Accept-Encoding", "identity");  // byte counts are compared with the manifest
    if (attempt.validator.isEmpty()) attempt.received.clear();
    if (!attempt.received.isEmpty()) {
      request.setRawHeader("Range", "bytes=" + QByteArray::number(attempt.received.size()) + "-");
      request.setRawHeader("If-Range", attempt.validator);
    }
    run(manager().get(request), options, limit, progress, attempt);
    HttpReply& reply = attempt.reply;
    if (attempt.lost || reply.status < 300 || reply.status >= 400 || reply.location.isEmpty()) {
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

bool HttpTransfer::waitBeforeRetry(int failures, const Attempt& attempt, const StoreProgress& progress) {
  if (failures >= int(std::size(kRetryMs))) return false;
  const auto isWanted = [&] { return !progress || progress(attempt.received.size(), attempt.whole); };
  if (!m_pause(kRetryMs[failures], isWanted)) throw Error(ErrorKind::Cancelled, "Stopped. Nothing was changed.");
  return true;
}

HttpReply HttpTransfer::getInto(std::span<std::byte> place, const QUrl& url, const HttpOptions& options,
                                std::int64_t limit, const StoreProgress& progress) {
  Attempt attempt;
  attempt.received = ReceivedBody(place);
  for (int failures = 0;; ++failures) {
    HttpReply reply = getOnce(url, options, limit, progress, attempt);
    if (!attempt.lost && (reply.status == 416 || (reply.status == 206 && !attempt.isUsable))) {
      attempt.received.clear();  // what we have is no part of it any more
      reply = getOnce(url, options, limit, progress, attempt);
    }
    if (!attempt.lost && attempt.isUsable) {
      reply.bodyBytes = attempt.received.size();
      reply.body = std::move(attempt.received.rest());
      return reply;
    }
    if ((attempt.lost || isBusyForNow(reply.status)) && waitBeforeRetry(failures, attempt, progress)) continue;
    if (attempt.lost) throw *attempt.lost;
    throw refused(reply.url, reply.status, reply.body);
  }
}

HttpReply HttpTransfer::send(const QUrl& url, const QByteArray& method, const QByteArray& contentType,
                             const WeightBytes& body, const HttpOptions& options, const StoreProgress& progress) {
  QNetworkRequest request = requestFor(url, options);
  request.setHeader(QNetworkRequest::ContentTypeHeader, contentType);
  request.setHeader(QNetworkRequest::ContentLengthHeader, qlonglong(body.size()));
  Attempt attempt;
  attempt.upload = body.size();
  for (int failures = 0;; ++failures) {
    attempt.received.clear();
    BytesDevice device(body);  // sent from the weights themselves
    run(manager().sendCustomRequest(request, method, &device), options, limits::kMiB, progress, attempt);
    const bool isAgain = method == "PUT" && (attempt.lost || isBusyForNow(attempt.reply.status));
    if (isAgain && waitBeforeRetry(failures, attempt, progress)) continue;
    if (attempt.lost) throw *attempt.lost;
    if (attempt.reply.status < 300) attempt.reply.body = std::move(attempt.received.rest());
    return std::move(attempt.reply);
  }
}

}  // namespace layersmith

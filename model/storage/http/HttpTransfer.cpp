#include "model/storage/http/HttpTransfer.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/storage/http/BytesDevice.h"
#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/HttpRequest.h"
#include "model/storage/http/ReceivedBody.h"
#include "model/storage/http/ReplyWatch.h"

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QThread>

#include <algorithm>
#include <optional>
#include <utility>

namespace layersmith {

namespace {

constexpr int kRetryMs[] = {1'000, 4'000, 16'000};
constexpr qint64 kAheadBytes = limits::kMiB;  // what comes faster than it is taken waits with its sender, not here

bool isBusyForNow(int status) {
  return status == 408 || status == 429 || (status >= 502 && status <= 504);
}

/// A proxy's answer, which does not know what the server behind it did.
bool isUnsure(int status) {
  return status == 502 || status == 504;
}

bool isCompressed(const HttpReply& reply) {
  const QByteArray encoding = reply.header("Content-Encoding").trimmed().toLower();
  return reply.status >= 200 && reply.status < 300 && (encoding == "gzip" || encoding == "deflate");
}

/// 40 of "bytes 40-91/92"; -1 when it does not say.
std::int64_t firstOfRange(const QByteArray& contentRange) {
  bool isNumber = false;
  const std::int64_t first = contentRange.mid(6).left(contentRange.mid(6).indexOf('-')).toLongLong(&isNumber);
  return contentRange.startsWith("bytes ") && isNumber ? first : -1;
}

int statusOf(const QNetworkReply& answer) {
  return answer.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

std::int64_t announcedBytes(const QNetworkReply& answer) {
  constexpr qint64 kMost = qint64(1) << 53;  // whoever says more is not believed, and sums stay numbers
  return std::clamp<qint64>(answer.header(QNetworkRequest::ContentLengthHeader).toLongLong(), 0, kMost);
}

/// Whether the connection failed in a way that another try may mend. A success has no other errors.
bool isLost(const QNetworkReply& answer) {
  const int status = statusOf(answer);
  if (status >= 200 && status < 300 && answer.error() != QNetworkReply::NoError) return true;
  switch (answer.error()) {
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::TimeoutError:
    case QNetworkReply::TemporaryNetworkFailureError:
    case QNetworkReply::NetworkSessionFailedError:
    case QNetworkReply::UnknownNetworkError: return true;
    default: return false;
  }
}

HttpReply replyOf(const QNetworkReply& answer) {
  HttpReply reply;
  reply.url = answer.url();
  reply.status = statusOf(answer);
  for (const auto& [name, value] : answer.rawHeaderPairs())
    reply.headers.append({QString::fromLatin1(name), QString::fromLatin1(value)});
  reply.location = QUrl::fromEncoded(answer.rawHeader("Location"));  // header() drops relative ones
  return reply;
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
  bool isRepeated = false;  ///< the upload, which may have been taken before
  bool mayGoOn = false;     ///< in another call
  bool decodes = false;     ///< the server compresses unasked: Qt decodes, and there is no going on in the middle

  // Of the last try.
  std::int64_t kept = 0;          ///< bytes that it goes on from
  std::optional<bool> isSuccess;  ///< what its status says; empty until there is one
  bool isUsable = false;          ///< a success, and `received` its body
  HttpReply reply;
  std::optional<Error> lost;  ///< why it failed, when another may do better
  bool isLast = false;        ///< not one at once

  void begin();
  std::int64_t goesOnAt() const;  ///< in another call; 0: it cannot
  bool isForBody(const QNetworkReply& answer);
  void judgeUpload(QNetworkReply& answer, const ReplyWatch& watch, std::int64_t limit);
  void judgeDownload(QNetworkReply& answer, const ReplyWatch& watch, std::int64_t limit);

 private:
  bool isCut(const QNetworkReply& answer) const;
  bool isOfSameBody(const QNetworkReply& answer) const;
};

void HttpTransfer::Attempt::begin() {
  kept = received.size();
  isSuccess.reset();
  isUsable = isLast = false;
  lost.reset();
}

std::int64_t HttpTransfer::Attempt::goesOnAt() const {
  return mayGoOn && !decodes && !validator.isEmpty() && received.isPlaced() ? received.size() : 0;
}

/// Whether what comes belongs to `received`, which is emptied when the answer begins anew.
bool HttpTransfer::Attempt::isForBody(const QNetworkReply& answer) {
  if (isSuccess) return *isSuccess;
  const int status = statusOf(answer);
  if (status == 0) return true;
  const bool isRest =
      status == 206 && kept > 0 && firstOfRange(answer.rawHeader("Content-Range")) == kept && isOfSameBody(answer);
  isSuccess = status >= 200 && status < 300 && (status != 206 || isRest);
  if (*isSuccess && !isRest) {
    received.clear();
    kept = 0;
  }
  return *isSuccess;
}

/// Some servers know Range, but not If-Range.
bool HttpTransfer::Attempt::isOfSameBody(const QNetworkReply& answer) const {
  const QByteArray now = answer.rawHeader(validator.startsWith('"') ? "ETag" : "Last-Modified");
  return now.isEmpty() || now == validator;
}

bool HttpTransfer::Attempt::isCut(const QNetworkReply& answer) const {
  const std::int64_t announced = announcedBytes(answer);
  return isSuccess.value_or(false) && announced > 0 && received.size() < kept + announced &&
         !answer.hasRawHeader("Content-Encoding");
}

void HttpTransfer::Attempt::judgeUpload(QNetworkReply& answer, const ReplyWatch& watch, std::int64_t limit) {
  const std::int64_t sent = watch.isSent ? upload : watch.sent;
  const bool isAllSent = sent >= upload;
  if (watch.isCancelled)
    throw Error(ErrorKind::Cancelled, isAllSent ? "Stopped. All of it was sent, so the server may have kept it."
                                                : "Stopped. Nothing was changed.");
  isUsable = isSuccess.value_or(false);
  if (watch.isTooLong && !isUsable) throw tooLong(reply.url, limit);
  if (isUsable && (watch.hasEnded() || isCut(answer) || isLost(answer))) {
    isUsable = false;
    lost = brokenReply(reply.url, reply.status);
  } else if (reply.status != 0) {
    return;  // a refusal is one, however its words end
  } else if (watch.isTooSlow) {
    throw tooSlowForUpload(reply.url, sent, upload, watch.elapsedMs());
  } else if (watch.isTimedOut) {
    if (!watch.hasBytes && sent == 0) throw unreachable(reply.url);
    lost = silentAfterUpload(reply.url, watch.idleMs(), sent, upload);
  } else if (isAllSent) {
    lost = lostAfterUpload(reply.url, upload);
  } else {
    lost = transportError(answer, sent, upload, watch.tlsReason);
    if (!isLost(answer)) throw *lost;
  }
}

void HttpTransfer::Attempt::judgeDownload(QNetworkReply& answer, const ReplyWatch& watch, std::int64_t limit) {
  if (watch.isCancelled) throw Error(ErrorKind::Cancelled, "Stopped. Nothing was changed.");
  if (watch.isTooLong) throw tooLong(reply.url, limit);
  isUsable = isSuccess.value_or(false) && !watch.hasEnded();
  if (isSuccess.value_or(false)) {
    const std::int64_t announced = announcedBytes(answer);
    whole = announced > 0 ? kept + announced : 0;
    const QByteArray tag = answer.rawHeader("ETag");
    validator = !tag.isEmpty() && !tag.startsWith("W/") ? tag : answer.rawHeader("Last-Modified");
  }
  if (watch.isTooSlow) {
    lost = tooSlow(reply.url, received.size() - kept, watch.elapsedMs(), goesOnAt());
    isLast = true;  // another try would be, too
  } else if (watch.isTimedOut) {
    const bool isThere = watch.hasBytes || watch.isSent;
    lost = isThere ? silent(reply.url, watch.idleMs(), goesOnAt()) : unreachable(reply.url);
    isLast = !watch.hasBytes;  // another try would wait just as long
  } else if (isCut(answer) || isLost(answer) || reply.status == 0) {
    lost = transportError(answer, received.size(), whole, watch.tlsReason, goesOnAt());
    isLast = !isCut(answer) && !isLost(answer);
  }
}

QByteArray HttpReply::header(const char* name) const {
  const auto it = std::ranges::find_if(
      headers, [&](const auto& pair) { return pair.first.compare(QLatin1String(name), Qt::CaseInsensitive) == 0; });
  return it == headers.end() ? QByteArray() : it->second.toLatin1();
}

HttpTransfer::HttpTransfer() : m_pause(sleepInSlices) {}
HttpTransfer::~HttpTransfer() = default;

bool HttpTransfer::wasRefused(const Error& error) const {
  const bool isOfAnAnswer = error.code() == "E303" || error.code() == "E305";
  return isOfAnAnswer && m_lastStatus >= 400 && m_lastStatus < 500;
}

QNetworkAccessManager& HttpTransfer::manager() {
  if (!m_manager) {
    m_manager = std::make_unique<QNetworkAccessManager>();
    m_manager->setAutoDeleteReplies(false);
  }
  return *m_manager;
}

void HttpTransfer::run(QNetworkReply* raw, const HttpOptions& options, std::int64_t limit,
                       const StoreProgress& progress, Attempt& attempt) {
  const std::unique_ptr<QNetworkReply> answer(raw);
  answer->setReadBufferSize(kAheadBytes);
  ReplyWatch watch(*answer, options, m_limits, limit, attempt.upload);
  attempt.begin();
  watch.run(
      attempt.received, [&] { return attempt.isForBody(*answer); }, progress, attempt.kept);
  attempt.isForBody(*answer);
  attempt.reply = replyOf(*answer);
  attempt.reply.body = std::move(watch.refusal.rest());
  m_lastStatus = attempt.reply.status;
  m_wasSent = watch.isSent;
  attempt.isRepeated = attempt.isRepeated || watch.sendings > 1;
  if (attempt.upload > 0)
    attempt.judgeUpload(*answer, watch, limit);
  else
    attempt.judgeDownload(*answer, watch, limit);
}

HttpReply HttpTransfer::getOnce(const QUrl& address, const HttpOptions& given, std::int64_t limit,
                                const StoreProgress& progress, Attempt& attempt) {
  HttpOptions options = given;
  QUrl url = address;
  for (int redirects = 0;; ++redirects) {
    QNetworkRequest request = requestFor(url, options);
    if (attempt.decodes) {
      request.setDecompressedSafetyCheckThreshold(-1);  // `limit` holds; weights of zeros are no bomb
      attempt.validator.clear();
    } else {
      request.setRawHeader("Accept-Encoding", "identity");  // byte counts are compared with the manifest
    }
    if (attempt.validator.isEmpty()) attempt.received.clear();
    if (!attempt.received.isEmpty()) {
      request.setRawHeader("Range", "bytes=" + QByteArray::number(attempt.received.size()) + "-");
      request.setRawHeader("If-Range", attempt.validator);
    }
    run(manager().get(request), options, limit, progress, attempt);
    HttpReply& reply = attempt.reply;
    if (attempt.lost || reply.status < 300 || reply.status >= 400 || reply.location.isEmpty()) {
      reply.url = url;
      reply.method = "GET";
      reply.hadSecret = sendsSecret(options);
      return reply;
    }
    if (redirects == limits::kHttpRedirects)
      throw Error(ErrorKind::Network,
                  QStringLiteral("%1 redirects more than %2 times. Check the address.")
                      .arg(shown(address), QString::number(limits::kHttpRedirects))
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
                                std::int64_t limit, const StoreProgress& progress, PartialBody* part) {
  Attempt attempt;
  attempt.received = ReceivedBody(place, part ? part->bytes : 0);
  attempt.mayGoOn = part;
  if (part) attempt.validator = std::exchange(*part, {}).validator;
  for (int failures = 0;; ++failures) {
    HttpReply reply = getOnce(url, options, limit, progress, attempt);
    if (isCompressed(reply) && !attempt.decodes) {
      attempt.decodes = true;
      reply = getOnce(url, options, limit, progress, attempt);
    }
    if (!attempt.lost && (reply.status == 416 || (reply.status == 206 && !attempt.isUsable))) {
      attempt.received.clear();  // what we have is no part of it any more
      reply = getOnce(url, options, limit, progress, attempt);
    }
    if (!attempt.lost && attempt.isUsable) {
      reply.bodyBytes = attempt.received.size();
      reply.body = std::move(attempt.received.rest());
      return reply;
    }
    const bool isAgain = attempt.lost ? !attempt.isLast : isBusyForNow(reply.status);
    if (isAgain && waitBeforeRetry(failures, attempt, progress)) continue;
    if (!attempt.lost) throw refused(reply);
    if (attempt.goesOnAt() > 0) *part = {attempt.goesOnAt(), attempt.validator};
    throw *attempt.lost;
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
    BytesDevice device(body);                                     // sent from the weights themselves
    QIODevice* const sent = body.size() > 0 ? &device : nullptr;  // with an empty one Qt never says that all went out
    run(manager().sendCustomRequest(request, method, sent), options, limits::kMiB, progress, attempt);
    const bool isAgain =
        method == "PUT" && (attempt.lost || isBusyForNow(attempt.reply.status) || isUnderWay(attempt.reply));
    if (isAgain && waitBeforeRetry(failures, attempt, progress)) {
      attempt.isRepeated = attempt.isRepeated || (m_wasSent && (attempt.lost || isUnsure(attempt.reply.status)));
      continue;
    }
    if (attempt.lost) throw *attempt.lost;
    if (attempt.reply.status < 300) attempt.reply.body = std::move(attempt.received.rest());
    attempt.reply.method = method;
    attempt.reply.hadSecret = sendsSecret(options);
    attempt.reply.isRepeated = attempt.isRepeated;
    return std::move(attempt.reply);
  }
}

}  // namespace layersmith

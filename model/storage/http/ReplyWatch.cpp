#include "model/storage/http/ReplyWatch.h"

#include "model/core/Limits.h"

#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslCertificate>
#include <QSslError>

#include <algorithm>
#include <limits>

namespace layersmith {

ReplyWatch::ReplyWatch(QNetworkReply& reply, const HttpOptions& options, const TransferLimits& allowed,
                       std::int64_t limit, std::int64_t uploadBytes)
    : m_reply(reply),
      m_allowed(allowed),
      m_limit(limit),
      m_idleMs(options.timeoutMs > 0 ? options.timeoutMs : limits::kHttpIdleMs),
      m_uploadBytes(uploadBytes),
      m_isUpload(uploadBytes > 0) {
  m_idle.setSingleShot(true);
  m_whole.setSingleShot(true);
  QObject::connect(&m_idle, &QTimer::timeout, &m_loop, [this] {
    isTimedOut = true;
    m_reply.abort();
  });
  QObject::connect(&m_whole, &QTimer::timeout, &m_loop, [this] { endAsTooSlow(); });
  m_idle.start(std::min(m_idleMs, m_allowed.connectMs));
  m_clock.start();
  if (m_isUpload) allowTimeFor(uploadBytes);
  watchTls(options.checkCertificate);
}

/// A peer that drips bytes must end too. Counted anew when the answer begins: until then silence has its own limit.
void ReplyWatch::allowTimeFor(std::int64_t bytes) {
  const std::int64_t left = bytes * 1000 / m_allowed.bytesPerSecond + m_allowed.graceMs - m_clock.elapsed();
  if (left <= 0) return endAsTooSlow();
  m_whole.start(int(std::min<std::int64_t>(left, std::numeric_limits<int>::max())));
}

/// Until the answer begins silence alone counts.
void ReplyWatch::noteAllSent() {
  isSent = true;
  m_whole.stop();
}

void ReplyWatch::endAsTooSlow() {
  if (isTooSlow) return;
  isTooSlow = true;
  m_reply.abort();
}

/// `isWanted`: it is the body asked for, not a refusal's.
void ReplyWatch::takeBytes(ReceivedBody& body, bool isWanted, const StoreProgress& tell, std::int64_t start) {
  const std::int64_t announced =
      std::clamp<qint64>(m_reply.header(QNetworkRequest::ContentLengthHeader).toLongLong(), 0, m_limit);
  m_idle.start(m_idleMs);
  if (!hasBytes) m_clock.start();
  hasBytes = true;
  body.take(m_reply);
  if (body.size() > m_limit) {
    isTooLong = true;
    m_reply.abort();
    return;
  }
  if (!m_isUpload && isWanted) askWhether(tell, body.size(), std::max<std::int64_t>(body.size(), start + announced));
  if (!isCancelled) allowTimeFor(announced > 0 ? announced : body.size());
}

void ReplyWatch::run(ReceivedBody& received, const std::function<bool()>& isSuccess, const StoreProgress& tell,
                     std::int64_t start) {
  QObject::connect(&m_reply, &QNetworkReply::readyRead, &m_loop, [&] {
    const bool isWanted = isSuccess();
    takeBytes(isWanted ? received : refusal, isWanted, tell, start);
  });
  QObject::connect(&m_reply, &QNetworkReply::uploadProgress, &m_loop, [&](qint64 done, qint64 total) {
    m_idle.start(m_idleMs);
    sent = done;
    if (m_isUpload && done >= m_uploadBytes) noteAllSent();
    if (m_isUpload && total > 0) askWhether(tell, done, total);
  });
  QObject::connect(&m_reply, &QNetworkReply::requestSent, &m_loop, [&] {
    constexpr std::int64_t kFirstPiece = 16 * limits::kKiB;  // which goes with the head; Qt says it then
    m_idle.start(m_idleMs);
    ++sendings;
    if (m_uploadBytes <= kFirstPiece) noteAllSent();
  });
  QObject::connect(&m_reply, &QNetworkReply::finished, &m_loop, [&] {
    m_idle.stop();  // what came to its end is no longer late
    m_whole.stop();
    m_loop.quit();
  });
  QTimer ask;  // a person may cancel while nothing arrives
  QObject::connect(&ask, &QTimer::timeout, &m_loop, [&] { askWhether(tell, m_done, m_total); });
  ask.start(100);
  if (!m_reply.isFinished()) m_loop.exec();
  if (!isTooLong && m_reply.isOpen()) (isSuccess() ? received : refusal).take(m_reply);
}

void ReplyWatch::askWhether(const StoreProgress& tell, std::int64_t done, std::int64_t total) {
  m_done = done;
  m_total = total;
  if (isCancelled || !tell || tell(done, total)) return;
  isCancelled = true;
  m_reply.abort();
}

void ReplyWatch::watchTls(bool checksCertificate) {
  QObject::connect(
      &m_reply, &QNetworkReply::sslErrors, &m_loop, [this, checksCertificate](const QList<QSslError>& errors) {
        if (!checksCertificate) return m_reply.ignoreSslErrors();
        if (errors.isEmpty()) return;
        const QByteArray fingerprint =
            errors.front().certificate().digest(QCryptographicHash::Sha256).toHex(':').toUpper();
        QString reason = errors.front().errorString();
        while (reason.endsWith(u'.')) reason.chop(1);
        tlsReason = reason + QStringLiteral(". Its SHA-256 fingerprint is ") + QString::fromLatin1(fingerprint);
      });
}

}  // namespace layersmith

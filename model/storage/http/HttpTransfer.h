#pragma once

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/storage/ModelStore.h"

#include <QByteArray>
#include <QUrl>

#include <memory>
#include <span>

class QNetworkAccessManager;
class QNetworkReply;

namespace layersmith {

/// What came back. A status that is no success is not an error here, but for get().
struct HttpReply {
  int status = 0;
  QByteArray method;        ///< of the request that this answers
  bool hadSecret = false;   ///< that request had a token, a password or a key
  bool isRepeated = false;  ///< the same upload went out before, and what became of it is not known
  QByteArray body;
  std::int64_t bodyBytes = 0;  ///< of a success, those that went elsewhere (getInto) included
  QList<std::pair<QString, QString>> headers;
  QUrl url;       ///< where it came from in the end
  QUrl location;  ///< of a redirect

  QByteArray header(const char* name) const;  ///< any case; empty when absent
};

/// What is there of a body whose connection was lost, and what the server says of the whole (If-Range).
struct PartialBody {
  std::int64_t bytes = 0;
  QByteArray validator;
};

/// What a request may take, beside the silence that its options allow.
struct TransferLimits {
  int connectMs = limits::kHttpConnectMs;           ///< for TCP and TLS
  std::int64_t bytesPerSecond = 10 * limits::kKiB;  ///< of a whole transfer, on average
  int graceMs = 60'000;                             ///< before the pace counts
};

/// Requests to web servers, one at a time. HTTP/2 is off, redirects are followed up to five times and never to a less
/// safe address, headers do not follow to another origin, TLS is 1.2 or later, and every wait has an end. A connection
/// that is lost or falls silent while a GET or PUT runs, and a server that is busy for now (408, 429, 502-504), are
/// tried again after 1, 4 and 16 s; a GET goes on where it was cut when the server gave a validator (If-Range). A POST
/// is sent once. A server that cannot be reached, or that gives no byte of an answer to a GET for the idle limit, is
/// named at once: another try would wait just as long, and so is one that is slower than TransferLimits say. Thread
/// rule: runs a local event loop in the calling thread; never the GUI thread.
class HttpTransfer {
 public:
  /// Waits for that long before another try; false when it was cancelled meanwhile. Tests give one that does not wait.
  using Pause = std::function<bool(int milliseconds, const std::function<bool()>& isWanted)>;

  HttpTransfer();
  ~HttpTransfer();
  void setPause(Pause pause) { m_pause = std::move(pause); }
  void setLimits(const TransferLimits& allowed) { m_limits = allowed; }  ///< tests give short ones

  bool wasSent() const { return m_wasSent; }       ///< whether the last request went out whole
  int lastStatus() const { return m_lastStatus; }  ///< of the last answer, errors included; 0: there was none
  bool wasRefused(const Error& error) const;       ///< whether it is of the last answer, one that refuses (4xx)

  /// `limit` bounds the body. Errors: InvalidConfig (a header), E130, E131, E301-E305, Cancelled.
  HttpReply get(const QUrl& url, const HttpOptions& options, std::int64_t limit, const StoreProgress& progress) {
    return getInto({}, url, options, limit, progress);
  }

  /// As get(), but the body goes to `place`; HttpReply::body is what came beyond it. `part`, when it is not null: bytes
  /// of `place` that are there from a call before, to go on from; after E301 those that are there now.
  HttpReply getInto(std::span<std::byte> place, const QUrl& url, const HttpOptions& options, std::int64_t limit,
                    const StoreProgress& progress, PartialBody* part = nullptr);

  /// One request with a body; redirects are not followed. Errors: InvalidConfig (a header), E301, E302, Cancelled.
  HttpReply send(const QUrl& url, const QByteArray& method, const QByteArray& contentType, const WeightBytes& body,
                 const HttpOptions& options, const StoreProgress& progress);

 private:
  struct Attempt;
  void run(QNetworkReply* reply, const HttpOptions& options, std::int64_t limit, const StoreProgress& progress,
           Attempt& attempt);
  HttpReply getOnce(const QUrl& url, const HttpOptions& options, std::int64_t limit, const StoreProgress& progress,
                    Attempt& attempt);
  bool waitBeforeRetry(int failures, const Attempt& attempt, const StoreProgress& progress);
  QNetworkAccessManager& manager();

  std::unique_ptr<QNetworkAccessManager> m_manager;
  Pause m_pause;
  TransferLimits m_limits;
  int m_lastStatus = 0;
  bool m_wasSent = false;
};

}  // namespace layersmith

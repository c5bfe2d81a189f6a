#pragma once

#include "model/storage/ModelStore.h"

#include <QByteArray>
#include <QUrl>

#include <memory>
#include <span>

class QNetworkAccessManager;
class QNetworkReply;
class QNetworkRequest;

namespace layersmith {

bool isSameOrigin(const QUrl& a, const QUrl& b);

/// What came back. A status that is no success is not an error here, but for get().
struct HttpReply {
  int status = 0;
  QByteArray body;
  std::int64_t bodyBytes = 0;  ///< of a success, those that went elsewhere (getInto) included
  QList<std::pair<QString, QString>> headers;
  QUrl url;       ///< where it came from in the end
  QUrl location;  ///< of a redirect

  QByteArray header(const char* name) const;  ///< any case; empty when absent
};

/// Requests to web servers, one at a time. HTTP/2 is off, redirects are followed up to five times and never to a less
/// safe address, headers do not follow to another origin, TLS is 1.2 or later, and every wait has an end. A connection
/// that is lost or falls silent while a GET or PUT runs, and a server that is busy for now (408, 429, 502-504), are
/// tried again after 1, 4 and 16 s; a GET goes on where it was cut when the server gave a validator (If-Range). A POST
/// is sent once, and a server that cannot be reached at all is named at once. Thread rule: runs a local event loop in
/// the calling thread; never the GUI thread.
class HttpTransfer {
 public:
  /// Waits for that long before another try; false when it was cancelled meanwhile. Tests give one that does not wait.
  using Pause = std::function<bool(int milliseconds, const std::function<bool()>& isWanted)>;

  HttpTransfer();
  ~HttpTransfer();
  void setPause(Pause pause) { m_pause = std::move(pause); }

  /// `limit` bounds the body. Errors: E130, E131, E301-E305, Cancelled.
  HttpReply get(const QUrl& url, const HttpOptions& options, std::int64_t limit, const StoreProgress& progress) {
    return getInto({}, url, options, limit, progress);
  }

  /// As get(), but the body goes to `place`; HttpReply::body is what came beyond it.
  HttpReply getInto(std::span<std::byte> place, const QUrl& url, const HttpOptions& options, std::int64_t limit,
                    const StoreProgress& progress);

  /// One request with a body; redirects are not followed. Errors: E301, E302, Cancelled.
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
};

}  // namespace layersmith

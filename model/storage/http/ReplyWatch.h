#pragma once

#include "model/storage/http/HttpTransfer.h"
#include "model/storage/http/ReceivedBody.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

class QNetworkReply;

namespace layersmith {

/// One request from its first byte to its last: its body comes in, its time limits run, a person may cancel. What ended
/// it stands here afterwards. Thread rule: the reply's own; run() has a local event loop.
class ReplyWatch {
 public:
  /// `allowed.connectMs` holds until the request is out, then the options' time for silence. `limit`: of the body's
  /// bytes. `uploadBytes` is 0 for requests without a body.
  ReplyWatch(QNetworkReply& reply, const HttpOptions& options, const TransferLimits& allowed, std::int64_t limit,
             std::int64_t uploadBytes);

  /// `received` gets the body of a success; other answers go to `refusal`. `tell` gives false to cancel. `start`: bytes
  /// of the body that are there already.
  void run(ReceivedBody& received, const std::function<bool()>& isSuccess, const StoreProgress& tell,
           std::int64_t start);

  int idleMs() const { return m_idleMs; }
  std::int64_t elapsedMs() const { return m_clock.elapsed(); }  ///< of the upload, then of the answer
  bool hasEnded() const { return isTimedOut || isTooSlow || isTooLong; }

  bool isTimedOut = false, isTooSlow = false, isCancelled = false, isTooLong = false, hasBytes = false;
  bool isSent = false;  ///< all of the request
  int sendings = 0;     ///< Qt sends a PUT again when its connection was closed without an answer
  std::int64_t sent = 0;
  ReceivedBody refusal;
  QString tlsReason;  ///< why the certificate is not trusted

 private:
  void takeBytes(ReceivedBody& body, bool isWanted, const StoreProgress& tell, std::int64_t start);
  void allowTimeFor(std::int64_t bytes);
  void endAsTooSlow();
  void noteAllSent();
  void askWhether(const StoreProgress& tell, std::int64_t done, std::int64_t total);
  void watchTls(bool checksCertificate);

  QNetworkReply& m_reply;
  TransferLimits m_allowed;
  std::int64_t m_limit;
  int m_idleMs;
  std::int64_t m_uploadBytes;
  bool m_isUpload;
  std::int64_t m_done = 0, m_total = 0;
  QEventLoop m_loop;
  QTimer m_idle, m_whole;
  QElapsedTimer m_clock;
};

}  // namespace layersmith

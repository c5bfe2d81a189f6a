#include "model/storage/HttpErrors.h"

#include <QLocale>
#include <QNetworkReply>

namespace layersmith {

namespace {

QString amount(std::int64_t bytes) {
  return QLocale::c().formattedDataSize(bytes);
}

Error network(const QString& message, const char* code, const QUrl& url, const QString& hint = {}) {
  return {ErrorKind::Network, message.toStdString(), code, shown(url).toStdString(), hint.toStdString()};
}

QString advice(int status) {
  switch (status) {
    case 400: return QStringLiteral("The server did not understand the request; its answer says why.");
    case 404: return QStringLiteral("Nothing is at this address. Check it for typing mistakes.");
    case 405: return QStringLiteral("The server does not take this method here. Try the other of POST and PUT.");
    case 408:
    case 429: return QStringLiteral("The server is busy. Wait a moment and try again.");
    case 507: return QStringLiteral("The server's disk is full. Ask its administrator.");
    default:
      return status >= 500 ? QStringLiteral("The fault is on the server's side. Try again later.")
                           : QStringLiteral("Check the address.");
  }
}

Error byStatus(const QUrl& url, int status, const QByteArray& body) {
  const QString address = shown(url);
  const QString said = QString::fromUtf8(body.left(200)).simplified();
  const QString hint = said.isEmpty() || said.startsWith(u'<') ? QString() : QStringLiteral("The server said: ") + said;
  if (status == 401 || status == 403)
    return network(QStringLiteral("%1 refused access (status %2). Nothing was changed. Set the user and password, or "
                                  "the token, that this server expects.")
                       .arg(address)
                       .arg(status),
                   "E303", url, hint);
  if (status == 413)
    return network(QStringLiteral("%1 refused the model as too large (status 413). Nothing was changed. Raise the "
                                  "server's limit, or save without the optimizer.")
                       .arg(address),
                   "E304", url, hint);
  return network(QStringLiteral("%1 answered with status %2. Nothing was changed. %3")
                     .arg(address)
                     .arg(status)
                     .arg(advice(status)),
                 "E305", url, hint);
}

}  // namespace

QString shown(const QUrl& url) {
  return url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment).toString();
}

Error transportError(QNetworkReply& reply, std::int64_t done, std::int64_t total, const QString& tlsReason) {
  const QUrl url = reply.url();
  const QString host = url.host() + (url.port() > 0 ? QStringLiteral(":%1").arg(url.port()) : QString());
  switch (reply.error()) {
    case QNetworkReply::ConnectionRefusedError:
      return network(QStringLiteral("%1 could not be reached: it refused the connection. Nothing was changed. Check "
                                    "that the server runs and the port is right.")
                         .arg(host),
                     "E301", url);
    case QNetworkReply::HostNotFoundError:
      return network(
          QStringLiteral("%1 could not be found. Nothing was changed. Check the address and your network.").arg(host),
          "E301", url);
    case QNetworkReply::SslHandshakeFailedError:
      return network(QStringLiteral("The certificate of %1 could not be trusted: %2. Nothing was sent.")
                         .arg(host, tlsReason.isEmpty() ? reply.errorString() : tlsReason),
                     "E302", url);
    case QNetworkReply::TimeoutError: return timedOut(url, false, 0);
    default: break;
  }
  const QString all = total > 0 ? amount(total) : QStringLiteral("an unknown number of bytes");
  return network(QStringLiteral("Connection to %1 lost after %2 of %3. Nothing was changed. Try again.")
                     .arg(host, amount(done), all),
                 "E301", url, reply.errorString());
}

Error timedOut(const QUrl& url, bool wasConnected, int idleMs) {
  return network(
      wasConnected
          ? QStringLiteral("%1 stopped answering for %2 s. Nothing was changed. Try again.")
                .arg(url.host())
                .arg(idleMs / 1000.0)
          : QStringLiteral(
                "%1 could not be reached: no answer in time. Nothing was changed. Check the address and your network.")
                .arg(url.host()),
      "E301", url);
}

Error refused(const QUrl& url, int status, const QByteArray& body) {
  return byStatus(url, status, body);
}

Error refusedUpload(const QUrl& url, int status, const QByteArray& body) {
  if (status >= 300 && status < 400)
    return network(
        QStringLiteral(
            "%1 redirects (status %2); an upload does not follow. Nothing was changed. Give the final address.")
            .arg(shown(url))
            .arg(status),
        "E305", url);
  return byStatus(url, status, body);
}

Error tooLong(const QUrl& url, std::int64_t limit) {
  return {ErrorKind::LimitExceeded,
          QStringLiteral("The answer of %1 is longer than %2. Refused. Nothing was changed.")
              .arg(shown(url), amount(limit))
              .toStdString(),
          "E130", shown(url).toStdString()};
}

}  // namespace layersmith

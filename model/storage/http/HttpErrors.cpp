#include "model/storage/http/HttpErrors.h"

#include "model/storage/http/HttpTransfer.h"
#include "model/storage/http/ServerModel.h"

#include <QJsonDocument>
#include <QLocale>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QUrlQuery>

namespace layersmith {

namespace {

QString amount(std::int64_t bytes) {
  return QLocale::c().formattedDataSize(bytes);
}

QString hostOf(const QUrl& url) {
  return url.host() + (url.port() > 0 ? u':' + QString::number(url.port()) : QString());
}

QString unknownEnd() {
  return QStringLiteral("Whether the model was stored is not known: look there before sending it again.");
}

QString tryAgain(std::int64_t goesOnAt) {
  return goesOnAt > 0 ? QStringLiteral("Try again: it goes on at %1.").arg(amount(goesOnAt))
                      : QStringLiteral("Try again.");
}

Error network(const QString& message, const char* code, const QUrl& url, const QString& hint = {}) {
  return {ErrorKind::Network, message.toStdString(), code, shown(url).toStdString(), hint.toStdString()};
}

bool isUpload(const HttpReply& reply) {
  return reply.method == "POST" || reply.method == "PUT";
}

/// What our own servers say of an error; empty of others.
QJsonValue errorIn(const HttpReply& reply) {
  return QJsonDocument::fromJson(reply.body)[u"error"];
}

/// In one line; empty for a web page. Of our own servers only the message.
QString saidBy(const QByteArray& body) {
  const QString message = QJsonDocument::fromJson(body)[u"error"][u"message"].toString();
  const QString said = (message.isEmpty() ? QString::fromUtf8(body.left(200)) : message.left(200)).simplified();
  return said.startsWith(u'<') ? QString() : said;
}

QString adviceForMethod(const HttpReply& reply) {
  if (!isUpload(reply))
    return QStringLiteral("The server does not take %1 at this address. Check the address.")
        .arg(QString::fromLatin1(reply.method));
  return QStringLiteral("The server does not take this method here. Try the other of POST and PUT.");
}

QString advice(const HttpReply& reply, bool saysWhy) {
  const int status = reply.status;
  const auto model = ServerModel::at(shown(reply.url));
  if (isUpload(reply) && model && (status == 404 || status == 405))
    return QStringLiteral("A Layersmith server takes models at %1.").arg(model->upload());
  switch (status) {
    case 400: return QStringLiteral("The server did not understand the request; its answer says why.");
    case 404: return QStringLiteral("Nothing is at this address. Check it for typing mistakes.");
    case 405: return adviceForMethod(reply);
    case 408:
    case 429: return QStringLiteral("The server is busy. Wait a moment and try again.");
    default: break;
  }
  if (status >= 500) return QStringLiteral("The fault is on the server's side. Try again later.");
  return saysWhy ? QStringLiteral("Its answer says why.") : QStringLiteral("Check the address.");
}

Error noRoom(const HttpReply& reply, const QString& hint) {
  return {ErrorKind::NoSpace,
          QStringLiteral("%1 has no room for the model (status 507). Nothing was changed. Delete models there, or ask "
                         "its administrator.")
              .arg(shown(reply.url))
              .toStdString(),
          "E202", shown(reply.url).toStdString(), hint.toStdString()};
}

Error tooLarge(const HttpReply& reply, const QString& hint) {
  const std::int64_t limit = errorIn(reply)[u"limit"].toInteger();
  const QString most = limit > 0 ? QStringLiteral(": it takes at most %1 (status 413)").arg(amount(limit))
                                 : QStringLiteral(" (status 413)");
  return network(
      QStringLiteral("%1 refused the model as too large%2. Nothing was changed. Raise the server's limit, or "
                     "save without the optimizer.")
          .arg(shown(reply.url), most),
      "E304", reply.url, hint);
}

Error byStatus(const HttpReply& reply) {
  const QUrl& url = reply.url;
  const QString address = shown(url), status = QString::number(reply.status), said = saidBy(reply.body);
  const QString hint = said.isEmpty() ? QString() : QStringLiteral("The server said: ") + said;
  if (reply.status == 401 || reply.status == 403)
    return network(
        (reply.hadSecret ? QStringLiteral("%1 refused access with the token or password given (status %2). Nothing was "
                                          "changed. Check it.")
                         : QStringLiteral("%1 refused access without a token or password (status %2). Nothing was "
                                          "changed. Give the one that this server expects."))
            .arg(address, status),
        "E303", url, hint);
  if (reply.status == 413) return tooLarge(reply, hint);
  if (reply.status == 507 && isUpload(reply)) return noRoom(reply, hint);
  if (reply.status == 422 && isUpload(reply))
    return network(QStringLiteral("%1 refused the model (status 422). Nothing was changed. %2")
                       .arg(address, hint.isEmpty() ? QStringLiteral("It did not say why.") : hint),
                   "E305", url);
  return network(QStringLiteral("%1 answered with status %2. Nothing was changed. %3")
                     .arg(address, status, advice(reply, !said.isEmpty())),
                 "E305", url, hint);
}

/// Status, headers and the first 4 KB, as they came.
std::string wholeAnswer(const HttpReply& reply) {
  QStringList lines = {QStringLiteral("Status %1").arg(reply.status)};
  for (const auto& [name, value] : reply.headers) lines << name + QStringLiteral(": ") + value;
  lines << QString() << QString::fromUtf8(reply.body.left(4096));
  return lines.join(u'\n').trimmed().toStdString();
}

Error uploadError(const HttpReply& reply) {
  const QUrl& url = reply.url;
  const int status = reply.status;
  if (status >= 300 && status < 400)
    return network(
        QStringLiteral(
            "%1 redirects (status %2); an upload does not follow. Nothing was changed. Give the final address.")
            .arg(shown(url), QString::number(status)),
        "E305", url);
  if (isUnderWay(reply))
    return {ErrorKind::Busy,
            QStringLiteral("%1 is still storing this model from the try before. Wait a moment and try again.")
                .arg(shown(url))
                .toStdString(),
            "E203", shown(url).toStdString()};
  // A proxy's words: what became of it behind the proxy it does not know. Or a try before came through after all.
  if (status == 502 || status == 504 || (status == 412 && reply.isRepeated))
    return network(
        QStringLiteral("%1 answered with status %2. %3").arg(shown(url), QString::number(status), unknownEnd()), "E305",
        url);
  if (status == 412)
    return {
        ErrorKind::AlreadyExists,
        QStringLiteral("%1 has a model of this name already. Nothing was changed. Choose another name, or replace it.")
            .arg(shown(url))
            .toStdString(),
        "E305", shown(url).toStdString()};
  return byStatus(reply);
}

}  // namespace

QString shown(const QUrl& url) {
  return url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment).toString();
}

QString withoutSecrets(const QString& url) {
  if (!url.startsWith(QStringLiteral("http"), Qt::CaseInsensitive)) return url;
  static const QRegularExpression secret(QStringLiteral("auth|token|secret|passw|key|sig|cred|session|code"),
                                         QRegularExpression::CaseInsensitiveOption);
  QUrl kept = QUrl(url).adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment);
  QUrlQuery query;
  for (const auto& [name, value] : QUrlQuery(kept).queryItems(QUrl::FullyEncoded))
    if (!value.isEmpty() && !name.contains(secret)) query.addQueryItem(name, value);
  kept.setQuery(query.isEmpty() ? QString() : query.toString(QUrl::FullyEncoded));
  return kept.toString(QUrl::FullyEncoded);
}

Error transportError(QNetworkReply& reply, std::int64_t done, std::int64_t total, const QString& tlsReason,
                     std::int64_t goesOnAt) {
  const QUrl url = reply.url();
  const QString host = hostOf(url);
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
    case QNetworkReply::TimeoutError: return unreachable(url);
    default: break;
  }
  const QString all = total > 0 ? amount(total) : QStringLiteral("an unknown number of bytes");
  return network(QStringLiteral("Connection to %1 lost after %2 of %3. Nothing was changed. %4")
                     .arg(host, amount(done), all, tryAgain(goesOnAt)),
                 "E301", url, reply.errorString());
}

Error unreachable(const QUrl& url) {
  return network(QStringLiteral("%1 could not be reached: no answer in time. Nothing was changed. Check the address "
                                "and your network.")
                     .arg(hostOf(url)),
                 "E301", url);
}

Error silent(const QUrl& url, int idleMs, std::int64_t goesOnAt) {
  return network(QStringLiteral("%1 stopped answering for %2 s. Nothing was changed. %3")
                     .arg(hostOf(url), QString::number(idleMs / 1000.0), tryAgain(goesOnAt)),
                 "E301", url);
}

Error silentAfterUpload(const QUrl& url, int idleMs, std::int64_t sent, std::int64_t total) {
  return network(QStringLiteral("%1 stopped answering for %2 s after %3 of %4 were sent. %5")
                     .arg(hostOf(url), QString::number(idleMs / 1000.0), amount(sent), amount(total),
                          sent >= total ? unknownEnd() : QStringLiteral("Nothing was changed. Try again.")),
                 "E301", url);
}

Error lostAfterUpload(const QUrl& url, std::int64_t total) {
  return network(QStringLiteral("Connection to %1 lost after %2 of %2 were sent, before an answer came. %3")
                     .arg(hostOf(url), amount(total), unknownEnd()),
                 "E301", url);
}

Error tooSlow(const QUrl& url, std::int64_t received, std::int64_t ms, std::int64_t goesOnAt) {
  return network(QStringLiteral("%1 is too slow: %2 in %3 s. Nothing was changed. %4")
                     .arg(hostOf(url), amount(received), QString::number(double(ms / 100) / 10), tryAgain(goesOnAt)),
                 "E301", url);
}

Error tooSlowForUpload(const QUrl& url, std::int64_t sent, std::int64_t total, std::int64_t ms) {
  return network(QStringLiteral("%1 is too slow: it took %2 of %3 in %4 s. %5")
                     .arg(hostOf(url), amount(sent), amount(total), QString::number(double(ms / 100) / 10),
                          sent >= total ? unknownEnd() : QStringLiteral("Nothing was changed. Try again later.")),
                 "E301", url);
}

Error brokenReply(const QUrl& url, int status) {
  return network(QStringLiteral("%1 answered with status %2, but its reply broke off, so it is not known whether the "
                                "model was stored whole. Look there before sending it again.")
                     .arg(shown(url), QString::number(status)),
                 "E301", url);
}

bool mayHaveArrived(const Error& error) {
  return error.message().ends_with("ook there before sending it again.");
}

Error refused(const HttpReply& reply) {
  return byStatus(reply).withDetails(wholeAnswer(reply));
}

Error refusedUpload(const HttpReply& reply) {
  return uploadError(reply).withDetails(wholeAnswer(reply));
}

Error changedOnServer(const QUrl& url) {
  return {ErrorKind::Changed,
          QStringLiteral("%1 was changed by another program. Nothing was changed by this save.")
              .arg(shown(url))
              .toStdString(),
          "E203", shown(url).toStdString(),
          "Replace it (the other version goes to the server's Trash), or save this one elsewhere."};
}

bool isUnderWay(const HttpReply& reply) {
  return reply.status == 409 && errorIn(reply)[u"code"].toString() == QStringLiteral("E203");
}

Error tooLong(const QUrl& url, std::int64_t limit) {
  return {ErrorKind::LimitExceeded,
          QStringLiteral("The answer of %1 is longer than %2. Refused. Nothing was changed.")
              .arg(shown(url), amount(limit))
              .toStdString(),
          "E130", shown(url).toStdString()};
}

}  // namespace layersmith

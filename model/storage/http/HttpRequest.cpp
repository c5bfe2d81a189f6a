#include "model/storage/http/HttpRequest.h"

#include "model/core/Error.h"
#include "model/storage/http/HttpErrors.h"

#include <QFile>
#include <QNetworkRequest>
#include <QRegularExpression>
#include <QSslCertificate>
#include <QSslConfiguration>

#include <algorithm>

namespace layersmith {

namespace {

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

}  // namespace

bool isSameOrigin(const QUrl& a, const QUrl& b) {
  const auto port = [](const QUrl& url) { return url.port(url.scheme() == QStringLiteral("https") ? 443 : 80); };
  return a.scheme() == b.scheme() && a.host() == b.host() && port(a) == port(b);
}

QString headerProblem(const QString& name, const QString& value) {
  const auto isToken = [](QChar c) {
    return c.unicode() < 0x7f && (c.isLetterOrNumber() || QStringLiteral("!#$%&'*+-.^_`|~").contains(c));
  };
  const auto isControl = [](QChar c) { return (c.unicode() < 0x20 && c != u'\t') || c.unicode() == 0x7f; };
  if (name.isEmpty() || !std::ranges::all_of(name, isToken))
    return QStringLiteral("The name of a header has letters, digits and - only.");
  if (std::ranges::any_of(value, isControl))
    return QStringLiteral("The value of the header %1 has a line break or another control character.").arg(name);
  for (const char* own : {"Content-Length", "Transfer-Encoding", "Host", "Connection", "Content-Type"})
    if (name.compare(QLatin1String(own), Qt::CaseInsensitive) == 0)
      return QStringLiteral("The header %1 is set by the program itself.").arg(QLatin1String(own));
  return {};
}

bool isSecretHeader(const QString& name) {
  static const QRegularExpression secret(QStringLiteral("auth|token|secret|cookie|password|key"),
                                         QRegularExpression::CaseInsensitiveOption);
  return name.compare(QStringLiteral("Idempotency-Key"), Qt::CaseInsensitive) != 0 && name.contains(secret);
}

bool sendsSecret(const HttpOptions& options) {
  return std::ranges::any_of(options.headers, [](const auto& header) { return isSecretHeader(header.first); });
}

QNetworkRequest requestFor(const QUrl& url, const HttpOptions& options) {
  QNetworkRequest request(url);
  request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);  // CVE-2023-51714
  request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
  request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
  request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("Layersmith/" LAYERSMITH_VERSION));
  if (url.scheme() == QStringLiteral("https")) request.setSslConfiguration(tlsOf(options));
  for (const auto& [name, value] : options.headers) {
    if (const QString problem = headerProblem(name, value); !problem.isEmpty())
      throw Error(ErrorKind::InvalidConfig, problem.toStdString(), {}, "headers");
    request.setRawHeader(name.toUtf8(), value.toUtf8());
  }
  return request;
}

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

}  // namespace layersmith

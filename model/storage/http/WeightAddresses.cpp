#include "model/storage/http/WeightAddresses.h"

#include "model/core/Error.h"
#include "model/storage/http/HttpRequest.h"

namespace layersmith {

namespace {

/// Empty: outside the origin of `json`.
std::optional<QUrl> beside(const QUrl& json, const std::string& path) {
  const QUrl relative(QString::fromStdString(path));
  const bool isWhole = !relative.isRelative() || relative.path().isEmpty();
  QUrl url = isWhole ? relative : json.resolved(relative);
  if (!isSameOrigin(json, url) || !relative.userInfo().isEmpty()) return {};
  if (!isWhole && !relative.hasQuery()) url.setQuery(json.query(QUrl::FullyEncoded), QUrl::StrictMode);
  return url;
}

}  // namespace

WeightAddresses::WeightAddresses(const ServedJson& json, QString prefix, HttpOptions http)
    : m_given(json.asked), m_redirected(json.reply.url), m_prefix(std::move(prefix)), m_http(std::move(http)) {}

std::vector<WeightAddress> WeightAddresses::of(const std::string& path) const {
  if (!m_prefix.isEmpty()) return {with(prefixed(path))};
  std::vector<WeightAddress> found;
  for (const QUrl& json : {m_given, m_redirected}) {
    const std::optional<QUrl> url = beside(json, path);
    if (url && (found.empty() || found.back().url != *url)) found.push_back(with(*url));
  }
  if (found.empty())
    throw Error(ErrorKind::Format, path + " points outside the model's origin. Refused.", "E131", path);
  return found;
}

QUrl WeightAddresses::prefixed(const std::string& path) const {
  QUrl url(m_prefix + QString::fromStdString(path));
  if (url.scheme() != QStringLiteral("http") && url.scheme() != QStringLiteral("https"))
    throw Error(ErrorKind::InvalidConfig,
                "The prefix of weight files must be an http(s):// address, not " + m_prefix.toStdString() + ".", {},
                "weightPathPrefix");
  if (!url.hasQuery()) url.setQuery(m_given.query(QUrl::FullyEncoded), QUrl::StrictMode);
  return url;
}

/// What a person set goes to the origin that they named, and to no other.
WeightAddress WeightAddresses::with(const QUrl& url) const {
  WeightAddress address{url, m_http};
  if (!isSameOrigin(m_given, url)) address.http.headers.clear();
  return address;
}

}  // namespace layersmith

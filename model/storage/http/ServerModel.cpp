#include "model/storage/http/ServerModel.h"

#include "model/core/Error.h"
#include "model/storage/http/HttpErrors.h"

#include <QRegularExpression>

namespace layersmith {

std::optional<ServerModel> ServerModel::at(const QString& url) {
  static const QRegularExpression form(
      QStringLiteral("^(https?://[^?#]+)/models/([A-Za-z0-9._-]+)(/|/model\\.json)?$"));
  const QRegularExpressionMatch match = form.match(url);
  if (!match.hasMatch()) return {};
  return ServerModel{match.captured(1), match.captured(2)};
}

ServerModel ServerModel::require(const QString& url, const char* unchanged) {
  if (const std::optional<ServerModel> model = at(url)) return *model;
  const std::string name = shown(QUrl(url)).toStdString();
  throw Error(ErrorKind::InvalidConfig, name + " is no model's address on a Layersmith server. " + unchanged, {}, name,
              "Give one as http://HOST/models/NAME/model.json, without a query.");
}

std::optional<ServerModel> ServerModel::sentTo(const QString& url) {
  static const QRegularExpression form(QStringLiteral("^(https?://[^?#]+)/upload/([A-Za-z0-9._-]+)$"));
  const QRegularExpressionMatch match = form.match(url);
  if (!match.hasMatch()) return {};
  return ServerModel{match.captured(1), match.captured(2)};
}

QString ServerModel::nameFor(QString name) {
  static const QRegularExpression others(QStringLiteral("[^A-Za-z0-9._-]+"));
  name.replace(others, QStringLiteral("-"));
  while (name.startsWith(u'.')) name.remove(0, 1);
  return name.isEmpty() ? QStringLiteral("model") : name.left(128);
}

QString ServerModel::url() const {
  return folder() + QStringLiteral("/model.json");
}

QString ServerModel::folder() const {
  return root + QStringLiteral("/models/") + name;
}

QString ServerModel::upload() const {
  return root + QStringLiteral("/upload/") + name;
}

QUrl below(const QUrl& folder, const QString& name) {
  QUrl url = folder.adjusted(QUrl::StripTrailingSlash);
  if (url.path() == QStringLiteral("/")) url.setPath({});
  url.setPath(url.path(QUrl::FullyEncoded) + u'/' + name, QUrl::TolerantMode);
  return url;
}

}  // namespace layersmith

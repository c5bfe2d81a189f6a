#include "ui/catalog/CatalogPlaces.h"

#include "model/storage/http/ServerModel.h"
#include "model/storage/plugins/PluginLoader.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QUrl>

namespace layersmith {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("CatalogPlaces", text);
}

bool isWeb(const QString& text) {
  return text.startsWith(QStringLiteral("http://")) || text.startsWith(QStringLiteral("https://"));
}

}  // namespace

CatalogPlace::Kind placeKind(const QString& key) {
  if (key == QStringLiteral("indexeddb") || key == QStringLiteral("localstorage")) return CatalogPlace::Kind::Browser;
  if (isWeb(key)) return CatalogPlace::Kind::Server;
  return QDir::isAbsolutePath(key) ? CatalogPlace::Kind::Folder : CatalogPlace::Kind::Plugin;
}

bool isSameStore(const QString& placeA, const QString& placeB) {
  const bool areFolders =
      placeKind(placeA) == CatalogPlace::Kind::Folder && placeKind(placeB) == CatalogPlace::Kind::Folder;
  return areFolders || placeA == placeB;
}

QString placeOf(const QString& url) {
  if (isWeb(url)) {
    const auto model = ServerModel::at(url);
    return serverRoot(model ? model->root : url);
  }
  const QString scheme = url.section(QStringLiteral("://"), 0, 0);
  if (scheme != QStringLiteral("file")) return scheme;
  QFileInfo path(QUrl(url).toLocalFile());
  if (path.fileName() == QStringLiteral("model.json")) path = QFileInfo(path.path());
  return path.path();
}

bool isInBrowser(const QString& url) {
  return url.startsWith(QStringLiteral("indexeddb://")) || url.startsWith(QStringLiteral("localstorage://"));
}

bool isInPlugin(const QString& url) {
  return url.contains(QStringLiteral("://")) && placeKind(placeOf(url)) == CatalogPlace::Kind::Plugin;
}

qsizetype startOfPluginName(const QString& url) {
  const qsizetype mark = url.lastIndexOf(QLatin1Char('#'));
  return mark >= 0 ? mark + 1 : url.indexOf(QStringLiteral("://")) + 3;
}

QString modelNameOf(const QString& url) {
  if (isInBrowser(url)) return url.section(QStringLiteral("://"), 1);  // may hold slashes
  if (isInPlugin(url)) return url.mid(startOfPluginName(url));
  QString path = QUrl(url).isLocalFile() ? QUrl(url).toLocalFile() : url.section(QLatin1Char('?'), 0, 0);
  while (path.endsWith(QLatin1Char('/'))) path.chop(1);
  QString name = path.section(QLatin1Char('/'), -1);
  if (name == QStringLiteral("model.json")) name = path.section(QLatin1Char('/'), -2, -2);
  if (name.endsWith(QStringLiteral(".json"))) name.chop(5);
  return name.isEmpty() ? QStringLiteral("model") : name;
}

QString placeTitle(const QString& place) {
  if (place == QStringLiteral("indexeddb")) return tr("IndexedDB");
  if (place == QStringLiteral("localstorage")) return tr("Local storage");
  if (isWeb(place)) return QUrl(place).authority(QUrl::FullyEncoded) + QUrl(place).path();
  if (const LoadedPlugin* plugin = findPlugin(place); plugin && !plugin->title.isEmpty()) return plugin->title;
  const QString name = QFileInfo(place).fileName();
  return name.isEmpty() ? place : name;
}

QString placeIcon(const QString& place) {
  if (place == QStringLiteral("indexeddb")) return QStringLiteral("database");
  if (place == QStringLiteral("localstorage")) return QStringLiteral("browser");
  if (isWeb(place)) return QStringLiteral("server");
  return placeKind(place) == CatalogPlace::Kind::Plugin ? QStringLiteral("database") : QStringLiteral("folder");
}

QString whenText(const QDateTime& time) {
  if (!time.isValid()) return {};
  const QDateTime local = time.toLocalTime();
  const QLocale locale;
  const QDate today = QDate::currentDate();
  const qint64 days = local.date().daysTo(today);
  if (days == 0) return tr("Today %1").arg(locale.toString(local.time(), QStringLiteral("HH:mm")));
  if (days == 1) return tr("Yesterday");
  if (local.date().year() == today.year()) return locale.toString(local.date(), QStringLiteral("d MMM"));
  return local.date().toString(Qt::ISODate);
}

QString freeName(const QString& name, const std::function<bool(const QString& name)>& isTaken) {
  QString candidate = name;
  for (int number = 2; isTaken(candidate); ++number) candidate = QStringLiteral("%1-%2").arg(name).arg(number);
  return candidate;
}

QString serverRoot(const QString& text) {
  const QString trimmed = text.trimmed();
  QUrl url(trimmed.contains(QStringLiteral("://")) ? trimmed : QStringLiteral("http://") + trimmed);
  if (!url.isValid() || url.host().isEmpty() || !isWeb(url.toString())) return {};
  url = url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::StripTrailingSlash);
  QString root = url.toString();
  if (root.endsWith(QStringLiteral("/models"))) root.chop(7);
  while (root.endsWith(QLatin1Char('/'))) root.chop(1);
  return root;
}

}  // namespace layersmith

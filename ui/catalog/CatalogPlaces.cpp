#include "ui/catalog/CatalogPlaces.h"

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
  if (isWeb(url)) return serverRoot(url.section(QStringLiteral("/models/"), 0, 0));
  const QString scheme = url.section(QStringLiteral("://"), 0, 0);
  if (scheme != QStringLiteral("file")) return scheme;
  QFileInfo path(QUrl(url).toLocalFile());
  if (path.fileName() == QStringLiteral("model.json")) path = QFileInfo(path.path());
  return path.path();
}

QString placeTitle(const QString& place) {
  if (place == QStringLiteral("indexeddb")) return tr("IndexedDB");
  if (place == QStringLiteral("localstorage")) return tr("Local storage");
  if (isWeb(place)) return QUrl(place).authority(QUrl::FullyEncoded) + QUrl(place).path();
  const QString name = QFileInfo(place).fileName();
  return name.isEmpty() ? place : name;
}

QString placeIcon(const QString& place) {
  if (place == QStringLiteral("indexeddb")) return QStringLiteral("database");
  if (place == QStringLiteral("localstorage")) return QStringLiteral("browser");
  return isWeb(place) ? QStringLiteral("server") : QStringLiteral("folder");
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

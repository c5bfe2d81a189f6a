#include "model/storage/ModelLibrary.h"

#include "model/core/Error.h"
#include "model/storage/plugins/PluginLoader.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUrl>

namespace layersmith {

namespace {

[[noreturn]] void refusePlace(const QString& text, const QString& reason) {
  throw Error(
      ErrorKind::InvalidConfig, QStringLiteral("\"%1\" is no place for a model: %2.").arg(text, reason).toStdString(),
      {}, text.toStdString(), "Give a folder, a model.json, localstorage://NAME, indexeddb://NAME or http(s)://...");
}

QString requireName(const QString& text, const QString& name) {
  if (name.trimmed().isEmpty()) refusePlace(text, QStringLiteral("the name is empty"));
  if (name.toUtf8().size() > 1024) refusePlace(text.left(60), QStringLiteral("the name is longer than 1024 bytes"));
  for (const QChar c : name)
    if (c.unicode() < 0x20) refusePlace(text, QStringLiteral("a name holds no control characters"));
  return name;
}

/// A path: a folder, a model.json, a NAME.json, or a .zip.
Place filePlace(const QString& path) {
  const QFileInfo info(path);
  const bool isZip = info.suffix().compare(QStringLiteral("zip"), Qt::CaseInsensitive) == 0 && !info.isDir();
  return {isZip ? QStringLiteral("zip") : QStringLiteral("file"), QDir::cleanPath(info.absoluteFilePath())};
}

QString homeFolder() {
  const QString home = qEnvironmentVariable("LAYERSMITH_HOME");
  if (!home.isEmpty()) return QDir(home).absolutePath();
  return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/layersmith");
}

}  // namespace

QString Place::url() const {
  if (scheme == QStringLiteral("file") || scheme == QStringLiteral("zip"))
    return QUrl::fromLocalFile(name).toString(QUrl::FullyEncoded);
  if (scheme == QStringLiteral("http") || scheme == QStringLiteral("https")) return name;
  return scheme + QStringLiteral("://") + name;
}

Place parsePlace(const QString& text) {
  if (text.trimmed().isEmpty()) refusePlace(text, QStringLiteral("it is empty"));
  const qsizetype mark = text.indexOf(QStringLiteral("://"));
  if (mark < 0) return filePlace(text);
  // Blanks at the end are letters of names, in folders and in browsers: another model may be called the same without.
  const QString scheme = text.left(mark).trimmed().toLower();
  const QString rest = text.mid(mark + 3);
  if (scheme == QStringLiteral("localstorage") || scheme == QStringLiteral("indexeddb"))
    return {scheme, requireName(text, rest)};
  if (scheme == QStringLiteral("file")) {
    QString escaped =
        QStringLiteral("file://") + rest;  // a path has neither query nor fragment: both marks are letters of names
    escaped.replace(u'?', QStringLiteral("%3F"))
        .replace(u'#', QStringLiteral("%23"))
        .replace(u' ', QStringLiteral("%20"));
    const QUrl url(escaped);
    const QString path = url.isValid() ? url.toLocalFile() : rest;
    if (path.isEmpty()) refusePlace(text, QStringLiteral("the path is empty"));
    return filePlace(path);
  }
  if (scheme == QStringLiteral("http") || scheme == QStringLiteral("https")) {
    const QString address = text.trimmed();
    const QUrl url(address);
    if (!url.isValid() || url.host().isEmpty()) refusePlace(text, QStringLiteral("the address is not complete"));
    return {scheme, address};
  }
  if (findPlugin(scheme)) {
    if (rest.trimmed().isEmpty()) refusePlace(text, QStringLiteral("the name is empty"));
    return {scheme, rest};
  }
  refusePlace(text, QStringLiteral("the scheme \"%1\" is not known").arg(scheme));
}

QString defaultStorePath() {
  return homeFolder() + QStringLiteral("/store.sqlite");
}

QString defaultRecoveryFolder() {
  return homeFolder() + QStringLiteral("/recovery");
}

}  // namespace layersmith

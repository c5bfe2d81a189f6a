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
  const QString trimmed = text.trimmed();
  if (trimmed.isEmpty()) refusePlace(text, QStringLiteral("it is empty"));
  const qsizetype mark = trimmed.indexOf(QStringLiteral("://"));
  if (mark < 0) return filePlace(trimmed);
  const QString scheme = trimmed.left(mark).toLower();
  const QString rest = trimmed.mid(mark + 3);
  if (scheme == QStringLiteral("localstorage") || scheme == QStringLiteral("indexeddb"))
    return {scheme, requireName(text, rest)};
  if (scheme == QStringLiteral("file")) {
    QString escaped = trimmed;  // a path has neither query nor fragment: both marks are letters of names
    const QUrl url(escaped.replace(u'?', QStringLiteral("%3F")).replace(u'#', QStringLiteral("%23")));
    const QString path = url.isValid() ? url.toLocalFile() : rest;
    if (path.isEmpty()) refusePlace(text, QStringLiteral("the path is empty"));
    return filePlace(path);
  }
  if (scheme == QStringLiteral("http") || scheme == QStringLiteral("https")) {
    const QUrl url(trimmed);
    if (!url.isValid() || url.host().isEmpty()) refusePlace(text, QStringLiteral("the address is not complete"));
    return {scheme, trimmed};
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

#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>

/// What a disk holds after a power cut, put together from what fault_shim.cpp saw synced.
namespace layersmith::fixtures {

/// As the shim names a file.
inline QString keyOf(const QString& path) {
  struct statx status {};
  ::statx(AT_FDCWD, QFile::encodeName(path).constData(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &status);
  return QStringLiteral("%1.%2.%3").arg(status.stx_ino).arg(status.stx_btime.tv_sec).arg(status.stx_btime.tv_nsec);
}

/// Fills the mirror with a folder as it stands: all of it synced.
inline void mirrorFolder(const QString& folder, const QString& mirror) {
  QDir().mkpath(mirror + QStringLiteral("/files"));
  QDir().mkpath(mirror + QStringLiteral("/folders"));
  QByteArray names;
  for (const QFileInfo& info : QDir(folder).entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)) {
    const QString key = keyOf(info.filePath());
    names += QFile::encodeName(info.fileName()) + ' ' + key.toLatin1() + '\n';
    if (info.isDir())
      mirrorFolder(info.filePath(), mirror);
    else
      QFile::copy(info.filePath(), mirror + QStringLiteral("/files/") + key);
  }
  QFile list(mirror + QStringLiteral("/folders/") + keyOf(folder));
  if (!list.open(QIODevice::WriteOnly) || list.write(names) != names.size()) qFatal("the mirror cannot be written");
}

/// The folder of this key as the disk has it: unsynced names are gone, unsynced content is gone or what it was.
inline void restoreFolder(const QString& key, const QString& mirror, const QString& target) {
  QDir().mkpath(target);
  QFile list(mirror + QStringLiteral("/folders/") + key);
  if (!list.open(QIODevice::ReadOnly)) return;
  for (const QByteArray& line : list.readAll().split('\n')) {
    const qsizetype space = line.lastIndexOf(' ');
    if (space < 0) continue;
    const QString path = target + u'/' + QFile::decodeName(line.left(space));
    QString child = QString::fromLatin1(line.mid(space + 1));
    const bool isFolder = child.endsWith(u'/');
    if (isFolder) child.chop(1);
    const QString content = mirror + QStringLiteral("/files/") + child;
    if (isFolder || QFileInfo::exists(mirror + QStringLiteral("/folders/") + child))
      restoreFolder(child, mirror, path);
    else if (QFileInfo::exists(content))
      QFile::copy(content, path);
    else
      QFile(path).open(QIODevice::WriteOnly);  // its name is there, its content never was
  }
}

}  // namespace layersmith::fixtures

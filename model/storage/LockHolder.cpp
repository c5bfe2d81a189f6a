#include "model/storage/LockHolder.h"

#include <QFile>
#include <QFileInfo>
#include <QStringList>

#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace layersmith {

namespace {

/// By its file, whole; /proc/N/comm is cut at 15 letters.
QString programOf(qint64 process) {
  QFile file(QStringLiteral("/proc/%1/cmdline").arg(process));
  if (!file.open(QIODevice::ReadOnly)) return {};
  const QByteArray words = file.readAll();
  return QFileInfo(QString::fromLocal8Bit(words.left(words.indexOf('\0')))).fileName();
}

QString described(qint64 process) {
  const QString program = programOf(process);
  const QString number = QStringLiteral("process %1").arg(process);
  return program.isEmpty() ? number : number + QStringLiteral(" (%1)").arg(program);
}

/// "08:01:4711", as /proc/locks names a file.
QString identity(const struct stat& status) {
  return QStringLiteral("%1:%2:%3")
      .arg(::major(status.st_dev), 2, 16, QLatin1Char('0'))
      .arg(::minor(status.st_dev), 2, 16, QLatin1Char('0'))
      .arg(status.st_ino);
}

}  // namespace

QString lockHolder(const QString& path, std::int64_t firstByte, std::int64_t lastByte) {
  struct stat status {};
  QFile locks(QStringLiteral("/proc/locks"));
  if (::stat(QFile::encodeName(path).constData(), &status) != 0 || !locks.open(QIODevice::ReadOnly)) return {};
  const QString wanted = identity(status);
  for (const QString& line : QString::fromLatin1(locks.readAll()).split(u'\n')) {
    // "1: POSIX  ADVISORY  WRITE 4711 08:01:131 120 EOF"; who waits has an arrow and nine words.
    const QStringList words = line.simplified().split(u' ');
    if (words.size() != 8 || words[3] != QStringLiteral("WRITE") || words[5] != wanted) continue;
    const bool isToEnd = words[7] == QStringLiteral("EOF");
    const bool touches = words[6].toLongLong() <= lastByte && (isToEnd || words[7].toLongLong() >= firstByte);
    if (const qint64 process = words[4].toLongLong(); touches && process > 0) return described(process);
  }
  return {};
}

}  // namespace layersmith

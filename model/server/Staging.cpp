#include "model/server/Staging.h"

#include "model/core/Error.h"
#include "model/storage/LockHolder.h"
#include "model/storage/VolumeSpace.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>

namespace layersmith {

namespace {

Error unusable(const QString& folder) {
  return {ErrorKind::Io, "The folder " + folder.toStdString() + " cannot be made.", "E201", folder.toStdString()};
}

/// An upload may take longer than any debris may lie: it is written to all the time.
QDateTime lastWritten(const QFileInfo& entry) {
  QDateTime last = entry.lastModified();
  if (entry.isSymLink() || !entry.isDir()) return last;
  for (const QFileInfo& file : QDir(entry.filePath()).entryInfoList(QDir::Files | QDir::Hidden | QDir::System))
    last = std::max(last, file.lastModified());
  return last;
}

}  // namespace

Staging::Staging(const QString& folder) : m_folder(folder) {
  if (!QDir().mkpath(folder)) throw unusable(folder);
  m_lock = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (m_lock < 0) throw unusable(folder);
  if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    ::close(m_lock);
    const QString holder = lockHolder(folder);
    throw Error(ErrorKind::Busy,
                QStringLiteral("Another server uses this place already (%1)%2. Stop it, or serve another folder.")
                    .arg(folder, holder.isEmpty() ? QString() : QStringLiteral(": ") + holder)
                    .toStdString(),
                "E203", folder.toStdString());
  }
  removeOlderThan(-1);
}

Staging::~Staging() {
  removeOlderThan(-1);
  ::close(m_lock);
}

QString Staging::makeEntry(const std::string& id) const {
  const QString path = m_folder + u'/' + QString::fromStdString(id);
  if (!QDir().mkdir(path)) throw unusable(path);
  return path;
}

void Staging::removeEntry(const QString& path) {
  QDir(path).removeRecursively();
}

void Staging::removeOlderThan(int ms) const {
  const QDateTime limit = QDateTime::currentDateTime().addMSecs(-ms);
  for (const QFileInfo& entry :
       QDir(m_folder).entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot)) {
    if (ms >= 0 && lastWritten(entry) > limit) continue;
    entry.isDir() && !entry.isSymLink() ? QDir(entry.filePath()).removeRecursively() : QFile::remove(entry.filePath());
  }
}

std::int64_t Staging::freeBytes() const {
  const std::int64_t free = freeBytesAt(m_folder);
  if (free < 0)
    throw Error(ErrorKind::Io, "The free space of " + m_folder.toStdString() + " cannot be found. Nothing was stored.",
                "E201", m_folder.toStdString());
  return free;
}

}  // namespace layersmith

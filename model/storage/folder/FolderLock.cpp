#include "model/storage/folder/FolderLock.h"

#include "model/core/Error.h"
#include "model/storage/LockHolder.h"
#include "model/storage/folder/FileAccess.h"

#include <QFile>
#include <QThread>

#include <fcntl.h>
#include <sys/file.h>
#include <cerrno>

namespace layersmith {

namespace {

Descriptor openedFolder(const QString& folder) {
  Descriptor opened(::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0) throw unwritten(folder, errno);
  return opened;
}

Error busy(const QString& folder) {
  const QString holder = lockHolder(folder);
  return {ErrorKind::Busy,
          QStringLiteral("A model in %1 is being saved by %2. Nothing was changed. Try again in a moment.")
              .arg(folder, holder.isEmpty() ? QStringLiteral("another program") : holder)
              .toStdString(),
          "E203", folder.toStdString()};
}

}  // namespace

FolderLock::FolderLock(const QString& folder) : m_folder(openedFolder(folder)) {
  for (int waitedMs = 0;; waitedMs += 20) {
    if (::flock(m_folder.get(), LOCK_EX | LOCK_NB) == 0) {
      if (leadsTo(folder, m_folder.get())) return;  // a save may have exchanged it for another while we waited
      m_folder = openedFolder(folder);
    } else if (errno != EWOULDBLOCK && errno != EINTR) {
      return;  // a file system without locks
    }
    if (waitedMs >= 10'000) throw busy(folder);
    QThread::msleep(20);
  }
}

}  // namespace layersmith

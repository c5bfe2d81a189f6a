#include "model/storage/browser/WeightFolder.h"

#include "model/core/Error.h"
#include "model/storage/LockHolder.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/WeightHasher.h"
#include "model/storage/folder/FileAccess.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>
#include <QThread>
#include <QUuid>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <cerrno>

namespace layersmith {

namespace {

int openFolder(const QString& path) {
  return ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/// As flock() without waiting: 0, or the errno.
int tryLock(int folder, int kind) {
  while (::flock(folder, kind | LOCK_NB) != 0)
    if (errno != EINTR) return errno;
  return 0;
}

Error busy(const QString& path) {
  const QString holder = lockHolder(path);
  return {ErrorKind::Busy,
          QStringLiteral("The store's folder %1 is in use by %2. Nothing was changed. Try again in a moment.")
              .arg(path, holder.isEmpty() ? QStringLiteral("another program") : holder)
              .toStdString(),
          "E203", path.toStdString()};
}

}  // namespace

WeightFolder::Saving::Saving(const WeightFolder& folder, const WeightBytes& weights, const SaveOptions& options,
                             const StoreProgress& progress)
    : m_folder(folder.path()), m_name(QUuid::createUuid().toString(QUuid::WithoutBraces) + QStringLiteral(".bin")) {
  if (!QFileInfo::exists(m_folder)) {
    if (!QDir().mkpath(m_folder))
      throw Error(ErrorKind::Io,
                  "Not saved: the folder " + m_folder.toStdString() +
                      " cannot be made. What is stored is unchanged. Save elsewhere.",
                  "E201", m_folder.toStdString());
    syncFolder(QFileInfo(m_folder).absolutePath());
  }
  lock(folder.m_lockMs);
  auto undo = qScopeGuard([this] {
    QFile::remove(filePath());
    ::close(m_lock);
  });
  take(options.weightsFile);
  if (m_sha256.isEmpty()) write(weights, progress);
  syncFolder(m_folder);
  undo.dismiss();
}

WeightFolder::Saving::~Saving() {
  if (!m_isKept) QFile::remove(filePath());
  ::close(m_lock);
}

void WeightFolder::Saving::lock(int longestMs) {
  m_lock = openFolder(m_folder);
  if (m_lock < 0) throw unwritten(m_folder, errno);  // without it a sweep would take the file away
  auto undo = qScopeGuard([this] { ::close(m_lock); });
  const QDeadlineTimer deadline(longestMs);
  while (tryLock(m_lock, LOCK_SH) == EWOULDBLOCK) {  // another failure: a file system without locks is never swept
    if (deadline.hasExpired()) throw busy(m_folder);
    QThread::msleep(20);
  }
  undo.dismiss();
}

void WeightFolder::Saving::take(const WeightsFile& file) {
  if (file.path.isEmpty()) return;
  if (::link(QFile::encodeName(file.path).constData(), QFile::encodeName(filePath()).constData()) == 0)
    m_sha256 = QByteArray::fromHex(file.sha256.toLatin1());
}

void WeightFolder::Saving::write(const WeightBytes& weights, const StoreProgress& progress) {
  m_chunkBytes = WeightHasher::kHashChunkBytes;
  WeightHasher hasher(weights, {weights.size()}, weights.size(), m_chunkBytes);
  NewFile file(filePath(), {weights.size()});
  file.write(weights, [&](std::int64_t done) { report(progress, done, weights.size()); });
  file.sync();
  m_sha256 = hasher.digests().front();
}

void WeightFolder::sweep(const std::function<QSet<QString>()>& named) const {
  const int lock = openFolder(m_path);
  if (lock < 0) return;
  const auto unlock = qScopeGuard([lock] { ::close(lock); });
  if (tryLock(lock, LOCK_EX) != 0) return;
  const QStringList files = QDir(m_path).entryList({QStringLiteral("*.bin")}, QDir::Files);
  if (files.isEmpty()) return;
  const QSet<QString> kept = named();
  for (const QString& file : files)
    if (!kept.contains(file)) QFile::remove(m_path + u'/' + file);
}

}  // namespace layersmith

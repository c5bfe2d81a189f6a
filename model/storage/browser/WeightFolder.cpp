#include "model/storage/browser/WeightFolder.h"

#include "model/core/Error.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/WeightHasher.h"
#include "model/storage/folder/FileAccess.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>
#include <QUuid>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <cerrno>

namespace layersmith {

namespace {

/// The folder held open with a lock of this kind; -1: it is not there, or another holds it.
int lockFolder(const QString& path, int kind) {
  const int folder = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return -1;
  while (::flock(folder, kind) != 0) {
    if (errno == EINTR) continue;
    if ((kind & LOCK_SH) != 0) return folder;  // a file system without locks: it is never swept either
    ::close(folder);
    return -1;
  }
  return folder;
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
  m_lock = lockFolder(m_folder, LOCK_SH);
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
  const int lock = lockFolder(m_path, LOCK_EX | LOCK_NB);
  if (lock < 0) return;
  const auto unlock = qScopeGuard([lock] { ::close(lock); });
  const QStringList files = QDir(m_path).entryList({QStringLiteral("*.bin")}, QDir::Files);
  if (files.isEmpty()) return;
  const QSet<QString> kept = named();
  for (const QString& file : files)
    if (!kept.contains(file)) QFile::remove(m_path + u'/' + file);
}

}  // namespace layersmith

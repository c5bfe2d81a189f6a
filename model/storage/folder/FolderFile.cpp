#include "model/storage/folder/FolderFile.h"

#include "model/core/Error.h"
#include "model/storage/folder/UnfinishedFile.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <climits>

namespace layersmith {

FolderFile::FolderFile(const OpenFolder& folder, const QString& name, Way way)
    : m_path(folder.path() + u'/' + safeRelativePath(name)) {
  walk(folder.descriptor(), safeRelativePath(name).split(u'/'), way);
}

/// Step by step, through no link.
void FolderFile::walk(int from, const QStringList& names, Way way) {
  constexpr int kFlags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  m_name = QFile::encodeName(names.back());
  m_folder = Descriptor(::openat(from, ".", kFlags));
  for (qsizetype i = 0; i + 1 < names.size() && m_folder.get() >= 0; ++i) {
    const QByteArray folder = QFile::encodeName(names[i]);
    const bool isMade =
        way == Way::Found || ::mkdirat(m_folder.get(), folder.constData(), 0777) == 0 || errno == EEXIST;
    Descriptor next(isMade ? ::openat(m_folder.get(), folder.constData(), kFlags) : -1);
    m_code = errno;
    m_folder = std::move(next);
  }
}

FolderFile FolderFile::at(const QString& path) {
  const QFileInfo info(path);
  return {OpenFolder(info.absolutePath()), info.fileName()};
}

bool FolderFile::status(struct stat& found) const {
  return m_folder.get() >= 0 && ::fstatat(m_folder.get(), m_name.constData(), &found, AT_SYMLINK_NOFOLLOW) == 0;
}

void FolderFile::requireFolder() const {
  if (m_folder.get() >= 0) return;
  if (m_code == ENOTDIR || m_code == ELOOP) throw outside(m_path);
  throw unwritten(m_path, m_code);
}

bool FolderFile::isThere() const {
  struct stat found {};
  return status(found);
}

bool FolderFile::isFile() const {
  struct stat found {};
  return status(found) && (S_ISREG(found.st_mode) || S_ISLNK(found.st_mode));
}

std::int64_t FolderFile::size() const {
  struct stat found {};
  return status(found) && S_ISREG(found.st_mode) ? found.st_size : 0;
}

QByteArray FolderFile::linkTarget() const {
  QByteArray target(PATH_MAX, Qt::Uninitialized);
  target.truncate(
      qMax<ssize_t>(0, ::readlinkat(m_folder.get(), m_name.constData(), target.data(), std::size_t(target.size()))));
  return target;
}

bool FolderFile::equals(const FolderFile& other) const {
  const auto opened = [](const FolderFile& one, QFile& file) {
    const int descriptor =
        ::openat(one.m_folder.get(), one.m_name.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    return descriptor >= 0 && file.open(descriptor, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle);
  };
  const QByteArray target = linkTarget();
  if (!target.isEmpty() || !other.linkTarget().isEmpty()) return target == other.linkTarget();
  QFile first, second;
  if (!opened(*this, first) || !opened(other, second) || first.size() != second.size()) return false;
  while (!first.atEnd())
    if (const QByteArray bytes = first.read(qint64(kStepBytes)); bytes.isEmpty() || bytes != second.read(bytes.size()))
      return false;
  return first.error() == QFileDevice::NoError && second.error() == QFileDevice::NoError;
}

NewFile FolderFile::make(SaveRoom room) const {
  requireFolder();
  return {m_folder.get(), m_name, m_path, room};
}

bool FolderFile::tryRemove() const {
  if (m_folder.get() < 0) return m_code == ENOENT;
  return ::unlinkat(m_folder.get(), m_name.constData(), 0) == 0 || errno == ENOENT;
}

void FolderFile::remove() const {
  if (tryRemove()) return;
  const int code = errno;
  requireFolder();
  throw unwritten(m_path, code);
}

void FolderFile::place(const FolderFile& from) const {
  from.requireFolder();
  requireFolder();
  if (::linkat(from.m_folder.get(), from.m_name.constData(), m_folder.get(), m_name.constData(), 0) == 0) return;
  if (errno == EEXIST) throw unwritten(m_path, EEXIST);
  placeCopy(from);
}

void FolderFile::placeCopy(const FolderFile& from) const {
  from.requireFolder();
  requireFolder();
  const QByteArray target = from.linkTarget();
  if (target.isEmpty()) return copy(from);
  if (::symlinkat(target.constData(), m_folder.get(), m_name.constData()) != 0) throw unwritten(m_path, errno);
}

void FolderFile::detach() const {
  requireFolder();
  if (linkTarget().isEmpty()) copy(*this, true);
}

void FolderFile::copy(const FolderFile& from, bool mayReplace) const {
  QFile file;
  const int descriptor =
      ::openat(from.m_folder.get(), from.m_name.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0 || !file.open(descriptor, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle))
    throw unwritten(from.m_path, EIO);
  UnfinishedFile made(m_folder.get(), m_name, m_path, {file.size()});
  if (!made.file().shareBytesOf(file.handle()))
    while (file.error() == QFileDevice::NoError && !file.atEnd()) made.file().write(file.read(qint64(kStepBytes)));
  if (file.error() != QFileDevice::NoError) throw unwritten(from.m_path, EIO);
  made.file().sync();
  if (mayReplace) return made.replace();
  if (!made.place()) throw unwritten(m_path, EEXIST, {file.size(), file.size()});
}

QStringList filesOf(const OpenFolder& folder, const QStringList& names) {
  QStringList found;
  for (const QString& name : names)
    if (!found.contains(name) && FolderFile(folder, name).isFile()) found.append(name);
  return found;
}

bool renameToFree(const QString& from, const QString& to) {
  return renameToFree(QFile::encodeName(from), QFile::encodeName(to));
}

bool renameToFree(const QByteArray& from, const QByteArray& to) {
  const int code = renameNoReplace(AT_FDCWD, from, AT_FDCWD, to);
  if (code != 0 && code != EEXIST && code != ENOTEMPTY) throw unwritten(QFile::decodeName(to), code);
  return code == 0;
}

}  // namespace layersmith

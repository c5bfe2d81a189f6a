#include "model/storage/folder/UnfinishedFile.h"

#include "model/storage/folder/Descriptor.h"
#include "model/storage/folder/FolderEntries.h"

#include <QFile>
#include <QRandomGenerator>

#include <dirent.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>

namespace layersmith {

namespace {

const QByteArray kEnd = kUnfinishedEnd;
constexpr qsizetype kRandomLetters = 16;

/// "a/b/" of "a/b/c"
QByteArray folderOf(const QByteArray& name) {
  return name.left(name.lastIndexOf('/') + 1);
}

/// ".NAME", with room for the rest.
QByteArray startOf(const QByteArray& name) {
  return '.' + cutName(name.mid(name.lastIndexOf('/') + 1), kMostNameBytes - kRandomLetters - kEnd.size() - 2);
}

QByteArray freshName(const QByteArray& name) {
  const QByteArray random = QByteArray::number(QRandomGenerator::system()->generate64(), 16);
  return folderOf(name) + startOf(name) + '.' + random.rightJustified(kRandomLetters, '0') + kEnd;
}

void removeUnlocked(int folder, const QByteArray& name) {
  const Descriptor file(::openat(folder, name.constData(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() >= 0 && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlinkat(folder, name.constData(), 0);
}

/// Those that begin with `start`, in a folder given relative to another. What cannot be looked at stays.
void sweep(int from, const QByteArray& folder, const QByteArray& start, qsizetype mostBytes = kMostNameBytes) {
  try {
    for (const FolderEntry& entry : entriesOf(folder.isEmpty() ? QByteArray(".") : folder, from))
      if (entry.type == DT_REG && entry.name.size() <= mostBytes && entry.name.startsWith(start) &&
          entry.name.endsWith(kEnd))
        removeUnlocked(from, folder + entry.name);
  } catch (const Error&) {
    // Nothing depends on it.
  }
}

}  // namespace

UnfinishedFile::UnfinishedFile(int folder, QByteArray name, QString path, SaveRoom room)
    : m_folder(folder), m_name(std::move(name)), m_path(std::move(path)), m_room(room) {
  const QByteArray start = startOf(m_name);
  sweep(m_folder, folderOf(m_name), start + '.', start.size() + 1 + kRandomLetters + kEnd.size());
  do {
    m_fresh = freshName(m_name);
    m_file.emplace(m_folder, m_fresh, m_path, m_room);
  } while (!isNamed());  // a sweep came between its making and its lock
}

UnfinishedFile::~UnfinishedFile() {
  if (!m_isPlaced) ::unlinkat(m_folder, m_fresh.constData(), 0);
}

bool UnfinishedFile::isNamed() const {
  struct stat status {};
  return ::fstatat(m_folder, m_fresh.constData(), &status, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

void UnfinishedFile::replace() {
  struct stat status {};
  if (::fstatat(m_folder, m_name.constData(), &status, 0) == 0)
    ::fchmodat(m_folder, m_fresh.constData(), status.st_mode & 07777, 0);
  if (::renameat(m_folder, m_fresh.constData(), m_folder, m_name.constData()) != 0)
    throw unwritten(m_path, errno, {m_room.needed, m_room.needed});
  m_isPlaced = true;
}

bool UnfinishedFile::place() {
  const int code = renameNoReplace(m_folder, m_fresh, m_folder, m_name);
  if (code != 0 && code != EEXIST) throw unwritten(m_path, code, {m_room.needed, m_room.needed});
  m_isPlaced = code == 0;
  return m_isPlaced;
}

void sweepUnfinished(const QString& folder) {
  sweep(AT_FDCWD, QFile::encodeName(folder) + '/', ".");
}

int renameNoReplace(int fromFolder, const QByteArray& from, int toFolder, const QByteArray& to) {
  if (::renameat2(fromFolder, from.constData(), toFolder, to.constData(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) return errno;
  if (::linkat(fromFolder, from.constData(), toFolder, to.constData(), 0) == 0) {
    ::unlinkat(fromFolder, from.constData(), 0);
    return 0;
  }
  if (errno == EEXIST) return errno;
  struct stat status {};
  if (::fstatat(toFolder, to.constData(), &status, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return ::renameat(fromFolder, from.constData(), toFolder, to.constData()) == 0 ? 0 : errno;
}

}  // namespace layersmith

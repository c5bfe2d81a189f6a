#include "model/storage/folder/FolderEntries.h"

#include "model/core/Error.h"
#include "model/storage/folder/Descriptor.h"

#include <QCryptographicHash>
#include <QFile>

#include <dirent.h>
#include <sys/stat.h>
#include <cerrno>
#include <cstring>
#include <memory>

namespace layersmith {

namespace {

struct CloseDir {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

Error unlisted(const QByteArray& path, int code) {
  const ErrorKind kind = code == ENOENT || code == ENOTDIR ? ErrorKind::NotFound : ErrorKind::Io;
  const std::string shown = QFile::decodeName(path).toStdString();
  return {kind, "The folder " + shown + " could not be read: " + std::strerror(code) + ".", {}, shown};
}

/// Not every file system says it in its folders: sshfs does not.
unsigned char typeOf(int folder, const dirent& entry) {
  struct stat status {};
  if (entry.d_type != DT_UNKNOWN || ::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return entry.d_type;
  return IFTODT(status.st_mode);
}

}  // namespace

std::vector<FolderEntry> entriesOf(const QByteArray& path, int from) {
  Descriptor opened(::openat(from, path.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, CloseDir> folder(opened.get() < 0 ? nullptr : ::fdopendir(opened.get()));
  if (!folder) throw unlisted(path, errno);
  opened.release();
  std::vector<FolderEntry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
      entries.push_back({entry->d_name, typeOf(::dirfd(folder.get()), *entry)});
    errno = 0;
  }
  if (errno != 0) throw unlisted(path, errno);
  return entries;
}

bool isText(const QByteArray& name) {
  return QFile::encodeName(QFile::decodeName(name)) == name;
}

QByteArray cutName(const QByteArray& name, qsizetype bytes) {
  if (name.size() <= bytes) return name;
  const auto isInside = [&](qsizetype at) { return (static_cast<unsigned char>(name[at]) & 0xC0) == 0x80; };
  while (bytes > 0 && isInside(bytes)) --bytes;
  return name.left(bytes);
}

QByteArray fittedName(const QByteArray& name, qsizetype room) {
  if (name.size() + room <= kMostNameBytes) return name;
  const QByteArray hash = '-' + QCryptographicHash::hash(name, QCryptographicHash::Sha256).toHex().left(16);
  return cutName(name, kMostNameBytes - room - hash.size()) + hash;
}

}  // namespace layersmith

#include "model/storage/FileAccess.h"

#include "model/core/Error.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QStorageInfo>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace layersmith {

namespace {

QString reasonOf(int code) {
  return QString::fromLocal8Bit(std::strerror(code));
}

Error unreadable(const QString& path, int code) {
  const ErrorKind kind = code == ENOENT || code == ENOTDIR ? ErrorKind::NotFound : ErrorKind::Io;
  return {kind,
          QStringLiteral("%1 could not be read: %2.").arg(path, reasonOf(code)).toStdString(),
          {},
          path.toStdString()};
}

QString size(std::int64_t bytes) {
  return QLocale::c().formattedDataSize(bytes);
}

Error unwritten(const QString& path, int code, std::int64_t needed) {
  const QStorageInfo volume(QFileInfo(path).absolutePath());
  const bool isFull = code == ENOSPC || code == EDQUOT || code == EFBIG;
  const QString cause = isFull ? QStringLiteral("%1 has %2 free, %3 needed")
                                     .arg(volume.rootPath(), size(volume.bytesAvailable()), size(needed))
                               : QStringLiteral("%1: %2").arg(path, reasonOf(code));
  const QString advice = isFull ? QStringLiteral("Free space or save elsewhere.") : QStringLiteral("Save elsewhere.");
  return {isFull ? ErrorKind::NoSpace : ErrorKind::Io,
          QStringLiteral("Not saved: %1. Your old file is unchanged. %2").arg(cause, advice).toStdString(), "E201",
          path.toStdString()};
}

Error escapes(const QString& path) {
  return {ErrorKind::Format, QStringLiteral("%1 points outside the model's folder. Refused.").arg(path).toStdString(),
          "E131", path.toStdString()};
}

class Descriptor {
 public:
  explicit Descriptor(int value) : m_value(value) {}
  ~Descriptor() {
    if (m_value >= 0) ::close(m_value);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return m_value; }
  int release() {
    const int value = m_value;
    m_value = -1;
    return value;
  }

 private:
  int m_value;
};

}  // namespace

OpenFolder::OpenFolder(const QString& path)
    : m_path(path), m_descriptor(::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (m_descriptor < 0) throw unreadable(path, errno);
}

OpenFolder::~OpenFolder() {
  ::close(m_descriptor);
}

int OpenFolder::open(const QString& name) const {
  const QByteArray encoded = QFile::encodeName(safeRelativePath(name));
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const long descriptor = ::syscall(SYS_openat2, m_descriptor, encoded.constData(), &how, sizeof how);
  if (descriptor < 0 && (errno == EXDEV || errno == ELOOP)) throw escapes(name);
  if (descriptor < 0 && errno == ENOSYS)
    return ::openat(m_descriptor, encoded.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  return int(descriptor);
}

bool OpenFolder::contains(const QString& name) const {
  return sizeOf(name) >= 0;
}

std::int64_t OpenFolder::sizeOf(const QString& name) const {
  const Descriptor file(open(name));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return -1;
  return status.st_size;
}

QByteArray OpenFolder::read(const QString& name, std::int64_t maxBytes) const {
  Descriptor descriptor(open(name));
  const QString shown = m_path + u'/' + name;
  if (descriptor.get() < 0) throw unreadable(shown, errno);
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) throw unreadable(shown, errno);
  if (!S_ISREG(status.st_mode))
    throw Error(ErrorKind::Format, QStringLiteral("%1 is not a regular file. Refused.").arg(shown).toStdString(),
                "E131", shown.toStdString());
  QFile file;
  if (!file.open(descriptor.release(), QIODevice::ReadOnly, QFileDevice::AutoCloseHandle)) throw unreadable(shown, EIO);
  QByteArray bytes = file.read(qMin<std::int64_t>(status.st_size, maxBytes));
  if (file.error() != QFileDevice::NoError) throw unreadable(shown, EIO);
  return bytes;
}

QString safeRelativePath(const QString& path) {
  if (path.isEmpty() || path.startsWith(u'/') || path.contains(u'\\')) throw escapes(path);
  for (const QChar c : path)
    if (c.unicode() < 0x20) throw escapes(path);
  const QStringList parts = path.split(u'/');
  for (const QString& part : parts)
    if (part == QStringLiteral("..")) throw escapes(path);
  return QDir::cleanPath(path);
}

void writeSynced(const QString& path, const QByteArray& bytes) {
  const Descriptor file(
      ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (file.get() < 0) throw unwritten(path, errno, bytes.size());
  const char* next = bytes.constData();
  qsizetype left = bytes.size();
  while (left > 0) {
    const ssize_t written = ::write(file.get(), next, std::size_t(qMin<qsizetype>(left, 1 << 30)));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw unwritten(path, written < 0 ? errno : ENOSPC, bytes.size());
    next += written;
    left -= written;
  }
  if (::fsync(file.get()) != 0) throw unwritten(path, errno, bytes.size());
}

void syncFolder(const QString& path) {
  const Descriptor folder(::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || (::fsync(folder.get()) != 0 && errno != EINVAL)) throw unwritten(path, errno, 0);
}

bool exchangePaths(const QString& a, const QString& b) {
  if (::renameat2(AT_FDCWD, QFile::encodeName(a).constData(), AT_FDCWD, QFile::encodeName(b).constData(),
                  RENAME_EXCHANGE) == 0)
    return true;
  if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP || errno == EXDEV) return false;
  throw unwritten(b, errno, 0);
}

}  // namespace layersmith

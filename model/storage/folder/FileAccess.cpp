#include "model/storage/folder/FileAccess.h"

#include "model/core/Error.h"
#include "model/core/MappedBytes.h"
#include "model/storage/VolumeSpace.h"
#include "model/storage/folder/Descriptor.h"
#include "model/storage/folder/UnfinishedFile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QStorageInfo>

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <utility>

namespace layersmith {

namespace {

const QString kNotSaved = QStringLiteral("Not saved: ");
const QString kUnchanged = QStringLiteral(". Your old file is unchanged. ");

QString reasonOf(int code) {
  return QString::fromLocal8Bit(std::strerror(code));
}

Error notRegular(const QString& path) {
  return {ErrorKind::Format, QStringLiteral("%1 is not a regular file. Refused.").arg(path).toStdString(), "E131",
          path.toStdString()};
}

Error unreadable(const QString& path, int code) {
  if (code == ENXIO) return notRegular(path);  // a socket
  const ErrorKind kind = code == ENOENT || code == ENOTDIR ? ErrorKind::NotFound : ErrorKind::Io;
  return {kind,
          QStringLiteral("%1 could not be read: %2.").arg(path, reasonOf(code)).toStdString(),
          {},
          path.toStdString()};
}

QString size(std::int64_t bytes) {
  return QLocale::c().formattedDataSize(bytes);
}

bool isRegular(int descriptor) {
  struct stat status {};
  return descriptor >= 0 && ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/// Fresh pages all at once: one by one they cost more than the reading.
void populate(std::span<std::byte> bytes) {
  constexpr std::uintptr_t kPage = 4096;
  const auto first = (reinterpret_cast<std::uintptr_t>(bytes.data()) + kPage - 1) / kPage * kPage;
  const auto last = reinterpret_cast<std::uintptr_t>(bytes.data() + bytes.size()) / kPage * kPage;
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_POPULATE_WRITE);
}

}  // namespace

Error unwritten(const QString& path, int code, SaveRoom room) {
  const QString folder = QFileInfo(path).absolutePath();
  const bool isFull = code == ENOSPC || code == EDQUOT || code == EFBIG;
  const QString cause = isFull ? QStringLiteral("%1 has %2 free, %3 needed")
                                     .arg(QStorageInfo(folder).rootPath(), size(freeBytesAt(folder) + room.written),
                                          room.needed > 0 ? size(room.needed) : QStringLiteral("more is"))
                               : QStringLiteral("%1: %2").arg(path, reasonOf(code));
  const QString advice = isFull ? QStringLiteral("Free space or save elsewhere.") : QStringLiteral("Save elsewhere.");
  return {isFull ? ErrorKind::NoSpace : ErrorKind::Io, (kNotSaved + cause + kUnchanged + advice).toStdString(), "E201",
          path.toStdString()};
}

QString causeOf(const Error& unwritten) {
  const QString message = QString::fromStdString(unwritten.message());
  const qsizetype end = message.indexOf(kUnchanged);
  return message.startsWith(kNotSaved) && end > 0 ? message.mid(kNotSaved.size(), end - kNotSaved.size()) : message;
}

Error outside(const QString& path) {
  QString shown = path.isEmpty() ? QStringLiteral("A weight file without a name") : path;
  for (QChar& c : shown)
    if (c.unicode() < 0x20) c = QChar::ReplacementCharacter;
  return {ErrorKind::Format, QStringLiteral("%1 points outside the model's folder. Refused.").arg(shown).toStdString(),
          "E131", shown.toStdString()};
}

OpenFolder::OpenFolder(const QString& path)
    : m_path(path), m_descriptor(::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (m_descriptor < 0) throw unreadable(path, errno);
}

OpenFolder::~OpenFolder() {
  ::close(m_descriptor);
}

bool OpenFolder::isStillThere() const {
  return leadsTo(m_path, m_descriptor);
}

int OpenFolder::open(const QString& name) const {
  const QByteArray encoded = QFile::encodeName(safeRelativePath(name));
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  long descriptor = -1;
  do descriptor = ::syscall(SYS_openat2, m_descriptor, encoded.constData(), &how, sizeof how);
  while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0 && (errno == EXDEV || errno == ELOOP)) throw outside(name);
  if (descriptor < 0 && errno == ENOSYS)
    return ::openat(m_descriptor, encoded.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  return int(descriptor);
}

bool OpenFolder::contains(const QString& name) const {
  const Descriptor file(open(name));
  return isRegular(file.get());
}

std::int64_t OpenFolder::sizeOf(const QString& name) const {
  const Descriptor file(open(name));
  const QString shown = m_path + u'/' + name;
  if (file.get() < 0 && (errno == ENOENT || errno == ENOTDIR)) return -1;
  if (file.get() < 0) throw unreadable(shown, errno);
  if (!isRegular(file.get())) throw notRegular(shown);
  struct stat status {};
  return ::fstat(file.get(), &status) == 0 ? status.st_size : -1;
}

int OpenFolder::openRegular(const QString& name) const {
  Descriptor descriptor(open(name));
  const QString shown = m_path + u'/' + name;
  if (descriptor.get() < 0) throw unreadable(shown, errno);
  if (!isRegular(descriptor.get())) throw notRegular(shown);
  return descriptor.release();
}

std::unique_ptr<QFile> OpenFolder::file(const QString& name) const {
  auto file = std::make_unique<QFile>();
  if (!file->open(openRegular(name), QIODevice::ReadOnly, QFileDevice::AutoCloseHandle))
    throw unreadable(m_path + u'/' + name, EIO);
  return file;
}

QByteArray OpenFolder::read(const QString& name, std::int64_t maxBytes) const {
  const std::int64_t size = qMin(sizeOf(name), maxBytes);
  QByteArray bytes(qMax<std::int64_t>(size, 0), Qt::Uninitialized);
  bytes.truncate(readInto(name, std::as_writable_bytes(std::span(bytes.data(), std::size_t(bytes.size())))));
  return bytes;
}

std::int64_t OpenFolder::readInto(const QString& name, std::span<std::byte> to, const Advance& advance) const {
  const Descriptor file(openRegular(name));
  ::posix_fadvise(file.get(), 0, off_t(to.size()), POSIX_FADV_SEQUENTIAL);
  std::size_t done = 0;
  while (done < to.size()) {
    const std::size_t step = qMin(to.size() - done, kStepBytes);
    populate(to.subspan(done, step));
    const ssize_t count = ::read(file.get(), to.data() + done, step);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw unreadable(m_path + u'/' + name, errno);
    if (count == 0) break;
    done += std::size_t(count);
    if (advance) advance(std::int64_t(done));
  }
  return std::int64_t(done);
}

std::optional<SharedBytes> OpenFolder::map(const QStringList& names, const std::vector<std::int64_t>& sizes) const {
  std::deque<Descriptor> files;
  std::vector<MappedPart> parts;
  for (qsizetype i = 0; i < names.size(); ++i) {
    files.emplace_back(openRegular(names[i]));
    struct stat status {};
    if (::fstat(files.back().get(), &status) != 0 || status.st_size < sizes[std::size_t(i)]) return std::nullopt;
    parts.push_back({files.back().get(), std::size_t(sizes[std::size_t(i)])});
  }
  return mapFiles(parts, names.join(QStringLiteral(", ")).left(200).toStdString());
}

bool OpenFolder::holds(const QString& name, const WeightBytes& bytes) const {
  if (!contains(name) || sizeOf(name) != bytes.size()) return false;
  std::int64_t done = 0;
  const ByteBlock step{kStepBytes};
  const Descriptor file(openRegular(name));
  while (done < bytes.size()) {
    const ssize_t count = ::read(file.get(), step.data(), step.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || count > bytes.size() - done) return false;
    const SharedBytes found = step.share().slice(0, std::size_t(count));
    if (!(WeightBytes(found) == bytes.sliced(done, count))) return false;
    done += count;
  }
  return true;
}

QString safeRelativePath(const QString& path) {
  if (path.isEmpty() || path.startsWith(u'/') || path.contains(u'\\')) throw outside(path);
  for (const QChar c : path)
    if (c.unicode() < 0x20) throw outside(path);
  const QStringList parts = path.split(u'/');
  for (const QString& part : parts)
    if (part == QStringLiteral("..")) throw outside(path);
  return QDir::cleanPath(path);
}

NewFile::NewFile(const QString& path, SaveRoom room) : NewFile(AT_FDCWD, QFile::encodeName(path), path, room) {}

NewFile::NewFile(int folder, const QByteArray& name, const QString& path, SaveRoom room)
    : m_path(path),
      m_room(room),
      m_descriptor(::openat(folder, name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666)) {
  if (m_descriptor < 0) throw unwritten(path, errno, room);
  // Held until it is closed: sweepUnfinished() leaves it alone. One that came before the lock holds it for a moment.
  while (::flock(m_descriptor, LOCK_EX) != 0 && errno == EINTR) {
  }
}

NewFile::NewFile(NewFile&& other) noexcept
    : m_path(std::move(other.m_path)),
      m_room(other.m_room),
      m_written(other.m_written),
      m_descriptor(std::exchange(other.m_descriptor, -1)) {}

NewFile::~NewFile() {
  if (m_descriptor >= 0) ::close(m_descriptor);
}

void NewFile::write(const WeightBytes& bytes, const Advance& advance) {
  for (const SharedBytes& piece : bytes.pieces())
    for (std::size_t done = 0; done < piece.size(); done += kStepBytes) {
      writeSome(piece.span().subspan(done, qMin(kStepBytes, piece.size() - done)));
      if (advance) advance(m_written);
    }
}

void NewFile::writeSome(std::span<const std::byte> bytes) {
  const std::int64_t start = m_written;
  while (!bytes.empty()) {
    const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw unwritten(m_path, count < 0 ? errno : ENOSPC, m_room);
    bytes = bytes.subspan(std::size_t(count));
    m_written += count;
    m_room.written += count;
  }
  // The disk works while the next bytes are copied. A fault shows in sync().
  ::sync_file_range(m_descriptor, start, m_written - start, SYNC_FILE_RANGE_WRITE);
}

bool NewFile::shareBytesOf(int file) {
  return ::ioctl(m_descriptor, FICLONE, file) == 0;
}

void NewFile::sync() {
  if (::fsync(m_descriptor) != 0) throw unwritten(m_path, errno, m_room);
}

void writeSynced(const QString& path, const WeightBytes& bytes, SaveRoom others) {
  NewFile file(path, {others.needed + bytes.size(), others.written});
  file.write(bytes);
  file.sync();
}

namespace {

void writeWhole(UnfinishedFile& unfinished, const WeightBytes& bytes) {
  unfinished.file().write(bytes);
  unfinished.file().sync();
}

}  // namespace

void replaceSynced(const QString& path, const WeightBytes& bytes, SaveRoom others) {
  UnfinishedFile file(AT_FDCWD, QFile::encodeName(path), path, {others.needed + bytes.size(), others.written});
  writeWhole(file, bytes);
  file.replace();
}

bool placeSynced(const QString& path, const WeightBytes& bytes) {
  UnfinishedFile file(AT_FDCWD, QFile::encodeName(path), path, {bytes.size(), 0});
  writeWhole(file, bytes);
  return file.place();
}

void syncFolder(const QString& path) {
  const Descriptor folder(::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || (::fsync(folder.get()) != 0 && errno != EINVAL)) throw unwritten(path, errno, {});
}

void syncFile(const QString& path) {
  const Descriptor file(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) throw unwritten(path, errno);
}

bool exchangePaths(const QString& a, const QString& b) {
  if (::renameat2(AT_FDCWD, QFile::encodeName(a).constData(), AT_FDCWD, QFile::encodeName(b).constData(),
                  RENAME_EXCHANGE) == 0)
    return true;
  constexpr int kCannot[] = {EINVAL, ENOSYS, EOPNOTSUPP, EXDEV, EBUSY, EPERM, EACCES};
  if (std::ranges::find(kCannot, errno) != std::end(kCannot)) return false;
  throw unwritten(b, errno, {});
}

}  // namespace layersmith

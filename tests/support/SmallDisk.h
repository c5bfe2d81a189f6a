#pragma once

#include <QDir>
#include <QFile>

#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

/// A disk that can really be full: a tmpfs of some megabytes that this process and its children alone see.
namespace layersmith::fixtures {

inline bool writeLine(const char* path, const QByteArray& text) {
  QFile file(QString::fromLatin1(path));
  return file.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && file.write(text) == text.size();
}

/// Gives this process mounts of its own. Returns why the kernel forbids it; empty: it did not.
/// REQUIRES: the process has one thread.
inline QString takeOwnMounts() {
  const QByteArray user = QByteArray::number(::getuid()), group = QByteArray::number(::getgid());
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) {
    if (!writeLine("/proc/self/setgroups", "deny") || !writeLine("/proc/self/uid_map", "0 " + user + " 1") ||
        !writeLine("/proc/self/gid_map", "0 " + group + " 1"))
      return QStringLiteral("the user namespace cannot be set up");
  } else if (::unshare(CLONE_NEWNS) != 0) {
    return QStringLiteral("no mount namespace: ") + QString::fromLocal8Bit(std::strerror(errno));
  }
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0) return {};
  return QStringLiteral("mounts stay shared: ") + QString::fromLocal8Bit(std::strerror(errno));
}

class SmallDisk {
 public:
  SmallDisk(const QString& folder, std::int64_t bytes) : m_folder(folder) {
    if (::mount("layersmith", QFile::encodeName(folder).constData(), "tmpfs", 0, sizeOption(bytes).constData()) != 0)
      m_problem = QStringLiteral("no tmpfs can be mounted: ") + QString::fromLocal8Bit(std::strerror(errno));
  }
  ~SmallDisk() { ::umount2(QFile::encodeName(m_folder).constData(), MNT_DETACH); }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const QString& problem() const { return m_problem; }  ///< why there is no such disk
  const QString& folder() const { return m_folder; }
  bool resize(std::int64_t bytes) {  ///< not below what is used
    return ::mount(nullptr, QFile::encodeName(m_folder).constData(), nullptr, MS_REMOUNT,
                   sizeOption(bytes).constData()) == 0;
  }
  bool setReadOnly(bool isReadOnly) {  ///< REQUIRES: no file is open for writing
    return ::mount(nullptr, QFile::encodeName(m_folder).constData(), nullptr, MS_REMOUNT | (isReadOnly ? MS_RDONLY : 0),
                   nullptr) == 0;
  }
  std::int64_t freeBytes() const {
    struct statvfs status {};
    ::statvfs(QFile::encodeName(m_folder).constData(), &status);
    return std::int64_t(status.f_bavail) * std::int64_t(status.f_frsize);
  }

 private:
  static QByteArray sizeOption(std::int64_t bytes) { return "size=" + QByteArray::number(qlonglong(bytes)); }

  QString m_folder;
  QString m_problem;
};

}  // namespace layersmith::fixtures

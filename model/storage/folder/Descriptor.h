#pragma once

#include <QFile>
#include <QString>

#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace layersmith {

/// A file descriptor that is closed in the end; negative: none.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : m_value(value) {}
  ~Descriptor() {
    if (m_value >= 0) ::close(m_value);
  }
  Descriptor(Descriptor&& other) noexcept : m_value(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(m_value, other.m_value);
    return *this;
  }
  int get() const { return m_value; }
  int release() { return std::exchange(m_value, -1); }

 private:
  int m_value;
};

/// Whether the path leads to what is open here, and not to another by now.
inline bool leadsTo(const QString& path, int descriptor) {
  struct stat held {
  }, named{};
  return ::fstat(descriptor, &held) == 0 && ::stat(QFile::encodeName(path).constData(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

}  // namespace layersmith

#include "model/storage/VolumeSpace.h"

#include <QFile>

#include <sys/statvfs.h>

namespace layersmith {

std::int64_t freeBytesAt(const QString& path) {
  struct statvfs volume {};
  if (::statvfs(QFile::encodeName(path).constData(), &volume) != 0) return -1;
  return std::int64_t(volume.f_bavail) * std::int64_t(volume.f_frsize);
}

}  // namespace layersmith

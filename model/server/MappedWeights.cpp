#include "model/server/MappedWeights.h"

#include "model/core/Error.h"

#include <QFile>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace layersmith {

WeightData mapWeights(const QString& path, std::int64_t bytes) {
  if (bytes == 0) return std::make_shared<const WeightBytes>();
  const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
  void* const map = file < 0 ? MAP_FAILED : ::mmap(nullptr, std::size_t(bytes), PROT_READ, MAP_PRIVATE, file, 0);
  const int code = errno;
  if (file >= 0) ::close(file);
  if (map == MAP_FAILED)
    throw Error(ErrorKind::Io, path.toStdString() + " could not be read: " + std::strerror(code) + ".", {},
                path.toStdString());
  ::madvise(map, std::size_t(bytes), MADV_SEQUENTIAL);
  const std::shared_ptr<const void> owner(map, [bytes](void* mapped) { ::munmap(mapped, std::size_t(bytes)); });
  const SharedBytes shared(owner, {static_cast<const std::byte*>(map), std::size_t(bytes)});
  return std::make_shared<const WeightBytes>(shared);
}

}  // namespace layersmith

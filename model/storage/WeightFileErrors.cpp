#include "model/storage/WeightFileErrors.h"

#include "model/core/Limits.h"

#include <unistd.h>

namespace layersmith {

Error shortFile(const QString& file, std::int64_t found, std::int64_t expected) {
  return {
      ErrorKind::Format,
      QStringLiteral("Weight file %1: %2 bytes, %3 expected by the manifest (%4 too few). Copy or download it again.")
          .arg(file)
          .arg(found)
          .arg(expected)
          .arg(expected - found)
          .toStdString(),
      "E110", file.toStdString()};
}

void requireMemory(std::int64_t bytes) {
  const std::int64_t free = std::int64_t(::sysconf(_SC_AVPHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
  if (bytes > limits::kWeightBytes || (bytes > 64 * limits::kMiB && bytes > free / 10 * 9))
    throw Error(ErrorKind::LimitExceeded,
                QStringLiteral("The weights are %1 bytes; the limit is %2 (setting weights.bytes).")
                    .arg(bytes)
                    .arg(qMin(limits::kWeightBytes, free / 10 * 9))
                    .toStdString(),
                "E130");
}

}  // namespace layersmith

#include "model/storage/WeightFileErrors.h"

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

}  // namespace layersmith

#include "model/storage/WeightFileErrors.h"

#include "model/core/Limits.h"
#include "model/core/MemoryNeed.h"

#include <algorithm>

namespace layersmith {

Error shortFile(const QString& file, std::int64_t found, std::int64_t expected) {
  return {
      ErrorKind::Format,
      QStringLiteral("Weight file %1: %2 bytes, %3 expected by the manifest (%4 too few). Copy or download it again.")
          .arg(file, QString::number(found), QString::number(expected), QString::number(expected - found))
          .toStdString(),
      "E110", file.toStdString()};
}

void requireMemory(std::int64_t bytes) {
  if (bytes <= 64 * limits::kMiB) return;
  const std::int64_t limit = std::min(limits::kWeightBytes, availableMemory() / 10 * 6);
  if (bytes <= limit) return;
  throw Error(ErrorKind::LimitExceeded,
              QStringLiteral("The weights are %1 bytes; the limit is %2 (setting weights.bytes).")
                  .arg(bytes)
                  .arg(limit)
                  .toStdString(),
              "E130");
}

Error shortGroup(const QStringList& files, const std::vector<std::int64_t>& found, std::int64_t expected) {
  const std::size_t index = shortFileIn(found);
  return shortFile(files[qsizetype(index)], found[index], expectedOf(found, index, expected));
}

std::size_t shortFileIn(const std::vector<std::int64_t>& found) {
  const auto largest = std::ranges::max(found);
  for (std::size_t i = 0; i + 1 < found.size(); ++i)
    if (found[i] < largest) return i;
  return found.size() - 1;
}

std::int64_t expectedOf(const std::vector<std::int64_t>& found, std::size_t index, std::int64_t ofGroup) {
  if (index + 1 < found.size()) return std::ranges::max(found);
  std::int64_t others = 0;
  for (std::size_t i = 0; i + 1 < found.size(); ++i) others += found[i];
  return std::max<std::int64_t>(ofGroup - others, 0);
}

}  // namespace layersmith

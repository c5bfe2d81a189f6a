#pragma once

#include "model/core/Error.h"

#include <QStringList>

#include <cstdint>
#include <vector>

namespace layersmith {

/// E110: a weight file that holds fewer bytes than the manifest expects of it.
Error shortFile(const QString& file, std::int64_t found, std::int64_t expected);

// A manifest tells the bytes of a group of files together. Writers cut them into equal pieces, the last one shorter: so
// the first that is smaller than the largest is the short one, else the last.
std::size_t shortFileIn(const std::vector<std::int64_t>& found);  ///< REQUIRES: not empty
std::int64_t expectedOf(const std::vector<std::int64_t>& found, std::size_t index, std::int64_t ofGroup);

/// E110, of the file that is short in a group.
Error shortGroup(const QStringList& files, const std::vector<std::int64_t>& found, std::int64_t expected);

/// Before memory is taken for them. Errors: E130 when the weights are more than the limit, or than what is free.
void requireMemory(std::int64_t bytes);

}  // namespace layersmith

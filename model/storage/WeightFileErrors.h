#pragma once

#include "model/core/Error.h"

#include <QString>

#include <cstdint>

namespace layersmith {

/// E110: a weight file that holds fewer bytes than the manifest expects of it.
Error shortFile(const QString& file, std::int64_t found, std::int64_t expected);

/// Before memory is taken for them. Errors: E130 when the weights are more than the limit, or than what is free.
void requireMemory(std::int64_t bytes);

}  // namespace layersmith

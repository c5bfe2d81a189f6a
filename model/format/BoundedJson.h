#pragma once

#include "model/core/Limits.h"
#include "model/format/ModelArtifacts.h"

#include <QByteArrayView>

namespace layersmith {

/// What a JSON text may cost (RELIABILITY section 5).
struct JsonLimits {
  std::int64_t bytes = limits::kModelJsonBytes;
  int depth = limits::kJsonDepth;
  std::int64_t values = limits::kJsonValues;
  std::int64_t stringBytes = limits::kJsonStringBytes;
};

/// JSON text of any origin, key order kept, numbers as written (integers stay integers).
/// Errors: E103 with line and column for broken text and for a key that stands twice in one object; E130 over a limit.
Json parseBoundedJson(QByteArrayView text, const QString& fileName, const JsonLimits& jsonLimits = {});

}  // namespace layersmith

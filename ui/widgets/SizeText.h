#pragma once

#include <QString>

#include <cstdint>

namespace layersmith {

/// 2846 -> "2.8 kB", 142'000 -> "142 kB", in the person's language; below 1000 as bytes.
QString sizeText(std::int64_t bytes);

/// "4.2 of 5 MB": megabytes of 1,048,576 bytes, as browsers tell their limits.
QString usageText(std::int64_t used, std::int64_t quota);

}  // namespace layersmith

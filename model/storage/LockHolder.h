#pragma once

#include <QString>

#include <cstdint>
#include <limits>

namespace layersmith {

/// Who holds a lock on a file or folder, for messages: "process 4711 (layersmith)"; empty when nobody does, or the
/// system does not tell (Btrfs, other containers). Only locks that keep writers out and touch these bytes count: a
/// whole flock touches all of them. Nothing is opened: closing a file gives up the caller's own POSIX locks on it.
/// Source: proc(5), /proc/locks.
QString lockHolder(const QString& path, std::int64_t firstByte = 0,
                   std::int64_t lastByte = std::numeric_limits<std::int64_t>::max());

}  // namespace layersmith

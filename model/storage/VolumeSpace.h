#pragma once

#include <QString>

#include <cstdint>

namespace layersmith {

/// Bytes free on the volume of a file or folder for a person without privileges; -1: it cannot be asked. The volume
/// itself is asked: QStorageInfo knows only those that the system lists, none in a chroot.
std::int64_t freeBytesAt(const QString& path);

}  // namespace layersmith

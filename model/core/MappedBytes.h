#pragma once

#include "model/core/SharedBytes.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace layersmith {

/// A file to map: an open descriptor, which may be closed afterwards, and how many bytes of it.
struct MappedPart {
  int descriptor = -1;
  std::size_t bytes = 0;
};

/// The files one behind the other as one run of bytes that is read from them when it is looked at. Nothing when that
/// cannot be: all but the last must end on a page, and there is room for some dozens of mappings at a time.
/// `name` is what a message calls them. Thread rule: any thread.
///
/// Another program may cut such a file short. Reading beyond its end would then kill the process (SIGBUS); a guard puts
/// zeros there instead, and requireUncut() tells. What another program writes into the file is seen, so these bytes are
/// for a moment's use, such as predictions, and not for a document.
std::optional<SharedBytes> mapFiles(std::span<const MappedPart> parts, const std::string& name);

/// Errors: Format E110 when these bytes are mapped and a file was cut short under them.
void requireUncut(std::span<const std::byte> bytes);

}  // namespace layersmith

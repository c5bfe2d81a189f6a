#pragma once

#include "model/core/Error.h"
#include "model/format/ModelArtifacts.h"

#include <string>

namespace layersmith {

/// Words for the kind of a JSON value: "a text", "a list".
std::string typeName(const Json& json);

// The errors of reading JSON, ready to throw.
Error mistyped(const std::string& where, const std::string& expected, const Json& found);               ///< E104
Error missingMember(const std::string& where);                                                          ///< E104
Error overLimit(const std::string& what, std::int64_t found, std::int64_t limit, const char* setting);  ///< E130

/// The member of an object, or null when `json` is no object or lacks it.
const Json& memberOf(const Json& json, const char* key);

}  // namespace layersmith

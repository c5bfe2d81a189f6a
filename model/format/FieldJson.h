#pragma once

#include "model/core/FieldValue.h"
#include "model/format/ModelArtifacts.h"

namespace layersmith {

/// FieldValue <-> JSON, member for member, in order, keys untouched. Whole numbers stay integers; 1.0 is written 1, as
/// JavaScript does. NaN and infinities, which JSON lacks, become the strings "NaN", "Infinity", "-Infinity".
Json toJson(const FieldValue& value);
FieldValue fieldFromJson(const Json& json);

/// Errors: Format when `json` is not an object.
FieldMap fieldsFromJson(const Json& json);

}  // namespace layersmith

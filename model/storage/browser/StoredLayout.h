#pragma once

#include "model/format/ModelArtifacts.h"

namespace layersmith {

/// What the browser's records have no place for, as text for a column of the store: whether there are weights at all,
/// how they lay in files, the order of model.json's members.
QString storedLayout(const ModelArtifacts& artifacts);

/// Gives the artifacts what storedLayout() kept; empty text gives nothing. Errors: E104.
void applyStoredLayout(const QString& text, ModelArtifacts& artifacts);

}  // namespace layersmith

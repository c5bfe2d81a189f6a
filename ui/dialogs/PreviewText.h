#pragma once

#include "ui/dialogs/SavePreviewPane.h"

namespace layersmith {

class ModelLibrary;

/// What a save would write, as text with the exact sizes. Secrets are masked. Runs where the library lives.
/// Errors: as artifactsFromDocument and previewSave.
SavePreview makeSavePreview(ModelLibrary& library, const DocumentState& state, const SaveRequest& request);

}  // namespace layersmith

#pragma once

#include "ui/dialogs/SavePreviewPane.h"

namespace layersmith {

class ModelLibrary;
struct QuantizationEffect;

/// What a save would write, as text with the exact sizes. Secrets are masked. Runs where the library lives.
/// Errors: as artifactsFromDocument and previewSave.
SavePreview makeSavePreview(ModelLibrary& library, const DocumentState& state, const SaveRequest& request);

/// "Answers change by at most 0.0021 on 30 rows; every row keeps its class."
QString effectText(const QuantizationEffect& effect);

}  // namespace layersmith

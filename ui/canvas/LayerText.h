#pragma once

#include "model/document/DocumentState.h"
#include "model/nn/GraphAnalysis.h"

#include <QString>

namespace layersmith {

/// The words every view uses for a layer: cards, outline, palette, inspector and screen readers say the same.

QString typeName(const std::string& className);       ///< "InputLayer" -> "Input"
QString shortTypeName(const std::string& className);  ///< "GlobalAveragePooling2D" -> "GlobalAvgPool2D"
QString familyOf(const std::string& className);       ///< "core"; "unknown" when the registry lacks it
QString familyOf(const LayerSpec& layer);             ///< also "model" for a model used as a layer

/// "8 units · tanh" by the type's summary fields; compact: "8 · tanh". Inputs: the names of the features.
QString summaryOf(const DocumentState& state, const LayerSpec& layer, bool isCompact);

QString countText(std::int64_t count);         ///< with the locale's group separators
QString shapeText(const LayerReport* report);  ///< output without batch; "shape unknown" when it is not known

bool isFaulty(const GraphReport& report, LayerId layer);
bool isFrozen(const LayerSpec& layer, const LayerReport* report);  ///< not trainable, and has something to train
bool isInputLayer(const LayerSpec& layer);
const LayerReport* reportOf(const GraphReport& report, LayerId layer);

/// "Predicts label with 33 parameters".
QString predictionText(const DocumentState& state, const GraphReport& report);

/// Everything a card shows, as one sentence for screen readers.
QString spokenText(const DocumentState& state, const GraphReport& report, const LayerSpec& layer);

}  // namespace layersmith

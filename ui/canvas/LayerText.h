#pragma once

#include "model/document/DocumentState.h"
#include "model/nn/GraphAnalysis.h"
#include "model/session/ModelCost.h"

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

QString durationText(double ms);             ///< "12.4 ms", "85 µs"
QString percentText(double percent);         ///< "38 %", "< 1 %"
QString costText(const LayerCost& cost);     ///< "12.4 ms · 38 %"; "no step of its own"
QString rateText(const LayerCost& cost);     ///< "61.2 GFLOP/s"; empty when not told
QString memoryText(const LayerCost& cost);   ///< "2.1 MB weights, 4 MB output"
QString kernelsText(const LayerCost& cost);  ///< "brgconv:avx512_core"; "own loops"

/// Everything a card shows, as one sentence for screen readers and tool tips; with the cost, when there is one, in
/// full.
QString spokenText(const DocumentState& state, const GraphReport& report, const LayerSpec& layer,
                   const LayerCost* cost = nullptr);

}  // namespace layersmith

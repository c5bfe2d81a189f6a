#pragma once

#include "model/core/LayerId.h"

#include <QString>

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QMimeData;

namespace layersmith {

/// What is dragged and copied: a layer type of the palette, cards of a document, layers as text on the clipboard.

inline constexpr auto kLayerTypeMime = "application/x-layersmith-layer";  ///< class name: "Dropout"
inline constexpr auto kLayerCardMime = "application/x-layersmith-card";   ///< ids within this document, process bound
inline constexpr auto kLayerTextMime = "application/x-layersmith-layers+json";  ///< edits::copyLayers

std::unique_ptr<QMimeData> layerTypeMime(const std::string& className);
std::optional<std::string> layerTypeOf(const QMimeData* data);

std::unique_ptr<QMimeData> layerCardMime(const std::vector<LayerId>& layers);
std::vector<LayerId> layerCardsOf(const QMimeData* data);

}  // namespace layersmith

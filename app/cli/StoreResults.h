#pragma once

#include "model/storage/ModelStore.h"

namespace layersmith {

/// TensorFlow.js' ModelArtifactsInfo: {dateSaved, modelTopologyType, modelTopologyBytes, weightSpecsBytes,
/// weightDataBytes}.
Json toJson(const ModelArtifactsInfo& info);

/// {url, modelArtifactsInfo}, and for HTTP {responses: [{status, body}]}.
Json toJson(const SaveResult& result);

/// {"indexeddb://iris": ModelArtifactsInfo, ...} as tf.io.listModels() gives it.
Json infoPerUrl(const QString& url, const ModelArtifactsInfo& info);

}  // namespace layersmith

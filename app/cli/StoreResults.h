#pragma once

#include "model/storage/ModelLibrary.h"

namespace layersmith {

class Program;

/// TensorFlow.js' ModelArtifactsInfo: {dateSaved, modelTopologyType, modelTopologyBytes, weightSpecsBytes,
/// weightDataBytes}.
Json toJson(const ModelArtifactsInfo& info);

/// {url, modelArtifactsInfo}, and for HTTP {responses: [{status, headers, body}]}.
Json toJson(const SaveResult& result);

/// {"indexeddb://iris": ModelArtifactsInfo, ...} as tf.io.listModels() gives it.
Json infoPerUrl(const QString& url, const ModelArtifactsInfo& info);

/// What a save would write there and what is left of the store's quota, in lines and as JSON: {url, items, total, unit,
/// quota, left, fits}. Nothing is written.
Json previewOfSave(Program& program, const QString& url, const ModelArtifacts& artifacts, const SaveOptions& options);

}  // namespace layersmith

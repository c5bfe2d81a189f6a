#pragma once

#include "model/storage/ModelLibrary.h"
#include "model/storage/ModelSummary.h"

#include <optional>

namespace layersmith {

class Program;

/// {url, modelArtifactsInfo}, and for HTTP {responses: [{status, headers, body}]}.
Json toJson(const SaveResult& result);

/// {"indexeddb://iris": ModelArtifactsInfo, ...} as tf.io.listModels() gives it.
Json infoPerUrl(const QString& url, const ModelArtifactsInfo& info);

/// What is known of a model without reading its weights: from its place's own list, or from its model.json. Nothing
/// when that cannot be had, as of a damaged model.
std::optional<ModelArtifactsInfo> infoAt(Program& program, const QString& url);

/// infoPerUrl() of what infoAt() knows; {url: {}} when that is nothing.
Json knownInfoPerUrl(Program& program, const QString& url);

/// Errors: AlreadyExists when both are one place.
void requireTwoPlaces(const QString& from, const QString& to);

/// Whether this is the address of a store server: http(s)://HOST or one that ends in /models.
bool isServerRoot(const QString& place);

/// The models of a place that holds several: "indexeddb://", a plug-in's scheme, a store server, a folder; empty: of
/// every store. Errors: as ModelLibrary's lists.
std::vector<ModelEntry> modelsAt(Program& program, const QString& place);

/// What a save would write there and what is left of the store's quota, in lines and as JSON: {url, items, total, unit,
/// quota, left, fits}. Nothing is written.
Json previewOfSave(Program& program, const QString& url, const ModelArtifacts& artifacts, const SaveOptions& options);

}  // namespace layersmith

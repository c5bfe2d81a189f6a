#pragma once

#include "model/format/ModelArtifacts.h"

namespace layersmith {

/// A model.json's text taken apart: everything but the weight bytes. A bare Keras topology ({class_name, config}) is
/// taken as one without weights. Errors: E101-E104, E130.
ModelArtifacts parseModelJson(QByteArrayView text, const QString& fileName);

/// Refuses the bare topology that Keras' to_json() gives: it names no weights. Errors: E104.
void requireWhole(const ModelArtifacts& artifacts, const QString& fileName);

/// The model.json of these artifacts, members in the order read or in TensorFlow.js' order. `groups` says which files
/// the manifest names; empty: no weightsManifest.
Json modelJson(const ModelArtifacts& artifacts, const std::vector<WeightsGroup>& groups);

/// The members beside topology and weights, as localStorage's `model_metadata` holds them.
Json metadataJson(const ModelArtifacts& artifacts);

/// Puts one member (any but modelTopology and weightsManifest) where it belongs.
void setMember(ModelArtifacts& artifacts, const std::string& key, Json value);

/// One group over all weights, in one file or in shards of at most `shardBytes`, named as the converter names them.
std::vector<WeightsGroup> singleGroup(const ModelArtifacts& artifacts, const std::string& path);
std::vector<WeightsGroup> shardedGroup(const ModelArtifacts& artifacts, std::int64_t shardBytes);

/// Refuses weight data that cannot hold what weightSpecs names. Errors: E110.
void requireEnoughBytes(const ModelArtifacts& artifacts, const QString& source);

}  // namespace layersmith

#pragma once

#include "model/format/ModelArtifacts.h"

#include <span>

namespace layersmith {

/// One weight of a manifest from its JSON, and back in the order of members TensorFlow.js writes.
/// `where` names the place for messages: "weightsManifest[0].weights[3]".
/// Errors: E104 for a missing or mistyped member, E130 over a limit of rank, elements or name.
WeightSpec weightSpecFromJson(const Json& json, const std::string& where);
Json toJson(const WeightSpec& spec);
Json toJson(const std::vector<WeightSpec>& specs);

/// All weights of `specs` (a JSON array of weights). Errors: as above, and E104 for a name that stands twice.
std::vector<WeightSpec> weightSpecsFromJson(const Json& specs, const std::string& where);

/// Bytes of one weight in its file; for strings, whose elements carry their own length, the smallest possible.
std::int64_t storedBytes(const WeightSpec& spec);
std::int64_t storedBytes(std::span<const WeightSpec> specs);

/// The manifest of a model.json into `artifacts`: weightSpecs and groups (files not yet read, so `bytes` is empty).
/// Errors: E104, E130; E131 for a path that leaves the model's folder is the store's to raise.
void readManifest(const Json& manifest, ModelArtifacts& artifacts);

/// The manifest as model.json holds it. `groups` empty: one group of the one file `path`.
Json manifestJson(const ModelArtifacts& artifacts, const std::vector<WeightsGroup>& groups);

}  // namespace layersmith

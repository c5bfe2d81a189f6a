#pragma once

#include "model/core/FieldSpec.h"
#include "model/format/ModelArtifacts.h"
#include "model/nn/Graph.h"

namespace layersmith {

/// A layer's `config` object into the spec: schema fields in camelCase, everything else into unknownConfig; an unknown
/// class keeps its config whole. Reads the spellings of Keras 1 to 3. `name` and `trainable` go to their own members.
void readLayerConfig(const Json& config, LayerSpec& layer);

/// The `config` object TensorFlow.js 4.22 writes for this layer: its fields in getConfig() order, then name and
/// trainable. `batchInputShape` and `dtype` of an implicit InputLayer are added when `implicitInput` is given.
/// Errors: InvalidConfig when a required field is missing.
Json layerConfigJson(const LayerSpec& layer, const LayerSpec* implicitInput = nullptr);

/// {class_name, config} of an initializer, regularizer or constraint in both directions; a plain name too.
FieldValue readNamedObject(const Json& json);
Json namedObjectJson(const FieldValue& value, FieldKind kind);

/// The type name of a Keras 3 dtype policy, or the text itself.
Json plainDType(const Json& dtype);

}  // namespace layersmith

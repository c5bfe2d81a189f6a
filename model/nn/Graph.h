#pragma once

#include "model/core/FieldValue.h"
#include "model/core/LayerId.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace layersmith {

/// One output tensor of one call of a layer.
struct TensorRef {
  LayerId layer;
  int nodeIndex = 0;    ///< which call of the layer, when it is shared
  int tensorIndex = 0;  ///< which of its outputs

  friend bool operator==(const TensorRef&, const TensorRef&) = default;
};

/// One call of a layer (Keras: an inbound node). A layer called twice shares its weights.
struct LayerCall {
  std::vector<TensorRef> inputs;
  FieldMap kwargs;  ///< kept as read

  friend bool operator==(const LayerCall&, const LayerCall&) = default;
};

struct Graph;

/// A layer as a model describes it: data, not code. Any class name may stand here, known to us or not.
struct LayerSpec {
  LayerId id;
  std::string className;  ///< "Dense"
  std::string name;       ///< unique in its graph: "dense_1"
  FieldMap config;        ///< known class: camelCase keys of its schema (absent = default). Unknown class: as on disk.
  bool isTrainable = true;
  std::vector<LayerCall> calls;           ///< empty: a loose layer, or an InputLayer (which has no inputs)
  std::shared_ptr<const Graph> subgraph;  ///< a model used as a layer; null otherwise
  FieldMap
      unknownConfig;  ///< config members the schema does not have, as on disk (snake_case), written back as they are
  FieldMap unknownMembers;  ///< members beside class_name and config that we do not use, written back as they are
  bool isImplicit = false;  ///< an InputLayer that the file expresses as batch_input_shape of the layer after it

  friend bool operator==(const LayerSpec&, const LayerSpec&) = default;
};

enum class GraphKind { Sequential, Functional };

/// The topology of a model: layers and who feeds whom. Always has its InputLayers as layers of their own.
/// Sequential: `layers` is the chain, the InputLayer first, each layer called once with the one before it. Loose layers
/// (no calls, not in outputs) may follow.
/// A value; equal graphs write equal JSON.
struct Graph {
  GraphKind kind = GraphKind::Sequential;
  std::string name = "sequential";
  std::vector<LayerSpec> layers;
  std::vector<TensorRef> inputs;  ///< the InputLayers, in the model's order
  std::vector<TensorRef> outputs;
  FieldMap unknownMembers;  ///< members of the topology that we do not use, written back as they are

  const LayerSpec* find(LayerId id) const;
  LayerSpec* find(LayerId id);
  const LayerSpec* findByName(std::string_view layerName) const;
  std::vector<LayerId> consumersOf(LayerId id) const;        ///< layers that any call of takes an output of `id`
  LayerId unusedId() const;                                  ///< one more than the largest in use
  std::string unusedName(std::string_view className) const;  ///< "dense_3": snake case of the class, first free number

  friend bool operator==(const Graph&, const Graph&) = default;
};

/// "Conv2D" -> "conv2d", "BatchNormalization" -> "batch_normalization": Keras' default names.
std::string snakeCase(std::string_view className);

}  // namespace layersmith

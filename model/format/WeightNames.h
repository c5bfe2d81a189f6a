#pragma once

#include "model/nn/Graph.h"

#include <optional>
#include <string>
#include <vector>

namespace layersmith {

/// A layer that holds weights of its own (no model used as a layer), with its graph's trainable state in it.
struct WeightOwner {
  const LayerSpec* layer = nullptr;
  bool isTrainable = true;  ///< the layer and every model around it
};

/// All such layers of a model, nested ones where they stand.
std::vector<WeightOwner> weightOwners(const Graph& graph);

/// Which layer a weight of the manifest belongs to, and as what.
struct WeightPlace {
  LayerId layer;
  std::string role;     ///< as on disk: "kernel", "moving_mean", for wrappers "forward_lstm/kernel"
  bool isExact = true;  ///< false: a prefix of Keras was passed over
};

/// Finds the places of weight names: exactly ("dense_1/kernel"), as TensorFlow.js shortens ("lstm/lstm_cell/kernel"),
/// then below prefixes that Keras puts before ("sequential_1/dense_1/kernel") and without its suffix (":0").
class WeightNames {
 public:
  explicit WeightNames(const std::vector<WeightOwner>& owners);
  std::optional<WeightPlace> find(const std::string& manifestName) const;

 private:
  std::vector<std::pair<std::string, const LayerSpec*>> m_layers;  ///< sorted by name
  const LayerSpec* layerNamed(const std::string& name) const;
};

}  // namespace layersmith

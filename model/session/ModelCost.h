#pragma once

#include "model/document/DocumentState.h"

#include <map>
#include <string>

namespace layersmith {

/// What one layer costs in a training step; all its calls together.
struct LayerCost {
  double forwardMs = 0;
  double backwardMs = 0;
  double ms = 0;              ///< both
  double percent = 0;         ///< of all layers together
  double gflopPerSecond = 0;  ///< 0: its steps are about one operation a value
  std::int64_t weightBytes = 0;
  std::int64_t outputBytes = 0;
  std::string kernel;        ///< implementations, joined by ", "; empty: loops of our own
  bool isReference = false;  ///< there is no optimized kernel for its shape: plain loops do it
  bool hasSteps = true;      ///< false: the layer before does its work (a fused activation), or it only renames memory
};

/// Layers without one: InputLayers.
struct ModelCost {
  std::int64_t samples = 0;  ///< of the measured step
  std::map<LayerId, LayerCost> layers;
};

/// Times the training step of a document's model on a network of its own, layer by layer: on the first batch of its
/// data where that fits the model, else on made values. Loss and optimizer are not in it. Takes one or two steps, and
/// up to half a second more for steadier times. A pure function for the compute thread.
/// Errors: as Network; InvalidConfig when there is no model, or no data to tell the size of an input.
ModelCost measureCost(const DocumentState& state);

}  // namespace layersmith

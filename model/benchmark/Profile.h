#pragma once

#include "model/core/Scalar.h"
#include "model/nn/Network.h"
#include "model/nn/Plan.h"
#include "model/nn/kernels/KernelName.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// What the steps of one layer in one direction cost: the best time of each step over the repeats, summed.
struct PassProfile {
  int steps = 0;  ///< 0: none; the layer before does its work (a fused activation), or it only renames memory (Flatten)
  double ms = 0;
  double flops = 0;    ///< by the formula of the layer; 0: not told, about one operation a value
  double bytes = 0;    ///< of the values read and written
  std::string kernel;  ///< implementations of its steps, joined by ", "; empty: loops of our own

  /// Whether a step of it runs in plain loops because there is no optimized kernel for its shape (or was not to be).
  bool isReference() const { return isReferenceKernel(kernel); }
  double gflopPerSecond() const { return ms > 0 ? flops / ms * 1e-6 : 0; }
  double gigabytesPerSecond() const { return ms > 0 ? bytes / ms * 1e-6 : 0; }
};

/// One layer of a network and what it costs; all its calls together.
struct LayerProfile {
  LayerId layer;
  std::string name;       ///< "conv2d_1"
  std::string className;  ///< "Conv2D"
  Shape outputShape;      ///< of its first call, the batch included
  PassProfile forward;
  PassProfile backward;          ///< no steps when the profile is of predictions
  std::int64_t weightBytes = 0;  ///< its weights
  std::int64_t outputBytes = 0;  ///< its outputs; planned memory is shared, so these do not add up to arenaBytes
};

struct NetworkProfile {
  std::int64_t samples = 0;  ///< that a run works on: all given; predictions take a large batch in parts, then a part
  std::vector<LayerProfile> layers;  ///< in the model's order, InputLayers left out
  double forwardMs = 0;              ///< best time of the whole pass
  double backwardMs = 0;
  std::int64_t arenaBytes = 0;   ///< planned memory of this batch size
  std::int64_t weightBytes = 0;  ///< all weights; training keeps gradients and the optimizer's slots beside
};

/// Runs every step of the network's plan for these inputs one by one and takes its time, on threadCount() threads.
/// Training: forward and backward as a fit has them, weights that changed since the last step included; the gradient at
/// the outputs is made up, which changes no cost. It leaves weights alone but for moving averages: give a network of
/// your own. Loss and optimizer are not layers and not in it.
/// Errors: as Network::predict. Thread rule: as Network.
NetworkProfile profileNetwork(Network& network, std::span<const Tensor> inputs, PlanMode mode, int repeats = 10);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/core/Scalar.h"
#include "model/nn/ComputePath.h"
#include "model/nn/Graph.h"
#include "model/nn/Tensor.h"
#include "model/nn/WeightBuffer.h"

#include <memory>
#include <span>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// A graph made runnable: shapes fixed, buffers planned, kernels chosen. See model/nn/README.md.
/// Plans are compiled per concrete batch size and mode, kept in a small LRU, and share one set of weights.
/// Thread rule: one thread at a time; the product uses its one compute thread.
class Network {
 public:
  /// Missing weights are initialised from `seed` as their layers declare. Large ones are computed with where they are;
  /// a Trainer copies them first.
  /// Errors: InvalidConfig, ShapeMismatch, Unsupported (names the layer: "Layer `attention_1` (Attention) is not known
  /// here").
  Network(const Graph& graph, const WeightSet& weights, std::uint64_t seed = 0,
          ComputePath path = defaultComputePath());
  ~Network();
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;

  /// Outputs of the model, in its order, batch by batch. Inputs in the model's order, equal batch axes.
  /// Errors: ShapeMismatch when an input does not fit, naming both shapes; E110 when the weights are mapped and their
  /// file was cut short.
  std::vector<Tensor> predict(std::span<const Tensor> inputs, std::int64_t batchSize = 32);

  /// The output of one layer in the middle (first call, first output), for previews.
  Tensor activations(LayerId layer, std::span<const Tensor> inputs);

  /// Makes stateful layers forget: the next batch starts from zeros.
  void resetStates();

  /// A fresh immutable copy of all weights, in manifest order, names kept.
  WeightSet weights() const;

  struct Impl;
  Impl& impl() { return *m_impl; }  ///< for the Trainer only

 private:
  std::unique_ptr<Impl> m_impl;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

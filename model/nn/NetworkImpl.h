#pragma once

#include "model/nn/GraphInference.h"
#include "model/nn/Network.h"
#include "model/nn/ParameterBlock.h"
#include "model/nn/Plan.h"
#include "model/nn/StateBlock.h"

#include <list>
#include <memory>
#include <string>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// The inside of a Network, for the Trainer.
struct Network::Impl {
  Impl(const Graph& g, const WeightSet& weights, std::uint64_t initSeed, ComputePath computePath);

  /// The plan for these inputs on threadCount() threads, from the LRU or compiled now.
  /// The reference stays good until kPlans others were asked for.
  /// Errors: ShapeMismatch; LimitExceeded E402 when it does not fit into memory, with the batch size that would.
  Plan& plan(std::span<const Shape> inputShapes, PlanMode mode);

  /// Forgets the plans of another thread count than this.
  void keepPlansOf(int threads);

  /// Errors: ShapeMismatch when a tensor does not fit the input it is for.
  void checkInputs(std::span<const Tensor> inputs) const;

  /// The concrete input shapes of a batch of `batch` samples of `inputs`.
  std::vector<Shape> batchShapes(std::span<const Tensor> inputs, std::int64_t batch) const;

  /// How many samples of a batch are best predicted together: so many that what a layer reads and writes stays in the
  /// cache, or all when a layer keeps a state.
  std::int64_t samplesAtOnce(std::int64_t batchSize) const;

  /// Before weights are changed: takes them into the block. Plans asked for before are gone.
  void ownWeights();

  /// Errors: E110 when a borrowed weight lies in a file that was cut short.
  void requireUncutWeights() const;

  std::string nameOf(LayerId layer) const;
  std::string outputName(std::size_t index) const;  ///< of the layer, as TensorFlow.js names outputs
  StepContext context(std::uint64_t step = 0, std::uint64_t runSeed = 0) const {
    return {runSeed, step, parameters.version};
  }

  Graph graph;
  WeightSet given;
  InferredGraph inferred;
  ParameterBlock parameters;
  StateBlock states;
  ComputePath path;

 private:
  void initializeWeights(std::uint64_t initSeed);

  static constexpr std::size_t kPlans = 8;
  static constexpr std::int64_t kCachedValues = 2 << 20;  // 8 MiB
  struct CachedPlan {
    std::vector<Shape> inputShapes;
    PlanMode mode;
    int threads;
    std::unique_ptr<Plan> plan;
  };
  std::list<CachedPlan> m_plans;  // newest first
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

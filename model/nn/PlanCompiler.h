#pragma once

#include "model/nn/GraphInference.h"
#include "model/nn/ParameterBlock.h"
#include "model/nn/Plan.h"
#include "model/nn/StateBlock.h"

#include <memory>
#include <span>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// What stays the same for all plans of one network.
struct PlanSource {
  const Graph& graph;
  const InferredGraph& inferred;
  ParameterBlock& parameters;
  StateBlock& states;
  ComputePath path;
};

/// Compiles the plan for these concrete input shapes. Errors: ShapeMismatch when they do not fit the model;
/// LimitExceeded E402 when the plan does not fit into memory, with the batch size that would.
std::unique_ptr<Plan> compilePlan(const PlanSource& source, std::span<const Shape> inputShapes, PlanMode mode);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/core/LayerId.h"
#include "model/core/Scalar.h"
#include "model/core/Shape.h"
#include "model/nn/ActivationType.h"
#include "model/nn/Arena.h"
#include "model/nn/ComputePath.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// Inspect keeps every value of a forward pass, for previews and for finding where a NaN began.
enum class PlanMode { Inference, Training, Inspect };

/// A buffer of a plan, named before it has an address.
struct Value {
  int index = -1;
  bool isValid() const { return index >= 0; }
};

/// What differs from one run of a plan to the next.
struct StepContext {
  std::uint64_t seed = 0;
  std::uint64_t step = 0;
  std::uint64_t weightsVersion = 0;  ///< grows whenever weights change: reordered copies are made anew
};

/// The addresses of a finished plan.
class Addresses {
 public:
  explicit Addresses(const std::vector<Scalar*>& addresses) : m_addresses(addresses) {}
  Scalar* operator[](Value value) const { return value.isValid() ? m_addresses[std::size_t(value.index)] : nullptr; }

 private:
  const std::vector<Scalar*>& m_addresses;
};

/// One step of a plan: what to do in each run, and how it is made once addresses are known. Building primitives is
/// for Bind; a Run allocates nothing.
using Run = std::function<void(const StepContext&)>;
using Bind = std::function<Run(const Addresses&)>;

/// A compiled network for one set of concrete shapes and one mode. Made by PlanCompiler.
class Plan {
 public:
  struct Step {
    LayerId layer;
    Run run;
  };
  struct Output {
    Value value;
    Value gradient;
    ActivationType tail = ActivationType::Linear;  ///< activation that made it, when nothing else reads it
    bool isTailFused = false;  ///< the loss writes the gradient before the tail; its backward is passed over
  };
  struct LayerValue {
    LayerId layer;
    int call = 0;
    Value value;
  };

  const Shape& shape(Value value) const { return m_shapes[std::size_t(value.index)]; }
  Scalar* data(Value value) const { return value.isValid() ? m_addresses[std::size_t(value.index)] : nullptr; }
  std::size_t arenaBytes() const { return m_arena.bytes(); }

  void forward(const StepContext& context) const {
    for (const Step& step : forwardSteps) step.run(context);
  }
  void backward(const StepContext& context) const {
    for (const Step& step : backwardSteps) step.run(context);
  }

  std::vector<Value> inputs;   ///< in the model's order
  std::deque<Output> outputs;  ///< in the model's order; addresses stay
  std::vector<Step> forwardSteps;
  std::vector<Step> backwardSteps;
  std::vector<LayerValue> layerValues;  ///< first output of every call, in the order they run

 private:
  friend class PlanCompiler;
  std::vector<Shape> m_shapes;
  std::vector<Scalar*> m_addresses;
  Arena m_arena;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

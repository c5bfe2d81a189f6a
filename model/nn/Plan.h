#pragma once

#include "model/core/LayerId.h"
#include "model/core/Scalar.h"
#include "model/core/Shape.h"
#include "model/nn/ActivationType.h"
#include "model/nn/Arena.h"
#include "model/nn/ComputePath.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
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

/// Where a value lies. Capture the slot, not the pointer it gives: the place of a plan's input differs from run to run.
class Slot {
 public:
  Slot() = default;
  explicit Slot(Scalar* const* at) : m_at(at) {}
  operator Scalar*() const { return *m_at; }

 private:
  static constexpr Scalar* kNowhere = nullptr;
  Scalar* const* m_at = &kNowhere;
};

/// Room that one step at a time works in; its content does not outlive the step. One for all steps of a plan.
class ScratchPad {
 public:
  void need(std::size_t bytes) { m_bytes = std::max(m_bytes, bytes); }
  void allocate() { m_arena = Arena(m_bytes); }
  std::byte* data() const { return m_arena.data(); }
  std::size_t bytes() const { return m_bytes; }

 private:
  std::size_t m_bytes = 0;
  Arena m_arena;
};

/// What a run of a step costs by its formula, and which code does it.
struct StepCost {
  double flops = 0;
  double bytes = 0;    ///< of the values read and written
  std::string kernel;  ///< "brgconv:avx512_core"; empty: a loop of our own
};

/// What a step is given when addresses are known.
class Addresses {
 public:
  Addresses(const std::vector<Scalar*>& addresses, ScratchPad& scratch) : m_addresses(addresses), m_scratch(scratch) {}
  Slot operator[](Value value) const { return value.isValid() ? Slot(&m_addresses[std::size_t(value.index)]) : Slot(); }
  ScratchPad& scratch() const { return m_scratch; }  ///< ask for room now; the room is there when steps run
  void setKernel(std::string name) const { m_kernel = std::move(name); }

 private:
  friend class PlanCompiler;
  const std::vector<Scalar*>& m_addresses;
  ScratchPad& m_scratch;
  mutable std::string m_kernel;
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
    StepCost cost;
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
  std::size_t arenaBytes() const { return m_arena.bytes() + m_scratch.bytes(); }

  /// Lets the next runs read an input from `data` (of the input's shape; kept alive and unchanged until then).
  void setInput(std::size_t index, Scalar* data) {
    for (const Value value : m_inputValues[index]) m_addresses[std::size_t(value.index)] = data;
  }
  /// Back to the place in the arena, which data(inputs[index]) gives from then on.
  void resetInput(std::size_t index) { setInput(index, m_ownInputs[index]); }

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
  std::vector<std::vector<Value>> m_inputValues;  // by input: it and its aliases
  std::vector<Scalar*> m_ownInputs;
  Arena m_arena;
  ScratchPad m_scratch;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

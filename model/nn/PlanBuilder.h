#pragma once

#include "model/nn/Plan.h"

#include <string_view>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class Layer;
class ParameterBlock;

/// What a layer sees while it adds its steps to a plan: the values of the call being compiled, its weights, and their
/// gradients. A layer always writes a gradient afresh; where several meet (a value read twice, a shared weight) the
/// compiler adds them up.
class PlanBuilder {
 public:
  ComputePath path() const { return m_path; }
  bool isTraining() const { return m_mode == PlanMode::Training; }  ///< dropout drops, batch norm counts
  bool wantsBackward() const { return m_wantsBackward; }            ///< false: add no backward steps
  LayerId layer() const { return m_layer; }

  std::size_t inputCount() const { return m_inputs.size(); }
  Value input(std::size_t index = 0) const { return m_inputs[index]; }
  Value output(std::size_t index = 0) const { return m_outputs[index]; }
  const Shape& shape(Value value) const { return m_shapes[std::size_t(value.index)]; }

  Value weight(std::string_view role) const;    ///< invalid when the layer did not declare it
  Value weightGradient(std::string_view role);  ///< invalid when it is frozen or absent; write all of it
  Value outputGradient(std::size_t index = 0);  ///< complete when backward steps run; may be overwritten
  Value inputGradient(std::size_t index = 0);   ///< invalid when nobody needs it; write all of it

  /// A buffer of this call's own, alive from its first step to its last.
  Value workspace(Shape shape);

  /// From now on `value` is stored where `other` is (Flatten: no copy). Same number of elements.
  void alias(Value value, Value other);

  /// Tells that this call ends in an activation. The loss may then write the gradient of the activation's input
  /// straight into outputGradient(): look at the flag in each backward run, it says to pass the activation over.
  const bool* tail(ActivationType activation);

  void forward(std::vector<Value> reads, std::vector<Value> writes, Bind bind);
  /// Backward steps of a call run in the order added; the calls run in reverse.
  void backward(std::vector<Value> reads, std::vector<Value> writes, Bind bind);

 private:
  friend class PlanCompiler;

  struct PendingStep {
    LayerId layer;
    std::vector<Value> reads;
    std::vector<Value> writes;
    Bind bind;
  };
  struct Contribution {
    Value part;
    Value whole;
  };
  struct CallSteps {
    std::vector<PendingStep> backward;
    std::vector<Contribution> contributions;
  };

  Value newValue(Shape shape, Scalar* address = nullptr);
  int root(Value value) const;

  ComputePath m_path = ComputePath::Fast;
  PlanMode m_mode = PlanMode::Inference;
  ParameterBlock* m_parameters = nullptr;
  std::vector<Shape> m_shapes;
  std::vector<int> m_parent;
  std::vector<Scalar*> m_external;
  std::vector<Value> m_gradientOf;       // by value; invalid: none needed
  std::vector<Value> m_parameterValues;  // by parameter
  std::vector<Value> m_parameterGradients;
  std::vector<PendingStep> m_forward;
  std::vector<CallSteps> m_calls;

  LayerId m_layer;
  std::vector<Value> m_inputs;
  std::vector<Value> m_outputs;
  bool m_wantsBackward = false;
  Plan::Output* m_exclusiveOutput = nullptr;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

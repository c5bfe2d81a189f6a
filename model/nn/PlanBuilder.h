#pragma once

#include "model/nn/Plan.h"

#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class Layer;
class ParameterBlock;
class StateBlock;

/// Batch normalization as it is at inference: per channel (x - mean) / sqrt(variance + epsilon) * gamma + beta.
/// gamma and beta may be invalid: 1 and 0.
struct ChannelAffine {
  Value gamma, beta, mean, variance;
  Scalar epsilon = 0;
};

/// A step that can do the work of the layers after it while it makes its value: a convolution takes batch
/// normalization into its weights, a skip connection and an activation into its tail. Each function takes the work
/// over, or says no and changes nothing.
class Absorber {
 public:
  virtual ~Absorber() = default;
  virtual bool takeAffine(const ChannelAffine&) { return false; }
  virtual bool takeActivation(ActivationType) { return false; }
  virtual bool takeClip(Scalar) { return false; }  ///< relu with a largest value; infinity: none
  virtual bool takeSum() { return false; }         ///< adds to what lies at the value's place already
};

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
  /// Complete when backward steps run; may be overwritten. Of several outputs some may lead nowhere: then its address
  /// is null.
  Value outputGradient(std::size_t index = 0);
  Value inputGradient(std::size_t index = 0);  ///< invalid when nobody needs it; write all of it

  /// A buffer of this call's own, alive from its first step to its last.
  Value workspace(Shape shape);

  /// What the layer remembers from one run to the next, in all plans of the network. Invalid in a plan that only
  /// inspects. Errors: ShapeMismatch when another plan has it in another shape.
  Value state(std::string_view role, Shape shape);

  /// From now on `value` is stored where `other` is (Flatten: no copy). Same number of elements.
  void alias(Value value, Value other);

  /// The maker of input `index`, when it may take this call's work over: at inference, on the fast path, when nothing
  /// else reads the value. nullptr otherwise.
  Absorber* absorber(std::size_t index = 0) const;
  /// The maker of input `index` has taken this call over: the output is that value, and no step is to be added.
  void absorbed(std::size_t index = 0);
  /// The output of this call may be worked on by later layers through `absorber`, which is made before any step runs.
  void offer(std::shared_ptr<Absorber> absorber);
  /// Whether input `other` is a finished value when the steps that make input `index` run, and nobody reads it after
  /// them: then the maker may add to it in place (see absorbedSum).
  bool canAddInto(std::size_t index, std::size_t other) const;
  void absorbedSum(std::size_t index, std::size_t other);

  /// Whether a step of this call may write its output over input `index`: at inference, when nothing else reads it.
  bool mayOverwrite(std::size_t index = 0) const;

  /// Tells that this call ends in an activation. The loss may then write the gradient of the activation's input
  /// straight into outputGradient(): look at the flag in each backward run, it says to pass the activation over.
  const bool* tail(ActivationType activation);

  /// `flops`: what the step computes by its formula, for profiles (0: about one operation a value).
  void forward(std::vector<Value> reads, std::vector<Value> writes, Bind bind, double flops = 0);
  /// Backward steps of a call run in the order added; the calls run in reverse.
  void backward(std::vector<Value> reads, std::vector<Value> writes, Bind bind, double flops = 0);

 private:
  friend class PlanCompiler;

  struct PendingStep {
    LayerId layer;
    std::vector<Value> reads;
    std::vector<Value> writes;
    Bind bind;
    double flops = 0;
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
  bool isFree(Value value) const;  ///< nothing from here on reads what lies at its place
  int root(Value value) const;

  ComputePath m_path = ComputePath::Fast;
  PlanMode m_mode = PlanMode::Inference;
  ParameterBlock* m_parameters = nullptr;
  StateBlock* m_states = nullptr;
  std::vector<Shape> m_shapes;
  std::vector<int> m_parent;
  std::vector<Scalar*> m_external;
  std::vector<bool> m_isKept;            // by value: an input or output of the model
  std::vector<int> m_readersLeft;        // by value: reads by calls still to be compiled
  std::vector<Value> m_gradientOf;       // by value; invalid: none needed
  std::vector<Value> m_parameterValues;  // by parameter
  std::vector<Value> m_parameterGradients;
  std::vector<PendingStep> m_forward;
  std::vector<CallSteps> m_calls;
  std::map<int, std::shared_ptr<Absorber>> m_absorbers;  // by value
  std::map<int, std::size_t> m_madeBy;                   // value -> the forward step that makes it

  LayerId m_layer;
  std::vector<Value> m_inputs;
  std::vector<Value> m_outputs;
  std::vector<bool> m_isSoleReader;  // by input: this call is the only one that reads it, once
  bool m_wantsBackward = false;
  Plan::Output* m_exclusiveOutput = nullptr;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/core/Error.h"
#include "model/core/FieldSpec.h"
#include "model/nn/LayerRegistry.h"
#include "model/nn/WeightDeclaration.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class PlanBuilder;

/// What a layer is made from: its config with every field of its schema, checked.
struct LayerSetup {
  const FieldMap& config;
};

/// What a layer would rather get. Another shape may run, but is nearly always a mistake that one click mends.
enum class InputWish { Any, Flat };

/// The behaviour of one layer: shapes, weights, and the steps it adds to a plan. Immutable; holds no values.
/// The recipe for a new one is model/layers/README.md.
class Layer {
 public:
  Layer() = default;
  virtual ~Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  /// Shapes of the outputs, batch first; kUnknownDim in, kUnknownDim out where it is not fixed.
  /// Errors: ShapeMismatch, whose message says what the layer needs, as the middle of a sentence: "needs an image
  /// (height, width, channels)". InvalidConfig with a whole sentence and the field as its place.
  virtual std::vector<Shape> outputShapes(std::span<const Shape> inputs) const = 0;

  /// Weights in the order of the manifest. Called only with shapes that outputShapes() accepted.
  virtual std::vector<WeightDeclaration> weights(std::span<const Shape> inputs) const;

  virtual InputWish inputWish() const { return InputWish::Any; }

  /// Adds the forward steps of one call and, when training, its backward steps. All shapes are known by now.
  virtual void compile(PlanBuilder& plan) const = 0;
};

/// The `make` of a LayerType.
template <class Concrete>
std::unique_ptr<Layer> makeLayer(const LayerSetup& setup) {
  return std::make_unique<Concrete>(setup);
}

/// {className, config} of an initializer by its TensorFlow.js name: "glorotNormal", "zeros".
FieldValue initializerConfig(std::string_view name);

/// The one input of a layer that takes exactly one. Errors: ShapeMismatch.
const Shape& onlyInput(std::span<const Shape> inputs);

/// Refuses less than two inputs. Errors: ShapeMismatch at "inputs".
void requireSeveralInputs(std::span<const Shape> inputs);

/// Refuses dataFormat channelsFirst, which no layer here computes. Errors: InvalidConfig at dataFormat.
void requireChannelsLast(const FieldMap& config);

/// Refuses an activity regularizer: TensorFlow.js cannot run one either. Errors: InvalidConfig at activityRegularizer.
void requireNoActivityRegularizer(const FieldMap& config);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

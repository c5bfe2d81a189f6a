// InputLayer: where data enters. It computes nothing.
//   output  batchInputShape, (batch, ...)
// Errors: InvalidConfig when batchInputShape is missing or has no batch axis.
// Source: tfjs-layers/src/engine/input_layer.ts, class InputLayer.
#include "model/nn/Layer.h"
#include "model/nn/PlanBuilder.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class InputLayer final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {
        dims("batchInputShape").required().label("Shape").help("Sizes of one batch, the batch first and left open."),
        choice("dtype", {"float32", "int32", "bool"}).byDefault("float32").advanced().help("Type of the values."),
        flag("sparse").byDefault(false).advanced().help("Kept for TensorFlow.js; no effect."),
    };
    return all;
  }

  explicit InputLayer(const LayerSetup& setup) : m_shape(setup.config.intsAt("batchInputShape")) {
    if (m_shape.size() < 2)
      throw Error(ErrorKind::InvalidConfig, "The shape needs the batch and at least one more axis.", {},
                  "batchInputShape");
  }

  std::vector<Shape> outputShapes(std::span<const Shape>) const override { return {m_shape}; }

  void compile(PlanBuilder&) const override {}  // the plan's inputs are its outputs

 private:
  Shape m_shape;
};

namespace layertypes {
LayerType inputLayer() {
  return {"InputLayer",        Category::Input,        "Where data enters the model.",
          &InputLayer::fields, &makeLayer<InputLayer>, {"batchInputShape"}};
}
}  // namespace layertypes

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

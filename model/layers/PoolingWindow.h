#pragma once

#include "model/layers/ImageWindow.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/Pooling.h"

#include <memory>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// What MaxPooling2D and AveragePooling2D share: all but the name and what is kept of a window.
///   input  (batch, height, width, channels)
///   output (batch, newHeight, newWidth, channels)
/// Source: tfjs-layers/src/layers/pooling.ts, class Pooling2D.
template <kernels::PoolingKind kKind>
class WindowPooling final : public Layer {
 public:
  static const FieldList& fields() {
    static const FieldList all = {
        intTuple("poolSize", 2).byDefault(FieldValue::ofInts({2, 2})).help("Height and width of the window."),
        paddingField(),
        intTuple("strides", 2).nullable().help("Steps of the window; none: as the window."),
        dataFormatField(),
    };
    return all;
  }

  explicit WindowPooling(const LayerSetup& setup) : m_window(imageWindow(setup.config, "poolSize")) {
    if (const FieldValue* strides = setup.config.find("strides"); !strides || strides->isNull())
      std::ranges::copy(m_window.kernel, m_window.strides);
    requireChannelsLast(setup.config);
  }

  std::vector<Shape> outputShapes(std::span<const Shape> inputs) const override {
    Shape shape = m_window.outputShape(inputs, 1);
    shape.back() = inputs.front().back();
    return {shape};
  }

  void compile(PlanBuilder& plan) const override {
    const Value x = plan.input(), y = plan.output();
    const auto pooling = std::make_shared<std::unique_ptr<kernels::Pooling>>();  // made when steps are bound
    const ComputePath path = plan.path();
    const kernels::WindowGeometry geometry = m_window.geometry(plan.shape(x), plan.shape(y));
    const bool forTraining = plan.wantsBackward();
    plan.forward({x}, {y}, [=](const Addresses& at) -> Run {
      *pooling = std::make_unique<kernels::Pooling>(kKind, path, geometry, forTraining, at.scratch());
      at.setKernel((*pooling)->kernel());
      return [pooling, x = at[x], y = at[y]](const StepContext&) { (*pooling)->forward(x, y); };
    });
    if (!plan.wantsBackward()) return;
    const Value dy = plan.outputGradient(), dx = plan.inputGradient();
    plan.backward({dy}, {dx}, [=](const Addresses& at) -> Run {
      return [pooling, dy = at[dy], dx = at[dx]](const StepContext&) { (*pooling)->backward(dy, dx); };
    });
  }

 private:
  ImageWindow m_window;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#pragma once

#include "model/layers/ImageWindow.h"
#include "model/nn/ActivationType.h"
#include "model/nn/Layer.h"

#include <string>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// What all convolutions over images have, in the order of TensorFlow.js' BaseConv.getConfig(), between `before` and
/// `after`, which are a layer's own.
inline FieldList withConvolutionFields(FieldList before, FieldList after) {
  FieldList all = std::move(before);
  const FieldSpec shared[] = {
      intTuple("kernelSize", 2).required().help("Height and width of the window."),
      intTuple("strides", 2).byDefault(FieldValue::ofInts({1, 1})).help("Steps of the window down and right."),
      paddingField(),
      dataFormatField(),
      intTuple("dilationRate", 2)
          .byDefault(FieldValue::ofInts({1, 1}))
          .advanced()
          .help("Spread of the window's points."),
      choice("activation", activationNames()).byDefault("linear").help("Applied to the result."),
      flag("useBias").byDefault(true).help("Whether to add a bias."),
      initializer("biasInitializer").byDefault(initializerConfig("zeros")).advanced().help("First values of the bias."),
      regularizer("biasRegularizer").advanced().help("Penalty on the bias, added to the loss."),
      regularizer("activityRegularizer").advanced().help("Penalty on the output. TensorFlow.js cannot run one."),
      constraint("biasConstraint").advanced().help("Applied to the bias after each step."),
  };
  all.insert(all.end(), std::begin(shared), std::end(shared));
  all.insert(all.end(), after.begin(), after.end());
  return all;
}

/// The weight `role` as PREFIXInitializer, PREFIXRegularizer and PREFIXConstraint describe it.
inline WeightDeclaration weightOf(const FieldMap& config, const std::string& role, const std::string& prefix) {
  return {role,
          {},
          true,
          *config.find(prefix + "Initializer"),
          *config.find(prefix + "Regularizer"),
          *config.find(prefix + "Constraint")};
}

/// Refuses strides with dilation, as TensorFlow.js does. Errors: InvalidConfig at dilationRate.
inline void requireStridesOrDilation(const ImageWindow& window) {
  if (std::max(window.strides[0], window.strides[1]) > 1 && std::max(window.dilation[0], window.dilation[1]) > 1)
    throw Error(ErrorKind::InvalidConfig, "Either the strides or the dilation rate must be 1.", {}, "dilationRate");
}

/// What all convolutions over images are made of beside their kernels.
class ImageConvolution : public Layer {
 protected:
  explicit ImageConvolution(const FieldMap& config)
      : m_window(imageWindow(config, "kernelSize")),
        m_activation(activationFromName(config.stringAt("activation", "linear"))),
        m_useBias(config.boolAt("useBias", true)),
        m_bias(weightOf(config, "bias", "bias")) {
    requireChannelsLast(config);
    requireNoActivityRegularizer(config);
  }

  /// Errors: ShapeMismatch when the input is no image whose channels are known.
  Shape convolvedShape(std::span<const Shape> inputs, std::int64_t channels) const {
    const Shape shape = m_window.outputShape(inputs, channels);
    if (inputs.front().back() == kUnknownDim)
      throw Error(ErrorKind::ShapeMismatch, "needs an image whose number of channels is known");
    return shape;
  }

  /// The kernels, and a bias of `channels` where there is one.
  std::vector<WeightDeclaration> withBias(std::vector<WeightDeclaration> kernels, std::int64_t channels) const {
    if (m_useBias) kernels.push_back(m_bias), kernels.back().shape = {channels};
    return kernels;
  }

  ImageWindow m_window;
  ActivationType m_activation;

 private:
  bool m_useBias;
  WeightDeclaration m_bias;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

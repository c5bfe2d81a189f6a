#pragma once

#include "model/core/FieldValue.h"
#include "model/core/Random.h"
#include "model/core/Shape.h"

#include <string>
#include <vector>

namespace layersmith {

/// The rows of the conformance run. Every registered layer has at least one.
struct LayerCase {
  std::string className;
  FieldMap config;
  Shape input;  ///< without the batch
  std::vector<Shape> moreInputs = {};
};

inline FieldValue ints(const std::vector<std::int64_t>& values) {
  return FieldValue::ofInts(values, true);
}

/// Convolutions and poolings of all kinds of sizes, the same in every run.
inline void addRandomWindows(std::vector<LayerCase>& cases) {
  const Random random(2024);
  std::uint64_t at = 0;
  const auto pick = [&](std::uint32_t from, std::uint32_t to) {
    return std::int64_t(from + random.below(at++, to - from + 1));
  };
  for (int i = 0; i < 14; ++i) {
    const Shape image = {pick(5, 9), pick(5, 9), pick(1, 4)};
    const std::int64_t kernelY = pick(1, 3), kernelX = pick(1, 3);
    const char* padding = pick(0, 1) ? "same" : "valid";
    const bool isDilated = i % 3 == 0;
    const std::int64_t strideY = pick(1, 3), strideX = pick(1, 3);
    FieldMap conv = {{"filters", pick(1, 5)}, {"kernelSize", ints({kernelY, kernelX})}, {"padding", padding}};
    if (isDilated)
      conv.set("dilationRate", ints({pick(1, 2), 2}));
    else
      conv.set("strides", ints({strideY, strideX}));
    cases.push_back({"Conv2D", conv, image});
    FieldMap separable = conv, depthwise = conv;
    separable.set("depthMultiplier", pick(1, 2));
    cases.push_back({"SeparableConv2D", separable, image});
    depthwise.remove("filters");
    depthwise.set("depthMultiplier", pick(1, 3));
    depthwise.set("activation", i % 2 ? "relu" : "tanh");
    cases.push_back({"DepthwiseConv2D", depthwise, image});
    for (const char* pooling : {"MaxPooling2D", "AveragePooling2D"})
      cases.push_back(
          {pooling,
           {{"poolSize", ints({kernelY, kernelX})}, {"strides", ints({strideY, strideX})}, {"padding", padding}},
           image});
  }
}

/// Layers that join several inputs.
inline void addMerges(std::vector<LayerCase>& cases) {
  cases.push_back({"Add", {}, {4}, {{4}}});
  cases.push_back({"Add", {}, {3, 2}, {{3, 2}, {3, 2}, {3, 2}}});
  cases.push_back({"Add", {}, {3, 4, 2}, {{1, 1, 2}, {3, 1, 1}, {3, 4, 1}}});
  cases.push_back({"Add", {}, {2}, {{3, 1, 2}, {3, 4, 1}, {1, 4, 2}}});
  cases.push_back({"Concatenate", {}, {4}, {{3}}});
  cases.push_back({"Concatenate", {{"axis", 1}}, {2, 3, 2}, {{1, 3, 2}, {4, 3, 2}}});
  cases.push_back({"Concatenate", {{"axis", 2}}, {2, 3, 12}, {{2, 1, 12}}});
  cases.push_back({"Concatenate", {}, {3, 2, 40}, {{3, 2, 33}, {3, 2, 5}}});
}

/// Sizes at which other kernels run than at small ones; too many values for differences.
inline std::vector<LayerCase> largeLayerCases() {
  const FieldMap same = {{"filters", 32}, {"kernelSize", 3}, {"padding", "same"}, {"activation", "relu"}};
  return {
      {"Conv2D", same, {19, 18, 16}},
      {"Conv2D", {{"filters", 16}, {"kernelSize", 3}, {"activation", "relu6"}}, {20, 17, 32}},
      {"Conv2D", {{"filters", 16}, {"kernelSize", 5}, {"activation", "relu"}}, {14, 13, 8}},
      {"Conv2D", {{"filters", 8}, {"kernelSize", 5}, {"activation", "relu"}}, {20, 21, 1}},
      {"Conv2D", {{"filters", 48}, {"kernelSize", 1}, {"useBias", false}}, {9, 10, 24}},
      {"Conv2D", {{"filters", 24}, {"kernelSize", 3}, {"strides", ints({2, 2})}, {"padding", "same"}}, {15, 16, 3}},
      {"DepthwiseConv2D", {{"kernelSize", 3}, {"padding", "same"}, {"activation", "relu6"}}, {14, 13, 32}},
      {"DepthwiseConv2D", {{"kernelSize", 5}, {"strides", ints({2, 2})}}, {14, 13, 24}},
      {"SeparableConv2D", same, {12, 13, 16}},
  };
}

/// Recurrent layers: all activations, and sizes that fill whole vectors and do not.
inline void addRecurrent(std::vector<LayerCase>& cases, const std::vector<std::string>& activations) {
  cases.push_back({"LSTM", {{"units", 3}}, {4, 2}});
  cases.push_back({"LSTM", {{"units", 9}, {"recurrentActivation", "sigmoid"}, {"useBias", false}}, {3, 5}});
  cases.push_back({"LSTM", {{"units", 16}, {"returnSequences", true}}, {3, 2}});
  cases.push_back({"LSTM", {{"units", 4}, {"goBackwards", true}, {"returnSequences", true}}, {4, 3}});
  cases.push_back({"LSTM", {{"units", 5}, {"returnState", true}, {"goBackwards", true}}, {1, 3}});
  cases.push_back({"LSTM", {{"units", 5}, {"dropout", 0.3}, {"recurrentDropout", 0.4}}, {4, 3}});
  cases.push_back({"LSTM", {{"units", 3}, {"returnState", true}}, {4, 2}, {{3}, {3}}});
  cases.push_back({"LSTM", {{"units", 3}, {"returnSequences", true}, {"recurrentDropout", 0.4}}, {3, 2}, {{3}, {3}}});
  for (const std::string& activation : activations) {
    cases.push_back({"LSTM", {{"units", 3}, {"activation", activation}}, {3, 2}});
    cases.push_back({"LSTM", {{"units", 3}, {"recurrentActivation", activation}, {"returnSequences", true}}, {3, 2}});
  }
}

inline std::vector<LayerCase> layerCases(const std::vector<std::string>& activations) {
  std::vector<LayerCase> cases = {
      {"InputLayer", {{"batchInputShape", ints({-1, 4})}}, {4}},
      {"Dense", {{"units", 3}}, {4}},
      {"Dense", {{"units", 2}, {"useBias", false}}, {3, 4}},
      {"Dropout", {{"rate", 0.4}}, {3, 5}},
      {"Dropout", {{"rate", 0.5}, {"noiseShape", ints({-1, 1, 2})}}, {3, 2}},
      {"Dropout", {{"rate", 0}}, {4}},
      {"Flatten", {}, {2, 3, 2}},
      {"Reshape", {{"targetShape", ints({3, -1})}}, {2, 6}},
      {"Conv2D", {{"filters", 3}, {"kernelSize", 3}, {"activation", "softmax"}}, {5, 4, 2}},
      {"Conv2D", {{"filters", 2}, {"kernelSize", 2}, {"activation", "gelu"}, {"useBias", false}}, {4, 4, 2}},
      {"Conv2D", {{"filters", 2}, {"kernelSize", 2}, {"activation", "relu"}}, {4, 4, 2}},
      {"ReLU", {}, {4, 3}},
      {"ReLU", {{"maxValue", 0.8}}, {3, 4, 2}},
      {"MaxPooling2D", {}, {5, 6, 2}},
      {"AveragePooling2D", {}, {5, 6, 2}},
      {"AveragePooling2D", {{"poolSize", ints({2, 3})}, {"padding", "same"}, {"strides", ints({1, 2})}}, {4, 6, 20}},
      {"ZeroPadding2D", {}, {3, 4, 2}},
      {"ZeroPadding2D", {{"padding", 2}}, {2, 2, 1}},
      {"ZeroPadding2D", {{"padding", FieldArray{ints({1, 0}), ints({2, 3})}}}, {3, 4, 2}},
      {"GlobalAveragePooling2D", {}, {9, 15, 3}},
      {"GlobalAveragePooling2D", {}, {2, 3, 270}},
      {"BatchNormalization", {}, {9, 15, 3}},
      {"BatchNormalization", {}, {3, 3, 70}},
      {"BatchNormalization", {{"epsilon", 0.1}}, {4, 300}},
      {"GlobalAveragePooling2D", {}, {3, 4, 5}},
      {"BatchNormalization", {}, {3, 4}},
      {"BatchNormalization", {{"axis", 1}}, {4, 3, 2}},
      {"BatchNormalization", {{"scale", false}, {"epsilon", 0.1}}, {4, 3, 2}},
      {"BatchNormalization", {{"center", false}}, {4, 3}},
  };
  addMerges(cases);
  for (const std::string& activation : activations) {
    cases.push_back({"Activation", {{"activation", activation}}, {2, 4}});
    cases.push_back({"Dense", {{"units", 3}, {"activation", activation}}, {4}});
  }
  addRandomWindows(cases);
  addRecurrent(cases, activations);
  return cases;
}

}  // namespace layersmith

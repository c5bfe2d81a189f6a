#include "model/benchmark/Workloads.h"

#include "model/benchmark/GraphSketch.h"

#include <algorithm>
#include <array>

namespace layersmith {

namespace {

constexpr const char* kCategorical = "categoricalCrossentropy";
constexpr const char* kBinary = "binaryCrossentropy";

FieldValue square(std::int64_t size) {
  return FieldValue::ofInts({size, size});
}

FieldMap dense(int units, const char* activation) {
  return {{"units", units}, {"activation", activation}};
}

FieldMap pool(std::int64_t size, std::int64_t strides, const char* padding = "valid") {
  return {{"poolSize", square(size)}, {"strides", square(strides)}, {"padding", padding}};
}

Graph irisMlp() {
  GraphSketch sketch;
  const TensorRef hidden = sketch.apply("Dense", dense(10, "relu"), sketch.input({4}));
  return sketch.finish(sketch.apply("Dense", dense(3, "softmax"), hidden));
}

Graph mnistMlp() {
  GraphSketch sketch;
  TensorRef x = sketch.apply("Dense", dense(512, "relu"), sketch.input({784}));
  x = sketch.apply("Dense", dense(512, "relu"), x);
  return sketch.finish(sketch.apply("Dense", dense(10, "softmax"), x));
}

Graph mnistConvnet() {
  GraphSketch sketch;
  TensorRef x = sketch.input({28, 28, 1});
  for (const int filters : {8, 16}) {
    x = sketch.apply("Conv2D", {{"filters", filters}, {"kernelSize", square(5)}, {"activation", "relu"}}, x);
    x = sketch.apply("MaxPooling2D", pool(2, 2), x);
  }
  x = sketch.apply("Flatten", {}, x);
  return sketch.finish(sketch.apply("Dense", dense(10, "softmax"), x));
}

Graph cifarConvnet() {
  GraphSketch sketch;
  TensorRef x = sketch.input({32, 32, 3});
  for (const int filters : {32, 64}) {
    for (int i = 0; i < 2; ++i)
      x = sketch.apply(
          "Conv2D", {{"filters", filters}, {"kernelSize", square(3)}, {"padding", "same"}, {"activation", "relu"}}, x);
    x = sketch.apply("MaxPooling2D", pool(2, 2), x);
  }
  x = sketch.apply("Dense", dense(512, "relu"), sketch.apply("Flatten", {}, x));
  return sketch.finish(sketch.apply("Dense", dense(10, "softmax"), x));
}

Graph lstm() {
  GraphSketch sketch;
  const TensorRef x =
      sketch.apply("LSTM", {{"units", 128}, {"recurrentActivation", "sigmoid"}}, sketch.input({80, 32}));
  return sketch.finish(sketch.apply("Dense", dense(1, "sigmoid"), x));
}

/// BatchNormalization and relu6 after a convolution.
TensorRef normalizedRelu6(GraphSketch& sketch, TensorRef x) {
  return sketch.apply("ReLU", {{"maxValue", 6}}, sketch.apply("BatchNormalization", {}, x));
}

/// MobileNetV1 1.0 224: Howard et al., "MobileNets", 2017, table 1.
Graph mobileNet() {
  struct Block {
    int filters, strides;
  };
  constexpr std::array<Block, 13> blocks = {{{64, 1},
                                             {128, 2},
                                             {128, 1},
                                             {256, 2},
                                             {256, 1},
                                             {512, 2},
                                             {512, 1},
                                             {512, 1},
                                             {512, 1},
                                             {512, 1},
                                             {512, 1},
                                             {1024, 2},
                                             {1024, 1}}};
  GraphSketch sketch;
  const auto convolution = [&](const char* className, FieldMap config, std::int64_t kernel, int strides, TensorRef x) {
    config.set("kernelSize", square(kernel));
    config.set("strides", square(strides));
    config.set("padding", "same");
    config.set("useBias", false);
    return normalizedRelu6(sketch, sketch.apply(className, std::move(config), x));
  };
  TensorRef x = convolution("Conv2D", {{"filters", 32}}, 3, 2, sketch.input({224, 224, 3}));
  for (const Block& block : blocks) {
    x = convolution("DepthwiseConv2D", {}, 3, block.strides, x);
    x = convolution("Conv2D", {{"filters", block.filters}}, 1, 1, x);
  }
  x = sketch.apply("GlobalAveragePooling2D", {}, x);
  return sketch.finish(sketch.apply("Dense", dense(1000, "softmax"), x));
}

/// ResNet50: He et al., "Deep Residual Learning for Image Recognition", 2015, table 1; strides in the first convolution
/// of a block.
Graph resNet50() {
  struct Stage {
    int filters, blocks, strides;
  };
  constexpr std::array<Stage, 4> stages = {{{64, 3, 1}, {128, 4, 2}, {256, 6, 2}, {512, 3, 2}}};
  GraphSketch sketch;
  const auto convolution = [&](TensorRef x, int filters, std::int64_t kernel, int strides, bool hasRelu) {
    x = sketch.apply(
        "Conv2D",
        {{"filters", filters}, {"kernelSize", square(kernel)}, {"strides", square(strides)}, {"padding", "same"}}, x);
    x = sketch.apply("BatchNormalization", {}, x);
    return hasRelu ? sketch.apply("ReLU", {}, x) : x;
  };
  TensorRef x = convolution(sketch.input({224, 224, 3}), 64, 7, 2, true);
  x = sketch.apply("MaxPooling2D", pool(3, 2, "same"), x);
  for (const Stage& stage : stages)
    for (int block = 0; block < stage.blocks; ++block) {
      const int strides = block == 0 ? stage.strides : 1;
      const TensorRef shortcut = block == 0 ? convolution(x, 4 * stage.filters, 1, strides, false) : x;
      x = convolution(x, stage.filters, 1, strides, true);
      x = convolution(x, stage.filters, 3, 1, true);
      x = convolution(x, 4 * stage.filters, 1, 1, false);
      x = sketch.apply("ReLU", {}, sketch.apply("Add", {}, {x, shortcut}));
    }
  x = sketch.apply("GlobalAveragePooling2D", {}, x);
  return sketch.finish(sketch.apply("Dense", dense(1000, "softmax"), x));
}

using enum WorkloadKind;

const std::array<Workload, 9> kWorkloads = {{
    {"W1", "Dense 4-10-3, 150 samples, 40 epochs: the whole fit.", Fit, 32, 0, 0.10, &irisMlp, kCategorical, 0.01},
    {"W2", "Dense 784-512-512-10, batch 128.", TrainingStep, 128, 0.5135, 0.85, &mnistMlp, kCategorical},
    {"W3", "Two 5x5 convolutions on 28x28, batch 512.", TrainingStep, 512, 1.936e-3 * 512, 0.6, &mnistConvnet,
     kCategorical},
    {"W3s", "The same, batch 64.", TrainingStep, 64, 1.936e-3 * 64, 0.6, &mnistConvnet, kCategorical},
    {"W4", "Four 3x3 convolutions on 32x32x3, batch 32.", TrainingStep, 32, 5.103, 0.75, &cifarConvnet, kCategorical},
    {"W5", "LSTM 128 on 80 x 32, batch 32.", TrainingStep, 32, 1.258, 0.45, &lstm, kBinary},
    {"W6", "MobileNetV1 1.0 224, inference, batch 1.", Inference, 1, 1.137, 1.0, &mobileNet, {}},
    {"W6b", "The same, batch 8.", Inference, 8, 9.1, 1.0, &mobileNet, {}},
    {"W7", "ResNet50 224, inference, batch 1.", Inference, 1, 7.72, 1.0, &resNet50, {}},
}};

}  // namespace

TrainingConfig Workload::trainingConfig() const {
  TrainingConfig config;
  config.optimizer = "adam";
  config.optimizerConfig = {{"learningRate", learningRate}};
  config.losses = {std::string(loss)};
  return config;
}

std::span<const Workload> workloads() {
  return kWorkloads;
}

const Workload* findWorkload(std::string_view name) {
  const auto found = std::ranges::find(kWorkloads, name, &Workload::name);
  return found == kWorkloads.end() ? nullptr : &*found;
}

}  // namespace layersmith

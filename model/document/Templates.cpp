#include "model/document/Templates.h"

#include "model/core/Error.h"
#include "model/data/Generators.h"
#include "model/data/Readers.h"
#include "model/document/Edits.h"

#include <array>

namespace layersmith {

namespace {

constexpr std::uint64_t kSeed = 42;

struct LayerSketch {
  const char* className;
  const char* name;
  FieldMap config;
};

FieldMap dense(int units, const char* activation) {
  return {{"units", units}, {"activation", activation}};
}

FieldMap conv(int filters) {
  return {
      {"filters", filters}, {"kernelSize", FieldValue::ofInts({3, 3})}, {"activation", "relu"}, {"padding", "same"}};
}

FieldMap pool() {
  return {{"poolSize", FieldValue::ofInts({2, 2})}, {"strides", FieldValue::ofInts({2, 2})}};
}

/// A sequential model: an input of this shape, then the layers.
DocumentState chain(const char* name, const char* inputName, std::vector<std::int64_t> inputShape,
                    const std::vector<LayerSketch>& sketches) {
  inputShape.insert(inputShape.begin(), kUnknownDim);
  DocumentState state;
  Graph& graph = state.graph;
  graph.name = name;
  LayerSpec input;
  input.id = {1};
  input.className = "InputLayer";
  input.name = inputName;
  input.config = {{"batchInputShape", FieldValue::ofInts(inputShape, true)}, {"dtype", "float32"}};
  graph.layers.push_back(std::move(input));
  for (const LayerSketch& sketch : sketches) {
    LayerSpec layer;
    layer.id = graph.unusedId();
    layer.className = sketch.className;
    layer.name = sketch.name;
    layer.config = sketch.config;
    layer.calls = {LayerCall{{TensorRef{graph.layers.back().id}}, {}}};
    graph.layers.push_back(std::move(layer));
  }
  graph.inputs = {TensorRef{graph.layers.front().id}};
  graph.outputs = {TensorRef{graph.layers.back().id}};
  return state;
}

void compile(DocumentState& state, double learningRate, const char* loss, bool isClassification, int epochs,
             int batchSize) {
  state.training.optimizer = "adam";
  state.training.optimizerConfig = {{"learningRate", learningRate}};
  state.training.losses = {loss};
  if (isClassification) state.training.metrics = {"accuracy"};
  state.fit.epochs = epochs;
  state.fit.batchSize = batchSize;
  state.fit.seed = kSeed;
}

DocumentState pointModel(const char* generator, int samples, double noise, std::vector<LayerSketch> hidden, double rate,
                         int epochs) {
  hidden.push_back({"Dense", "out", dense(1, "sigmoid")});
  DocumentState state = chain(generator, "points", {2}, hidden);
  compile(state, rate, "binaryCrossentropy", true, epochs, 32);
  return edits::setDataset(state,
                           std::make_shared<Dataset>(generate(QString::fromLatin1(generator), samples, noise, kSeed)));
}

DocumentState irisModel() {
  DocumentState state = chain("iris", "measurements", {4},
                              {{"Dense", "hidden", dense(16, "relu")}, {"Dense", "species", dense(3, "softmax")}});
  compile(state, 0.02, "categoricalCrossentropy", true, 60, 16);
  const std::shared_ptr<const RawData> raw = readBundledCsv(QStringLiteral("iris.csv"));
  DataRecipe recipe = guessRecipe(*raw, QStringLiteral("iris.csv"));
  recipe.targetEncoding = TargetEncoding::OneHot;
  auto dataset = std::make_shared<Dataset>(prepare(raw, recipe));
  dataset->name = QStringLiteral("iris");
  return edits::setDataset(state, std::move(dataset));
}

std::vector<LayerSketch> convLayers(int filters, int classes) {
  return {{"Conv2D", "conv_1", conv(filters)},
          {"MaxPooling2D", "pool_1", pool()},
          {"Conv2D", "conv_2", conv(2 * filters)},
          {"MaxPooling2D", "pool_2", pool()},
          {"Flatten", "flatten", {}},
          {"Dense", "digit", dense(classes, "softmax")}};
}

DocumentState digitsModel() {
  DocumentState state = chain("digits", "image", {12, 12, 1}, convLayers(8, 10));
  compile(state, 0.005, "categoricalCrossentropy", true, 12, 32);
  return edits::setDataset(state, std::make_shared<Dataset>(generate(QStringLiteral("digits"), 1000, 0.1, kSeed)));
}

DocumentState convnetModel() {
  DocumentState state = chain("convnet", "image", {28, 28, 1}, convLayers(8, 10));
  compile(state, 0.003, "categoricalCrossentropy", true, 5, 64);
  return state;
}

DocumentState mlpModel() {
  DocumentState state = chain("mlp", "inputs", {4},
                              {{"Dense", "hidden_1", dense(32, "relu")},
                               {"Dense", "hidden_2", dense(16, "relu")},
                               {"Dense", "out", dense(1, "linear")}});
  compile(state, 0.01, "meanSquaredError", false, 50, 32);
  return state;
}

DocumentState emptyModel() {
  DocumentState state = chain("model", "input_1", {2}, {});
  compile(state, 0.01, "meanSquaredError", false, 50, 32);
  return state;
}

}  // namespace

std::span<const TemplateType> templateTypes() {
  static const std::array<TemplateType, 9> types = {{
      {QStringLiteral("twoMoons"), QStringLiteral("Two moons"),
       QStringLiteral("Two curved groups of points, told apart by a small network.")},
      {QStringLiteral("xor"), QStringLiteral("XOR"), QStringLiteral("Four corners that no straight line separates.")},
      {QStringLiteral("circles"), QStringLiteral("Circles"), QStringLiteral("A ring around a disc.")},
      {QStringLiteral("spirals"), QStringLiteral("Spirals"),
       QStringLiteral("Two arms wound into each other, for a deeper network.")},
      {QStringLiteral("iris"), QStringLiteral("Iris"),
       QStringLiteral("150 flowers of three species, from four measurements.")},
      {QStringLiteral("digits"), QStringLiteral("Digits"),
       QStringLiteral("Small generated images of digits, for a convolutional network.")},
      {QStringLiteral("mlp"), QStringLiteral("Dense network"),
       QStringLiteral("Three dense layers for your own table.")},
      {QStringLiteral("convnet"), QStringLiteral("Image network"),
       QStringLiteral("Two convolutions for 28 by 28 images such as MNIST.")},
      {QStringLiteral("empty"), QStringLiteral("Empty model"), QStringLiteral("An input, and nothing else yet.")},
  }};
  return types;
}

DocumentState makeTemplate(const QString& key) {
  if (key == QLatin1String("twoMoons"))
    return pointModel("twoMoons", 400, 0.15, {{"Dense", "hidden", dense(8, "tanh")}}, 0.03, 100);
  if (key == QLatin1String("xor"))
    return pointModel("xor", 400, 0.1, {{"Dense", "hidden", dense(8, "tanh")}}, 0.03, 100);
  if (key == QLatin1String("circles"))
    return pointModel("circles", 400, 0.1, {{"Dense", "hidden", dense(8, "tanh")}}, 0.03, 100);
  if (key == QLatin1String("spirals"))
    return pointModel("spirals", 800, 0.02,
                      {{"Dense", "hidden_1", dense(24, "relu")},
                       {"Dense", "hidden_2", dense(24, "relu")},
                       {"Dense", "hidden_3", dense(12, "relu")}},
                      0.01, 200);
  if (key == QLatin1String("iris")) return irisModel();
  if (key == QLatin1String("digits")) return digitsModel();
  if (key == QLatin1String("convnet")) return convnetModel();
  if (key == QLatin1String("mlp")) return mlpModel();
  if (key == QLatin1String("empty")) return emptyModel();
  throw Error(ErrorKind::InvalidConfig, "There is no template \"" + key.toStdString() + "\".");
}

}  // namespace layersmith

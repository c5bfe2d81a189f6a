// Networks: batches, shared layers, several ends, frozen weights, previews, refusals; the arena; initial weights.
#include "model/core/Error.h"
#include "model/core/MappedBytes.h"
#include "model/core/MemoryNeed.h"
#include "model/core/Random.h"
#include "model/nn/Arena.h"
#include "model/nn/Initializers.h"
#include "model/nn/NetworkImpl.h"
#include "tests/support/EngineFixtures.h"

#include <QRegularExpression>
#include <QTemporaryFile>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace layersmith;
using fixtures::chain;

namespace {

Tensor noise(const Shape& shape) {
  Tensor tensor(shape);
  const Random random(4);
  for (std::size_t i = 0; i < tensor.values.size(); ++i) tensor.values[i] = Scalar(random.normal(i));
  return tensor;
}

const std::vector<std::pair<std::string, FieldMap>> kSmall = {{"Dense", {{"units", 5}, {"activation", "relu"}}},
                                                              {"Dense", {{"units", 2}}}};

QString messageOf(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    return QString::fromStdString(error.message());
  }
  return {};
}

}  // namespace

class NetworkTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void batchSizeChangesNothing() {
    Network network(chain({4}, kSmall), {}, 1);
    const std::vector<Tensor> x = {noise({37, 4})};
    const Tensor whole = network.predict(x, 37)[0];
    for (const int batch : {1, 5, 32, 64}) {
      const Tensor parts = network.predict(x, batch)[0];
      QCOMPARE(parts.shape, whole.shape);
      for (std::size_t i = 0; i < whole.values.size(); ++i)
        QVERIFY(std::abs(parts.values[i] - whole.values[i]) < 1e-5f);
    }
    QCOMPARE(network.predict(std::vector<Tensor>{Tensor({0, 4})})[0].shape, (Shape{0, 2}));
  }

  void weightsComeBack() {
    Network first(chain({4}, kSmall), {}, 1);
    const WeightSet weights = first.weights();
    QCOMPARE(weights.size(), std::size_t(4));
    Network second(chain({4}, kSmall), weights, 99);
    const std::vector<Tensor> x = {noise({3, 4})};
    QCOMPARE(first.predict(x)[0].values, second.predict(x)[0].values);
    QVERIFY(Network(chain({4}, kSmall), {}, 2).predict(x)[0].values != first.predict(x)[0].values);
  }

  /// Large weights are computed with where they are; training takes them over and leaves those given alone.
  void largeWeightsAreBorrowed() {
    const Graph wide = chain({4}, {{"Dense", {{"units", 8000}}}, {"Dense", {{"units", 3}}}});
    const WeightSet given = Network(wide, {}, 3).weights();
    Network network(wide, given, 5);
    const ParameterBlock& block = network.impl().parameters;
    QVERIFY(block.isBorrowing());
    const WeightBuffer& kernel = *given.find({2}, "kernel")->buffer;
    QCOMPARE(static_cast<const void*>(block.values(*block.find({2}, "kernel")).data()),
             static_cast<const void*>(kernel.bytes.data()));
    QCOMPARE(network.weights().find({2}, "kernel")->buffer.get(), &kernel);  // no copy made of what did not change
    const std::vector<Tensor> x = {noise({3, 4})};
    const Tensor before = network.predict(x)[0];
    QCOMPARE(before.values, Network(wide, {}, 3).predict(x)[0].values);

    const std::vector<float> values(kernel.floats().begin(), kernel.floats().end());
    network.impl().ownWeights();
    QVERIFY(!block.isBorrowing());
    QCOMPARE(network.predict(x)[0].values, before.values);
    for (Scalar& value : block.all()) value = 0;
    ++network.impl().parameters.version;
    QCOMPARE(network.predict(x)[0].values, std::vector<Scalar>(9, Scalar(0)));
    QVERIFY(std::ranges::equal(kernel.floats(), values));
  }

  /// The file of a mapped weight is cut short: predictions end with E110, not the process.
  void aCutFileUnderWeightsIsAnError() {
    const Graph wide = chain({4}, {{"Dense", {{"units", 8000}}}});
    const WeightSet given = Network(wide, {}, 3).weights();
    const WeightBuffer& kernel = *given.find({2}, "kernel")->buffer;
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write(reinterpret_cast<const char*>(kernel.bytes.data()), qint64(kernel.bytes.size()));
    file.flush();
    const MappedPart part{file.handle(), kernel.bytes.size()};
    WeightSet weights;
    weights.set({2}, "kernel",
                std::make_shared<WeightBuffer>(
                    WeightBuffer{DType::Float32, kernel.shape, mapFiles(std::span(&part, 1), "weights.bin").value()}));
    Network network(wide, weights, 3);
    const std::vector<Tensor> x = {noise({3, 4})};
    QCOMPARE(network.predict(x)[0].values, Network(wide, {}, 3).predict(x)[0].values);
    QVERIFY(file.resize(5000));
    QVERIFY(messageOf([&] { network.predict(x); }).contains(QStringLiteral("weights.bin became shorter")));
  }

  void inTheMiddle() {
    Network network(chain({4}, kSmall), {}, 1);
    const Tensor middle = network.activations({2}, std::vector<Tensor>{noise({3, 4})});
    QCOMPARE(middle.shape, (Shape{3, 5}));
    QVERIFY(std::ranges::all_of(middle.values, [](Scalar v) { return v >= 0; }));
  }

  void sharedLayersAndSeveralEnds() {
    Graph graph = chain({4}, {{"Dense", {{"units", 3}}}});
    LayerSpec other = graph.layers[0];
    other.id = {9};
    other.name = "other";
    graph.layers.push_back(other);
    graph.kind = GraphKind::Functional;
    graph.inputs.push_back({other.id});
    graph.layers[1].calls.push_back({{TensorRef{other.id}}, {}});
    graph.outputs = {{LayerId{2}, 0, 0}, {LayerId{2}, 1, 0}};
    Network network(graph, {}, 1);
    const Tensor a = noise({2, 4}), b = Tensor({2, 4});
    const std::vector<Tensor> y = network.predict(std::vector<Tensor>{a, b});
    QCOMPARE(y.size(), std::size_t(2));
    QVERIFY(std::ranges::all_of(y[1].values, [](Scalar v) { return v == 0; }));
    QVERIFY(y[0].values != y[1].values);
    QCOMPARE(network.weights().size(), std::size_t(2));
  }

  void refusesWithNames() {
    Graph unknown = chain({4}, {{"Attention", {{"units", 8}}}});
    unknown.layers[1].name = "attention_1";
    QVERIFY(messageOf([&] {
              Network n(unknown, {});
            }).contains(QStringLiteral("Layer `attention_1` (Attention) is not known here")));
    Network network(chain({4}, kSmall), {});
    const QString shapes = messageOf([&] { network.predict(std::vector<Tensor>{noise({2, 5})}); });
    QVERIFY(shapes.contains(QStringLiteral("(null, 4)")) && shapes.contains(QStringLiteral("(2, 5)")));
    WeightSet wrong;
    wrong.set({2}, "kernel", WeightBuffer::ofFloats({2, 2}, std::vector<float>(4)));
    QVERIFY(messageOf([&] { Network n(chain({4}, kSmall), wrong); }).contains(QStringLiteral("(4, 5)")));
    QVERIFY(!messageOf([&] { network.predict({}); }).isEmpty());
  }

  void openImageSizesRun() {
    Network network(chain({kUnknownDim, kUnknownDim, 2},
                          {{"Conv2D", {{"filters", 3}, {"kernelSize", 3}}}, {"GlobalAveragePooling2D", {}}}),
                    {});
    QCOMPARE(network.predict(std::vector<Tensor>{noise({2, 8, 9, 2})})[0].shape, (Shape{2, 3}));
    QCOMPARE(network.predict(std::vector<Tensor>{noise({1, 5, 4, 2})})[0].shape, (Shape{1, 3}));
    QVERIFY(messageOf([&] {
              network.predict(std::vector<Tensor>{noise({1, 2, 2, 2})});
            }).contains(QStringLiteral("at least 3")));
  }

  /// A residual net: batch norm, skip connection and relu go into the convolutions. `isBorrowed` reads the tensor that
  /// the skip connection brings once more, later: then nothing may be added to it in place.
  static Graph residualNet(bool isBorrowed) {
    Graph graph = chain({12, 12, 3}, {{"Conv2D", {{"filters", 16}, {"kernelSize", 3}, {"padding", "same"}}},
                                      {"BatchNormalization", {}},
                                      {"ReLU", {{"maxValue", 6}}}});
    graph.kind = GraphKind::Functional;
    const auto add = [&](const char* className, const FieldMap& config, std::vector<LayerId> from) {
      LayerSpec spec;
      spec.id = graph.unusedId();
      spec.className = className;
      spec.name = graph.unusedName(className);
      spec.config = config;
      spec.calls.emplace_back();
      for (const LayerId id : from) spec.calls.back().inputs.push_back({id});
      graph.layers.push_back(spec);
      return spec.id;
    };
    const LayerId start = graph.layers.back().id;
    LayerId x = add("DepthwiseConv2D", {{"kernelSize", 3}, {"padding", "same"}, {"useBias", false}}, {start});
    x = add("ReLU", {}, {add("BatchNormalization", {}, {x})});
    x = add("BatchNormalization", {}, {add("Conv2D", {{"filters", 16}, {"kernelSize", 1}}, {x})});
    x = add("ReLU", {}, {add("Add", {}, {x, start})});
    if (isBorrowed) x = add("Add", {}, {x, start});
    x = add("GlobalAveragePooling2D", {}, {x});
    graph.outputs = {{x}};
    return graph;
  }

  void convolutionsTakeOverWhatFollows_data() {
    QTest::addColumn<bool>("isBorrowed");
    QTest::addColumn<std::size_t>("steps");
    QTest::newRow("skip connection in place") << false << std::size_t(4);
    QTest::newRow("skip connection read again") << true << std::size_t(7);
  }

  void convolutionsTakeOverWhatFollows() {
    QFETCH(bool, isBorrowed);
    const Graph graph = residualNet(isBorrowed);
    Network fast(graph, {}, 3), reference(graph, {}, 3, ComputePath::Reference);
    const Random random(17);
    std::uint64_t at = 0;
    for (const Parameter& parameter : fast.impl().parameters.parameters()) {
      const std::span<Scalar> values = fast.impl().parameters.values(parameter);
      if (parameter.declaration.role != "kernel" && parameter.declaration.role != "depthwise_kernel")
        for (Scalar& value : values) value = Scalar(0.5 + random.uniform(at++));
      const Parameter* other = reference.impl().parameters.find(parameter.layer, parameter.declaration.role);
      std::ranges::copy(values, reference.impl().parameters.values(*other).begin());
    }
    const std::vector<Tensor> x = {noise({2, 12, 12, 3})};
    const Tensor expected = reference.predict(x)[0];
    QFETCH(std::size_t, steps);
    QCOMPARE(fast.impl().plan(std::vector<Shape>{{2, 12, 12, 3}}, PlanMode::Inference).forwardSteps.size(), steps);
    for (int pass = 0; pass < 2; ++pass) {  // the second one finds the tensors as the first has left them
      const Tensor actual = fast.predict(x)[0];
      for (std::size_t i = 0; i < expected.values.size(); ++i)
        QVERIFY(std::abs(actual.values[i] - expected.values[i]) < 1e-5f * (1 + std::abs(expected.values[i])));
    }
    ++fast.impl().parameters.version;  // folded kernels follow their weights
    for (const Parameter& parameter : fast.impl().parameters.parameters())
      if (parameter.declaration.role == "beta")
        for (Scalar& value : fast.impl().parameters.values(parameter)) value += 1;
    QVERIFY(fast.predict(x)[0].values != expected.values);
  }

  void inputsAreReadWhereTheyLie() {
    Network network(chain({4}, kSmall), {}, 1);
    const Tensor x = noise({3, 4});
    const Tensor expected = network.predict(std::vector<Tensor>{x})[0];
    Plan& plan = network.impl().plan(std::vector<Shape>{{3, 4}}, PlanMode::Inference);
    std::vector<Scalar> elsewhere = x.values;
    plan.setInput(0, elsewhere.data());
    plan.forward(network.impl().context());
    const Scalar* y = plan.data(plan.outputs[0].value);
    QVERIFY(std::equal(expected.values.begin(), expected.values.end(), y));
  }

  /// What does not fit is refused before it is allocated, with a batch size that does fit.
  void tooLargeIsRefused() {
    Network network(
        chain({64, 64, 3}, {{"Conv2D", {{"filters", 16}, {"kernelSize", 3}}}, {"GlobalAveragePooling2D", {}}}), {});
    const auto planOf = [&](std::int64_t batch) {
      network.impl().plan(std::vector<Shape>{{batch, 64, 64, 3}}, PlanMode::Training);
    };
    setMemoryLimit(100'000'000);
    const QString message = messageOf([&] { planOf(1 << 20); });
    QVERIFY2(message.contains(QStringLiteral("A batch of 1048576 needs about")), qPrintable(message));
    QVERIFY(message.contains(QStringLiteral("100 MB are free")));
    const auto fits = QRegularExpression(QStringLiteral("a batch size of (\\d+) would fit")).match(message).captured(1);
    QVERIFY(fits.toLongLong() > 1);
    planOf(fits.toLongLong());
    QVERIFY(!messageOf([&] { planOf(fits.toLongLong() + 1); }).isEmpty());
    setMemoryLimit(1000);
    QVERIFY(messageOf([&] { planOf(3); }).contains(QStringLiteral("too little for a single sample")));
    QVERIFY(messageOf([&] {
              Network n(chain({100}, {{"Dense", {{"units", 100}}}}), {});
            }).contains(QStringLiteral("The model needs about")));
    setMemoryLimit(0);
  }

  void dropoutLetsPassInPrediction() {
    Network network(chain({4}, {{"Dropout", {{"rate", 0.5}}}}), {});
    const Tensor x = noise({3, 4});
    QCOMPARE(network.predict(std::vector<Tensor>{x})[0].values, x.values);
  }

  void arenaPiecesNeverMeet() {
    const Random random(8);
    std::vector<ArenaPiece> pieces;
    for (std::uint64_t i = 0; i < 200; ++i) {
      const int first = int(random.below(3 * i, 50));
      pieces.push_back({1 + random.below(3 * i + 1, 5000), first, first + int(random.below(3 * i + 2, 12)), 0});
    }
    const std::size_t total = planArena(pieces);
    std::size_t sum = 0;
    for (const ArenaPiece& a : pieces) {
      sum += a.size;
      QVERIFY(a.offset % 64 == 0 && a.offset + a.size <= total);
      for (const ArenaPiece& b : pieces)
        if (&a != &b && a.first <= b.last && b.first <= a.last)
          QVERIFY(a.offset + a.size <= b.offset || b.offset + b.size <= a.offset);
    }
    QVERIFY(total < sum / 2);
  }

  void initialWeightsFollowTheirDistribution() {
    const auto values = [](const FieldValue& initializer, const Shape& shape) {
      std::vector<Scalar> all(std::size_t(elementCount(shape)));
      initialize(initializer, shape, Random(1), all);
      return all;
    };
    const auto deviation = [](const std::vector<Scalar>& all) {
      double sum = 0, square = 0;
      for (const Scalar v : all) sum += double(v), square += double(v) * double(v);
      const double mean = sum / double(all.size());
      return std::sqrt(square / double(all.size()) - mean * mean);
    };
    constexpr double kTruncated = 0.87962566;  // deviation of a normal distribution cut at 2
    QVERIFY(std::abs(deviation(values("glorotNormal", {300, 100})) / (kTruncated * std::sqrt(2.0 / 400)) - 1) < 0.02);
    QVERIFY(std::abs(deviation(values("heUniform", {300, 100})) / std::sqrt(2.0 / 300) - 1) < 0.02);
    QVERIFY(std::abs(deviation(values("leCunNormal", {3, 3, 20, 100})) / (kTruncated * std::sqrt(1.0 / 180)) - 1) <
            0.02);
    QVERIFY(std::abs(deviation(values("randomNormal", {200, 100})) / 0.05 - 1) < 0.02);
    QCOMPARE(values("ones", {3}), (std::vector<Scalar>{1, 1, 1}));
    QCOMPARE(values("identity", {2, 2}), (std::vector<Scalar>{1, 0, 0, 1}));
    for (const Shape& shape : {Shape{6, 4}, Shape{4, 6}, Shape{3, 3, 2, 5}}) {
      const std::vector<Scalar> q = values("orthogonal", shape);
      const auto columns = std::size_t(shape.back()), rows = q.size() / columns, shorter = std::min(rows, columns);
      double square = 0;
      for (const Scalar v : q) square += double(v) * double(v);
      QVERIFY(std::abs(square - double(shorter)) < 1e-4);
    }
    QVERIFY(!messageOf([&] { values("identity", {2, 3}); }).isEmpty());
    QVERIFY(!messageOf([&] { values("magic", {2, 3}); }).isEmpty());
  }
};

QTEST_GUILESS_MAIN(NetworkTest)
#include "tst_Network.moc"

// LSTM: fast kernels against the reference on many shapes and threads, first weights, dropout, states that stay.
#include "model/core/Error.h"
#include "model/core/Random.h"
#include "model/nn/NetworkImpl.h"
#include "model/nn/Threads.h"
#include "model/nn/kernels/Lstm.h"
#include "tests/support/EngineFixtures.h"

#include <QTest>

#include <cmath>

using namespace layersmith;
using kernels::LstmGeometry;

namespace {

using Values = std::vector<Scalar>;

Values noise(std::int64_t count, std::uint64_t stream, double scale = 1) {
  const Random random(31, stream);
  Values values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = Scalar((2 * random.uniform(i) - 1) * scale);
  return values;
}

/// Everything one forward and backward run writes.
struct Outcome {
  std::vector<Values> values;

  double differenceFrom(const Outcome& other) const {
    double worst = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      double size = 1e-3;
      for (const Scalar value : other.values[i]) size = std::max(size, std::abs(double(value)));
      for (std::size_t k = 0; k < values[i].size(); ++k)
        worst = std::max(worst, std::abs(double(values[i][k]) - double(other.values[i][k])) / size);
    }
    return worst;
  }
};

Outcome runKernel(ComputePath path, const LstmGeometry& g, bool hasAll) {
  const std::int64_t states = g.batch * g.units, columns = 4 * g.units, inputs = g.batch * g.steps * g.features;
  const std::int64_t outputs = g.returnsSequences ? states * g.steps : states;
  const Values x = noise(inputs, 1), kernel = noise(g.features * columns, 2, 0.5), bias = noise(columns, 3, 0.3);
  const Values recurrent = noise(g.units * columns, 4, 1.5 / std::sqrt(double(g.units)));
  const Values startH = noise(states, 5), startC = noise(states, 6), inputMask = noise(g.batch * g.features, 7);
  const Values recurrentMask = noise(states, 8), dy = noise(outputs, 9), dH = noise(states, 10), dC = noise(states, 11);
  Outcome out;
  const auto written = [&](std::int64_t count) {  // poisoned: what is not written shows
    out.values.emplace_back(std::size_t(count), std::nanf(""));
    return out.values.size() - 1;
  };
  const std::size_t y = written(outputs), lastH = written(states), lastC = written(states), dx = written(inputs);
  const std::size_t dKernel = written(std::int64_t(kernel.size())), dBias = written(columns);
  const std::size_t dRecurrent = written(std::int64_t(recurrent.size()));
  const std::size_t dStartH = written(hasAll ? states : 0), dStartC = written(hasAll ? states : 0);
  Values kept(std::size_t(kernels::lstmKeptSize(g)), std::nanf(""));
  Values scratch(std::size_t(kernels::lstmScratchSize(g)), std::nanf(""));

  kernels::LstmRun run;
  run.x = x.data();
  run.kernel = kernel.data();
  run.recurrentKernel = recurrent.data();
  run.bias = hasAll ? bias.data() : nullptr;
  run.startH = hasAll ? startH.data() : nullptr;
  run.startC = hasAll ? startC.data() : nullptr;
  run.inputMask = hasAll ? inputMask.data() : nullptr;
  run.recurrentMask = g.hasRecurrentMask ? recurrentMask.data() : nullptr;
  run.y = out.values[y].data();
  run.lastH = out.values[lastH].data();
  run.lastC = out.values[lastC].data();
  run.kept = kept.data();
  run.weightsVersion = 1;
  kernels::Lstm lstm(path, g);
  ScratchPad pad;
  lstm.prepare(pad);
  pad.allocate();
  lstm.forward(run);
  if (!g.forTraining) {
    out.values.resize(3);
    return out;
  }
  kernels::LstmGradients d;
  d.y = dy.data();
  d.lastH = hasAll ? dH.data() : nullptr;
  d.lastC = hasAll ? dC.data() : nullptr;
  d.x = out.values[dx].data();
  d.kernel = out.values[dKernel].data();
  d.recurrentKernel = out.values[dRecurrent].data();
  d.bias = out.values[dBias].data();
  d.startH = hasAll ? out.values[dStartH].data() : nullptr;
  d.startC = hasAll ? out.values[dStartC].data() : nullptr;
  d.scratch = scratch.data();
  lstm.backward(run, d);
  return out;
}

std::vector<LstmGeometry> randomGeometries() {
  std::vector<LstmGeometry> all;
  const Random random(77);
  std::uint64_t at = 0;
  const auto pick = [&](int from, int to) {
    return std::int64_t(from) + random.below(at++, std::uint32_t(to - from + 1));
  };
  const ActivationType gates[] = {ActivationType::Sigmoid, ActivationType::HardSigmoid, ActivationType::Swish};
  const ActivationType cells[] = {ActivationType::Tanh, ActivationType::Tanh, ActivationType::Softsign};
  for (int i = 0; i < 24; ++i) {
    LstmGeometry g;
    g.batch = pick(1, 40);
    g.steps = pick(1, 30);
    g.features = pick(1, 40);
    g.units = i % 4 == 0 ? 16 * pick(1, 5) : pick(1, 70);
    g.recurrentActivation = gates[pick(0, 2)];
    g.activation = cells[pick(0, 2)];
    if (g.recurrentActivation == ActivationType::Swish) g.steps = pick(1, 6);  // gates above 1 let rounding grow
    g.goesBackwards = pick(0, 1) == 1;
    g.returnsSequences = pick(0, 1) == 1;
    g.forTraining = i % 3 != 0;
    g.hasRecurrentMask = g.forTraining && pick(0, 1) == 1;
    all.push_back(g);
  }
  LstmGeometry longest = all[1];  // prediction goes through it piece by piece
  longest.batch = 3;
  longest.steps = 400;
  longest.activation = ActivationType::Tanh;
  longest.recurrentActivation = ActivationType::Sigmoid;
  longest.forTraining = longest.hasRecurrentMask = false;
  all.push_back(longest);
  return all;
}

Graph lstmGraph(const Shape& batchShape, FieldMap config) {
  Graph graph = fixtures::chain({batchShape[1], batchShape[2]}, {{"LSTM", std::move(config)}});
  graph.layers.front().config = {{"batchInputShape", FieldValue::ofInts(batchShape, true)}};
  return graph;
}

Tensor ones(const Shape& shape, float value = 1) {
  Tensor tensor(shape);
  std::ranges::fill(tensor.values, value);
  return tensor;
}

Values trainingOutput(Network& network, const Tensor& x, std::uint64_t step) {
  Plan& plan = network.impl().plan(std::vector<Shape>{x.shape}, PlanMode::Training);
  std::ranges::copy(x.values, plan.data(plan.inputs[0]));
  plan.forward(network.impl().context(step, 5));
  const Scalar* y = plan.data(plan.outputs[0].value);
  return {y, y + elementCount(plan.shape(plan.outputs[0].value))};
}

WeightSet weightsOf(float kernel, float recurrent) {
  WeightSet weights;
  const std::vector<float> k(4, kernel), r(4, recurrent), b = {0.1f, 0.2f, 0.3f, 0.4f};
  weights.set({2}, "kernel", WeightBuffer::ofFloats({1, 4}, k));
  weights.set({2}, "recurrent_kernel", WeightBuffer::ofFloats({1, 4}, r));
  weights.set({2}, "bias", WeightBuffer::ofFloats({4}, b));
  return weights;
}

}  // namespace

class LSTMTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() { setThreadCount(0); }

  void fastAgreesWithReference_data() {
    QTest::addColumn<std::size_t>("row");
    QTest::addColumn<int>("threads");
    QTest::addColumn<bool>("hasAll");
    for (std::size_t i = 0; i < randomGeometries().size(); ++i)
      for (const int threads : {1, 3}) QTest::addRow("%zu on %d", i, threads) << i << threads << (i % 2 == 0);
  }

  void fastAgreesWithReference() {
    QFETCH(std::size_t, row);
    QFETCH(int, threads);
    QFETCH(bool, hasAll);
    const LstmGeometry g = randomGeometries()[row];
    setThreadCount(threads);
    const double difference =
        runKernel(ComputePath::Fast, g, hasAll).differenceFrom(runKernel(ComputePath::Reference, g, hasAll));
    QVERIFY2(difference <= 1e-5, qPrintable(QString::number(difference)));
  }

  void firstWeights() {
    Network network(
        lstmGraph({kUnknownDim, 3, 2}, {{"units", 6}, {"unitForgetBias", true}, {"biasInitializer", "randomNormal"}}),
        {}, 4);
    const WeightSet weights = network.weights();
    const auto recurrent = weights.find({2}, "recurrent_kernel")->buffer->floats();
    for (std::size_t a = 0; a < 6; ++a)  // 6 rows of 24, of length 1 and at right angles
      for (std::size_t b = 0; b < 6; ++b) {
        double product = 0;
        for (std::size_t i = 0; i < 24; ++i) product += double(recurrent[a * 24 + i]) * double(recurrent[b * 24 + i]);
        QVERIFY(std::abs(product - (a == b ? 1 : 0)) < 1e-6);
      }
    const auto bias = weights.find({2}, "bias")->buffer->floats();
    for (std::size_t i = 0; i < 24; ++i) QCOMPARE(bias[i] == 1.0f, i >= 6 && i < 12);
    QVERIFY(bias[0] != bias[12] && bias[12] != bias[18]);

    Network plain(lstmGraph({kUnknownDim, 3, 2}, {{"units", 6}}), {}, 4);
    const WeightSet plainWeights = plain.weights();
    for (const float value : plainWeights.find({2}, "bias")->buffer->floats()) QCOMPARE(value, 0.0f);
  }

  /// One feature, rate 1/2: each sample sees either nothing or twice its input, in all its time steps.
  void dropoutDropsWholeFeatures() {
    const std::int64_t samples = 200;
    const Tensor x = ones({samples, 5, 1});
    Network network(lstmGraph({kUnknownDim, 5, 1}, {{"units", 1}, {"dropout", 0.5}}), weightsOf(0.3f, 0.7f));
    const Scalar dropped = network.predict(std::vector<Tensor>{ones({1, 5, 1}, 0)})[0].values[0];
    const Scalar passed = network.predict(std::vector<Tensor>{ones({1, 5, 1}, 2)})[0].values[0];
    checkTwoValues(network, x, dropped, passed);
  }

  void recurrentDropoutDropsTheState() {
    const Tensor x = ones({200, 5, 1});
    Network network(lstmGraph({kUnknownDim, 5, 1}, {{"units", 1}, {"recurrentDropout", 0.5}}), weightsOf(0.3f, 0.7f));
    const std::vector<Tensor> one = {ones({1, 5, 1})};
    Network without(lstmGraph({kUnknownDim, 5, 1}, {{"units", 1}}), weightsOf(0.3f, 0));
    Network twice(lstmGraph({kUnknownDim, 5, 1}, {{"units", 1}}), weightsOf(0.3f, 1.4f));
    checkTwoValues(network, x, without.predict(one)[0].values[0], twice.predict(one)[0].values[0]);
  }

  void statesStay() {
    Network network(lstmGraph({1, 2, 1}, {{"units", 1}, {"stateful", true}}), weightsOf(0.3f, 0.7f));
    Network whole(lstmGraph({kUnknownDim, 4, 1}, {{"units", 1}}), weightsOf(0.3f, 0.7f));
    const std::vector<Tensor> half = {Tensor({1, 2, 1}, {0.5f, -1})};
    const Scalar both = whole.predict(std::vector<Tensor>{Tensor({1, 4, 1}, {0.5f, -1, 0.5f, -1})})[0].values[0];

    const Scalar first = network.predict(half)[0].values[0];
    QCOMPARE(network.activations({2}, half).values[0], first);  // looking on starts from zeros, and changes nothing
    QCOMPARE(network.predict(half)[0].values[0], both);
    network.resetStates();
    QCOMPARE(trainingOutput(network, half[0], 0)[0], first);
    QCOMPARE(network.predict(half)[0].values[0], both);
  }

  void statesNeedOneBatchSize() {
    const GraphReport report = analyse(lstmGraph({kUnknownDim, 2, 1}, {{"units", 1}, {"stateful", true}}));
    QVERIFY(!report.canRun);
    QCOMPARE(report.issues.front().fieldKey, std::string("stateful"));
    Network network(lstmGraph({2, 2, 1}, {{"units", 1}, {"stateful", true}}), weightsOf(0.3f, 0.7f));
    network.predict(std::vector<Tensor>{ones({2, 2, 1})});
    QVERIFY_THROWS_EXCEPTION(Error, network.predict(std::vector<Tensor>{ones({3, 2, 1})}));
  }

 private:
  static void checkTwoValues(Network& network, const Tensor& x, Scalar one, Scalar other) {
    QVERIFY(std::abs(one - other) > 1e-3f);
    const Values y = trainingOutput(network, x, 1);
    int ones = 0;
    for (const Scalar value : y) {
      const bool isOne = std::abs(value - one) < 1e-6f;
      QVERIFY(isOne || std::abs(value - other) < 1e-6f);
      ones += isOne;
    }
    QVERIFY(ones > 70 && ones < 130);
    QVERIFY(trainingOutput(network, x, 2) != y);
  }
};

QTEST_GUILESS_MAIN(LSTMTest)
#include "tst_LSTM.moc"

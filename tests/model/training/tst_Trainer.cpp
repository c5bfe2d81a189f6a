// fit() and evaluate(): logs, splits, seeds, stopping, divergence, resuming, penalties, errors.
#include "model/core/Error.h"
#include "model/core/Random.h"
#include "model/nn/Threads.h"
#include "model/training/Catalogue.h"
#include "model/training/Trainer.h"
#include "tests/support/EngineFixtures.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace layersmith;

namespace {

Graph smallModel(FieldMap firstLayer = {{"units", 6}, {"activation", "tanh"}}) {
  return fixtures::chain({3}, {{"Dense", std::move(firstLayer)}, {"Dense", {{"units", 2}, {"activation", "softmax"}}}});
}

TrainingData smallData(std::int64_t samples = 50) {
  TrainingData data{{Tensor({samples, 3})}, {Tensor({samples, 2})}};
  const Random random(5);
  for (std::size_t i = 0; i < data.xs[0].values.size(); ++i) data.xs[0].values[i] = Scalar(random.normal(i));
  for (std::int64_t i = 0; i < samples; ++i) data.ys[0].values[std::size_t(i * 2 + (data.xs[0].sample(i)[0] > 0))] = 1;
  return data;
}

TrainingConfig config(const std::string& optimizer = "adam", double learningRate = 0.05) {
  return {optimizer, {{"learningRate", learningRate}}, {"categoricalCrossentropy"}, {"accuracy"}, {}};
}

std::vector<float> flat(const WeightSet& weights) {
  std::vector<float> all;
  for (const auto& entry : weights) all.insert(all.end(), entry.buffer->floats().begin(), entry.buffer->floats().end());
  return all;
}

std::vector<float> trained(const FitOptions& options, int rounds = 1) {
  Network network(smallModel(), {}, 3);
  OptimizerState state;
  for (int round = 0; round < rounds; ++round) {
    Trainer trainer(network, config(), state);
    FitOptions part = options;
    part.initialEpoch = options.epochs * round / rounds;
    part.epochs = options.epochs * (round + 1) / rounds;
    trainer.fit(smallData(), nullptr, part);
    state = trainer.optimizerState();
  }
  return flat(network.weights());
}

}  // namespace

class TrainerTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void logsAsTensorFlowJs() {
    Network network(smallModel(), {}, 1);
    Trainer trainer(network, config());
    FitOptions options{.epochs = 12, .batchSize = 16, .validationSplit = 0.2};
    int batches = 0;
    TrainerCallbacks callbacks;
    callbacks.batchFinished = [&](const BatchLog& log) { return batches += log.size == 16 || log.size == 8, true; };
    const TrainingData data = smallData();
    const FitResult result = trainer.fit(data, nullptr, options, callbacks);
    QCOMPARE(result.end, FitResult::End::Finished);
    QCOMPARE(batches, 12 * 3);  // 40 samples in batches of 16, 16, 8
    QCOMPARE(result.history.size(), std::size_t(12));
    QStringList names;
    for (const MetricValue& value : result.history.back().values) names << QString::fromStdString(value.name);
    QCOMPARE(names, (QStringList{QStringLiteral("loss"), QStringLiteral("acc"), QStringLiteral("val_loss"),
                                 QStringLiteral("val_acc")}));
    QVERIFY(result.history.back().valueOf("loss") < 0.5 * result.history.front().valueOf("loss"));

    // The unshuffled tail is what was held back.
    TrainingData tail{{Tensor({10, 3})}, {Tensor({10, 2})}};
    std::copy(data.xs[0].values.end() - 30, data.xs[0].values.end(), tail.xs[0].values.begin());
    std::copy(data.ys[0].values.end() - 20, data.ys[0].values.end(), tail.ys[0].values.begin());
    QVERIFY(std::abs(trainer.evaluate(tail).front().value - result.history.back().valueOf("val_loss")) < 1e-6);
  }

  void sameSeedSameWeights() {
    const FitOptions options{.epochs = 4, .batchSize = 8, .seed = 11};
    QCOMPARE(trained(options), trained(options));
    FitOptions other = options;
    other.seed = 12;
    QVERIFY(trained(options) != trained(other));
  }

  void resumesBitForBit() {
    QCOMPARE(trained({.epochs = 4, .batchSize = 8, .seed = 11}, 2), trained({.epochs = 4, .batchSize = 8, .seed = 11}));
  }

  void goesOnWithTheThreadsItBeganWith() {
    const ThreadScope four(4);
    Network network(smallModel(), {}, 3);
    Trainer trainer(network, config());
    const FitResult result = trainer.fit(smallData(), nullptr, {.epochs = 1, .batchSize = 8, .threads = 3});
    QCOMPARE(result.compute, (ComputeChoice{3, defaultComputePath()}));
  }

  void goesOnFromAnyBatch_data() {
    QTest::addColumn<QString>("optimizer");
    QTest::addColumn<int>("step");
    for (const char* optimizer : {"adam", "sgd", "momentum", "rmsprop", "adagrad", "adadelta", "adamax"})
      for (const int step : {1, 6, 7, 17, 20})  // in an epoch, after its last batch, at its end, at the end of all
        QTest::addRow("%s after %d", optimizer, step) << QString::fromLatin1(optimizer) << step;
  }

  void goesOnFromAnyBatch() {
    QFETCH(QString, optimizer);
    QFETCH(int, step);
    const Graph graph = fixtures::chain({3}, {{"Dense", {{"units", 6}, {"activation", "tanh"}}},
                                              {"BatchNormalization", {}},
                                              {"Dropout", {{"rate", 0.4}}},
                                              {"Dense", {{"units", 2}, {"activation", "softmax"}}}});
    const FitOptions options{.epochs = 4, .batchSize = 8, .validationSplit = 0.2, .seed = 11};  // 5 batches an epoch
    const TrainingConfig how = config(optimizer.toStdString());
    Network network(graph, {}, 3);
    Trainer trainer(network, how);
    FitPosition position;
    WeightSet weights;
    OptimizerState state;
    int steps = 0;
    const auto keep = [&] {
      position = trainer.position();
      weights = network.weights();
      state = trainer.optimizerState();
    };
    TrainerCallbacks callbacks;
    callbacks.batchFinished = [&](const BatchLog&) {
      if (++steps == step) keep();
      return true;
    };
    callbacks.epochFinished = [&](const EpochLog&) {
      if (steps == step && step == 20) keep();
      return true;
    };
    const FitResult whole = trainer.fit(smallData(), nullptr, options, callbacks);

    Network later(graph, weights, 99);
    Trainer again(later, how, state);
    const FitResult rest = again.fit(smallData(), nullptr, options, {}, &position);
    QCOMPARE(flat(later.weights()), flat(network.weights()));
    QCOMPARE(rest.history.size(), whole.history.size());
    for (std::size_t epoch = 0; epoch < whole.history.size(); ++epoch)
      for (std::size_t i = 0; i < whole.history[epoch].values.size(); ++i)
        QCOMPARE(rest.history[epoch].values[i].value, whole.history[epoch].values[i].value);
  }

  void stopsAfterABatch() {
    Network network(smallModel(), {}, 1);
    Trainer trainer(network, config());
    TrainerCallbacks callbacks;
    callbacks.batchFinished = [](const BatchLog& log) { return log.epoch < 1 || log.batch < 2; };
    const FitResult result = trainer.fit(smallData(), nullptr, {.epochs = 9, .batchSize = 10}, callbacks);
    QCOMPARE(result.end, FitResult::End::Stopped);
    QCOMPARE(result.epoch, 1);
    QCOMPARE(result.batch, 2);
    QCOMPARE(result.history.size(), std::size_t(1));
  }

  // Batches large enough to be put together ahead, in a thread that must not outlive the data.
  void stoppedFitsReadNoFurther() {
    const ThreadScope two(2);
    Network network(smallModel(), {}, 1);
    Trainer trainer(network, config());
    TrainerCallbacks callbacks;
    callbacks.batchFinished = [](const BatchLog&) { return false; };
    for (int i = 0; i < 40; ++i) {
      const TrainingData data = smallData(400'000);
      const FitResult result = trainer.fit(data, nullptr, {.epochs = 1, .batchSize = 40'000}, callbacks);
      QCOMPARE(result.end, FitResult::End::Stopped);
    }
  }

  void divergenceIsSeenWithinItsBatch() {
    Network network(smallModel({{"units", 6}, {"activation", "linear"}}), {}, 1);
    Trainer trainer(network, config("sgd", 1e30));
    const std::vector<float> before = flat(network.weights());
    const FitResult result = trainer.fit(smallData(), nullptr, {.epochs = 5, .batchSize = 10});
    QCOMPARE(result.end, FitResult::End::Diverged);
    QCOMPARE(result.epoch, 0);
    QVERIFY(result.batch <= 2);
    QVERIFY(result.divergedLayer.isValid());
    QCOMPARE(flat(network.weights()), before);  // the weights of the last whole epoch
  }

  void aNanIsTracedToItsLayer() {
    Network network(smallModel(), {}, 1);
    TrainingData data = smallData();
    data.xs[0].values[31 * 3] = std::numeric_limits<float>::quiet_NaN();
    Trainer trainer(network, config());
    const FitResult result = trainer.fit(data, nullptr, {.epochs = 1, .batchSize = 10, .shuffle = false});
    QCOMPARE(result.end, FitResult::End::Diverged);
    QCOMPARE(result.batch, 3);
    QCOMPARE(result.divergedLayer, LayerId{1});  // the input itself

    WeightSet broken = Network(smallModel(), {}, 1).weights();
    std::vector<float> kernel(12, std::numeric_limits<float>::infinity());
    broken.set({3}, "kernel", WeightBuffer::ofFloats({6, 2}, kernel));
    Network poisoned(smallModel(), broken);
    Trainer second(poisoned, config());
    QCOMPARE(second.fit(smallData(), nullptr, {}).divergedLayer, LayerId{3});
  }

  void penaltiesAreApplied() {
    const FieldMap nonNegative = {{"units", 6},
                                  {"activation", "tanh"},
                                  {"kernelConstraint", FieldMap{{"className", "NonNeg"}, {"config", FieldMap{}}}}};
    Network network(smallModel(nonNegative), {}, 1);
    Trainer trainer(network, config());
    trainer.fit(smallData(), nullptr, {.epochs = 2});
    const WeightSet weights = network.weights();
    for (const float value : weights.find({2}, "kernel")->buffer->floats()) QVERIFY(value >= 0);

    const FieldMap unit = {
        {"units", 6}, {"kernelConstraint", FieldMap{{"className", "UnitNorm"}, {"config", FieldMap{{"axis", 0}}}}}};
    Network second(smallModel(unit), {}, 1);
    Trainer(second, config()).fit(smallData(), nullptr, {.epochs = 1});
    const WeightSet units = second.weights();
    const auto kernel = units.find({2}, "kernel")->buffer->floats();
    for (std::size_t column = 0; column < 6; ++column) {
      double square = 0;
      for (std::size_t row = 0; row < 3; ++row)
        square += double(kernel[row * 6 + column]) * double(kernel[row * 6 + column]);
      QVERIFY(std::abs(square - 1) < 1e-4);
    }
  }

  void mistakesAreNamed() {
    Network network(smallModel(), {}, 1);
    const auto messageOf = [&](const TrainingConfig& wrong, const TrainingData& data, FitOptions options) {
      try {
        Trainer(network, wrong).fit(data, nullptr, options);
      } catch (const Error& error) {
        return QString::fromStdString(error.message());
      }
      return QString();
    };
    TrainingConfig unknown = config("rocket");
    QVERIFY(messageOf(unknown, smallData(), {}).contains(QStringLiteral("rocket")));
    unknown = config();
    unknown.losses = {"closeness"};
    QVERIFY(messageOf(unknown, smallData(), {}).contains(QStringLiteral("closeness")));
    unknown = config();
    unknown.metrics = {"beauty"};
    QVERIFY(messageOf(unknown, smallData(), {}).contains(QStringLiteral("beauty")));
    TrainingData wrong = smallData();
    wrong.xs[0] = Tensor({50, 4});
    const QString shapes = messageOf(config(), wrong, {});
    QVERIFY(shapes.contains(QStringLiteral("(null, 3)")) && shapes.contains(QStringLiteral("(50, 4)")));
    wrong = smallData();
    wrong.ys[0] = Tensor({50, 3});
    QVERIFY(messageOf(config(), wrong, {}).contains(QStringLiteral("(50, 3)")));
    QVERIFY(messageOf(config(), smallData(), {.batchSize = 0}).contains(QStringLiteral("batch size")));
    QVERIFY(!messageOf(config(), smallData(0), {}).isEmpty());
  }

  void cataloguesNameWhatRuns() {
    for (const NamedType& type : optimizerTypes()) {
      Network network(smallModel(), {}, 1);
      TrainingConfig one = config();
      one.optimizer = type.name;
      one.optimizerConfig = {};
      QCOMPARE(Trainer(network, one).fit(smallData(), nullptr, {}).end, FitResult::End::Finished);
      one.optimizer = type.className;
      Trainer byClass(network, one);
    }
    for (const NamedType& type : lossTypes()) {
      Network network(fixtures::chain({3}, {{"Dense", {{"units", 2}, {"activation", "sigmoid"}}}}), {}, 1);
      TrainingConfig one{
          "sgd", {}, {type.name}, {"accuracy", type.name == "sparseCategoricalCrossentropy" ? "acc" : "mse"}, {}};
      TrainingData data = smallData();
      if (type.name == "sparseCategoricalCrossentropy") data.ys[0] = Tensor({50, 1});
      QCOMPARE(Trainer(network, one).fit(data, nullptr, {}).end, FitResult::End::Finished);
    }
  }
};

QTEST_GUILESS_MAIN(TrainerTest)
#include "tst_Trainer.moc"

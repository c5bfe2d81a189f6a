// Twenty steps from equal weights, by us and by the real TensorFlow.js: losses, metrics, weights, optimizer state.
#include "model/training/Trainer.h"
#include "tests/support/EngineFixtures.h"

#include <QTest>

#include <cmath>

using namespace layersmith;

namespace {

QByteArray report(const char* what, std::size_t index, double ours, double theirs) {
  return QStringLiteral("%1 %2: %3, TensorFlow.js %4")
      .arg(QLatin1String(what))
      .arg(index)
      .arg(ours, 0, 'g', 9)
      .arg(theirs, 0, 'g', 9)
      .toUtf8();
}

/// Within `tolerance`, relative to the largest of the reference (floor 1e-3): single tiny values carry no information.
bool isClose(double ours, double theirs, double tolerance, double size) {
  return std::abs(ours - theirs) <= tolerance * std::max(size, 1e-3);
}

}  // namespace

class TrainingParityTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { m_cases = fixtures::load("training.json").at("cases"); }

  void twentySteps_data() {
    QTest::addColumn<std::size_t>("row");
    QTest::addColumn<bool>("isFast");
    for (std::size_t i = 0; i < m_cases.size(); ++i)
      for (const bool isFast : {true, false})
        QTest::newRow((m_cases[i].at("title").get<std::string>() + (isFast ? " fast" : " reference")).c_str())
            << i << isFast;
  }

  void twentySteps() {
    QFETCH(std::size_t, row);
    QFETCH(bool, isFast);
    const fixtures::Json& item = m_cases[row];
    const Graph graph = fixtures::toGraph(item);
    Network network(graph, fixtures::toWeights(graph, item.at("weights")), 0,
                    isFast ? ComputePath::Fast : ComputePath::Reference);
    TrainingConfig config;
    config.optimizer = item.at("optimizer").at("name");
    config.optimizerConfig = fixtures::toFieldValue(item.at("optimizer").at("config")).asMap();
    config.losses = item.at("loss").is_array() ? item.at("loss").get<std::vector<std::string>>()
                                               : std::vector<std::string>{item.at("loss").get<std::string>()};
    config.metrics = item.at("metrics").get<std::vector<std::string>>();
    TrainingData data;
    for (const fixtures::Json& x : item.at("xs")) data.xs.push_back(fixtures::toTensor(x));
    for (const fixtures::Json& y : item.at("ys")) data.ys.push_back(fixtures::toTensor(y));

    Trainer trainer(network, config);
    FitOptions options;
    options.shuffle = false;
    options.batchSize = int(data.samples());
    options.epochs = int(item.at("logs").size());
    const FitResult result = trainer.fit(data, nullptr, options);
    QCOMPARE(result.end, FitResult::End::Finished);
    const double first = item.at("logs").front()[0], last = item.at("logs").back()[0];
    QVERIFY2(last < 0.7 * first, "the fixture's loss does not fall by 30 %");
    for (std::size_t step = 0; step < result.history.size(); ++step) {
      const auto& values = result.history[step].values;
      QCOMPARE(values.size(), item.at("logNames").size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        QCOMPARE(values[i].name, item.at("logNames")[i].get<std::string>());
        const double theirs = item.at("logs")[step][i];
        QVERIFY2(isClose(values[i].value, theirs, 1e-4, std::abs(theirs)),
                 report(values[i].name.c_str(), step, values[i].value, theirs));
      }
    }

    const WeightSet expected = fixtures::toWeights(graph, item.at("finalWeights")), ours = network.weights();
    QCOMPARE(ours.size(), expected.size());
    for (const WeightSet::Entry& entry : expected)
      compare(entry.role.c_str(), *ours.find(entry.layer, entry.role)->buffer, *entry.buffer);
    const std::vector<MetricValue> evaluated = trainer.evaluate(data, item.at("batchSize"));
    // With several outputs evaluate() of TensorFlow.js returns running sums of the losses in place of loss and metrics.
    for (std::size_t i = 0; data.ys.size() == 1 && i < evaluated.size(); ++i) {
      const double theirs = item.at("evaluated")[i];
      QVERIFY2(isClose(evaluated[i].value, theirs, 1e-4, std::abs(theirs)),
               report("evaluate", i, evaluated[i].value, theirs));
    }
    const OptimizerState state = trainer.optimizerState();
    QCOMPARE(state.iterations, std::int64_t(options.epochs));
    QCOMPARE(state.slots.size(), item.at("slots").size());
    for (std::size_t i = 0; i < state.slots.size(); ++i) {
      const Tensor slot = fixtures::toTensor(item.at("slots")[i]);
      compare("slot", *state.slots[i], *WeightBuffer::ofFloats(slot.shape, slot.values));
    }
  }

 private:
  static void compare(const char* what, const WeightBuffer& ours, const WeightBuffer& theirs) {
    QCOMPARE(ours.shape, theirs.shape);
    double size = 0;
    for (const float value : theirs.floats()) size = std::max(size, double(std::abs(value)));
    for (std::size_t i = 0; i < theirs.floats().size(); ++i)
      QVERIFY2(isClose(double(ours.floats()[i]), double(theirs.floats()[i]), 1e-4, size),
               report(what, i, double(ours.floats()[i]), double(theirs.floats()[i])));
  }

  fixtures::Json m_cases;
};

QTEST_GUILESS_MAIN(TrainingParityTest)
#include "tst_TrainingParity.moc"

// Workloads: the networks are those that the peers build; repeats, statistics, data and errors.
#include "model/benchmark/Benchmark.h"
#include "model/benchmark/GraphSketch.h"
#include "model/benchmark/WorkloadRun.h"
#include "model/benchmark/Workloads.h"
#include "model/core/Error.h"
#include "model/nn/GraphAnalysis.h"

#include <QTest>

#include <set>

using namespace layersmith;

class WorkloadsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void haveTheParametersOfThePeersNetworks_data() {
    QTest::addColumn<std::int64_t>("parameters");
    QTest::newRow("W1") << std::int64_t(4 * 10 + 10 + 10 * 3 + 3);
    QTest::newRow("W2") << std::int64_t(669'706);
    QTest::newRow("W3") << std::int64_t(8 * 25 + 8 + 16 * 8 * 25 + 16 + 2560 + 10);
    QTest::newRow("W4") << std::int64_t(2'168'362);
    QTest::newRow("W5") << std::int64_t(4 * (32 * 128 + 128 * 128 + 128) + 129);
    QTest::newRow("W6") << std::int64_t(4'253'864);   // keras.applications.MobileNet
    QTest::newRow("W7") << std::int64_t(25'636'712);  // keras.applications.ResNet50
  }

  void haveTheParametersOfThePeersNetworks() {
    QFETCH(std::int64_t, parameters);
    const Workload* workload = findWorkload(QTest::currentDataTag());
    QVERIFY(workload);
    const Graph graph = workload->makeGraph();
    const GraphReport report = analyse(graph);
    QVERIFY(report.canRun);
    QCOMPARE(report.parameters, parameters);
  }

  void namesALayerThatIsNotKnown() {
    Workload workload = {"X", "", WorkloadKind::Inference, 1, 1, 1, nullptr, {}};
    workload.makeGraph = [] {
      GraphSketch s;
      return s.finish(s.apply("Strange", {}, s.input({4})));
    };
    try {
      runWorkload(workload, {1, 0});
      QFAIL("ran");
    } catch (const Error& error) {
      QVERIFY2(error.message().find("Strange") != std::string::npos, error.what());
    }
  }

  void sketchesChainsAndBranches() {
    GraphSketch chain;
    QVERIFY(chain.finish(chain.apply("Dense", {{"units", 2}}, chain.input({3}))).kind == GraphKind::Sequential);
    GraphSketch branches;
    const TensorRef x = branches.input({3});
    const TensorRef a = branches.apply("Dense", {{"units", 2}}, x), b = branches.apply("Dense", {{"units", 2}}, x);
    const Graph graph = branches.finish(branches.apply("Add", {}, {a, b}));
    QVERIFY(graph.kind == GraphKind::Functional);
    std::set<std::string> names;
    for (const LayerSpec& layer : graph.layers) names.insert(layer.name);
    QCOMPARE(names.size(), 4U);
    QVERIFY(graph.layers.back().calls[0].inputs == (std::vector{a, b}));
  }

  void repeatsAsOftenAsAsked() {
    for (const char* name : {"W1", "W2", "G0"}) {
      const BenchLine line = measureWorkload(name, {.atLeast = 3, .seconds = 0});
      QVERIFY2(line.error.empty(), line.error.c_str());
      QCOMPARE(line.times.n, 3U);
      QVERIFY(line.times.best > 0 && line.times.best <= line.times.median && line.times.median <= line.times.p90);
      QCOMPARE(line.firstMs.has_value(), std::string_view(name) == "W1");
      QVERIFY(line.peakMb.value_or(0) > 1);
    }
    QVERIFY(measureWorkload("W2", {1, 2.0}).times.n > 1);
  }

  void refusesAnUnknownName() { QVERIFY_EXCEPTION_THROWN(measureWorkload("W99", {}), Error); }

  void makesBalancedData() {
    const TrainingData data = makeWorkloadData(findWorkload("W2")->makeGraph(), 1000);
    QCOMPARE(data.xs[0].shape, (Shape{1000, 784}));
    QCOMPARE(data.ys[0].shape, (Shape{1000, 10}));
    std::vector<double> counts(10);
    for (std::int64_t i = 0; i < 1000; ++i)
      for (std::size_t c = 0; c < 10; ++c) counts[c] += double(data.ys[0].sample(i)[c]);
    double sum = 0;
    for (const double count : counts) {
      QVERIFY(count > 60 && count < 140);
      sum += count;
    }
    QCOMPARE(sum, 1000.0);
    const auto [low, high] = std::ranges::minmax(data.xs[0].values);
    QVERIFY(low >= -1 && low < -0.99 && high < 1 && high > 0.99);
  }

  void ranksRepeats_data() {
    QTest::addColumn<std::vector<double>>("values");
    QTest::addColumn<double>("best");
    QTest::addColumn<double>("median");
    QTest::addColumn<double>("p90");
    QTest::newRow("none") << std::vector<double>{} << 0.0 << 0.0 << 0.0;
    QTest::newRow("one") << std::vector<double>{5} << 5.0 << 5.0 << 5.0;
    QTest::newRow("two") << std::vector<double>{2, 1} << 1.0 << 2.0 << 2.0;
    QTest::newRow("ten") << std::vector<double>{10, 9, 8, 7, 6, 5, 4, 3, 2, 1} << 1.0 << 6.0 << 10.0;
  }

  void ranksRepeats() {
    QFETCH(std::vector<double>, values);
    const Statistics statistics = statisticsOf(values);
    QCOMPARE(statistics.n, values.size());
    QTEST(statistics.best, "best");
    QTEST(statistics.median, "median");
    QTEST(statistics.p90, "p90");
  }
};

QTEST_GUILESS_MAIN(WorkloadsTest)
#include "tst_Workloads.moc"

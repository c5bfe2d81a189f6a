// Joining rounds and comparing engines, on fixed lines.
#include "model/benchmark/Comparison.h"

#include <QTest>

using namespace layersmith;

namespace {

BenchLine line(const char* name, const char* backend, double best, double median, std::size_t n = 5) {
  BenchLine line;
  line.name = name;
  line.backend = backend;
  line.unit = "ms";
  line.times = {best, median, median * 2, n};
  return line;
}

BenchLine failed(const char* name, const char* backend) {
  BenchLine result = line(name, backend, 0, 0, 0);
  result.error = "no kernel";
  return result;
}

}  // namespace

class ComparisonTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void joinsRounds() {
    std::vector<BenchLine> lines = {line("W2", "layersmith", 3, 4),    line("W2", "torch", 5, 6),
                                    line("W2", "layersmith", 2, 8, 7), line("W2", "torch", 4, 7),
                                    line("W2", "layersmith", 4, 5),    failed("W2", "tfjs-wasm-simd")};
    lines[0].peakMb = 90;
    lines[2].peakMb = 100;
    lines[0].firstMs = 3;
    lines[2].firstMs = 9;
    lines[4].firstMs = 5;
    const std::vector<BenchLine> joined = joinRounds(lines);
    QCOMPARE(joined.size(), 3U);
    QCOMPARE(joined[0].backend, "layersmith");
    QCOMPARE(joined[0].times.best, 2.0);
    QCOMPARE(joined[0].times.median, 5.0);
    QCOMPARE(joined[0].times.p90, 10.0);
    QCOMPARE(joined[0].times.n, 17U);
    QCOMPARE(joined[0].peakMb, std::optional(100.0));
    QCOMPARE(joined[0].firstMs, std::optional(5.0));
    QCOMPARE(joined[1].times.best, 4.0);
    QCOMPARE(joined[2].times.n, 0U);
    QCOMPARE(joined[2].error, "no kernel");
  }

  void keepsFiguresWhenARoundFails() {
    const std::vector<BenchLine> joined = joinRounds(std::vector{failed("W5", "torch"), line("W5", "torch", 2, 3)});
    QCOMPARE(joined.size(), 1U);
    QCOMPARE(joined[0].times.best, 2.0);
    QVERIFY(joined[0].error.empty());
    const std::vector<BenchLine> last = joinRounds(std::vector{line("W5", "torch", 2, 3), failed("W5", "torch")});
    QCOMPARE(last[0].times.best, 2.0);
    QVERIFY(last[0].error.empty());
  }

  void takesTheBestPyTorchVariant() {
    std::vector<BenchLine> lines = {line("G0", "layersmith", 10, 12), line("W4", "layersmith", 15, 18),
                                    line("W4", "torch", 40, 45), line("W4", "torch-nhwc", 30, 60),
                                    failed("W4", "tfjs-wasm-simd")};
    lines[0].gflop = 2;
    lines[1].gflop = 5;
    lines[2].peakMb = 300;
    const std::vector<Comparison> rows = compareEngines(lines);
    QCOMPARE(rows.size(), 1U);
    QCOMPARE(rows[0].torch->backend, "torch-nhwc");
    QCOMPARE(*rows[0].ratio, 0.5);
    QCOMPARE(*rows[0].medianRatio, 0.4);
    QCOMPARE(*rows[0].limitMs, 25.0);
    QCOMPARE(rows[0].goal, 0.75);
    QVERIFY(rows[0].isGoalMet());
    QCOMPARE(*rows[0].torchPeakMb, 300.0);
    QCOMPARE(rows[0].tfjs->error, "no kernel");
  }

  void comparesTheStoreWithTheDisk() {
    std::vector<BenchLine> lines = {line("W8-save", "layersmith", 60, 65), line("W8-load", "layersmith", 60, 65),
                                    line("W8-save", "torch", 10, 11)};
    lines[0].ratio = 1.25;
    lines[1].ratio = 1.25;
    const std::vector<Comparison> rows = compareEngines(lines);
    QCOMPARE(rows.size(), 2U);
    QCOMPARE(*rows[0].ratio, 1.25);
    QVERIFY(rows[0].isGoalMet());
    QVERIFY(!rows[1].isGoalMet());
    QVERIFY(!rows[0].medianRatio);
  }

  void saysNothingOfWhatWasNotMeasured() {
    const std::vector<BenchLine> lines = {failed("W5", "layersmith"), line("W5", "torch", 3, 4),
                                          line("W1", "layersmith", 3, 4), failed("W1", "torch")};
    const std::vector<Comparison> rows = compareEngines(lines);
    QCOMPARE(rows.size(), 2U);
    for (const Comparison& row : rows) {
      QVERIFY(!row.ratio && !row.medianRatio && !row.limitMs);
      QVERIFY(!row.isGoalMet());
    }
  }
};

QTEST_GUILESS_MAIN(ComparisonTest)
#include "tst_Comparison.moc"

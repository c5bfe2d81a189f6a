// The loss chart: thinning keeps what eyes look for, gaps stay gaps, 100,000 points are cheap to show.
#include "ui/training/LossChart.h"

#include "tests/ui/training/PanelFixture.h"

#include <QElapsedTimer>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace layersmith;

namespace {

EpochLog epoch(int index, double loss, double validation) {
  return {index, 0.1, {{"loss", loss}, {"val_loss", validation}}};
}

}  // namespace

class tst_LossChart : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void thinningKeepsEveryColumnsExtremes() {
    std::vector<QPointF> points;
    for (int i = 0; i < 100'000; ++i) points.emplace_back(i / 1000.0, std::sin(i * 0.37) + (i % 997) * 1e-4);
    points[54'321].setY(50);   // one spike up
    points[12'345].setY(-50);  // and one down
    const ThinnedCurve thin = thinned(points, 0, 100, 800);
    QCOMPARE(thin.pieces.size(), std::size_t(1));
    QVERIFY(thin.pieces[0].size() <= 4 * 801);
    QVERIFY(thin.pieces[0].contains(points[54'321]));
    QVERIFY(thin.pieces[0].contains(points[12'345]));
    QVERIFY(std::ranges::is_sorted(thin.pieces[0], {}, [](const QPointF& point) { return point.x(); }));
    for (int column = 0; column < 800; column += 37) {
      const auto isInside = [&](const QPointF& point) { return int(std::floor(point.x() / 0.125)) == column; };
      double low = INFINITY, high = -INFINITY, keptLow = INFINITY, keptHigh = -INFINITY;
      for (const QPointF& point : points)
        if (isInside(point)) low = std::min(low, point.y()), high = std::max(high, point.y());
      for (const QPointF& point : thin.pieces[0])
        if (isInside(point)) keptLow = std::min(keptLow, point.y()), keptHigh = std::max(keptHigh, point.y());
      QCOMPARE(keptLow, low);
      QCOMPARE(keptHigh, high);
    }
  }

  void thinningKeepsFewPointsAsTheyAre() {
    const std::vector<QPointF> points = {{1, 3}, {2, 1}, {3, 2}};
    const ThinnedCurve thin = thinned(points, 0, 10, 500);
    QCOMPARE(thin.pieces.size(), std::size_t(1));
    QCOMPARE(thin.pieces[0], QList<QPointF>(points.begin(), points.end()));
  }

  void zoomedCurvesReachTheBorder() {
    std::vector<QPointF> points;
    for (int i = 0; i <= 100; ++i) points.emplace_back(i, i);
    const ThinnedCurve thin = thinned(points, 40.5, 42.5, 100);
    QCOMPARE(thin.pieces[0].front().x(), 40.0);
    QCOMPARE(thin.pieces[0].back().x(), 43.0);
  }

  void numbersThatAreNoneMakeGaps() {
    const double nan = std::nan("");
    const std::vector<QPointF> points = {{1, 1}, {2, nan}, {3, 2}, {4, 3}, {5, INFINITY}};
    const ThinnedCurve thin = thinned(points, 0, 6, 600);
    QCOMPARE(thin.pieces.size(), std::size_t(2));
    QCOMPARE(thin.gaps, (std::vector<double>{2, 5}));
  }

  void chartShowsGapsAndForgivesThem() {
    LossChart chart;
    chart.resize(800, 240);
    chart.setPlannedEpochs(4);
    chart.addEpoch(epoch(0, 1, 0.9));
    chart.addEpoch(epoch(1, std::nan(""), std::nan("")));
    chart.addEpoch(epoch(2, 0.5, 0.6));
    chart.redrawNow();
    QCOMPARE(chart.gapsShown(), 1);
    QCOMPARE(chart.bestEpoch(), 2);
    chart.setLogScale(true);
    chart.addEpoch(epoch(3, 0, 0.7));  // a log axis cannot show 0
    chart.redrawNow();
    QCOMPARE(chart.gapsShown(), 2);
    QCOMPARE(chart.bestEpoch(), 2);
    chart.clear();
    chart.redrawNow();
    QCOMPARE(chart.gapsShown(), 0);
    QVERIFY(chart.isEmpty());
  }

  void risingMetricsHaveTheirBestOnTop() {
    LossChart chart;
    chart.setMetric("acc", true);
    for (int i = 0; i < 5; ++i) chart.addEpoch({i, 0.1, {{"acc", i == 2 ? 0.9 : 0.5}}});
    QCOMPARE(chart.bestEpoch(), 2);
  }

  void smoothingKeepsALevelAndCalmsNoise() {
    std::vector<QPointF> level, noise;
    for (int i = 0; i < 200; ++i) {
      level.emplace_back(i, 2);
      noise.emplace_back(i, i % 2);
    }
    for (const QPointF& point : smoothed(level, 0.9)) QVERIFY(std::abs(point.y() - 2) < 1e-12);
    QVERIFY(std::abs(smoothed(noise, 0.95).back().y() - 0.5) < 0.03);
    QCOMPARE(smoothed(noise, 0), noise);
  }

  void ticksAreOneTwoFive() {
    QStringList texts;
    for (const ChartTick& tick : logTicks(0.01, 1, 10)) texts.append(tick.text);
    QCOMPARE(texts,
             QStringList({QStringLiteral("0.01"), QStringLiteral("0.02"), QStringLiteral("0.05"), QStringLiteral("0.1"),
                          QStringLiteral("0.2"), QStringLiteral("0.5"), QStringLiteral("1")}));
    QCOMPARE(logTicks(0.01, 1, 4).size(), std::size_t(3));
    QCOMPARE(linearTicks(0, 100, 6).size(), std::size_t(6));
    QVERIFY(linearTicks(0, 1, 5).size() <= 6);
    QVERIFY(linearTicks(3, 3, 5).empty());
  }

  void hundredThousandPointsAreCheap() {
    LossChart chart;
    chart.resize(1000, 300);
    chart.show();
    chart.setLogScale(true);
    chart.setPlannedEpochs(1000);
    std::vector<std::pair<double, double>> batches;
    for (int i = 0; i < 100'000; ++i) batches.emplace_back(i / 100.0, 0.5 + 0.4 * std::sin(i * 0.77));
    chart.addBatches(batches);
    chart.redrawNow();
    QElapsedTimer timer;
    timer.start();
    constexpr int kTimes = 10;
    for (int i = 0; i < kTimes; ++i) chart.redrawNow();
    const double replaceMs = double(timer.nsecsElapsed()) / 1e6 / kTimes;
    timer.restart();
    chart.grab();
    qInfo("100,000 points: %lld shown, %.1f ms to replace, %.1f ms to paint", qlonglong(chart.pointsShown()), replaceMs,
          double(timer.nsecsElapsed()) / 1e6);
    QVERIFY(chart.pointsShown() < 5000);
    QVERIFY(chart.pointsShown() > 500);
  }

  void wheelZoomsAndDoubleClickFits() {
    LossChart chart;
    chart.resize(600, 240);
    chart.show();
    for (int i = 0; i < 50; ++i) chart.addEpoch(epoch(i, 1.0 / (i + 1), 1.1 / (i + 1)));
    chart.redrawNow();
    const std::int64_t all = chart.pointsShown();
    const QPointF centre(300, 120);
    QWheelEvent wheel(centre, chart.viewport()->mapToGlobal(centre), {}, QPoint(0, 480), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(chart.viewport(), &wheel);
    QVERIFY(chart.pointsShown() < all);
    QTest::mouseDClick(chart.viewport(), Qt::LeftButton, {}, centre.toPoint());
    QCOMPARE(chart.pointsShown(), all);
  }
};

QTEST_MAIN(tst_LossChart)
#include "tst_LossChart.moc"

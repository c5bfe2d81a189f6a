// CostMeter: off until asked, forgets at once what a change made stale, measures anew after a pause, never in the GUI
// thread.
#include "model/document/Edits.h"
#include "model/document/Templates.h"
#include "tests/support/Patience.h"
#include "ui/commands/DocumentContext.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>

using namespace layersmith;

namespace {

struct Fixture {
  ComputeThread compute;
  DocumentContext context{makeTemplate(QStringLiteral("twoMoons")), compute};
  CostMeter& meter = context.cost();
  QSignalSpy changed{&meter, &CostMeter::changed};

  LayerId dense() const { return context.state().graph.layers.at(1).id; }
  void setUnits(int units) {
    context.apply(QStringLiteral("units"), edits::setField(context.state(), {dense()}, "units", units));
  }
  void setBatchSize(int batchSize) {
    FitOptions fit = context.state().fit;
    fit.batchSize = batchSize;
    context.apply(QStringLiteral("batch"), edits::setTraining(context.state(), context.state().training, fit));
  }
  bool waitForCost() {
    return QTest::qWaitFor([this] { return meter.cost() != nullptr; }, 20'000);
  }
};

}  // namespace

class TestCostMeter : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void offUntilAsked() {
    Fixture f;
    f.setUnits(9);
    QTest::qWait(500);
    QVERIFY(!f.meter.cost() && !f.meter.costOf(f.dense()));
    QCOMPARE(f.changed.count(), 0);
  }

  void onMeasuresAndOffHides() {
    Fixture f;
    f.meter.setActive(true);
    QVERIFY(!f.meter.cost());
    QVERIFY(f.waitForCost());
    QCOMPARE(f.meter.cost()->samples, std::int64_t(f.context.state().fit.batchSize));
    QVERIFY(f.meter.costOf(f.dense())->ms > 0);
    QVERIFY(!f.meter.costOf(f.context.state().graph.layers.front().id));
    f.meter.setActive(false);
    QVERIFY(!f.meter.cost() && !f.meter.costOf(f.dense()));
    f.meter.setActive(true);
    QVERIFY(f.meter.cost());  // nothing changed meanwhile
  }

  void aChangeForgetsAtOnceAndMeasuresAnew() {
    Fixture f;
    f.meter.setActive(true);
    QVERIFY(f.waitForCost());
    const std::int64_t before = f.meter.costOf(f.dense())->weightBytes;
    f.setUnits(64);
    QVERIFY(!f.meter.cost());
    QVERIFY(f.waitForCost());
    QCOMPARE(f.meter.costOf(f.dense())->weightBytes, 8 * before);
    f.setBatchSize(5);
    QVERIFY(!f.meter.cost());
    QVERIFY(f.waitForCost());
    QCOMPARE(f.meter.cost()->samples, std::int64_t(5));
    f.context.undoStack().undo();
    QVERIFY(!f.meter.cost());
    QVERIFY(f.waitForCost());
    QCOMPARE(f.meter.cost()->samples, std::int64_t(32));
  }

  void whatCostsNothingKeepsIt() {
    Fixture f;
    f.meter.setActive(true);
    QVERIFY(f.waitForCost());
    const int before = int(f.changed.count());
    f.context.apply(QStringLiteral("move"), edits::setPosition(f.context.state(), f.dense(), CardPosition{300, 20}));
    f.context.apply(QStringLiteral("weights"), edits::resetWeights(f.context.state()));
    QVERIFY(f.meter.cost());
    QTest::qWait(500);
    QCOMPARE(f.changed.count(), before);
  }

  void changesInQuickSuccessionAreOneMeasurement() {
    Fixture f;
    f.meter.setActive(true);
    QVERIFY(f.waitForCost());
    f.changed.clear();
    for (int units = 10; units < 20; ++units) {
      f.setUnits(units);
      QTest::qWait(20);
    }
    QVERIFY(f.waitForCost());
    QTest::qWait(500);
    QCOMPARE(f.changed.count(), 2);  // forgotten, measured
  }

  // The compute thread is held: the GUI thread goes on, and a result of what has changed meanwhile is thrown away.
  void aBusyComputeThreadHoldsNobody() {
    Fixture f;
    QSemaphore gate;
    f.compute.run([&] { gate.acquire(); });
    f.meter.setActive(true);
    QTest::qWait(500);  // the job waits behind the gate
    f.setUnits(64);
    QTest::qWait(500);
    QVERIFY(!f.meter.cost());
    gate.release();
    QVERIFY(f.waitForCost());
    QCOMPARE(f.meter.costOf(f.dense())->weightBytes, std::int64_t((2 + 1) * 64 * 4));
  }

  void aModelThatCannotRunSaysWhy() {
    Fixture f;
    DocumentState unknown = f.context.state();
    unknown.graph.layers.back().className = "LayerOfTheirs";
    f.context.apply(QStringLiteral("replace"), unknown);
    f.meter.setActive(true);
    QTRY_VERIFY_WITH_TIMEOUT(f.meter.error().has_value(), kPatienceMs);
    QVERIFY(!f.meter.cost());
    f.context.undoStack().undo();
    QVERIFY(!f.meter.error());
    QVERIFY(f.waitForCost());
  }

  void measuresWhileATrainingRuns() {
    Fixture f;
    FitOptions fit = f.context.state().fit;
    fit.epochs = 100'000;
    f.context.apply(QStringLiteral("epochs"), edits::setTraining(f.context.state(), f.context.state().training, fit));
    f.context.session().start(f.context.state(), TrainingSession::Speed::Full);
    f.meter.setActive(true);
    QVERIFY(f.waitForCost());
    QVERIFY(f.context.session().isActive());
    f.context.session().stop();
    QTRY_VERIFY_WITH_TIMEOUT(!f.context.session().isActive(), kPatienceMs);
    QVERIFY(f.meter.cost());  // new weights cost the same
  }
};

QTEST_MAIN(TestCostMeter)
#include "tst_CostMeter.moc"

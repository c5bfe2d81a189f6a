// The training panel drives real trainings of a small model.
#include "ui/training/TrainingPanel.h"

#include "tests/support/Patience.h"
#include "tests/ui/training/PanelFixture.h"
#include "ui/training/LossChart.h"
#include "ui/training/ReadoutRow.h"
#include "ui/widgets/MessageStrip.h"

#include <QAction>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

bool press(QWidget& where, const QString& text) {
  for (QPushButton* button : where.findChildren<QPushButton*>()) {
    if (button->text() != text) continue;
    button->click();
    return true;
  }
  return false;
}

}  // namespace

class tst_TrainingPanel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    installLook(*qApp);
    qRegisterMetaType<TrainingOutcome>();
  }

  void trainsToTheEnd() {
    OpenDocument document("twoMoons");
    document.setEpochs(30);
    TrainingPanel panel;
    panel.resize(900, 320);
    panel.setContext(&document.context);
    panel.show();
    panel.controls().setSpeed(TrainingSession::Speed::Full);
    int epochs = 0;
    int ticks = 0;
    connect(&document.context.session(), &TrainingSession::epochFinished, this, [&epochs] { ++epochs; });
    connect(&document.context.session(), &TrainingSession::ticked, this, [&ticks] { ++ticks; });
    QSignalSpy finished(&document.context.session(), &TrainingSession::finished);
    const int stepsBefore = document.context.undoStack().count();
    panel.trainAction()->trigger();
    QVERIFY(!panel.trainAction()->isEnabled());
    QVERIFY(panel.stopAction()->isEnabled());
    QVERIFY(finished.wait(kPatienceMs));
    QCOMPARE(epochs, 30);
    QVERIFY(ticks > 0);
    QVERIFY(panel.trainAction()->isEnabled());
    QVERIFY(!panel.stopAction()->isEnabled());
    QCOMPARE(document.context.undoStack().count(), stepsBefore + 1);
    QVERIFY(!panel.lossChart()->isEmpty());
    const auto& history = document.context.state().lastRun->history;
    QCOMPARE(history.size(), std::size_t(30));
    QVERIFY(history.back().valueOf("loss") < 0.7 * history.front().valueOf("loss"));
    QVERIFY(panel.strip()->isVisible());
    QVERIFY(panel.strip()->text().contains(QLatin1String("30 epochs")));

    QTemporaryDir folder;
    QVERIFY(panel.exportCsv(folder.filePath(QStringLiteral("a.csv"))));
    QVERIFY(panel.exportPicture(folder.filePath(QStringLiteral("a.png"))));
    QCOMPARE(QImage(folder.filePath(QStringLiteral("a.png"))).width(), panel.lossChart()->width() * 2);
    QFile csv(folder.filePath(QStringLiteral("a.csv")));
    QVERIFY(csv.open(QIODevice::ReadOnly));
    QCOMPARE(csv.readAll().count('\n'), 31);
    QVERIFY(!panel.exportCsv(QStringLiteral("/no/such/folder/a.csv")));
  }

  void pausesStepsAndStops() {
    OpenDocument document("twoMoons");
    TrainingPanel panel;
    panel.setContext(&document.context);
    panel.show();
    TrainingSession& session = document.context.session();
    panel.stepAction()->trigger();
    QCOMPARE(session.state(), TrainingSession::State::Paused);
    std::int64_t steps = 0;
    connect(&session, &TrainingSession::ticked, this, [&steps](const TrainingTick& tick) { steps = tick.steps; });
    QTRY_COMPARE_WITH_TIMEOUT(steps, std::int64_t(1), kPatienceMs);
    panel.stepAction()->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(steps, std::int64_t(2), kPatienceMs);
    QCOMPARE(panel.trainAction()->text(), QStringLiteral("Resume"));
    panel.trainAction()->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(steps > 20, kPatienceMs);
    panel.pauseAction()->trigger();
    QCOMPARE(session.state(), TrainingSession::State::Paused);
    QSignalSpy finished(&session, &TrainingSession::finished);
    panel.stopAction()->trigger();
    QVERIFY(finished.wait(kPatienceMs));
    QVERIFY(!session.isActive());
    QVERIFY(panel.strip()->text().startsWith(QLatin1String("Stopped after")));
  }

  void asksForData() {
    OpenDocument document("mlp");
    TrainingPanel panel;
    panel.setContext(&document.context);
    panel.show();
    QSignalSpy sample(&panel, &TrainingPanel::sampleRequested);
    QSignalSpy csv(&panel, &TrainingPanel::csvRequested);
    panel.trainAction()->trigger();
    QVERIFY(!document.context.session().isActive());
    QVERIFY(panel.strip()->isVisible());
    QVERIFY(press(*panel.strip(), QStringLiteral("Open CSV...")));
    QCOMPARE(csv.count(), 1);
    QVERIFY(press(*panel.strip(), QStringLiteral("Use two moons")));
    QCOMPARE(sample.count(), 1);
    QCOMPARE(sample[0][0].toString(), QStringLiteral("twoMoons"));
  }

  void jumpsToTheFirstFault() {
    OpenDocument document("twoMoons");
    DocumentContext& context = document.context;
    const LayerId hidden = context.state().graph.findByName("hidden")->id;
    context.apply(QStringLiteral("fault"), edits::setField(context.state(), {hidden}, "units", -3));
    QVERIFY(!context.document().report().canRun);
    TrainingPanel panel;
    panel.setContext(&context);
    panel.show();
    LayerId revealed;
    connect(&context.selection(), &LayerSelection::revealRequested, this,
            [&revealed](LayerId layer) { revealed = layer; });
    panel.trainAction()->trigger();
    QVERIFY(!context.session().isActive());
    QVERIFY(revealed.isValid());
    QCOMPARE(context.selection().current(), revealed);
    QVERIFY(panel.strip()->isVisible());
  }

  void divergenceIsSaidAndMended() {
    OpenDocument document("twoMoons");
    DocumentContext& context = document.context;
    TrainingConfig config = context.state().training;
    config.optimizer = "sgd";
    config.optimizerConfig = {{"learningRate", 1e36}};
    config.losses = {"meanSquaredError"};
    const LayerId out = context.state().graph.findByName("out")->id;
    DocumentState linear = edits::setField(context.state(), {out}, "activation", "linear");
    context.apply(QStringLiteral("rate"), edits::setTraining(linear, config, context.state().fit));
    QVERIFY(context.document().report().canRun);
    TrainingPanel panel;
    panel.setContext(&context);
    panel.show();
    panel.controls().setSpeed(TrainingSession::Speed::Full);
    TrainingOutcome::End end = TrainingOutcome::End::Finished;
    connect(&context.session(), &TrainingSession::finished, this,
            [&end](const TrainingOutcome& outcome) { end = outcome.end; });
    QSignalSpy finished(&context.session(), &TrainingSession::finished);
    panel.trainAction()->trigger();
    QVERIFY(finished.wait(kPatienceMs));
    QCOMPARE(end, TrainingOutcome::End::Diverged);
    QVERIFY(panel.strip()->isVisible());
    QVERIFY(panel.strip()->text().contains(QLatin1String("epoch")));
    QCOMPARE(panel.lossChart()->gapsShown() > 0, true);
    QVERIFY(press(*panel.strip(), QStringLiteral("Rate / 10 and go on")));
    QCOMPARE(context.state().training.optimizerConfig.numberAt("learningRate", 0), 1e35);
    QVERIFY(context.session().isActive());
    context.session().stop();
    QTRY_VERIFY_WITH_TIMEOUT(!context.session().isActive(), kPatienceMs);
  }

  void settingsAreUndoSteps() {
    OpenDocument document("twoMoons");
    TrainingPanel panel;
    panel.setContext(&document.context);
    panel.show();
    auto* epochs = panel.findChild<QSpinBox*>(QStringLiteral("epochs"));
    QVERIFY(epochs);
    QCOMPARE(epochs->value(), 100);
    epochs->setValue(40);
    epochs->setValue(50);
    QCOMPARE(document.context.state().fit.epochs, 50);
    QCOMPARE(document.context.undoStack().count(), 1);
    document.context.undoStack().undo();
    QCOMPARE(epochs->value(), 100);
  }

  void survivesLosingItsDocument() {
    TrainingPanel panel;
    panel.show();
    {
      OpenDocument document("twoMoons");
      panel.setContext(&document.context);
      panel.trainAction()->trigger();
      QTest::qWait(50);
      panel.setContext(nullptr);
    }
    QVERIFY(!panel.trainAction()->isEnabled());
    panel.grab();
  }
};

QTEST_MAIN(tst_TrainingPanel)
#include "tst_TrainingPanel.moc"

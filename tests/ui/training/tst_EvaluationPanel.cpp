// Boundary, confusion matrix and predictions of a really trained model.
#include "ui/training/EvaluationPanel.h"

#include "tests/support/Patience.h"
#include "tests/ui/training/PanelFixture.h"
#include "ui/training/BoundaryView.h"
#include "ui/training/ConfusionView.h"
#include "ui/training/DigitCanvas.h"
#include "ui/training/OutputBars.h"
#include "ui/training/PredictionView.h"

#include <QLineEdit>
#include <QSignalSpy>

#include <cmath>
#include <numeric>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

void train(OpenDocument& document, int epochs) {
  document.setEpochs(epochs);
  QSignalSpy finished(&document.context.session(), &TrainingSession::finished);
  document.context.session().start(document.context.state(), TrainingSession::Speed::Full);
  QVERIFY(finished.wait(kPatienceMs));
}

}  // namespace

class tst_EvaluationPanel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    installLook(*qApp);
    qRegisterMetaType<TrainingOutcome>();
  }

  void scoresOfAClass() {
    const std::vector<ClassScore> scores = classScores({{8, 2}, {1, 9}});
    QCOMPARE(scores[0].precision, 8.0 / 9);
    QCOMPARE(scores[0].recall, 0.8);
    QCOMPARE(scores[0].rows, 10);
    QCOMPARE(scores[1].f1, 2 * 9.0 / (10 + 11));
    QVERIFY(std::isnan(classScores({{0, 1}, {0, 0}})[1].recall));
  }

  void linesFollowOneHalf() {
    BoundaryField field;
    field.width = field.height = 4;
    field.classes = 2;
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 4; ++x) {
        field.values.push_back(float(x) / 3);
        field.bestClass.push_back(x > 1);
      }
    const std::vector<QLineF> lines = boundaryLines(field);
    QCOMPARE(lines.size(), std::size_t(3));
    for (const QLineF& line : lines) QVERIFY(std::abs(line.x1() - 0.5) < 1e-6 && std::abs(line.x2() - 0.5) < 1e-6);
  }

  void boundaryOfTwoMoons() {
    OpenDocument document("twoMoons");
    train(document, 100);
    BoundaryView view;
    view.resize(500, 400);
    view.setContext(&document.context);
    QSignalSpy shown(&view, &BoundaryView::fieldShown);
    view.show();
    QVERIFY(shown.wait(kPatienceMs));
    QCOMPARE(view.field()->classes, 2);
    QSignalSpy answered(&view, &BoundaryView::answered);
    view.tryPoint(0, 1);  // the top of the upper moon: class 0
    QVERIFY(answered.wait(kPatienceMs));
    QVERIFY2(view.answer().contains(QLatin1String("class 0")), qPrintable(view.answer()));
    view.tryPoint(1, -0.5);
    QVERIFY(answered.wait(kPatienceMs));
    QVERIFY2(view.answer().contains(QLatin1String("class 1")), qPrintable(view.answer()));
  }

  void boundaryFollowsTheTraining() {
    OpenDocument document("twoMoons");
    document.setEpochs(2000);  // stopped when enough was seen
    BoundaryView view;
    view.resize(500, 400);
    view.setContext(&document.context);
    view.show();
    QSignalSpy shown(&view, &BoundaryView::fieldShown);
    QVERIFY(shown.wait(kPatienceMs));
    QSignalSpy finished(&document.context.session(), &TrainingSession::finished);
    document.context.session().start(document.context.state(), TrainingSession::Speed::Watch);
    const int before = int(shown.count());
    QTRY_VERIFY_WITH_TIMEOUT(shown.count() >= before + 10, kPatienceMs);
    QVERIFY(finished.isEmpty());
    document.context.session().stop();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatienceMs);
  }

  void boundarySaysWhyNot() {
    OpenDocument document("iris");
    BoundaryView view;
    view.resize(400, 300);
    view.setContext(&document.context);
    view.show();
    QTest::qWait(150);
    QVERIFY(!view.field());
  }

  void confusionAndMistakes() {
    OpenDocument document("digits");
    train(document, 2);
    EvaluationPanel panel;
    panel.resize(1000, 600);
    panel.setContext(&document.context);
    panel.show();
    QSignalSpy evaluated(&panel, &EvaluationPanel::evaluated);
    panel.showView(EvaluationPanel::Confusion);
    QVERIFY(evaluated.wait(kPatienceMs));
    QVERIFY(panel.report());
    int total = 0;
    for (const auto& row : panel.report()->confusion) total += std::accumulate(row.begin(), row.end(), 0);
    QCOMPARE(total, int(document.context.state().dataset->validationRows.size()));

    QSignalSpy rows(&panel, &EvaluationPanel::rowsChosen);
    ConfusionView& view = *panel.confusion();
    QTest::mouseClick(&view, Qt::LeftButton, {}, view.cellRect(3, 3).center().toPoint());
    QCOMPARE(rows.count(), 1);
    QCOMPARE(panel.predictions()->mistakes().rowCount(), panel.report()->confusion[3][3]);
    QTest::mouseClick(&view, Qt::LeftButton, {}, view.cellRect(3, 3).center().toPoint());
    for (int i = 0; i < panel.predictions()->mistakes().rowCount(); ++i) {
      const EvaluationReport::Row& row = panel.predictions()->mistakes().reportRow(i);
      QVERIFY(row.trueClass != row.predictedClass);
      if (i > 0) QVERIFY(row.loss <= panel.predictions()->mistakes().reportRow(i - 1).loss);
    }
  }

  void drawnDigitIsCentredAndPredicted() {
    OpenDocument document("digits");
    EvaluationPanel panel;
    panel.resize(900, 500);
    panel.setContext(&document.context);
    panel.show();
    panel.showView(EvaluationPanel::Predictions);
    DigitCanvas& canvas = *panel.predictions()->digit();
    canvas.addStroke({0.1, 0.1}, {0.1, 0.3});  // small, in a corner
    const Tensor sample = canvas.sample({12, 12, 1}, 1.0 / 255);
    QCOMPARE(sample.shape, Shape({1, 12, 12, 1}));
    double sum = 0, x = 0, y = 0;
    for (int i = 0; i < 144; ++i) {
      sum += sample.values[std::size_t(i)];
      x += sample.values[std::size_t(i)] * (i % 12);
      y += sample.values[std::size_t(i)] * (i / 12);
    }
    QVERIFY(sum > 3);
    QVERIFY2(std::abs(x / sum - 5.5) < 1 && std::abs(y / sum - 5.5) < 1,
             qPrintable(QStringLiteral("%1 %2").arg(x / sum).arg(y / sum)));
    QSignalSpy predicted(panel.predictions(), &PredictionView::predicted);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, QPoint(60, 60));
    QVERIFY(predicted.wait(kPatienceMs));
    QVERIFY(panel.predictions()->bars()->predictedClass() >= 0);
  }

  void typedRowIsPredicted() {
    OpenDocument document("iris");
    train(document, 30);
    PredictionView view;
    view.resize(800, 400);
    view.setContext(&document.context);
    view.show();
    const QList<QLineEdit*> fields = view.findChildren<QLineEdit*>();
    QCOMPARE(fields.size(), 4);
    const QStringList setosa = {QStringLiteral("5.0"), QStringLiteral("3.4"), QStringLiteral("1.5"),
                                QStringLiteral("0.2")};
    for (int i = 0; i < 4; ++i) fields[i]->setText(setosa[i]);
    QSignalSpy predicted(&view, &PredictionView::predicted);
    view.predict();
    QVERIFY(predicted.wait(kPatienceMs));
    QCOMPARE(view.bars()->predictedClass(),
             int(document.context.state().recipe.classNames.indexOf(QStringLiteral("setosa"))));
    fields[0]->setText(QStringLiteral("long"));
    view.predict();
    QVERIFY(predicted.wait(kPatienceMs));
    QCOMPARE(view.bars()->predictedClass(), -1);
  }

  void answersForGoneDocumentsAreDropped() {
    EvaluationPanel panel;
    panel.resize(600, 400);
    panel.show();
    panel.showView(EvaluationPanel::Confusion);
    {
      OpenDocument document("digits");
      panel.setContext(&document.context);
      panel.setContext(nullptr);
    }
    QTest::qWait(50);
    QVERIFY(!panel.report());
  }
};

QTEST_MAIN(tst_EvaluationPanel)
#include "tst_EvaluationPanel.moc"

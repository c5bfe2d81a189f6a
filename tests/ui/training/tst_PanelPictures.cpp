// Draws every panel empty, busy and done, light and dark, small and large, into pictures/ of the build folder, for
// eyes; fails when a picture is blank.
#include "tests/support/Patience.h"
#include "tests/ui/training/PanelFixture.h"
#include "ui/data/DataPanel.h"
#include "ui/training/BoundaryView.h"
#include "ui/training/ConfusionView.h"
#include "ui/training/EvaluationPanel.h"
#include "ui/training/LossChart.h"
#include "ui/training/PredictionView.h"
#include "ui/training/TrainingPanel.h"
#include "ui/training/TrainingSettings.h"

#include <QAction>
#include <QListView>
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

bool isBlank(const QImage& image) {
  QSet<QRgb> colors;
  for (int y = 0; y < image.height(); y += 3)
    for (int x = 0; x < image.width(); x += 3) colors.insert(image.pixel(x, y));
  return colors.size() < 8;
}

void train(OpenDocument& document, int epochs) {
  document.setEpochs(epochs);
  QSignalSpy finished(&document.context.session(), &TrainingSession::finished);
  document.context.session().start(document.context.state(), TrainingSession::Speed::Full);
  QVERIFY(finished.wait(kPatienceMs));
}

}  // namespace

class tst_PanelPictures : public QObject {
  Q_OBJECT

 private:
  QString m_theme;

  void save(QWidget& widget, const QString& name) {
    QVERIFY2(!isBlank(picture(widget, QStringLiteral("%1-%2").arg(name, m_theme))), qPrintable(name));
  }

 private Q_SLOTS:
  void initTestCase() {
    installLook(*qApp);
    qRegisterMetaType<TrainingOutcome>();
  }

  void panels_data() {
    QTest::addColumn<bool>("isDark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
  }

  void panels() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    m_theme = isDark ? QStringLiteral("dark") : QStringLiteral("light");
    trainingPanel();
    divergence();
    dataPanel();
    evaluationOfPoints();
    evaluationOfImages();
    evaluationOfNumbers();
    boundaryOfThreeClasses();
  }

 private:
  void trainingPanel() {
    OpenDocument document("twoMoons");
    TrainingPanel panel;
    panel.resize(720, 300);
    panel.show();
    save(panel, QStringLiteral("training-none"));
    panel.setContext(&document.context);
    QTest::qWait(100);
    save(panel, QStringLiteral("training-empty"));
    TrainingPopover popover;
    popover.setContext(&document.context);
    popover.refresh();
    popover.show();
    popover.adjustSize();
    save(popover, QStringLiteral("training-popover"));
    panel.resize(1080, 340);
    panel.trainAction()->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(document.context.session().history().size() >= 37, kPatienceMs);
    QTest::qWait(80);
    save(panel, QStringLiteral("training-busy"));
    panel.resize(560, 260);
    QTest::qWait(50);
    save(panel, QStringLiteral("training-busy-small"));
    panel.resize(1080, 340);
    panel.controls().setSpeed(TrainingSession::Speed::Full);
    QTRY_VERIFY_WITH_TIMEOUT(!document.context.session().isActive(), kPatienceMs);
    save(panel, QStringLiteral("training-done"));
    panel.findChild<QWidget*>(QStringLiteral("trainingViews"))->setFocus();
    QTest::keyClick(panel.findChild<QWidget*>(QStringLiteral("trainingViews")), Qt::Key_Right);
    QTest::qWait(100);
    save(panel, QStringLiteral("training-metrics"));
    QTest::keyClick(panel.findChild<QWidget*>(QStringLiteral("trainingViews")), Qt::Key_Right);
    QTest::qWait(50);
    save(panel, QStringLiteral("training-table"));
  }

  void divergence() {
    OpenDocument document("twoMoons");
    train(document, 25);
    TrainingPanel panel;
    panel.resize(720, 340);
    panel.setContext(&document.context);
    panel.show();
    TrainingConfig config = document.context.state().training;
    config.optimizer = "sgd";
    config.optimizerConfig = {{"learningRate", 1e36}};
    config.losses = {"meanSquaredError"};
    const LayerId out = document.context.state().graph.findByName("out")->id;
    const DocumentState linear = edits::setField(document.context.state(), {out}, "activation", "linear");
    document.context.apply(QStringLiteral("rate"), edits::setTraining(linear, config, linear.fit));
    panel.trainAction()->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!document.context.session().isActive(), kPatienceMs);
    QTest::qWait(100);
    save(panel, QStringLiteral("training-diverged"));
  }

  void dataPanel() {
    OpenDocument document("mlp");
    DataPanel panel;
    panel.resize(440, 300);
    panel.setContext(&document.context);
    panel.show();
    save(panel, QStringLiteral("data-empty"));
    QSignalSpy applied(&panel, &DataPanel::dataApplied);
    panel.useGenerator(QStringLiteral("twoMoons"));
    QVERIFY(applied.wait(kPatienceMs));
    QTest::qWait(50);
    save(panel, QStringLiteral("data-table"));
    panel.showView(DataPanel::Split);
    save(panel, QStringLiteral("data-split"));
    panel.useIris();
    QVERIFY(applied.wait(kPatienceMs));
    panel.resize(720, 300);
    panel.showView(DataPanel::Columns);
    QTest::qWait(50);
    save(panel, QStringLiteral("data-columns"));
    panel.showView(DataPanel::Table);
    panel.useGenerator(QStringLiteral("digits"));
    QVERIFY(applied.wait(kPatienceMs));
    QTest::qWait(50);
    save(panel, QStringLiteral("data-images"));
    QSignalSpy failed(&panel, &DataPanel::loadFailed);
    panel.openCsv(QStringLiteral(LAYERSMITH_SOURCE_DIR "/resources/tokens.json"));
    QVERIFY(failed.wait(kPatienceMs));
    save(panel, QStringLiteral("data-error"));
  }

  void evaluationOfPoints() {
    OpenDocument document("twoMoons");
    train(document, 60);
    EvaluationPanel panel;
    panel.resize(600, 470);
    panel.setContext(&document.context);
    panel.show();
    QSignalSpy shown(panel.boundary(), &BoundaryView::fieldShown);
    if (!panel.boundary()->field()) QVERIFY(shown.wait(kPatienceMs));
    QTest::qWait(50);
    save(panel, QStringLiteral("boundary"));
    QSignalSpy answered(panel.boundary(), &BoundaryView::answered);
    panel.boundary()->tryPoint(0.5, 0.2);
    QVERIFY(answered.wait(kPatienceMs));
    save(panel, QStringLiteral("boundary-tried"));
    QSignalSpy evaluated(&panel, &EvaluationPanel::evaluated);
    panel.showView(EvaluationPanel::Confusion);
    if (!panel.report()) QVERIFY(evaluated.wait(kPatienceMs));
    save(panel, QStringLiteral("confusion-moons"));
    panel.showView(EvaluationPanel::Predictions);
    panel.resize(900, 400);
    panel.predictions()->predict();
    QSignalSpy predicted(panel.predictions(), &PredictionView::predicted);
    QVERIFY(predicted.wait(kPatienceMs));
    QTest::qWait(50);
    save(panel, QStringLiteral("predictions-moons"));
    EvaluationPanel none;
    none.resize(600, 400);
    none.show();
    save(none, QStringLiteral("boundary-none"));
  }

  void evaluationOfImages() {
    OpenDocument document("digits");
    train(document, 3);
    EvaluationPanel panel;
    panel.resize(1100, 560);
    panel.setContext(&document.context);
    panel.show();
    QSignalSpy evaluated(&panel, &EvaluationPanel::evaluated);
    panel.showView(EvaluationPanel::Confusion);
    if (!panel.report()) QVERIFY(evaluated.wait(kPatienceMs));
    save(panel, QStringLiteral("confusion-digits"));
    panel.showView(EvaluationPanel::Predictions);
    QTest::qWait(50);
    auto* list = panel.findChild<QListView*>(QStringLiteral("mistakeThumbnails"));
    QSignalSpy predicted(panel.predictions(), &PredictionView::predicted);
    list->setCurrentIndex(list->model()->index(0, 0));
    if (list->model()->rowCount() > 0) QVERIFY(predicted.wait(kPatienceMs));
    QTest::qWait(50);
    save(panel, QStringLiteral("predictions-digits"));
  }

  void boundaryOfThreeClasses() {
    OpenDocument document("iris");
    DataRecipe recipe = document.context.state().recipe;
    recipe.columns[0].role = recipe.columns[1].role = ColumnRole::Ignore;
    auto dataset = std::make_shared<Dataset>(prepare(document.context.state().dataset->raw, recipe));
    document.context.apply(QStringLiteral("two columns"), edits::setDataset(document.context.state(), dataset));
    train(document, 40);
    EvaluationPanel panel;
    panel.resize(600, 470);
    panel.setContext(&document.context);
    panel.show();
    QSignalSpy shown(panel.boundary(), &BoundaryView::fieldShown);
    QVERIFY(shown.wait(kPatienceMs));
    QCOMPARE(panel.boundary()->field()->classes, 3);
    save(panel, QStringLiteral("boundary-three"));
  }

  void evaluationOfNumbers() {
    OpenDocument document("mlp");
    DataPanel data;
    data.setContext(&document.context);
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("prices.csv")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("rooms,area,age,price\n");
    for (int i = 0; i < 200; ++i) {
      const double rooms = 1 + i % 6;
      const double area = 30 + (i * 37) % 90;
      file.write(QStringLiteral("%1,%2,%3,%4\n")
                     .arg(rooms)
                     .arg(area)
                     .arg((i * 13) % 50)
                     .arg(area * 2.1 + rooms * 9.7)
                     .toUtf8());
    }
    file.close();
    QSignalSpy applied(&data, &DataPanel::dataApplied);
    data.openCsv(file.fileName());
    QVERIFY(applied.wait(kPatienceMs));
    train(document, 60);
    EvaluationPanel panel;
    panel.resize(800, 420);
    panel.setContext(&document.context);
    panel.show();
    QSignalSpy evaluated(&panel, &EvaluationPanel::evaluated);
    panel.showView(EvaluationPanel::Confusion);
    if (!panel.report()) QVERIFY(evaluated.wait(kPatienceMs));
    QVERIFY(panel.report()->classNames.isEmpty());
    save(panel, QStringLiteral("regression"));
    panel.showView(EvaluationPanel::Predictions);
    QSignalSpy predicted(panel.predictions(), &PredictionView::predicted);
    panel.predictions()->predict();
    QVERIFY(predicted.wait(kPatienceMs));
    QTest::qWait(50);
    save(panel, QStringLiteral("regression-predictions"));
  }
};

QTEST_MAIN(tst_PanelPictures)
#include "tst_PanelPictures.moc"

// Leaves pictures of the studio in the build folder, and checks that each shows what it is of.
#include "tests/ui/main/StudioFixture.h"
#include "ui/dialogs/SaveDialog.h"
#include "ui/dialogs/SaveForm.h"
#include "ui/main/SaveController.h"
#include "ui/training/EvaluationPanel.h"
#include "ui/training/TrainingPanel.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QSet>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

QString pictureFolder() {
  const QString folder = QString::fromUtf8(LAYERSMITH_BIN_DIR "/../screenshots");
  QDir().mkpath(folder);
  return folder;
}

/// A grab that is not blank.
bool keep(QWidget& widget, const char* name) {
  const QImage image = widget.grab().toImage();
  QSet<QRgb> colors;
  for (int y = 0; y < image.height(); y += 7)
    for (int x = 0; x < image.width(); x += 7) colors.insert(image.pixel(x, y));
  return image.save(pictureFolder() + QLatin1Char('/') + QString::fromLatin1(name) + QStringLiteral(".png")) &&
         colors.size() > 12;
}

bool saveTo(Studio& studio, const QString& url, const QString& name) {
  bool isSaved = false;
  SaveRequest request;
  request.url = url;
  request.name = name;
  studio.window->saver().perform(studio.current(), request, [&](bool ok) { isSaved = ok; });
  return QTest::qWaitFor([&] { return isSaved; }, 20'000);
}

}  // namespace

class tst_Screenshots : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }
  void cleanup() { theme().setMode(Theme::Mode::Light); }

  void firstStart_data() { themes(); }
  void firstStart() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    studio.window->start({}, {});
    studio.window->show();
    QVERIFY(studio.waitForStores());
    QTest::qWait(400);
    QVERIFY(keep(*studio.window, isDark ? "first-start-dark" : "first-start"));
  }

  void trainingHalfWay_data() { themes(); }
  void trainingHalfWay() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    studio.window->start({}, {});
    studio.window->show();
    studio.trigger(ActionId::LayoutTraining);
    studio.trigger(ActionId::Train);
    QTRY_VERIFY_WITH_TIMEOUT(studio.current().session().history().size() >= 48, 60'000);
    studio.trigger(ActionId::Pause);
    QTest::qWait(800);
    QVERIFY(keep(*studio.window, isDark ? "training-half-way-dark" : "training-half-way"));
    const auto& history = studio.current().session().history();
    QVERIFY(history.back().valueOf("loss") < history.front().valueOf("loss") / 2);
  }

  void costs_data() { themes(); }
  void costs() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    studio.window->show();
    studio.window->start({}, QStringLiteral("digits"));
    studio.trigger(ActionId::ShowCost);
    DocumentContext& context = studio.current();
    QTRY_VERIFY_WITH_TIMEOUT(context.cost().cost(), 20'000);
    context.selection().set({context.document().report().order.at(1)});
    QTest::qWait(400);
    QVERIFY(keep(*studio.window, isDark ? "costs-dark" : "costs"));
    QVERIFY(studio.find<QLabel>("factTime")->isVisible());
  }

  void evaluation() {
    Studio studio;
    studio.window->start({}, {});
    studio.window->show();
    studio.trigger(ActionId::FullSpeed);
    studio.trigger(ActionId::Train);
    QTRY_VERIFY_WITH_TIMEOUT(!studio.current().session().isActive() && studio.current().isModified(), 60'000);
    studio.trigger(ActionId::LayoutEvaluation);
    const std::pair<EvaluationPanel::View, const char*> views[] = {{EvaluationPanel::Boundary, "boundary"},
                                                                   {EvaluationPanel::Confusion, "confusion"},
                                                                   {EvaluationPanel::Predictions, "predictions"}};
    for (const auto& [view, name] : views) {
      studio.window->evaluationPanel().showView(view);
      QTest::qWait(1000);
      QVERIFY(keep(*studio.window, name));
    }
  }

  void saveAs_data() { themes(); }
  void saveAs() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    studio.window->start({}, {});
    studio.window->show();
    studio.trigger(ActionId::SaveAs);
    auto* dialog = studio.find<SaveDialog>("saveDialog");
    QVERIFY(dialog);
    for (const auto& [target, name] :
         {std::pair(SaveTarget::Folder, "save-as-folder"), std::pair(SaveTarget::LocalStorage, "save-as-local"),
          std::pair(SaveTarget::Http, "save-as-http")}) {
      dialog->setTarget(target);
      dialog->findChild<QComboBox*>(QStringLiteral("saveDialog.precision"))
          ->setCurrentIndex(target == SaveTarget::Folder ? 3 : 0);
      dialog->form().setAddress(QStringLiteral("https://lab.example/models/two-moons"));
      QSignalSpy ready(dialog, &SaveDialog::previewReady);
      QVERIFY(ready.wait(20'000));
      QTest::qWait(200);
      QVERIFY(keep(*dialog, qPrintable(QString::fromLatin1(name) + (isDark ? QStringLiteral("-dark") : QString()))));
    }
    dialog->reject();
  }

  void catalog_data() { themes(); }
  void catalog() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    studio.settings.setFolders({studio.home.filePath(QStringLiteral("Models"))});
    studio.window->show();
    studio.window->start({}, QStringLiteral("twoMoons"));
    QVERIFY(saveTo(studio, QStringLiteral("indexeddb://two-moons"), QStringLiteral("two-moons")));
    studio.window->start({}, QStringLiteral("iris"));
    QVERIFY(saveTo(studio, QStringLiteral("localstorage://iris"), QStringLiteral("iris")));
    studio.window->start({}, QStringLiteral("digits"));
    QVERIFY(saveTo(studio, studio.home.filePath(QStringLiteral("Models/digits")), QStringLiteral("digits")));
    studio.trigger(ActionId::LayoutCatalog);
    auto* table = studio.find<QAbstractItemView>("catalogPage.table");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 3, 20'000);
    table->setCurrentIndex(table->model()->index(0, 0));
    QTest::qWait(800);
    QVERIFY(studio.waitForStores());
    QTest::qWait(200);
    QVERIFY(keep(*studio.window, isDark ? "catalog-dark" : "catalog"));
  }

 private:
  static void themes() {
    QTest::addColumn<bool>("isDark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
  }
};

QTEST_MAIN(tst_Screenshots)
#include "tst_Screenshots.moc"

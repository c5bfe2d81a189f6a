// A studio that is killed loses at most what was done in the last two seconds. The test starts itself as the victim.
#include "tests/ui/main/StudioFixture.h"
#include "ui/dialogs/RecoveryDialog.h"
#include "ui/main/RecoveryController.h"

#include <QDirIterator>
#include <QProcess>
#include <QPushButton>

#include <csignal>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

int entriesIn(const QString& folder) {
  int count = 0;
  for (QDirIterator it(folder, {QStringLiteral("*.recovery")}, QDir::Files); it.hasNext(); it.next()) ++count;
  return count;
}

/// The victim: opens the sample, adds two layers, and stays until it is killed.
int runVictim(QApplication& application, const QString& home) {
  Settings settings(home + QStringLiteral("/settings.ini"));
  ComputeThread compute;
  StoreWorker stores(home + QStringLiteral("/store.sqlite"));
  MainWindow window({settings, compute, stores, stores, home + QStringLiteral("/recovery"), 1});
  window.start({}, QStringLiteral("twoMoons"));
  DocumentContext& context = *window.workspace().current();
  for (int i = 0; i < 2; ++i) {
    const edits::InsertPlace place{
        edits::InsertPlace::Kind::AfterLayer, context.document().report().order.back(), 0, {}};
    context.apply(QStringLiteral("insert"), edits::insertLayer(context.state(), "Dense", place, {{"units", 3}}));
  }
  return application.exec();
}

}  // namespace

class tst_Recovery : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void workOfAKilledStudioComesBack_data() {
    QTest::addColumn<bool>("keeps");
    QTest::newRow("keep") << true;
    QTest::newRow("discard") << false;
  }

  void workOfAKilledStudioComesBack() {
    QFETCH(bool, keeps);
    Studio studio;
    const QString recovery = studio.home.filePath(QStringLiteral("recovery"));
    QProcess victim;
    victim.setProcessChannelMode(QProcess::ForwardedChannels);
    victim.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--victim"), studio.home.path()});
    QVERIFY(victim.waitForStarted());
    QTRY_COMPARE_WITH_TIMEOUT(entriesIn(recovery), 1, 30'000);
    ::kill(static_cast<pid_t>(victim.processId()), SIGKILL);
    QVERIFY(victim.waitForFinished());

    studio.window->show();
    QSignalSpy recovered(&studio.window->recovery(), &RecoveryController::recovered);
    studio.window->start({}, QStringLiteral("xor"));
    QVERIFY(recovered.wait(20'000));
    QCOMPARE(studio.window->workspace().documents().size(), std::size_t(2));
    QCOMPARE(studio.current().document().name(), QStringLiteral("two-moons"));
    QCOMPARE(studio.current().state().graph.layers.size(), std::size_t(5));
    QVERIFY(studio.current().isModified());
    auto* button = studio.find<QPushButton>(keeps ? "recoveryDialog.keep" : "recoveryDialog.discard");
    QVERIFY(button);
    button->click();
    QTRY_COMPARE_WITH_TIMEOUT(entriesIn(recovery), keeps ? 1 : 0, 10'000);
    QCOMPARE(studio.window->workspace().documents().size(), std::size_t(keeps ? 2 : 1));
  }

  void nothingIsKeptOfASavedOrUndoneChange() {
    Studio studio;
    const QString recovery = studio.home.filePath(QStringLiteral("recovery"));
    studio.window->start({}, QStringLiteral("twoMoons"));
    QVERIFY(studio.addLayer());
    QTRY_COMPARE_WITH_TIMEOUT(entriesIn(recovery), 1, 10'000);
    studio.trigger(ActionId::Undo);
    QTRY_COMPARE_WITH_TIMEOUT(entriesIn(recovery), 0, 10'000);
  }
};

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  const QStringList arguments = QCoreApplication::arguments();
  if (arguments.value(1) == QStringLiteral("--victim")) return runVictim(application, arguments.value(2));
  tst_Recovery test;
  return QTest::qExec(&test, argc, argv);
}
#include "tst_Recovery.moc"

// A studio that is killed loses at most what was done in the last two seconds. The test starts itself as the victim.
#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/dialogs/ComparisonDialog.h"
#include "ui/dialogs/RecoveryDialog.h"
#include "ui/main/RecoveryController.h"

#include <QDirIterator>
#include <QProcess>
#include <QTreeView>

#include <csignal>
#include <functional>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

constexpr int kVictimsEpochs = 400;

int entriesIn(const QString& folder) {
  int count = 0;
  for (QDirIterator it(folder, {QStringLiteral("*.recovery")}, QDir::Files); it.hasNext(); it.next()) ++count;
  return count;
}

int checkpointsIn(const QString& folder) {
  return int(QDir(folder).entryList({QStringLiteral("*.checkpoint")}, QDir::Files).size());
}

/// The victim: opens the sample, adds two layers or trains it, and stays until it is killed.
int runVictim(QApplication& application, const QString& home, bool trains) {
  Settings settings(home + QStringLiteral("/settings.ini"));
  ComputeThread compute;
  StoreWorker stores(home + QStringLiteral("/store.sqlite"));
  MainWindow window({settings, compute, stores, stores, home + QStringLiteral("/recovery"), 1});
  window.start({}, QStringLiteral("twoMoons"));
  DocumentContext& context = *window.workspace().current();
  for (int i = 0; i < 2 && !trains; ++i) {  // with them nothing fits the data any more
    const edits::InsertPlace place{
        edits::InsertPlace::Kind::AfterLayer, context.document().report().order.back(), 0, {}};
    context.apply(QStringLiteral("insert"), edits::insertLayer(context.state(), "Dense", place, {{"units", 3}}));
  }
  if (trains) {
    DocumentState state = context.state();
    state.fit.epochs = kVictimsEpochs;
    context.apply(QStringLiteral("epochs"), state);
    context.session().start(context.state(), TrainingSession::Speed::Watch);
  }
  return application.exec();
}

/// A studio that is killed once its work is in the recovery folder.
class Victim {
 public:
  Victim(const Studio& studio, const QString& kind) : m_recovery(studio.home.filePath(QStringLiteral("recovery"))) {
    m_process.setProcessChannelMode(QProcess::ForwardedChannels);
    m_process.start(QCoreApplication::applicationFilePath(), {kind, studio.home.path()});
  }
  bool killAfter(const std::function<bool(const QString&)>& isReached) {
    const bool isDone = QTest::qWaitFor([&] { return isReached(m_recovery); }, kPatienceMs);
    if (m_process.processId() <= 0) return false;
    ::kill(static_cast<pid_t>(m_process.processId()), SIGKILL);
    return m_process.waitForFinished() && isDone;
  }

 private:
  QString m_recovery;
  QProcess m_process;
};

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
    QVERIFY(Victim(studio, QStringLiteral("--victim")).killAfter([](const QString& folder) {
      return entriesIn(folder) == 1;
    }));

    studio.window->show();
    QSignalSpy recovered(&studio.window->recovery(), &RecoveryController::recovered);
    studio.window->start({}, QStringLiteral("xor"));
    QVERIFY(recovered.wait(kPatienceMs));
    QCOMPARE(studio.window->workspace().documents().size(), std::size_t(2));
    QCOMPARE(studio.current().document().name(), QStringLiteral("two-moons"));
    QCOMPARE(studio.current().state().graph.layers.size(), std::size_t(5));
    QVERIFY(studio.current().isModified());
    auto* button = studio.find<QPushButton>(keeps ? "recoveryDialog.keep" : "recoveryDialog.discard");
    QVERIFY(button);
    button->click();
    if (!keeps) {
      QCOMPARE(studio.window->workspace().documents().size(), std::size_t(2));  // it asks again first
      QVERIFY(!button->isEnabled());                                            // and takes no double click
      QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), kPatienceMs);
      button->click();
    }
    QTRY_COMPARE_WITH_TIMEOUT(entriesIn(recovery), keeps ? 1 : 0, kPatienceMs);
    QCOMPARE(studio.window->workspace().documents().size(), std::size_t(keeps ? 2 : 1));
  }

  void aKilledTrainingGoesOnAlsoAfterASecondCrash() {
    Studio studio;
    const QString recovery = studio.home.filePath(QStringLiteral("recovery"));
    const auto isKept = [](const QString& folder) { return entriesIn(folder) == 1 && checkpointsIn(folder) >= 1; };
    QVERIFY(Victim(studio, QStringLiteral("--training-victim")).killAfter(isKept));
    for (int crash = 0; crash < 2; ++crash) {
      studio.window = std::make_unique<MainWindow>(studio.services());
      studio.window->show();
      QSignalSpy recovered(&studio.window->recovery(), &RecoveryController::recovered);
      studio.window->start({}, QStringLiteral("xor"));
      QVERIFY(recovered.wait(kPatienceMs));
      QCOMPARE(recovered.front().front().toInt(), 1);
      QCOMPARE(entriesIn(recovery), 1);
    }
    DocumentContext& context = studio.current();
    TrainingSession& session = context.session();
    QVERIFY(session.state() == TrainingSession::State::Paused);
    const std::size_t before = session.history().size();
    QVERIFY(before >= 20);  // of about 100 in 5 s
    QCOMPARE(context.state().graph.layers.size(), std::size_t(3));
    QVERIFY(studio.find<QPushButton>("recoveryDialog.keep"));
    studio.find<QPushButton>("recoveryDialog.keep")->click();
    session.setSpeed(TrainingSession::Speed::Full);
    session.resume();
    QTRY_VERIFY_WITH_TIMEOUT(!session.isActive(), kPatienceMs);
    const TrainingRun& run = *context.state().lastRun;
    QCOMPARE(run.history.size(), std::size_t(kVictimsEpochs));
    for (int epoch = 0; epoch < kVictimsEpochs; ++epoch) QCOMPARE(run.history[std::size_t(epoch)].epoch, epoch);
    QVERIFY(run.history.back().valueOf("loss") < run.history[before - 1].valueOf("loss"));
    QTRY_COMPARE_WITH_TIMEOUT(checkpointsIn(recovery), 0, kPatienceMs);
    QCOMPARE(entriesIn(recovery), 1);  // until it is saved
    studio.trigger(ActionId::Undo);
    QVERIFY(!context.state().lastRun);
  }

  void anotherModelAtItsPlaceMakesACopy_data() {
    QTest::addColumn<bool>("isChanged");
    QTest::newRow("as it was") << false;
    QTest::newRow("changed meanwhile") << true;
  }

  void anotherModelAtItsPlaceMakesACopy() {
    QFETCH(bool, isChanged);
    Studio studio;
    const QString url = QStringLiteral("indexeddb://moons");
    ModelLibrary library(studio.home.filePath(QStringLiteral("store.sqlite")));
    library.save(url, artifactsFromDocument(makeTemplate(QStringLiteral("twoMoons"))));
    RecoveryLabel label{QStringLiteral("k"), QStringLiteral("moons"), url, library.stamp(url), 4};
    RecoveryJournal(studio.home.filePath(QStringLiteral("recovery")))
        .write(label, makeTemplate(QStringLiteral("twoMoons")));
    if (isChanged) {
      SaveOptions over;
      over.overwrite = true;
      library.save(url, artifactsFromDocument(makeTemplate(QStringLiteral("xor"))), over);
    }
    QSignalSpy recovered(&studio.window->recovery(), &RecoveryController::recovered);
    studio.window->start({}, QStringLiteral("xor"));
    QVERIFY(recovered.wait(kPatienceMs));
    QCOMPARE(studio.current().document().url(), isChanged ? QString() : url);
    QCOMPARE(studio.current().document().name().contains(QStringLiteral("recovered copy")), isChanged);
  }

  /// One place that cannot be asked keeps nothing from coming back.
  void aPlaceThatDoesNotAnswerMakesACopy() {
    Studio studio;
    RecoveryJournal journal(studio.home.filePath(QStringLiteral("recovery")));
    const DocumentState moons = makeTemplate(QStringLiteral("twoMoons"));
    journal.write({QStringLiteral("k"), QStringLiteral("kept"), QStringLiteral("gone://kept"), QStringLiteral("1"), 4},
                  moons);
    journal.write({QStringLiteral("l"), QStringLiteral("loose"), {}, {}, 1}, moons);
    QSignalSpy recovered(&studio.window->recovery(), &RecoveryController::recovered);
    studio.window->start({}, QStringLiteral("xor"));
    QVERIFY(recovered.wait(kPatienceMs));
    QCOMPARE(recovered.front().front().toInt(), 2);
    QStringList names;
    for (DocumentContext* context : studio.window->workspace().documents()) names << context->document().name();
    QVERIFY2(names.contains(QStringLiteral("kept (recovered copy)")) && names.contains(QStringLiteral("loose")),
             qPrintable(names.join(QLatin1Char(' '))));
  }

  /// A file handed over by a second start is opened; what this program is at work on is not "left behind".
  void handingOverRecoversNothing() {
    Studio studio;
    const QString url = QStringLiteral("indexeddb://moons");
    ModelLibrary(studio.home.filePath(QStringLiteral("store.sqlite")))
        .save(url, artifactsFromDocument(makeTemplate(QStringLiteral("twoMoons"))));
    studio.window->start({}, QStringLiteral("xor"));
    QVERIFY(studio.waitForStores() && studio.addLayer());
    QTRY_COMPARE_WITH_TIMEOUT(entriesIn(studio.home.filePath(QStringLiteral("recovery"))), 1, kPatienceMs);
    studio.window->openPlaces({url});
    QTRY_COMPARE_WITH_TIMEOUT(studio.window->workspace().documents().size(), std::size_t(2), kPatienceMs);
    QVERIFY(studio.waitForStores());
    QVERIFY(!studio.find<RecoveryDialog>("recoveryDialog"));
    QCOMPARE(studio.window->workspace().documents().size(), std::size_t(2));
  }

  void comparesWithTheSavedModel_data() {
    QTest::addColumn<bool>("isThere");
    QTest::newRow("saved model") << true;
    QTest::newRow("gone") << false;
  }

  void comparesWithTheSavedModel() {
    QFETCH(bool, isThere);
    Studio studio;
    const QString url = QStringLiteral("indexeddb://moons");
    const DocumentState moons = makeTemplate(QStringLiteral("twoMoons"));
    ModelLibrary library(studio.home.filePath(QStringLiteral("store.sqlite")));
    if (isThere) library.save(url, artifactsFromDocument(moons));
    RecoveryJournal journal(studio.home.filePath(QStringLiteral("recovery")));
    journal.write({QStringLiteral("k"), QStringLiteral("moons"), url, library.stamp(url), 1},
                  edits::setField(moons, {moons.graph.findByName("hidden")->id}, "units", 16));
    QSignalSpy recovered(&studio.window->recovery(), &RecoveryController::recovered);
    studio.window->start({}, QStringLiteral("xor"));
    QVERIFY(recovered.wait(kPatienceMs));
    auto* compare = studio.find<QPushButton>("recoveryDialog.compare0");
    QVERIFY(compare);
    compare->click();
    auto* dialog = studio.find<ComparisonDialog>("comparisonDialog");
    QVERIFY(dialog);
    QSignalSpy compared(dialog, &ComparisonDialog::compared);
    QVERIFY(compared.wait(kPatienceMs));
    auto* tree = studio.find<QTreeView>("comparisonDialog.tree");
    QCOMPARE(tree->isVisible(), isThere);
    if (isThere) {
      const QModelIndex layer = tree->model()->index(0, 0);
      QCOMPARE(layer.data().toString(), QStringLiteral("Dense  hidden"));
      const auto cell = [&](int column) { return tree->model()->index(0, column, layer).data().toString(); };
      QCOMPARE((QStringList{cell(0), cell(1), cell(2)}),
               (QStringList{QStringLiteral("Units"), QStringLiteral("8"), QStringLiteral("16")}));
    }
    dialog->accept();
    QVERIFY(studio.find<RecoveryDialog>("recoveryDialog"));
  }

  void nothingIsKeptOfWhatAPersonClosedUnsaved() {
    Studio studio;
    const QString recovery = studio.home.filePath(QStringLiteral("recovery"));
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    QVERIFY(studio.addLayer());
    QTRY_COMPARE_WITH_TIMEOUT(entriesIn(recovery), 1, kPatienceMs);
    studio.window->close();
    auto* discard = studio.find<QPushButton>("closePrompt.discard");
    QVERIFY(discard);
    discard->click();
    QTRY_COMPARE_WITH_TIMEOUT(entriesIn(recovery), 0, kPatienceMs);
  }

  void nothingIsKeptOfASavedOrUndoneChange() {
    Studio studio;
    const QString recovery = studio.home.filePath(QStringLiteral("recovery"));
    studio.window->start({}, QStringLiteral("twoMoons"));
    QVERIFY(studio.addLayer());
    QTRY_COMPARE_WITH_TIMEOUT(entriesIn(recovery), 1, kPatienceMs);
    studio.trigger(ActionId::Undo);
    QTRY_COMPARE_WITH_TIMEOUT(entriesIn(recovery), 0, kPatienceMs);
  }
};

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  const QStringList arguments = QCoreApplication::arguments();
  if (arguments.value(1) == QStringLiteral("--victim")) return runVictim(application, arguments.value(2), false);
  if (arguments.value(1) == QStringLiteral("--training-victim"))
    return runVictim(application, arguments.value(2), true);
  tst_Recovery test;
  return QTest::qExec(&test, argc, argv);
}
#include "tst_Recovery.moc"

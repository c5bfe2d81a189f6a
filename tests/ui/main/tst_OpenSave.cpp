// Open, edit, save, reopen, and closing with unsaved changes.
#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/dialogs/ClosePrompt.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/SaveDialog.h"
#include "ui/dialogs/SaveForm.h"
#include "ui/main/Layouts.h"
#include "ui/main/OpenController.h"
#include "ui/main/SaveController.h"

#include <QPlainTextEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QTabBar>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

SaveRequest requestFor(const QString& url, const QString& name) {
  SaveRequest request;
  request.url = url;
  request.name = name;
  return request;
}

}  // namespace

class tst_OpenSave : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void theTestReceiverTakesAModelAndItsAnswerIsShown() {
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", QByteArray(LAYERSMITH_BIN_DIR) + ':' + path);
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    studio.trigger(ActionId::SaveAs);
    auto* dialog = studio.find<SaveDialog>("saveDialog");
    QVERIFY(dialog);
    dialog->setTarget(SaveTarget::Http);
    dialog->findChild<QPushButton*>(QStringLiteral("saveDialog.receiver"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(dialog->form().request().url.startsWith(QStringLiteral("http://127.0.0.1:")), kPatienceMs);
    QSignalSpy answered(&studio.window->saver(), &SaveController::answered);
    dialog->findChild<QPushButton*>(QStringLiteral("saveDialog.save"))->click();
    QVERIFY(answered.wait(kPatienceMs));
    QCOMPARE(answered.front().front().value<SaveResult>().httpStatus, 200);

    QPushButton* show = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((show = buttonWith(*studio.window, QStringLiteral("Show answer"))) != nullptr,
                             kPatienceMs);
    show->click();
    auto* text = studio.find<QPlainTextEdit>("answerDialog.text");
    QVERIFY(text);
    QVERIFY2(text->toPlainText().contains(QStringLiteral("Content-Type"), Qt::CaseInsensitive),
             qPrintable(text->toPlainText()));
    bool isThere = false;
    studio.stores.run(
        this, [](ModelLibrary& library) { return library.list().size(); },
        [&](const Outcome<std::size_t>& outcome) { isThere = outcome.isOk() && outcome.value() == 1; });
    QTRY_VERIFY_WITH_TIMEOUT(isThere, kPatienceMs);
    qputenv("PATH", path);
  }

  /// Models are opened from the catalog while the tabs are hidden behind it.
  void tabsOpenedBehindTheCatalogAreWhole() {
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    studio.window->layouts().apply(LayoutKind::Catalog);
    for (const char* key : {"iris", "digits"}) studio.window->opener().openTemplate(QLatin1String(key));
    studio.window->layouts().apply(LayoutKind::Design);
    auto* tabs = studio.find<QTabBar>("documents.tabs");
    QTRY_VERIFY2_WITH_TIMEOUT(tabs->width() >= tabs->sizeHint().width(), qPrintable(QString::number(tabs->width())),
                              kPatienceMs);
    QVERIFY(tabs->tabRect(0).width() > 80 && tabs->tabRect(2).right() <= tabs->width());
  }

  void changesAreStarredAndSurviveARoundTrip_data() {
    QTest::addColumn<QString>("scheme");
    QTest::newRow("folder") << QString();
    QTest::newRow("indexeddb") << QStringLiteral("indexeddb://moons");
    QTest::newRow("localstorage") << QStringLiteral("localstorage://moons");
  }

  void changesAreStarredAndSurviveARoundTrip() {
    QFETCH(QString, scheme);
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    QVERIFY(!studio.window->isWindowModified());
    QVERIFY(studio.addLayer());
    QVERIFY(studio.current().isModified());
    QVERIFY(studio.window->isWindowModified());
    const QString url = scheme.isEmpty() ? studio.home.filePath(QStringLiteral("models/moons")) : scheme;
    bool isSaved = false;
    studio.window->saver().perform(studio.current(), requestFor(url, QStringLiteral("moons")),
                                   [&](bool ok) { isSaved = ok; });
    QTRY_VERIFY_WITH_TIMEOUT(isSaved, kPatienceMs);
    QVERIFY(!studio.current().isModified());
    QVERIFY(!studio.window->isWindowModified());
    QVERIFY(studio.window->windowTitle().startsWith(QStringLiteral("moons")));

    const Graph before = studio.current().state().graph;
    const QString savedUrl = studio.current().document().url();
    studio.window->workspace().close(&studio.current());
    QSignalSpy opened(&studio.window->opener(), &OpenController::opened);
    studio.window->opener().open(savedUrl);
    QVERIFY(opened.wait(kPatienceMs));
    const Graph& after = studio.current().state().graph;
    QCOMPARE(after.layers.size(), before.layers.size());
    for (std::size_t i = 0; i < before.layers.size(); ++i) {
      QCOMPARE(after.layers[i].className, before.layers[i].className);
      QCOMPARE(after.layers[i].name, before.layers[i].name);
    }
    QVERIFY(!studio.current().isModified());
    QVERIFY(studio.settings.recentPlaces().contains(savedUrl));
  }

  void aFailedSaveKeepsTheStar() {
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    QVERIFY(studio.addLayer());
    studio.window->saver().perform(studio.current(),
                                   requestFor(QStringLiteral("/proc/nowhere/moons"), QStringLiteral("moons")));
    ErrorDialog* dialog = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((dialog = studio.find<ErrorDialog>("errorDialog")) != nullptr, kPatienceMs);
    QVERIFY(studio.current().isModified());
    QVERIFY(studio.find<QPushButton>("errorDialog.elsewhere"));
    dialog->reject();
  }

  void closePromptGivesThreeWays_data() {
    QTest::addColumn<QString>("button");
    QTest::addColumn<bool>("closes");
    QTest::newRow("cancel") << QStringLiteral("closePrompt.cancel") << false;
    QTest::newRow("discard") << QStringLiteral("closePrompt.discard") << true;
  }

  void closePromptGivesThreeWays() {
    QFETCH(QString, button);
    QFETCH(bool, closes);
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    QVERIFY(studio.addLayer());
    studio.window->close();
    QVERIFY(studio.window->isVisible());
    auto* choice = studio.window->findChild<QPushButton*>(button);
    QVERIFY(choice);
    choice->click();
    if (closes)
      QTRY_VERIFY_WITH_TIMEOUT(!studio.window->isVisible(), kPatienceMs);
    else {
      QTest::qWait(50);
      QVERIFY(studio.window->isVisible());
      QVERIFY(studio.current().isModified());
    }
  }

  void closingAsksWhileTraining() {
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    studio.trigger(ActionId::Train);
    QTRY_COMPARE_WITH_TIMEOUT(studio.current().session().state(), TrainingSession::State::Running, kPatienceMs);
    studio.window->close();
    QVERIFY(studio.window->isVisible());
    auto* discard = studio.find<QPushButton>("closePrompt.discard");
    QVERIFY(discard);
    discard->click();
    QTRY_VERIFY_WITH_TIMEOUT(!studio.window->isVisible(), kPatienceMs);
  }

  void savingFromThePromptCloses() {
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    bool isSaved = false;
    studio.window->saver().perform(studio.current(),
                                   requestFor(QStringLiteral("indexeddb://moons"), QStringLiteral("moons")),
                                   [&](bool ok) { isSaved = ok; });
    QTRY_VERIFY_WITH_TIMEOUT(isSaved, kPatienceMs);
    QVERIFY(studio.addLayer());
    studio.window->close();
    auto* save = studio.find<QPushButton>("closePrompt.save");
    QVERIFY(save);
    save->click();
    QTRY_VERIFY_WITH_TIMEOUT(!studio.window->isVisible(), kPatienceMs);
  }
};

QTEST_MAIN(tst_OpenSave)
#include "tst_OpenSave.moc"

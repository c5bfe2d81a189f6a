// Documents that are open follow what the catalog does with their models, and save without a question afterwards.
#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/PlacesList.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/main/Layouts.h"
#include "ui/main/OpenController.h"
#include "ui/main/SaveController.h"
#include "ui/main/Workspace.h"

#include <QAbstractItemView>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

const QString kMoons = QStringLiteral("indexeddb://moons");

/// Saves the sample there, with a layer that is not saved yet.
bool openSaved(Studio& studio, const QString& url) {
  studio.window->start({}, QStringLiteral("twoMoons"));
  SaveRequest request;
  request.name = QStringLiteral("moons");
  request.url = url;
  studio.window->saver().perform(studio.current(), request);
  return studio.waitForStores() && studio.current().document().url() == parsePlace(url).url() && studio.addLayer();
}

/// Ctrl+S: true when it went there without a question.
bool savesTo(Studio& studio, const QString& url) {
  studio.trigger(ActionId::Save);
  return studio.waitForStores() && !studio.find<ErrorDialog>("errorDialog") && !studio.current().isModified() &&
         studio.current().document().url() == url;
}

}  // namespace

class tst_OpenModels : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void followsAMove() {
    Studio studio;
    QVERIFY(openSaved(studio, kMoons));
    const QString folder = studio.home.filePath(QStringLiteral("models"));
    QVERIFY(QDir().mkpath(folder));
    CatalogController& catalog = studio.window->catalog();
    catalog.transfer({kMoons}, folder, true);
    const QString moved = parsePlace(folder + QStringLiteral("/moons")).url();
    QTRY_COMPARE_WITH_TIMEOUT(studio.current().document().url(), moved, kPatienceMs);
    QVERIFY(studio.waitForStores());
    QVERIFY(savesTo(studio, moved));
    ModelLibrary library(studio.home.filePath(QStringLiteral("store.sqlite")));
    QVERIFY(!library.contains(kMoons));

    QVERIFY(studio.addLayer());
    catalog.undoStack().undo();
    QTRY_COMPARE_WITH_TIMEOUT(studio.current().document().url(), kMoons, kPatienceMs);
    QVERIFY(studio.waitForStores());
    QVERIFY(savesTo(studio, kMoons));
    QVERIFY(!library.contains(moved));
  }

  void aRenamedPairIsItsOwn() {
    Studio studio;
    const QString pair = studio.home.filePath(QStringLiteral("moons.json"));
    QVERIFY(openSaved(studio, pair));
    studio.window->catalog().rename(parsePlace(pair).url(), QStringLiteral("suns"));
    const QString renamed = parsePlace(studio.home.filePath(QStringLiteral("suns.json"))).url();
    QTRY_COMPARE_WITH_TIMEOUT(studio.current().document().url(), renamed, kPatienceMs);
    QVERIFY(studio.waitForStores());
    QVERIFY(savesTo(studio, renamed));
  }

  void aRestoredModelIsItsOwn() {
    Studio studio;
    const QString folder = studio.home.filePath(QStringLiteral("moons"));
    QVERIFY(openSaved(studio, folder));
    const QString url = studio.current().document().url();
    CatalogController& catalog = studio.window->catalog();
    catalog.remove({url});
    QVERIFY(studio.waitForStores());
    QVERIFY(!QFileInfo::exists(folder));
    catalog.undoStack().undo();
    QVERIFY(studio.waitForStores() && studio.waitForStores());
    QVERIFY(savesTo(studio, url));
  }

  void whatIsDeletedAgainIsUnsavedAgain() {
    Studio studio;
    QVERIFY(openSaved(studio, kMoons) && savesTo(studio, kMoons));
    CatalogController& catalog = studio.window->catalog();
    catalog.remove({kMoons});
    QVERIFY(studio.waitForStores());
    QVERIFY(studio.current().isModified());
    catalog.undoStack().undo();
    QVERIFY(studio.waitForStores() && studio.waitForStores());
    QVERIFY(savesTo(studio, kMoons));
    catalog.undoStack().redo();
    QVERIFY(studio.waitForStores());
    QVERIFY(studio.current().isModified());
  }

  /// While a change is under way its step is still to come: undo would take back the one before.
  void undoWaitsForTheChangeUnderWay() {
    Studio studio;
    QVERIFY(openSaved(studio, kMoons));
    studio.window->show();
    CatalogController& catalog = studio.window->catalog();
    catalog.rename(kMoons, QStringLiteral("suns"));
    QVERIFY(studio.waitForStores());
    const int steps = catalog.undoStack().index();
    QVERIFY(QTest::qWaitForWindowActive(studio.window.get()));
    studio.window->layouts().apply(LayoutKind::Catalog);
    auto* places = studio.window->findChild<PlacesList*>()->findChild<QAbstractItemView*>();
    places->setFocus();
    QTRY_VERIFY_WITH_TIMEOUT(places->hasFocus() && studio.window->actions()[ActionId::Undo]->isEnabled(), kPatienceMs);
    Gate gate(studio);
    catalog.remove({QStringLiteral("indexeddb://suns")});
    QVERIFY(catalog.isChanging() && catalog.isWorking());
    studio.trigger(ActionId::Undo);
    QCOMPARE(catalog.undoStack().index(), steps);
    gate.open();
    QVERIFY(studio.waitForStores());
    QVERIFY(!catalog.isWorking());
    QCOMPARE(catalog.undoStack().index(), steps + 1);
  }

  void aModelAskedForTwiceIsOneTab() {
    Studio studio;
    ModelLibrary(studio.home.filePath(QStringLiteral("store.sqlite")))
        .save(kMoons, artifactsFromDocument(makeTemplate(QStringLiteral("twoMoons"))));
    studio.window->start({}, QStringLiteral("xor"));
    studio.window->opener().open(kMoons);
    studio.window->opener().open(kMoons);
    QVERIFY(studio.waitForStores());
    QCOMPARE(studio.window->workspace().documents().size(), std::size_t(2));
  }
};

QTEST_MAIN(tst_OpenModels)
#include "tst_OpenModels.moc"

// What is done to saved models from the catalog, and taken back.
#include "tests/support/Patience.h"
#include "tests/ui/catalog/CatalogFixture.h"
#include "ui/catalog/CatalogQuestions.h"
#include "ui/catalog/PlacesList.h"
#include "ui/catalog/PlacesView.h"
#include "ui/dialogs/ErrorDialog.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDragMoveEvent>
#include <QHeaderView>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

const QString kLocal = QStringLiteral("localstorage");

}  // namespace

class tst_CatalogActions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }
  void cleanup() { QApplication::clipboard()->clear(); }

  void deleteIsAStep();
  void renameIsAStep();
  void namesWithSlashes();
  void moveIsAStep();
  void replaceIsAStep();
  void twoOfOneNameBothArrive_data();
  void twoOfOneNameBothArrive();
  void oddNamesStayInTheFolder();
  void restoreIsAStep();
  void restoringSeveralVersionsIsAStep();
  void aFailedRestoreReplacesNothing();
  void emptyingTakesOnlyWhatWasCounted();
  void restoreAsksWhereANameIsTaken();
  void stepsInARow();
  void failuresSayHowFar();
  void takenNames_data();
  void takenNames();
  void oneAnswerForAll();
  void clipboardCopiesAndMoves();
  void copyBesideTheOriginal();
  void dragFollowsTheFileManager_data();
  void dragFollowsTheFileManager();
  void dropOnTrashDeletes();
  void keysOfTheTable();
  void selectionRowActsOnAll();
  void tilesSelect();
  void namesKeepTheirRoom();
  void aRenamedModelStaysChosen();
  void emptiedTrashEndsTheSteps();

 private:
  static QPushButton* button(Catalog& catalog, const char* name) {
    return catalog.window.findChild<QPushButton*>(QString::fromLatin1(name));
  }
};

void tst_CatalogActions::deleteIsAStep() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  QSignalSpy done(catalog.controller, &CatalogController::done);
  catalog.controller->remove({kMoons});
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.has(kMoons));
  QCOMPARE(done.size(), 1);
  QCOMPARE(done[0][0].toString(), QStringLiteral("Deleted moons. It stays in the Trash for 30 days."));
  QCOMPARE(catalog.steps().undoText(), QStringLiteral("delete moons"));
  for (int round = 0; round < 2; ++round) {
    catalog.steps().undo();
    QVERIFY(settle(catalog));
    QVERIFY(catalog.has(kMoons) && catalog.controller->trash().empty());
    catalog.steps().redo();
    QVERIFY(settle(catalog));
    QVERIFY(!catalog.has(kMoons) && catalog.controller->trash().size() == 1);
  }
}

void tst_CatalogActions::renameIsAStep() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models"));
  catalog.settings.setFolders({folder});
  const QString url = parsePlace(folder + QStringLiteral("/two moons")).url();
  QVERIFY(catalog.keep(url) && settle(catalog));
  QVERIFY(catalog.has(url));
  QSignalSpy renamed(catalog.controller, &CatalogController::renamed);
  const QModelIndex index = catalog.model().index(catalog.model().rowOf(url), CatalogModel::Name);
  QVERIFY(catalog.model().setData(index, QStringLiteral("mond & sterne"), Qt::EditRole));
  QVERIFY(settle(catalog));
  const QString newUrl = parsePlace(folder + QStringLiteral("/mond & sterne")).url();
  QVERIFY(catalog.has(newUrl) && !catalog.has(url));
  QCOMPARE(renamed[0][1].toString(), newUrl);
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(url) && !catalog.has(newUrl));
  QCOMPARE(renamed[1][1].toString(), url);
  catalog.steps().redo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(newUrl));
}

/// As TensorFlow.js takes them; a folder's name has none.
void tst_CatalogActions::namesWithSlashes() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models"));
  catalog.settings.setFolders({folder});
  const QString url = QStringLiteral("indexeddb://class/moons"), newUrl = QStringLiteral("indexeddb://class/luna");
  QVERIFY(catalog.keep(url) && settle(catalog));
  catalog.controller->rename(url, QStringLiteral("class/luna"));
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(newUrl) && !catalog.has(url));
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(url) && !catalog.has(newUrl));
  catalog.controller->transfer({url}, folder, false);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(parsePlace(folder + QStringLiteral("/class-moons")).url()));
  catalog.controller->transfer({url}, QStringLiteral("localstorage"), false);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(QStringLiteral("localstorage://class/moons")));
}

void tst_CatalogActions::moveIsAStep() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  const QString there = QStringLiteral("localstorage://moons");
  catalog.controller->transfer({kMoons}, kLocal, true);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(there) && !catalog.has(kMoons));
  QCOMPARE(catalog.steps().undoText(), QStringLiteral("move moons"));
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.has(there) && catalog.has(kMoons));
  catalog.steps().redo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(there) && !catalog.has(kMoons));
}

/// The model replaced comes back with Undo, byte for byte.
void tst_CatalogActions::replaceIsAStep() {
  Catalog catalog;
  const QString there = QStringLiteral("localstorage://moons");
  QVERIFY(catalog.keep(kMoons) && catalog.keep(there, "iris") && settle(catalog));
  const auto bytesThere = [&] { return catalog.model().entry(catalog.model().rowOf(there)).info.totalBytes(); };
  const std::int64_t before = bytesThere();
  catalog.controller->transfer({kMoons}, kLocal, false);
  QTRY_VERIFY_WITH_TIMEOUT(button(catalog, "nameTakenDialog.replace"), kPatienceMs);
  button(catalog, "nameTakenDialog.replace")->click();
  QVERIFY(settle(catalog));
  QVERIFY(bytesThere() != before && catalog.controller->trash().size() == 1);
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QCOMPARE(bytesThere(), before);
  catalog.steps().redo();
  QVERIFY(settle(catalog));
  QVERIFY(bytesThere() != before);
}

void tst_CatalogActions::twoOfOneNameBothArrive_data() {
  QTest::addColumn<bool>("isMove");
  QTest::newRow("copy") << false;
  QTest::newRow("move") << true;
}

/// "Replace, for all" replaces what was there, and not the first by the second.
void tst_CatalogActions::twoOfOneNameBothArrive() {
  QFETCH(bool, isMove);
  Catalog catalog;
  const QString a = catalog.folder(QStringLiteral("A")), b = catalog.folder(QStringLiteral("B"));
  catalog.settings.setFolders({a, b});
  const QString one = parsePlace(a + QStringLiteral("/moons")).url(),
                two = parsePlace(b + QStringLiteral("/moons")).url();
  QVERIFY(catalog.keep(one) && catalog.keep(two, "iris") && catalog.keep(kMoons, "digits") && settle(catalog));
  catalog.controller->transfer({one, two}, QStringLiteral("indexeddb"), isMove);
  QTRY_VERIFY_WITH_TIMEOUT(button(catalog, "nameTakenDialog.replace"), kPatienceMs);
  catalog.window.findChild<QCheckBox*>(QStringLiteral("nameTakenDialog.forAll"))->setChecked(true);
  button(catalog, "nameTakenDialog.replace")->click();
  QVERIFY(settle(catalog));
  const auto layers = [&](const QString& url) {
    const int row = catalog.model().rowOf(url);
    return row < 0 ? 0 : catalog.model().entry(row).layerCount;
  };
  const QString second = QStringLiteral("indexeddb://moons-2");
  const int moons = layers(kMoons), iris = layers(second);
  QVERIFY(moons > 0 && iris > 0);
  QCOMPARE(catalog.has(one), !isMove);
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(one) && catalog.has(two) && !catalog.has(second));
  QVERIFY(layers(kMoons) != moons);  // digits again
}

void tst_CatalogActions::oddNamesStayInTheFolder() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("A"));
  catalog.settings.setFolders({folder});
  QStringList urls;
  for (const char* name : {"..", ".hidden", "model.json", "a.zip"}) {
    urls << QStringLiteral("indexeddb://") + QLatin1String(name);
    QVERIFY(catalog.keep(urls.back()));
  }
  QVERIFY(settle(catalog));
  catalog.controller->transfer(urls, folder, true);
  QVERIFY(settle(catalog));
  for (const char* name : {"model", "hidden", "model-json", "a-zip"})
    QVERIFY2(catalog.has(parsePlace(folder + QLatin1Char('/') + QLatin1String(name)).url()), name);
  QCOMPARE(QDir(catalog.home.path()).entryList({QStringLiteral("model.json")}), QStringList());
}

void tst_CatalogActions::restoringSeveralVersionsIsAStep() {
  Catalog catalog;
  for (const char* version : {"iris", "digits", "twoMoons"}) {
    QVERIFY(catalog.keep(kMoons, version));
    QVERIFY(catalog.work([](ModelLibrary& library) { library.remove(kMoons); }));
  }
  QVERIFY(catalog.keep(kMoons, "xor") && settle(catalog));
  const auto layers = [&] { return catalog.model().entry(catalog.model().rowOf(kMoons)).parameters; };
  const std::int64_t before = layers();
  QCOMPARE(catalog.controller->trash().size(), std::size_t(3));
  catalog.controller->restore(catalog.trashIds(), true);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(kMoons) && layers() != before);
  QCOMPARE(catalog.controller->trash().size(), std::size_t(3));
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(kMoons));
  QCOMPARE(layers(), before);
  QCOMPARE(catalog.controller->trash().size(), std::size_t(3));
}

void tst_CatalogActions::aFailedRestoreReplacesNothing() {
  Catalog catalog;
  const QString url = QStringLiteral("localstorage://moons");
  QVERIFY(catalog.keep(url, "digits"));
  QVERIFY(catalog.work([url](ModelLibrary& library) { library.remove(url); }));
  QVERIFY(catalog.keep(url) && settle(catalog));
  QVERIFY(catalog.work([](ModelLibrary& library) {
    const QString local = QStringLiteral("localstorage");
    library.setQuota(local, library.usage(local).used + 100);
  }));
  catalog.controller->restore(catalog.trashIds(), true);
  QTRY_VERIFY_WITH_TIMEOUT(catalog.window.findChild<ErrorDialog*>(), kPatienceMs);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(url));
  QCOMPARE(catalog.controller->trash().size(), std::size_t(1));
}

/// What came to the Trash after the question stays, and so do the steps that bring it back.
void tst_CatalogActions::emptyingTakesOnlyWhatWasCounted() {
  Catalog catalog;
  const QString other = QStringLiteral("indexeddb://other");
  QVERIFY(catalog.keep(kMoons) && catalog.keep(other));
  QVERIFY(catalog.work([](ModelLibrary& library) { library.remove(kMoons); }) && settle(catalog));
  const QStringList counted = catalog.trashIds();
  catalog.controller->remove({other});
  catalog.controller->emptyTrash(counted);
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.controller->trash().size(), std::size_t(1));
  QVERIFY(catalog.steps().canUndo());
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(other));
}

void tst_CatalogActions::restoreIsAStep() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons));
  QVERIFY(catalog.work([](ModelLibrary& library) { library.remove(kMoons); }) && settle(catalog));
  QCOMPARE(catalog.controller->trash().size(), std::size_t(1));
  catalog.controller->restore({catalog.controller->trash()[0].id});
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(kMoons));
  QCOMPARE(catalog.steps().undoText(), QStringLiteral("restore moons"));
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.has(kMoons));
}

void tst_CatalogActions::restoreAsksWhereANameIsTaken() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons));
  QVERIFY(catalog.work([](ModelLibrary& library) {
    const ModelArtifacts iris = artifactsFromDocument(makeTemplate(QStringLiteral("iris")));
    library.remove(kMoons);
    library.save(kMoons, iris);
  }));
  QVERIFY(settle(catalog));
  const auto size = [&] { return catalog.model().entry(catalog.model().rowOf(kMoons)).parameters; };
  const auto mine = size();
  catalog.controller->restore({catalog.controller->trash()[0].id});
  QPushButton* replace = nullptr;
  QTRY_VERIFY_WITH_TIMEOUT((replace = catalog.window.findChild<QPushButton*>(QStringLiteral("errorDialog.replace"))),
                           kPatienceMs);
  QCOMPARE(size(), mine);
  replace->click();
  QTRY_VERIFY_WITH_TIMEOUT(settle(catalog) && size() != mine, kPatienceMs);
  QCOMPARE(catalog.controller->trash().size(), std::size_t(1));  // what was there
  catalog.steps().undo();
  QTRY_VERIFY_WITH_TIMEOUT(settle(catalog) && size() == mine, kPatienceMs);
}

/// Pressed faster than the stores work: each step still finds what the one before left.
void tst_CatalogActions::stepsInARow() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  catalog.controller->transfer({kMoons}, kLocal, false);
  QVERIFY(settle(catalog));
  catalog.controller->remove({kMoons});
  QVERIFY(settle(catalog));
  catalog.controller->rename(QStringLiteral("localstorage://moons"), QStringLiteral("luna"));
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.steps().count(), 3);
  for (int i = 0; i < 3; ++i) catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(kMoons) && catalog.model().rowCount() == 1);
  for (int i = 0; i < 3; ++i) catalog.steps().redo();
  catalog.steps().undo();
  catalog.steps().redo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(QStringLiteral("localstorage://luna")) && catalog.model().rowCount() == 1);
}

void tst_CatalogActions::failuresSayHowFar() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  catalog.controller->remove({kMoons, QStringLiteral("indexeddb://gone")});
  QTRY_VERIFY_WITH_TIMEOUT(catalog.window.findChild<QDialog*>(), kPatienceMs);
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.has(kMoons));
  QCOMPARE(catalog.steps().count(), 1);  // what was done can be undone
  catalog.window.findChild<QDialog*>()->close();
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(kMoons));
}

void tst_CatalogActions::takenNames_data() {
  QTest::addColumn<QString>("answer");
  QTest::addColumn<QStringList>("there");
  QTest::addColumn<int>("inTrash");
  const QString moons = QStringLiteral("localstorage://moons"), second = QStringLiteral("localstorage://moons-2");
  QTest::newRow("keep both") << QStringLiteral("keepBoth") << QStringList{moons, second} << 0;
  QTest::newRow("replace") << QStringLiteral("replace") << QStringList{moons} << 1;
  QTest::newRow("skip") << QStringLiteral("skip") << QStringList{moons} << 0;
}

void tst_CatalogActions::takenNames() {
  QFETCH(QString, answer);
  QFETCH(QStringList, there);
  QFETCH(int, inTrash);
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(QStringLiteral("localstorage://moons"), "iris") && settle(catalog));
  catalog.controller->transfer({kMoons}, kLocal, false);
  const QByteArray name = "nameTakenDialog." + answer.toLatin1();
  QTRY_VERIFY_WITH_TIMEOUT(button(catalog, name), kPatienceMs);
  QVERIFY(!catalog.window.findChild<QCheckBox*>(QStringLiteral("nameTakenDialog.forAll"))->isVisible());
  button(catalog, name)->click();
  QVERIFY(settle(catalog));
  QStringList found;
  for (int row = 0; row < catalog.model().rowCount(); ++row)
    if (catalog.model().place(row) == kLocal) found << catalog.model().entry(row).url;
  found.sort();
  QCOMPARE(found, there);
  QCOMPARE(int(catalog.controller->trash().size()), inTrash);
}

void tst_CatalogActions::oneAnswerForAll() {
  Catalog catalog;
  QStringList urls;
  for (const char* name : {"a", "b", "c"}) {
    urls << QStringLiteral("indexeddb://") + QLatin1String(name);
    QVERIFY(catalog.keep(urls.back()) && catalog.keep(QStringLiteral("localstorage://") + QLatin1String(name), "iris"));
  }
  QVERIFY(settle(catalog));
  catalog.controller->transfer(urls, kLocal, false);
  QTRY_VERIFY_WITH_TIMEOUT(button(catalog, "nameTakenDialog.skip"), kPatienceMs);
  button(catalog, "nameTakenDialog.skip")->click();  // a
  auto* second = static_cast<QCheckBox*>(nullptr);
  QTRY_VERIFY_WITH_TIMEOUT(
      (second = catalog.window.findChild<NameTakenDialog*>(QString(), Qt::FindDirectChildrenOnly)
                    ? catalog.window.findChildren<QCheckBox*>(QStringLiteral("nameTakenDialog.forAll")).back()
                    : nullptr),
      kPatienceMs);
  second->setChecked(true);
  catalog.window.findChildren<QPushButton*>(QStringLiteral("nameTakenDialog.keepBoth")).back()->click();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(QStringLiteral("localstorage://b-2")) && catalog.has(QStringLiteral("localstorage://c-2")));
  QVERIFY(!catalog.has(QStringLiteral("localstorage://a-2")));
}

void tst_CatalogActions::clipboardCopiesAndMoves() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models"));
  catalog.settings.setFolders({folder});
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  catalog.select({kMoons});
  QTest::keySequence(&catalog.table(), QKeySequence::Copy);
  catalog.page->places()->choose(kLocal);
  QTest::keySequence(&catalog.table(), QKeySequence::Paste);
  QVERIFY(settle(catalog));
  const QString copied = QStringLiteral("localstorage://moons");
  QVERIFY(catalog.has(copied) && catalog.has(kMoons));

  catalog.select({copied});
  QTest::keySequence(&catalog.table(), QKeySequence::Cut);
  const QModelIndex cut = catalog.model().index(catalog.model().rowOf(copied), 0);
  QVERIFY(cut.data(CatalogModel::DimmedRole).toBool());
  catalog.page->places()->choose(folder);
  QTest::keySequence(&catalog.table(), QKeySequence::Paste);
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.has(copied) && catalog.has(parsePlace(folder + QStringLiteral("/moons")).url()));

  QSignalSpy noted(catalog.controller, &CatalogController::noted);
  QTest::keySequence(&catalog.table(), QKeySequence::Paste);  // what was cut is pasted once
  QCOMPARE(noted.size(), 1);
}

void tst_CatalogActions::copyBesideTheOriginal() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  catalog.controller->transfer({kMoons}, QStringLiteral("indexeddb"), false);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(kMoons) && catalog.has(QStringLiteral("indexeddb://moons-2")));
}

void tst_CatalogActions::dragFollowsTheFileManager_data() {
  QTest::addColumn<bool>("isToFolder");
  QTest::addColumn<int>("modifiers");
  QTest::addColumn<bool>("isMove");
  QTest::newRow("across stores copies") << false << int(Qt::NoModifier) << false;
  QTest::newRow("across stores, Shift moves") << false << int(Qt::ShiftModifier) << true;
  QTest::newRow("within a store moves") << true << int(Qt::NoModifier) << true;
  QTest::newRow("within a store, Ctrl copies") << true << int(Qt::ControlModifier) << false;
}

void tst_CatalogActions::dragFollowsTheFileManager() {
  QFETCH(bool, isToFolder);
  QFETCH(int, modifiers);
  QFETCH(bool, isMove);
  Catalog catalog;
  const QString from = catalog.folder(QStringLiteral("Models")), to = catalog.folder(QStringLiteral("Class 7b"));
  catalog.settings.setFolders({from, to});
  const QString url = parsePlace(from + QStringLiteral("/moons")).url();
  QVERIFY(catalog.keep(url));
  catalog.window.show();
  QVERIFY(settle(catalog));
  PlacesView& view = catalog.page->places()->view();
  const QString target = isToFolder ? to : kLocal;
  QListWidgetItem* item = nullptr;
  for (int row = 0; row < view.count(); ++row)
    if (view.item(row)->data(PlacesView::PlaceRole).toString() == target) item = view.item(row);
  QVERIFY(item);
  const std::unique_ptr<QMimeData> mime(makeModelMime({url}, false));
  const QPoint point = view.visualItemRect(item).center();
  const auto keys = Qt::KeyboardModifiers::fromInt(modifiers);
  QDragEnterEvent enter(point, Qt::CopyAction | Qt::MoveAction, mime.get(), Qt::LeftButton, keys);
  QApplication::sendEvent(view.viewport(), &enter);
  QVERIFY(enter.isAccepted());
  QDragMoveEvent over(point, Qt::CopyAction | Qt::MoveAction, mime.get(), Qt::LeftButton, keys);
  QApplication::sendEvent(view.viewport(), &over);
  QCOMPARE(over.dropAction(), isMove ? Qt::MoveAction : Qt::CopyAction);
  QCOMPARE(item->data(PlacesView::DropRole).toString(),
           isMove ? QStringLiteral("Move 1 here") : QStringLiteral("Copy 1 here"));
  QDropEvent drop(point, Qt::CopyAction | Qt::MoveAction, mime.get(), Qt::LeftButton, keys);
  QApplication::sendEvent(view.viewport(), &drop);
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.has(url), !isMove);
  QVERIFY(catalog.has(isToFolder ? parsePlace(to + QStringLiteral("/moons")).url()
                                 : QStringLiteral("localstorage://moons")));
}

void tst_CatalogActions::dropOnTrashDeletes() {
  Catalog catalog;
  catalog.window.show();
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  PlacesView& view = catalog.page->places()->view();
  const std::unique_ptr<QMimeData> mime(makeModelMime({kMoons}, false));
  const QPoint point = view.visualItemRect(view.item(view.count() - 1)).center();
  QDragEnterEvent enter(point, Qt::CopyAction | Qt::MoveAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(view.viewport(), &enter);
  QDropEvent drop(point, Qt::CopyAction | Qt::MoveAction, mime.get(), Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(view.viewport(), &drop);
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.has(kMoons) && catalog.controller->trash().size() == 1);
}

void tst_CatalogActions::keysOfTheTable() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(QStringLiteral("indexeddb://iris"), "iris") && settle(catalog));
  QSignalSpy opened(catalog.page, &CatalogPanel::openRequested);
  catalog.select({kMoons, QStringLiteral("indexeddb://iris")});
  QTest::keyClick(&catalog.table(), Qt::Key_Return);
  QCOMPARE(opened.size(), 2);
  QTest::keyClick(&catalog.table(), Qt::Key_F2);
  QVERIFY(catalog.table().findChild<QLineEdit*>());
  QTest::keyClick(catalog.table().findChild<QLineEdit*>(), Qt::Key_Escape);
  QTest::keyClick(&catalog.table(), Qt::Key_Delete);
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.model().rowCount(), 0);
  QCOMPARE(catalog.steps().undoText(), QStringLiteral("delete 2 models"));
}

void tst_CatalogActions::selectionRowActsOnAll() {
  Catalog catalog;
  const QStringList urls{kMoons, QStringLiteral("indexeddb://iris")};
  QVERIFY(catalog.keep(urls[0]) && catalog.keep(urls[1], "iris"));
  catalog.window.show();
  QVERIFY(settle(catalog));
  catalog.select(urls);
  QTRY_VERIFY_WITH_TIMEOUT(button(catalog, "catalogPage.copyTo")->isVisible(), kPatienceMs);
  button(catalog, "catalogPage.copyTo")->click();
  auto* list = catalog.window.findChild<QListWidget*>(QStringLiteral("placeDialog.list"));
  QVERIFY(list);
  list->setCurrentRow(1);
  button(catalog, "placeDialog.choose")->click();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(QStringLiteral("localstorage://moons")) && catalog.has(QStringLiteral("localstorage://iris")));
  QCOMPARE(catalog.steps().undoText(), QStringLiteral("copy 2 models"));
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.model().rowCount(), 2);
}

/// Tiles add rows to the selection without a key held; the one in the header takes all, then none.
void tst_CatalogActions::tilesSelect() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(QStringLiteral("indexeddb://iris"), "iris"));
  catalog.window.show();
  QVERIFY(settle(catalog));
  CatalogTable& table = catalog.table();
  const auto press = [&](int row) {
    const QRect rect = table.visualRect(table.model()->index(row, 0));
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, {rect.left() + 18, rect.center().y()});
  };
  press(0);
  press(1);
  QCOMPARE(table.selectedUrls().size(), 2);
  press(0);
  QCOMPARE(table.selectedUrls().size(), 1);
  QTest::mouseClick(table.horizontalHeader()->viewport(), Qt::LeftButton, {}, {18, 12});
  QVERIFY(table.selectedUrls().isEmpty());
  QTest::mouseClick(table.horizontalHeader()->viewport(), Qt::LeftButton, {}, {18, 12});
  QCOMPARE(table.selectedUrls().size(), 2);
}

/// In a narrow window other columns give way.
void tst_CatalogActions::namesKeepTheirRoom() {
  Catalog catalog;
  catalog.window.show();
  for (const int width : {1440, 1280, 1024}) {
    catalog.page->resize(width, 700);
    QVERIFY2(catalog.table().columnWidth(CatalogModel::Name) >= 120, qPrintable(QString::number(width)));
    QVERIFY(catalog.table().horizontalHeader()->length() <= catalog.table().viewport()->width());
  }
  catalog.page->resize(1440, 700);
  QVERIFY(!catalog.table().isColumnHidden(CatalogModel::Layers));
}

void tst_CatalogActions::aRenamedModelStaysChosen() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(QStringLiteral("indexeddb://iris"), "iris") && settle(catalog));
  catalog.select({kMoons});
  catalog.controller->rename(kMoons, QStringLiteral("luna"));
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.table().selectedUrls(), QStringList{QStringLiteral("indexeddb://luna")});
  QCOMPARE(catalog.table().currentEntry()->name, QStringLiteral("luna"));
}

void tst_CatalogActions::emptiedTrashEndsTheSteps() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  catalog.controller->remove({kMoons});
  QVERIFY(settle(catalog));
  catalog.controller->emptyTrash(catalog.trashIds());
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.steps().canUndo() && catalog.controller->trash().empty());
}

QTEST_MAIN(tst_CatalogActions)
#include "tst_CatalogActions.moc"

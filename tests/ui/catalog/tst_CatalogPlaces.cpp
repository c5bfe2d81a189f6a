// Folders that are watched and vanish, quotas, damaged models, and what the catalog shows while it has nothing to show.
#include "model/storage/browser/StoreDatabase.h"
#include "tests/support/ModelFixtures.h"
#include "tests/support/Patience.h"
#include "tests/ui/catalog/CatalogFixture.h"
#include "ui/catalog/PlacesList.h"
#include "ui/catalog/PlacesView.h"
#include "ui/widgets/QuotaBar.h"

#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QSpinBox>

using namespace layersmith;
using namespace layersmith::testing;

class tst_CatalogPlaces : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void changesAppearByThemselves();
  void savesInPlaceAppear_data();
  void savesInPlaceAppear();
  void theFocusBringsChanges();
  void restsWhenNothingChanges();
  void vanishedFolders();
  void vanishedFolderIsLocated();
  void quotasWarn_data();
  void quotasWarn();
  void quotaIsSettable();
  void freeUpShowsTheLargest();
  void damagedModelsStay();
  void checkReadsToTheLastByte();
  void aModelForOthersIsNotDamaged();
  void rawFilesAreExported();
  void emptyStates();
  void trashKeepsItsSelection();
  void rowsAppearAsFound();
  void trainedOnIsReadAfterwards();

 private:
  static void press(Catalog& catalog, const QString& place, const char* word) {
    PlacesView& view = catalog.page->places()->view();
    const QRect rect = view.wordRect(view.indexFromItem(catalog.placeRow(place)), QString::fromLatin1(word));
    QVERIFY2(!rect.isEmpty(), word);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, rect.center());
  }
  static QString urlIn(const QString& folder, const char* name) {
    return parsePlace(folder + QLatin1Char('/') + QLatin1String(name)).url();
  }
};

/// What other programs do to a folder or to the store shows without a refresh by hand.
void tst_CatalogPlaces::changesAppearByThemselves() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models"));
  catalog.settings.setFolders({folder});
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  ModelLibrary other(catalog.stores.storePath());
  const ModelArtifacts model = artifactsFromDocument(makeTemplate(QStringLiteral("iris")));
  other.save(urlIn(folder, "iris"), model);
  QTRY_VERIFY_WITH_TIMEOUT(catalog.has(urlIn(folder, "iris")), kPatienceMs);
  other.save(QStringLiteral("localstorage://iris"), model);
  QTRY_VERIFY_WITH_TIMEOUT(catalog.has(QStringLiteral("localstorage://iris")), kPatienceMs);
  other.remove(urlIn(folder, "iris"));
  QTRY_VERIFY_WITH_TIMEOUT(!catalog.has(urlIn(folder, "iris")), kPatienceMs);
  const auto bytes = [&] { return catalog.model().entry(catalog.model().rowOf(kMoons)).info.totalBytes(); };
  const std::int64_t before = bytes();
  SaveOptions options;
  options.overwrite = true;
  other.save(kMoons, model, options);
  QTRY_VERIFY_WITH_TIMEOUT(bytes() != before, kPatienceMs);
}

/// TensorFlow.js saves over a model in place, model.json before its weights: no folder tells of that.
void tst_CatalogPlaces::savesInPlaceAppear_data() {
  QTest::addColumn<QString>("json");
  QTest::addColumn<QString>("weights");
  QTest::newRow("folder") << QStringLiteral("moons/model.json") << QStringLiteral("moons/weights.bin");
  QTest::newRow("download pair") << QStringLiteral("moons.json") << QStringLiteral("moons.weights.bin");
}

void tst_CatalogPlaces::savesInPlaceAppear() {
  QFETCH(QString, json);
  QFETCH(QString, weights);
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models")), other = catalog.folder(QStringLiteral("Other"));
  const bool isPair = json == QStringLiteral("moons.json");
  const QString url = urlIn(folder, isPair ? "moons.json" : "moons");
  QVERIFY(catalog.keep(url) && catalog.keep(urlIn(other, isPair ? "moons.json" : "moons"), "iris"));
  catalog.settings.setFolders({folder});
  QVERIFY(settle(catalog));
  const auto entry = [&] { return catalog.model().entry(catalog.model().rowOf(url)); };
  const std::int64_t before = entry().parameters;
  const auto overwrite = [&](const QString& file) {
    QFile to(folder + QLatin1Char('/') + file);  // the same inode, the folder untouched
    QVERIFY(to.open(QIODevice::WriteOnly | QIODevice::Truncate));
    to.write(fixtures::bytesOf(other + QLatin1Char('/') + file));
  };
  overwrite(json);
  QTest::qWait(400);  // listed now, it would be damaged
  overwrite(weights);
  QTRY_VERIFY_WITH_TIMEOUT(entry().parameters != before && entry().problem.isEmpty(), kPatienceMs);
}

/// What no handle of the system's watches is seen when the person comes back to the window.
void tst_CatalogPlaces::theFocusBringsChanges() {
  Catalog catalog;
  QVERIFY(settle(catalog));
  QSignalSpy changed(catalog.controller, &CatalogController::changed);
  Q_EMIT qApp->applicationStateChanged(Qt::ApplicationActive);
  QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatienceMs);
}

/// Listing writes to the store what it found; that is no reason to list again and again.
void tst_CatalogPlaces::restsWhenNothingChanges() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models"));
  QVERIFY(catalog.keep(kMoons) && catalog.keep(urlIn(folder, "iris"), "iris"));
  catalog.settings.setFolders({folder});
  QVERIFY(settle(catalog));
  QSignalSpy changed(catalog.controller, &CatalogController::changed);
  const auto rests = [&] {
    changed.clear();
    QTest::qWait(2000);  // a late look at the folder may be due once, 1.5 s after its last change
    return changed.isEmpty();
  };
  QVERIFY(rests() || rests() || rests());
}

void tst_CatalogPlaces::vanishedFolders() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models")), away = catalog.home.filePath(QStringLiteral("Away"));
  catalog.settings.setFolders({folder});
  catalog.window.show();
  QVERIFY(catalog.keep(urlIn(folder, "moons")) && catalog.keep(kMoons) && settle(catalog));
  QVERIFY(catalog.has(urlIn(folder, "moons")));
  QVERIFY(QDir().rename(folder, away));
  QTRY_VERIFY_WITH_TIMEOUT(!catalog.controller->place(folder)->problem.isEmpty(), kPatienceMs);
  QVERIFY(
      catalog.model().index(catalog.model().rowOf(urlIn(folder, "moons")), 0).data(CatalogModel::DimmedRole).toBool());
  QVERIFY(catalog.has(kMoons));  // other places stay usable
  QVERIFY(QDir().rename(away, folder));
  QTRY_VERIFY_WITH_TIMEOUT(catalog.controller->place(folder)->problem.isEmpty(), kPatienceMs);  // it is back by itself
  QVERIFY(QDir().rename(folder, away) && settle(catalog));
  press(catalog, folder, "forget");
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.placeRow(folder) && !catalog.has(urlIn(folder, "moons")));
  QVERIFY(catalog.settings.folders().isEmpty());
}

void tst_CatalogPlaces::vanishedFolderIsLocated() {
  Catalog catalog;
  const QString found = catalog.folder(QStringLiteral("New place")), old = catalog.home.filePath(QStringLiteral("Old"));
  catalog.settings.setFolders({old});
  QVERIFY(catalog.keep(urlIn(found, "moons")));
  catalog.window.show();
  QVERIFY(settle(catalog));
  press(catalog, old, "locate");
  auto* dialog = catalog.window.findChild<QFileDialog*>();
  QVERIFY(dialog);
  Q_EMIT dialog->fileSelected(found);
  dialog->close();
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.settings.folders(), QStringList{found});
  QVERIFY(catalog.has(urlIn(found, "moons")) && !catalog.placeRow(old));
}

void tst_CatalogPlaces::quotasWarn_data() {
  QTest::addColumn<double>("fraction");
  QTest::addColumn<QByteArray>("token");
  QTest::newRow("roomy") << .5 << QByteArray("text2");
  QTest::newRow("below 80 %") << .799 << QByteArray("text2");
  QTest::newRow("80 %") << .80 << QByteArray("warning");
  QTest::newRow("95 %") << .95 << QByteArray("danger");
}

void tst_CatalogPlaces::quotasWarn() {
  QFETCH(double, fraction);
  QFETCH(QByteArray, token);
  QCOMPARE(QByteArray(quotaToken(fraction)), token);
  QImage image(100, 6, QImage::Format_ARGB32);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  paintQuotaBar(&painter, image.rect(), fraction);
  painter.end();
  QCOMPARE(image.pixelColor(20, 3), theme().color(token == "text2" ? "accent" : token.constData()));
}

void tst_CatalogPlaces::quotaIsSettable() {
  Catalog catalog;
  const QString local = QStringLiteral("localstorage");
  QVERIFY(catalog.keep(QStringLiteral("localstorage://moons")) && settle(catalog));
  QCOMPARE(catalog.controller->place(local)->usage.quota, std::int64_t(5'242'880));
  catalog.controller->setQuota(local, 12 * 1'048'576);
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.controller->place(local)->usage.quota, std::int64_t(12 * 1'048'576));
  QVERIFY(catalog.work([](ModelLibrary& library) {  // 6 MB of text fit now
    library.save(QStringLiteral("localstorage://large"), fixtures::sized(1'100'000));
  }));
  CatalogController again(catalog.stores, catalog.transfers, catalog.settings, catalog.window);
  QCOMPARE(catalog.settings.quota(local), qint64(12 * 1'048'576));
}

void tst_CatalogPlaces::freeUpShowsTheLargest() {
  Catalog catalog;
  const QString local = QStringLiteral("localstorage");
  QVERIFY(catalog.work([](ModelLibrary& library) {
    library.save(QStringLiteral("localstorage://large"), fixtures::sized(750'000));
    library.save(QStringLiteral("localstorage://middle"), fixtures::sized(100'000));
    library.save(QStringLiteral("localstorage://small"), fixtures::sized(10));
  }));
  catalog.window.show();
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.controller->largestOf(local, 2),
           (QStringList{QStringLiteral("localstorage://large"), QStringLiteral("localstorage://middle")}));
  QVERIFY2(catalog.placeRow(local)->toolTip().contains(QStringLiteral("large, 3 MB")),
           qPrintable(catalog.placeRow(local)->toolTip()));
  press(catalog, local, "largest");  // offered from 80 % on
  QCOMPARE(catalog.table().filter().place(), local);
  QCOMPARE(catalog.table().selectedUrls(), QStringList{QStringLiteral("localstorage://large")});
}

/// Its row stays, with a warning and what is wrong; the others are as ever.
void tst_CatalogPlaces::damagedModelsStay() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models"));
  catalog.settings.setFolders({folder});
  QVERIFY(catalog.keep(urlIn(folder, "moons")) && catalog.keep(urlIn(folder, "iris"), "iris"));
  QVERIFY(QFile::remove(folder + QStringLiteral("/moons/weights.bin")));
  catalog.window.show();
  QVERIFY(settle(catalog));
  const QModelIndex row = catalog.model().index(catalog.model().rowOf(urlIn(folder, "moons")), 0);
  QVERIFY2(row.data(CatalogModel::ProblemRole).toString().contains(QStringLiteral("weights.bin")),
           qPrintable(row.data(CatalogModel::ProblemRole).toString()));
  catalog.select({urlIn(folder, "moons")});
  auto* problem = catalog.window.findChild<QLabel*>(QStringLiteral("details.problem"));
  QTRY_VERIFY_WITH_TIMEOUT(problem->isVisible() && problem->text().contains(QStringLiteral("weights.bin")),
                           kPatienceMs);
  catalog.select({urlIn(folder, "iris")});
  QVERIFY(!problem->isVisible());
}

/// A flipped byte does not show in a list; Check finds it.
void tst_CatalogPlaces::checkReadsToTheLastByte() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models"));
  catalog.settings.setFolders({folder});
  const QString url = urlIn(folder, "moons");
  catalog.window.show();
  QVERIFY(catalog.keep(url) && settle(catalog));
  catalog.select({url});
  QSignalSpy checked(catalog.controller, &CatalogController::checked);
  auto* button = catalog.window.findChild<QPushButton*>(QStringLiteral("details.check"));
  auto* integrity = catalog.window.findChild<QLabel*>(QStringLiteral("details.integrity"));
  button->click();
  QVERIFY(checked.wait(kPatienceMs));
  QCOMPARE(checked[0][1].toString(), QString());
  QCOMPARE(integrity->text(), QStringLiteral("Nothing is missing"));

  QByteArray weights = fixtures::bytesOf(folder + QStringLiteral("/moons/weights.bin"));
  weights[7] = char(weights[7] ^ 1);
  fixtures::write(folder + QStringLiteral("/moons/weights.bin"), weights);
  button->click();
  QVERIFY(checked.wait(kPatienceMs));
  QVERIFY2(checked[1][1].toString().contains(QStringLiteral("weights.bin")), qPrintable(checked[1][1].toString()));
  QCOMPARE(integrity->text(), QStringLiteral("Damaged"));
  QVERIFY(catalog.window.findChild<QDialog*>());
}

void tst_CatalogPlaces::aModelForOthersIsNotDamaged() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models"));
  catalog.settings.setFolders({folder});
  QDir().mkpath(folder + QStringLiteral("/hub"));
  fixtures::write(folder + QStringLiteral("/hub/model.json"),
                  R"({"format":"graph-model","modelTopology":{"node":[]},"weightsManifest":[]})");
  catalog.window.show();
  QVERIFY(settle(catalog));
  catalog.select({urlIn(folder, "hub")});
  QSignalSpy checked(catalog.controller, &CatalogController::checked);
  catalog.controller->check(urlIn(folder, "hub"));
  QVERIFY(checked.wait(kPatienceMs));
  QVERIFY2(checked[0][1].toString().startsWith(QStringLiteral("This is a graph model.")),
           qPrintable(checked[0][1].toString()));
  QCOMPARE(catalog.window.findChild<QLabel*>(QStringLiteral("errorDialog.title"))->text(),
           QStringLiteral("hub cannot be opened here."));
  QCOMPARE(catalog.window.findChild<QLabel*>(QStringLiteral("details.integrity"))->text(),
           QStringLiteral("Cannot be opened here"));
}

/// The files, or the browser's records, of a model that cannot be opened.
void tst_CatalogPlaces::rawFilesAreExported() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models")), out = catalog.folder(QStringLiteral("out"));
  catalog.settings.setFolders({folder});
  const QString url = urlIn(folder, "moons");
  QVERIFY(catalog.keep(url) && catalog.keep(kMoons));
  const QByteArray weights = fixtures::bytesOf(folder + QStringLiteral("/moons/weights.bin"));
  fixtures::write(folder + QStringLiteral("/moons/model.json"), "{ this is no JSON");
  QVERIFY(settle(catalog));
  QSignalSpy noted(catalog.controller, &CatalogController::noted);
  catalog.controller->exportRaw(url, out);
  QVERIFY(settle(catalog));
  QCOMPARE(fixtures::bytesOf(out + QStringLiteral("/moons-raw/model.json")), QByteArray("{ this is no JSON"));
  QCOMPARE(fixtures::bytesOf(out + QStringLiteral("/moons-raw/weights.bin")), weights);
  catalog.controller->exportRaw(kMoons, out);
  QVERIFY(settle(catalog));
  const QByteArray dump = fixtures::bytesOf(out + QStringLiteral("/moons-raw-2/moons.json"));
  QVERIFY2(dump.contains("modelTopology"), dump.left(200).constData());
  QCOMPARE(noted.size(), 2);
}

void tst_CatalogPlaces::emptyStates() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models"));
  catalog.settings.setFolders({folder});
  catalog.page->setCurrentName(QStringLiteral("two-moons"));
  catalog.window.show();
  QVERIFY(settle(catalog));
  auto* button = catalog.window.findChild<QPushButton*>(QStringLiteral("catalogPage.saveHere"));
  auto* search = catalog.window.findChild<QLineEdit*>(QStringLiteral("catalogPage.search"));
  QVERIFY(button->isVisible());
  QCOMPARE(button->text(), QStringLiteral("Save two-moons here"));
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  QVERIFY(!button->isVisible() && catalog.table().isVisible());
  search->setText(QStringLiteral("nothing like it"));
  QCOMPARE(button->text(), QStringLiteral("Clear the search"));
  QVERIFY(button->isVisible());
  button->click();
  QVERIFY(catalog.table().isVisible());
  catalog.page->places()->choose(folder);
  QVERIFY(button->isVisible());
  QCOMPARE(button->text(), QStringLiteral("Save two-moons here"));
  QVERIFY(QDir(folder).removeRecursively() && settle(catalog));
  QCOMPARE(button->text(), QStringLiteral("Retry"));
  catalog.folder(QStringLiteral("Models"));
  button->click();
  QVERIFY(settle(catalog));
  QCOMPARE(button->text(), QStringLiteral("Save two-moons here"));
}

/// A refresh leaves the selection in the Trash alone; without anything in it, it says so.
void tst_CatalogPlaces::trashKeepsItsSelection() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(QStringLiteral("localstorage://iris"), "iris"));
  catalog.window.show();
  QVERIFY(settle(catalog));
  catalog.controller->remove({kMoons, QStringLiteral("localstorage://iris")});
  catalog.page->places()->choose(QStringLiteral("trash"));
  QVERIFY(settle(catalog));
  auto* table = catalog.window.findChild<QTableView*>(QStringLiteral("trash.table"));
  auto* restore = catalog.window.findChild<QPushButton*>(QStringLiteral("trash.restore"));
  table->selectRow(0);
  QVERIFY(settle(catalog));
  QVERIFY(table->isVisible() && table->selectionModel()->isRowSelected(0) && restore->isEnabled());
  table->selectAll();
  restore->click();
  QVERIFY(settle(catalog));
  QVERIFY(!table->isVisible() && !restore->isEnabled());
  QVERIFY(catalog.has(kMoons) && catalog.has(QStringLiteral("localstorage://iris")));
}

/// A place that is slow does not hold back those before it.
void tst_CatalogPlaces::rowsAppearAsFound() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons));
  QSignalSpy changed(catalog.controller, &CatalogController::changed);
  int rowsWhileListing = 0;
  connect(catalog.controller, &CatalogController::changed, this, [&] {
    const auto& places = catalog.controller->places();
    const auto store = std::ranges::find(places, QStringLiteral("indexeddb"), &CatalogPlace::key);
    if (!store->isListed) rowsWhileListing = std::max(rowsWhileListing, catalog.model().rowCount());
  });
  const QString folder = catalog.folder(QStringLiteral("Models"));
  QVERIFY(catalog.keep(urlIn(folder, "iris"), "iris"));
  catalog.settings.setFolders({folder});  // listed before the browser stores
  QVERIFY(settle(catalog));
  QCOMPARE(rowsWhileListing, 1);
  QCOMPARE(catalog.model().rowCount(), 2);
}

void tst_CatalogPlaces::trainedOnIsReadAfterwards() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(QStringLiteral("localstorage://digits"), "digits") && settle(catalog));
  const auto shown = [&](const QString& url) {
    return catalog.model().index(catalog.model().rowOf(url), CatalogModel::TrainedOn).data().toString();
  };
  QTRY_COMPARE_WITH_TIMEOUT(shown(kMoons), QStringLiteral("Two moons"), kPatienceMs);
  QTRY_COMPARE_WITH_TIMEOUT(shown(QStringLiteral("localstorage://digits")), QStringLiteral("Digits"), kPatienceMs);
}

QTEST_MAIN(tst_CatalogPlaces)
#include "tst_CatalogPlaces.moc"

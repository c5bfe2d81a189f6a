// "Trained on" and "Best score" of models on servers: read of what somebody sees, once, and gently.
#include "tests/support/Patience.h"
#include "tests/ui/catalog/CatalogFixture.h"
#include "tests/ui/catalog/ListingPeer.h"

#include <QScrollBar>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

QString trainedOn(Catalog& catalog, const QString& url) {
  const int row = catalog.model().rowOf(url);
  return row < 0 ? QString() : catalog.model().index(row, CatalogModel::TrainedOn).data().toString();
}

}  // namespace

class tst_CatalogFacts : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void ofModelsInSightAlone();
  void aRefreshReadsNothingAgain();
  void whatWasSavedAnewIsReadAgain();
  void oneThatIsMissingDoesNotEndIt();
  void aServerThatRefusesIsLeftAlone();
  void theDockAsksForNone();
  void detailsTellTheList();
};

/// Of 2,000 models a screen of them; a scroll brings the next, and never a weight.
void tst_CatalogFacts::ofModelsInSightAlone() {
  Catalog catalog;
  ListingPeer peer(2'000);
  catalog.settings.setServers({peer.address()});
  catalog.window.show();
  QTRY_COMPARE_WITH_TIMEOUT(trainedOn(catalog, peer.urlOf(0)), QStringLiteral("Two moons"), kPatienceMs);
  QVERIFY(settle(catalog));
  CatalogTable& table = catalog.table();
  const int inSight = table.viewport()->height() / table.rowHeight(0) + 1;
  QTRY_COMPARE_WITH_TIMEOUT(trainedOn(catalog, peer.urlOf(inSight - 2)), QStringLiteral("Two moons"), kPatienceMs);
  QVERIFY2(int(peer.read.size()) <= inSight + 1, qPrintable(QString::number(peer.read.size())));
  QCOMPARE(trainedOn(catalog, peer.urlOf(1'000)), QStringLiteral("–"));
  QCOMPARE(peer.read.front(), 0);  // from the top
  table.verticalScrollBar()->setValue(table.verticalScrollBar()->maximum());
  QTRY_COMPARE_WITH_TIMEOUT(trainedOn(catalog, peer.urlOf(1'999)), QStringLiteral("Two moons"), kPatienceMs);
  QVERIFY(settle(catalog));
  QVERIFY2(int(peer.read.size()) <= 2 * inSight + 2, qPrintable(QString::number(peer.read.size())));
  QCOMPARE(peer.others, 0);
}

void tst_CatalogFacts::aRefreshReadsNothingAgain() {
  Catalog catalog;
  ListingPeer peer(3);
  catalog.settings.setServers({peer.address()});
  catalog.window.show();
  for (int i = 0; i < 3; ++i)
    QTRY_COMPARE_WITH_TIMEOUT(trainedOn(catalog, peer.urlOf(i)), QStringLiteral("Two moons"), kPatienceMs);
  const int lists = peer.lists;
  catalog.controller->refresh();
  QTRY_VERIFY_WITH_TIMEOUT(peer.lists > lists, kPatienceMs);
  QVERIFY(settle(catalog));
  QCOMPARE(peer.read.size(), std::size_t(3));
}

void tst_CatalogFacts::whatWasSavedAnewIsReadAgain() {
  Catalog catalog;
  ListingPeer peer(2);
  catalog.settings.setServers({peer.address()});
  catalog.window.show();
  QTRY_COMPARE_WITH_TIMEOUT(peer.read.size(), std::size_t(2), kPatienceMs);
  QVERIFY(settle(catalog));
  peer.saved = peer.saved.addDays(1);
  catalog.controller->refresh();
  QTRY_VERIFY_WITH_TIMEOUT(std::ranges::count(peer.read, 0) == 2, kPatienceMs);
  QVERIFY(settle(catalog));
  QVERIFY(peer.read.size() <= 4);  // both have another date
}

void tst_CatalogFacts::oneThatIsMissingDoesNotEndIt() {
  Catalog catalog;
  ListingPeer peer(6);
  peer.missing = {1};
  catalog.settings.setServers({peer.address()});
  catalog.window.show();
  QTRY_COMPARE_WITH_TIMEOUT(trainedOn(catalog, peer.urlOf(5)), QStringLiteral("Two moons"), kPatienceMs);
  QVERIFY(settle(catalog));
  QCOMPARE(trainedOn(catalog, peer.urlOf(1)), QStringLiteral("–"));
  QCOMPARE(std::ranges::count(peer.read, 1), 1);
}

/// After the first refusal nothing more is asked, until somebody asks for the list.
void tst_CatalogFacts::aServerThatRefusesIsLeftAlone() {
  Catalog catalog;
  ListingPeer peer(20);
  peer.isClosed = true;
  catalog.settings.setServers({peer.address()});
  catalog.window.show();
  QTRY_VERIFY_WITH_TIMEOUT(!peer.read.empty(), kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(peer.lists >= 2, kPatienceMs);  // its list tells how it is
  QTest::qWait(1'000);
  QVERIFY(settle(catalog));
  QVERIFY2(peer.read.size() <= 4, qPrintable(QString::number(peer.read.size())));
}

/// It has no column for them.
void tst_CatalogFacts::theDockAsksForNone() {
  Catalog catalog;
  ListingPeer peer(3);
  CatalogPanel dock(*catalog.controller, CatalogPanel::Size::Dock);
  catalog.settings.setServers({peer.address()});
  dock.resize(360, 400);
  dock.show();
  QTRY_COMPARE_WITH_TIMEOUT(catalog.model().rowCount(), 3, kPatienceMs);
  QTest::qWait(500);
  QVERIFY(settle(catalog));
  QVERIFY(peer.read.empty());
}

/// What the details read anyway stands in the list, also in a window without the columns.
void tst_CatalogFacts::detailsTellTheList() {
  Catalog catalog;
  ListingPeer peer(3);
  catalog.page->resize(1'000, 700);
  catalog.settings.setServers({peer.address()});
  catalog.window.show();
  QTRY_COMPARE_WITH_TIMEOUT(catalog.model().rowCount(), 3, kPatienceMs);
  QVERIFY(settle(catalog));
  QVERIFY(peer.read.empty());
  catalog.select({peer.urlOf(2)});
  QTRY_COMPARE_WITH_TIMEOUT(trainedOn(catalog, peer.urlOf(2)), QStringLiteral("Two moons"), kPatienceMs);
  QCOMPARE(peer.read, std::vector<int>{2});
  catalog.page->resize(1'440, 700);
  QTRY_COMPARE_WITH_TIMEOUT(trainedOn(catalog, peer.urlOf(0)), QStringLiteral("Two moons"), kPatienceMs);
  QVERIFY(settle(catalog));
  QCOMPARE(peer.read.size(), std::size_t(3));  // the third is known
}

QTEST_MAIN(tst_CatalogFacts)
#include "tst_CatalogFacts.moc"

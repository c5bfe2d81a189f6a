// The details beside the list: of one model, of one that cannot be read now, of several.
#include "tests/support/Patience.h"
#include "tests/ui/catalog/CatalogFixture.h"
#include "tests/ui/catalog/ListingPeer.h"
#include "ui/catalog/CatalogQuestions.h"

#include <QLabel>
#include <QPushButton>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

const QString kIris = QStringLiteral("indexeddb://iris");

}  // namespace

class tst_CatalogDetails : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void keepsWhatItShowedWhileTheServerIsAway();
  void whatWasNotReadIsNoZero();
  void retryReadsAgain();
  void comesBackByItself();
  void theModelBeforeIsNotShown();
  void severalAreToldTogether();
  void actsOnSeveral();
  void oneOfSeveralIsTheOneSelected();

 private:
  template <class Widget>
  static Widget* part(Catalog& catalog, const char* name) {
    return catalog.window.findChild<Widget*>(QString::fromLatin1(name));
  }
  static QString text(Catalog& catalog, const char* name) { return part<QLabel>(catalog, name)->text(); }
  static bool isShown(Catalog& catalog, const char* name) {
    const auto* widget = part<QWidget>(catalog, name);
    return widget && widget->isVisible();
  }
};

void tst_CatalogDetails::keepsWhatItShowedWhileTheServerIsAway() {
  Catalog catalog;
  ListingPeer peer(2);
  catalog.settings.setServers({peer.address()});
  catalog.window.show();
  QVERIFY(settle(catalog));
  catalog.select({peer.urlOf(0)});
  auto* picture = part<QWidget>(catalog, "details.topology");
  QTRY_COMPARE_WITH_TIMEOUT(picture->accessibleName(), QStringLiteral("3 layers in a chain"), kPatienceMs);
  QVERIFY(picture->isEnabled() && !isShown(catalog, "details.unread"));
  const auto reads = peer.read.size();

  QVERIFY(peer.stop());
  catalog.controller->refresh();
  QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, "details.unread"), kPatienceMs);
  QCOMPARE(text(catalog, "details.unreadTitle"), QStringLiteral("Shown as it was read before: it cannot be read now."));
  QVERIFY2(text(catalog, "details.unreadReason").contains(QStringLiteral("refused the connection")),
           qPrintable(text(catalog, "details.unreadReason")));
  QCOMPARE(part<QPushButton>(catalog, "details.retry")->text(), QStringLiteral("Retry"));
  QVERIFY(picture->isVisible() && !picture->isEnabled());  // faint
  QCOMPARE(picture->accessibleName(), QStringLiteral("3 layers in a chain"));
  QCOMPARE(text(catalog, "details.layersNote"), QStringLiteral("3 layers, 33 parameters"));
  catalog.select({peer.urlOf(1)});  // never read
  QTRY_VERIFY_WITH_TIMEOUT(!picture->isVisible() && isShown(catalog, "details.unread"), kPatienceMs);
  catalog.select({peer.urlOf(0)});
  QTRY_VERIFY_WITH_TIMEOUT(picture->isVisible() && !picture->isEnabled(), kPatienceMs);

  QVERIFY(peer.start());
  catalog.controller->refresh();
  QTRY_VERIFY_WITH_TIMEOUT(!isShown(catalog, "details.unread"), kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(peer.read.size() > reads, kPatienceMs);  // by itself
  QTRY_VERIFY_WITH_TIMEOUT(picture->isEnabled() && picture->isVisible(), kPatienceMs);
}

/// Chosen before anybody knew that its server had gone: no number is made up, and it is read once the server is back.
void tst_CatalogDetails::whatWasNotReadIsNoZero() {
  Catalog catalog;
  ListingPeer peer(2);
  catalog.page->resize(1'000, 700);  // no facts are read ahead
  catalog.settings.setServers({peer.address()});
  catalog.window.show();
  QVERIFY(settle(catalog));
  QVERIFY(peer.stop());
  catalog.select({peer.urlOf(1)});
  QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, "details.unread"), kPatienceMs);
  QCOMPARE(text(catalog, "details.unreadTitle"), QStringLiteral("This model cannot be read now."));
  QVERIFY(settle(catalog));
  for (const QLabel* label : part<QWidget>(catalog, "details.scroll")->findChildren<QLabel*>())
    QVERIFY2(!label->text().contains(QStringLiteral("0 layers")), qPrintable(label->text()));
  QCOMPARE(text(catalog, "details.layersNote"), QStringLiteral("3 layers, 33 parameters"));  // as listed
  QVERIFY(!isShown(catalog, "details.topology"));
  QVERIFY(peer.start());
  catalog.controller->refresh();
  QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, "details.topology"), kPatienceMs);
  QVERIFY(!isShown(catalog, "details.unread"));
}

void tst_CatalogDetails::retryReadsAgain() {
  Catalog catalog;
  ListingPeer peer(1);
  peer.isClosed = true;  // lists, but gives no model
  catalog.settings.setServers({peer.address()});
  catalog.window.show();
  QVERIFY(settle(catalog));
  catalog.select({peer.urlOf(0)});
  QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, "details.unread"), kPatienceMs);
  QVERIFY(settle(catalog));
  const auto rests = [&] {
    const auto reads = peer.read.size();
    QTest::qWait(500);
    return peer.read.size() == reads;
  };
  QVERIFY(rests() || rests());  // nobody hammers it; the first look again, after 5 s, may fall into one
  peer.isClosed = false;
  part<QPushButton>(catalog, "details.retry")->click();
  QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, "details.topology"), kPatienceMs);
  QVERIFY(!isShown(catalog, "details.unread"));

  QVERIFY(peer.stop());
  catalog.controller->refresh();
  QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, "details.unread"), kPatienceMs);
  QVERIFY(peer.start());
  part<QPushButton>(catalog, "details.retry")->click();  // asks the place, and the layers follow
  QTRY_VERIFY_WITH_TIMEOUT(!isShown(catalog, "details.unread"), kPatienceMs);
}

/// While one looks at it, nobody has to ask.
void tst_CatalogDetails::comesBackByItself() {
  Catalog catalog;
  ListingPeer peer(1);
  catalog.settings.setServers({peer.address()});
  catalog.window.show();
  QVERIFY(settle(catalog));
  QVERIFY(peer.stop());
  catalog.controller->refresh();
  QVERIFY(settle(catalog));
  catalog.select({peer.urlOf(0)});
  QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, "details.unread"), kPatienceMs);
  QVERIFY(peer.start());
  QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, "details.topology") && !isShown(catalog, "details.unread"), kPatienceMs);
}

/// Another model's layers never stand under a name.
void tst_CatalogDetails::theModelBeforeIsNotShown() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris"));
  catalog.window.show();
  QVERIFY(settle(catalog));
  catalog.select({kMoons});
  QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, "details.topology"), kPatienceMs);
  catalog.select({kIris});
  QTRY_COMPARE_WITH_TIMEOUT(text(catalog, "details.name"), QStringLiteral("iris"), kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, "details.topology"), kPatienceMs);
}

void tst_CatalogDetails::severalAreToldTogether() {
  Catalog catalog;
  const QString local = QStringLiteral("localstorage://moons");
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris") && catalog.keep(local));
  catalog.window.show();
  QVERIFY(settle(catalog));
  catalog.select({kMoons, kIris, local});
  QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, "details.many"), kPatienceMs);
  QCOMPARE(text(catalog, "details.many"), QStringLiteral("3 models"));
  QVERIFY(!isShown(catalog, "details.scroll"));
  std::int64_t bytes = 0;
  for (const QString& url : {kMoons, kIris, local})
    bytes += catalog.model().entry(catalog.model().rowOf(url)).info.totalBytes();
  QVERIFY(text(catalog, "details.manyTotal").endsWith(QStringLiteral("kB")));
  QCOMPARE(catalog.table().selectedBytes(), bytes);
  QStringList places;
  for (const QLabel* label : part<QWidget>(catalog, "details.manyPlaces")->findChildren<QLabel*>())
    places << label->text();
  QCOMPARE(places, (QStringList{QStringLiteral("IndexedDB: 2"), QStringLiteral("Local storage: 1")}));
  catalog.table().clearSelection();
  QTRY_VERIFY_WITH_TIMEOUT(!isShown(catalog, "details.many"), kPatienceMs);
}

void tst_CatalogDetails::actsOnSeveral() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris"));
  catalog.window.show();
  QVERIFY(settle(catalog));
  for (const char* name : {"details.copyMany", "details.moveMany"}) {
    catalog.select({kMoons, kIris});
    QTRY_VERIFY_WITH_TIMEOUT(isShown(catalog, name), kPatienceMs);
    part<QPushButton>(catalog, name)->click();
    auto* dialog = part<QDialog>(catalog, "placeDialog");
    QVERIFY(dialog);
    dialog->reject();
    QTRY_VERIFY_WITH_TIMEOUT(!part<QDialog>(catalog, "placeDialog"), kPatienceMs);
  }
  part<QPushButton>(catalog, "details.deleteMany")->click();
  QTRY_COMPARE_WITH_TIMEOUT(catalog.model().rowCount(), 0, kPatienceMs);
  QCOMPARE(catalog.steps().undoText(), QStringLiteral("delete 2 models"));
  QTRY_VERIFY_WITH_TIMEOUT(!isShown(catalog, "details.many"), kPatienceMs);
}

/// The row with the focus frame may be another than the one selected.
void tst_CatalogDetails::oneOfSeveralIsTheOneSelected() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris"));
  catalog.window.show();
  QVERIFY(settle(catalog));
  catalog.select({kMoons, kIris});  // iris is the current one
  const QModelIndex current = catalog.table().currentIndex();
  catalog.table().selectionModel()->select(current, QItemSelectionModel::Deselect | QItemSelectionModel::Rows);
  QTRY_COMPARE_WITH_TIMEOUT(text(catalog, "details.name"), QStringLiteral("moons"), kPatienceMs);
  QVERIFY(isShown(catalog, "details.name"));
}

QTEST_MAIN(tst_CatalogDetails)
#include "tst_CatalogDetails.moc"

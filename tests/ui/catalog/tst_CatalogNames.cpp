// Renaming in the catalog's table, and the frame of its current row.
#include "tests/support/Patience.h"
#include "tests/ui/catalog/CatalogFixture.h"
#include "ui/widgets/NameEditor.h"

#include <QApplication>
#include <QDialog>
#include <QHeaderView>
#include <QLabel>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

const QString kIris = QStringLiteral("indexeddb://iris");

}  // namespace

class tst_CatalogNames : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void whatCannotBeStaysInTheField_data();
  void whatCannotBeStaysInTheField();
  void whatTheStoreRefusesComesBack();
  void leavingTheFieldKeepsTheName();
  void escapeGivesTheNameUp();
  void aRefreshLeavesTheFieldAlone();
  void theFrameIsWhole_data();
  void theFrameIsWhole();

 private:
  /// Null: no name is being typed.
  static NameEditor* field(Catalog& catalog) { return catalog.table().findChild<NameEditor*>(); }
  static QLabel* problem(Catalog& catalog) {
    return catalog.table().findChild<QLabel*>(QStringLiteral("catalogPage.table.nameProblem"));
  }
  static NameEditor* begin(Catalog& catalog, const QString& url) {
    catalog.select({url});
    QTest::keyClick(&catalog.table(), Qt::Key_F2);
    return field(catalog);
  }
  static void type(Catalog& catalog, const QString& name) {
    field(catalog)->selectAll();
    if (name.isEmpty())
      QTest::keyClick(field(catalog), Qt::Key_Delete);
    else
      QTest::keyClicks(field(catalog), name);
  }
};

void tst_CatalogNames::whatCannotBeStaysInTheField_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("why");
  QTest::newRow("taken") << QStringLiteral("luna") << QStringLiteral("luna is taken in Class 7b.");
  QTest::newRow("empty") << QString() << QStringLiteral("A model needs a name.");
  QTest::newRow("blank") << QStringLiteral("  ") << QStringLiteral("A model needs a name.");
  QTest::newRow("slash") << QStringLiteral("a/b") << QStringLiteral("A name here has no slashes.");
  QTest::newRow("hidden") << QStringLiteral(".a") << QStringLiteral("A name that begins with a dot would be hidden.");
}

void tst_CatalogNames::whatCannotBeStaysInTheField() {
  QFETCH(QString, name);
  QFETCH(QString, why);
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Class 7b"));
  catalog.settings.setFolders({folder});
  const QString url = parsePlace(folder + QStringLiteral("/moons")).url();
  QVERIFY(catalog.keep(url) && catalog.keep(parsePlace(folder + QStringLiteral("/luna")).url()));
  catalog.window.show();
  QVERIFY(settle(catalog));
  QVERIFY(begin(catalog, url));
  type(catalog, name);
  for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Tab}) {
    QTest::keyClick(field(catalog), key);
    QTest::qWait(50);
    QVERIFY(field(catalog));
    QCOMPARE(field(catalog)->text(), name);
    QVERIFY(problem(catalog)->isVisible());
    QCOMPARE(problem(catalog)->text(), why);
    QCOMPARE(field(catalog)->accessibleDescription(), why);
  }
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(url));
  type(catalog, QStringLiteral("sterne"));
  QVERIFY(!problem(catalog)->isVisible());
  QTest::keyClick(field(catalog), Qt::Key_Return);
  const QString newUrl = parsePlace(folder + QStringLiteral("/sterne")).url();
  QTRY_VERIFY_WITH_TIMEOUT(catalog.has(newUrl) && !catalog.has(url), kPatienceMs);
}

/// A folder that holds no model is not listed, and its name is taken all the same.
void tst_CatalogNames::whatTheStoreRefusesComesBack() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models"));
  catalog.folder(QStringLiteral("Models/notes"));
  catalog.settings.setFolders({folder});
  const QString url = parsePlace(folder + QStringLiteral("/moons")).url();
  QVERIFY(catalog.keep(url));
  catalog.window.show();
  QVERIFY(settle(catalog));
  QVERIFY(begin(catalog, url));
  type(catalog, QStringLiteral("notes"));
  QTest::keyClick(field(catalog), Qt::Key_Return);
  QTRY_VERIFY_WITH_TIMEOUT(field(catalog) && field(catalog)->text() == QStringLiteral("notes"), kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(problem(catalog) && problem(catalog)->isVisible(), kPatienceMs);
  QVERIFY2(problem(catalog)->text().contains(QStringLiteral("notes")), qPrintable(problem(catalog)->text()));
  QVERIFY(!catalog.window.findChild<QDialog*>());
  QTest::keyClick(field(catalog), Qt::Key_Return);  // the same again is refused at once
  QVERIFY(field(catalog));
  type(catalog, QStringLiteral("notes-2"));
  QTest::keyClick(field(catalog), Qt::Key_Return);
  QTRY_VERIFY_WITH_TIMEOUT(catalog.has(parsePlace(folder + QStringLiteral("/notes-2")).url()), kPatienceMs);
}

void tst_CatalogNames::leavingTheFieldKeepsTheName() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris"));
  catalog.window.show();
  QVERIFY(settle(catalog));
  QVERIFY(begin(catalog, kMoons));
  type(catalog, QStringLiteral("iris"));
  QSignalSpy noted(catalog.controller, &CatalogController::noted);
  catalog.select({kIris});  // as a click on another row
  QTRY_VERIFY_WITH_TIMEOUT(!field(catalog), kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(!noted.isEmpty(), kPatienceMs);
  QCOMPARE(noted[0][0].toString(), QStringLiteral("moons keeps its name. iris is taken in IndexedDB."));
  QVERIFY(begin(catalog, kMoons));
  QCOMPARE(field(catalog)->text(), QStringLiteral("iris"));
  QVERIFY(problem(catalog)->isVisible());
}

void tst_CatalogNames::escapeGivesTheNameUp() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris"));
  catalog.window.show();
  QVERIFY(settle(catalog));
  QVERIFY(begin(catalog, kMoons));
  type(catalog, QStringLiteral("iris"));
  QTest::keyClick(field(catalog), Qt::Key_Escape);
  QTRY_VERIFY_WITH_TIMEOUT(!field(catalog) && !problem(catalog), kPatienceMs);
  QVERIFY(begin(catalog, kMoons));
  QCOMPARE(field(catalog)->text(), QStringLiteral("moons"));
}

void tst_CatalogNames::aRefreshLeavesTheFieldAlone() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons));
  catalog.window.show();
  QVERIFY(settle(catalog));
  QVERIFY(begin(catalog, kMoons));
  type(catalog, QStringLiteral("half a na"));
  catalog.model().setFacts({kMoons}, {{QStringLiteral("Two moons"), {}, QStringLiteral("core")}});
  QVERIFY(settle(catalog));
  QVERIFY(field(catalog));
  QCOMPARE(field(catalog)->text(), QStringLiteral("half a na"));
}

void tst_CatalogNames::theFrameIsWhole_data() {
  QTest::addColumn<int>("column");
  QTest::addColumn<int>("width");
  QTest::newRow("name") << int(CatalogModel::Name) << 1440;
  QTest::newRow("last column") << int(CatalogModel::Score) << 1440;
  QTest::newRow("a column that gave way") << int(CatalogModel::Layers) << 1000;
}

/// Around the row from edge to edge, whatever cell is the current one.
void tst_CatalogNames::theFrameIsWhole() {
  QFETCH(int, column);
  QFETCH(int, width);
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris"));
  catalog.window.show();
  catalog.page->resize(width, 700);
  QVERIFY(settle(catalog));
  QApplication::setActiveWindow(&catalog.window);
  CatalogTable& table = catalog.table();
  table.setFocus();
  QTRY_VERIFY_WITH_TIMEOUT(table.hasFocus(), kPatienceMs);
  table.setCurrentIndex(table.model()->index(1, column));
  const QImage image = table.viewport()->grab().toImage().convertToFormat(QImage::Format_RGB32);
  const int top = table.rowViewportPosition(1), bottom = top + table.rowHeight(1) - 1;
  const int right = std::min(table.horizontalHeader()->length(), table.viewport()->width()) - 1;
  const qreal ratio = image.devicePixelRatio();
  const QRgb focus = theme().color("focus").rgb();
  const auto at = [&](int x, int y) { return image.pixel(int(x * ratio), int(y * ratio)); };
  for (int x = 0; x <= right; ++x) {
    QVERIFY2(at(x, top) == focus, qPrintable(QString::number(x)));
    QVERIFY2(at(x, bottom) == focus, qPrintable(QString::number(x)));
  }
  for (int y = top; y <= bottom; ++y) QVERIFY(at(0, y) == focus && at(right, y) == focus);
}

QTEST_MAIN(tst_CatalogNames)
#include "tst_CatalogNames.moc"

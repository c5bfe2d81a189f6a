// The catalog in a narrow window: words give way to icons, nothing is cut off.
#include "tests/support/Patience.h"
#include "tests/ui/catalog/CatalogFixture.h"

#include <QPushButton>

using namespace layersmith;
using namespace layersmith::testing;

class tst_CatalogNarrow : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }
  void cleanup() { theme().setFontScale(1); }

  void theBarShowsIconsWhereWordsDoNotFit_data();
  void theBarShowsIconsWhereWordsDoNotFit();
};

void tst_CatalogNarrow::theBarShowsIconsWhereWordsDoNotFit_data() {
  QTest::addColumn<int>("width");
  QTest::addColumn<double>("scale");
  QTest::addColumn<bool>("hasWords");
  QTest::newRow("wide") << 1440 << 1. << true;
  QTest::newRow("1000 px") << 1000 << 1. << false;
  QTest::newRow("large text") << 1180 << 1.6 << false;
}

void tst_CatalogNarrow::theBarShowsIconsWhereWordsDoNotFit() {
  QFETCH(int, width);
  QFETCH(double, scale);
  QFETCH(bool, hasWords);
  theme().setFontScale(scale);
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(QStringLiteral("indexeddb://iris"), "iris"));
  catalog.window.resize(width, 700);
  catalog.page->resize(width, 700);
  catalog.window.show();
  QVERIFY(settle(catalog));
  catalog.table().selectAll();
  auto* bar = catalog.window.findChild<QWidget*>(QStringLiteral("catalogPage.selection"));
  QTRY_VERIFY_WITH_TIMEOUT(bar->isVisible(), kPatienceMs);
  QTest::qWait(50);
  QCOMPARE(catalog.page->width(), width);  // the bar does not push the window wider
  for (const char* name : {"open", "copyTo", "moveTo", "delete"}) {
    auto* button = bar->findChild<QPushButton*>(QStringLiteral("catalogPage.") + QLatin1String(name));
    QVERIFY(button && button->isVisible());
    QCOMPARE(!button->text().isEmpty(), hasWords);
    QVERIFY(!button->accessibleName().isEmpty() && !button->toolTip().isEmpty());
    QVERIFY2(button->width() >= button->sizeHint().width(), name);
    QVERIFY2(bar->rect().contains(button->geometry()), name);
  }
}

QTEST_MAIN(tst_CatalogNarrow)
#include "tst_CatalogNarrow.moc"

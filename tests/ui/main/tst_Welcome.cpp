// The welcome card keeps within the canvas, with recent models too.
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"

#include <QAbstractButton>
#include <QScrollArea>
#include <QScrollBar>

using namespace layersmith;
using namespace layersmith::testing;

class tst_Welcome : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void keepsWithinTheCanvas_data();
  void keepsWithinTheCanvas();
};

void tst_Welcome::keepsWithinTheCanvas_data() {
  QTest::addColumn<QSize>("size");
  QTest::addColumn<int>("recent");
  QTest::addColumn<bool>("isWhole");
  QTest::newRow("nothing recent") << QSize(1440, 900) << 0 << true;
  QTest::newRow("three recent") << QSize(1440, 900) << 3 << true;
  QTest::newRow("low") << QSize(1024, 700) << 3 << false;
}

void tst_Welcome::keepsWithinTheCanvas() {
  QFETCH(QSize, size);
  QFETCH(int, recent);
  QFETCH(bool, isWhole);
  Studio studio;
  for (int i = 0; i < recent; ++i) studio.settings.addRecentPlace(QStringLiteral("indexeddb://model-%1").arg(i));
  studio.window->resize(size);
  studio.window->start({}, {});
  studio.window->show();
  QTest::qWait(100);
  studio.window->resize(size);
  auto* card = studio.find<QWidget>("welcome");
  auto* scroll = studio.find<QScrollArea>("welcome.scroll");
  QVERIFY(card && scroll);
  QTRY_VERIFY_WITH_TIMEOUT(card->isVisible() && card->geometry().bottom() < card->parentWidget()->height() - 8,
                           kPatienceMs);
  QScrollBar* bar = scroll->verticalScrollBar();
  QTRY_COMPARE_WITH_TIMEOUT(bar->maximum() == 0, isWhole, kPatienceMs);
  QVERIFY(scroll->widget()->width() <= scroll->viewport()->width());
  bar->setValue(bar->maximum());
  auto* last = studio.find<QAbstractButton>("welcome.sample.digits");
  const QRect shown(last->mapTo(scroll->viewport(), QPoint(0, 0)), last->size());
  QVERIFY(scroll->viewport()->rect().contains(shown));
  for (int i = 0; i < recent; ++i) {
    auto* row = card->findChild<QAbstractButton*>(QStringLiteral("welcome.recent%1").arg(i));
    QVERIFY(row && row->isVisible());
    scroll->ensureWidgetVisible(row, 0, 0);
    QVERIFY(scroll->viewport()->rect().contains(QRect(row->mapTo(scroll->viewport(), QPoint(0, 0)), row->size())));
  }
}

QTEST_MAIN(tst_Welcome)
#include "tst_Welcome.moc"

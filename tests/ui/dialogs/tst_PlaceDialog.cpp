// "Copy to": long places are shown as far as there is room, and whole in their tool tip.
#include "tests/support/Patience.h"
#include "ui/dialogs/PlaceDialog.h"
#include "ui/theme/Theme.h"

#include <QListWidget>
#include <QSignalSpy>
#include <QTest>

using namespace layersmith;

class tst_PlaceDialog : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void growsForLongPlaces();
  void tellsTheWholePath();
  void choosesByKeys();

 private:
  static std::vector<CatalogPlace> placesWith(const QString& folder) {
    std::vector<CatalogPlace> places(2);
    places[0].key = QStringLiteral("indexeddb");
    places[0].kind = CatalogPlace::Kind::Browser;
    places[1].key = folder;
    places[1].kind = CatalogPlace::Kind::Folder;
    return places;
  }
};

void tst_PlaceDialog::growsForLongPlaces() {
  QWidget window;
  window.resize(1440, 900);
  const PlaceDialog narrow(QStringLiteral("Copy to"), placesWith(QStringLiteral("/home/a/Models")), &window);
  const PlaceDialog wide(QStringLiteral("Copy to"),
                         placesWith(QStringLiteral("/home/a/Documents/School/2026/Computer science/Models of 7b")),
                         &window);
  const PlaceDialog widest(QStringLiteral("Copy to"), placesWith(QLatin1Char('/') + QString(400, QLatin1Char('m'))),
                           &window);
  QCOMPARE(narrow.width(), 400);
  QVERIFY(wide.width() > narrow.width());
  QVERIFY(widest.width() >= wide.width() && widest.width() <= 640);
}

void tst_PlaceDialog::tellsTheWholePath() {
  const QString folder = QStringLiteral("/media/") + QString(300, QLatin1Char('n')) + QStringLiteral("/Models of 7b");
  PlaceDialog dialog(QStringLiteral("Copy to"), placesWith(folder), nullptr);
  dialog.show();
  auto* list = dialog.findChild<QListWidget*>(QStringLiteral("placeDialog.list"));
  QVERIFY(list->item(1)->toolTip().contains(folder));
  QVERIFY(list->horizontalScrollBarPolicy() == Qt::ScrollBarAlwaysOff);
}

void tst_PlaceDialog::choosesByKeys() {
  auto* dialog = new PlaceDialog(QStringLiteral("Copy to"), placesWith(QStringLiteral("/home/a/Models")), nullptr);
  QSignalSpy chosen(dialog, &PlaceDialog::chosen);
  dialog->open();
  auto* list = dialog->findChild<QListWidget*>(QStringLiteral("placeDialog.list"));
  list->setFocus();
  QTest::keyClick(list, Qt::Key_Down);
  QTest::keyClick(list, Qt::Key_Return);
  QTRY_COMPARE_WITH_TIMEOUT(chosen.size(), 1, kPatienceMs);
  QCOMPARE(chosen[0][0].toString(), QStringLiteral("/home/a/Models"));
}

QTEST_MAIN(tst_PlaceDialog)
#include "tst_PlaceDialog.moc"

// A plug-in's place in the catalog, with the example plug-in as it is built.
#include "tests/ui/catalog/CatalogFixture.h"

#include <QListWidget>
#include <QPushButton>

using namespace layersmith;
using namespace layersmith::testing;

class tst_CatalogPlugins : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    qputenv("LAYERSMITH_HOME", m_home.path().toUtf8());
    qputenv("LAYERSMITH_PLUGINS", LAYERSMITH_PLUGIN_DIR);
    installLook(*qApp);
  }
  void cleanup() { QFile::remove(m_home.filePath(QStringLiteral("archive.lsarch"))); }

  void isNamedByItsTitle();
  void isOfferedForCopiesAndMoves();
  void namesComeWithoutTheirFile();
  void aMoveIsAStep();
  void aRenameIsAStep();

 private:
  QTemporaryDir m_home;
};

void tst_CatalogPlugins::isNamedByItsTitle() {
  Catalog catalog;
  const QString url = QStringLiteral("archive://moons");
  QVERIFY(catalog.keep(url) && settle(catalog));
  QVERIFY(catalog.has(url));
  QVERIFY(catalog.placeRow(QStringLiteral("archive")));
  QCOMPARE(catalog.placeRow(QStringLiteral("archive"))->text(), QStringLiteral("Append-only archive"));
  const QModelIndex where = catalog.model().index(catalog.model().rowOf(url), CatalogModel::Where);
  QCOMPARE(where.data().toString(), QStringLiteral("Append-only archive"));
}

void tst_CatalogPlugins::isOfferedForCopiesAndMoves() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  catalog.controller->askAndTransfer({kMoons}, false, catalog.window);
  auto* list = catalog.window.findChild<QListWidget*>(QStringLiteral("placeDialog.list"));
  QVERIFY(list);
  QStringList titles;
  for (int row = 0; row < list->count(); ++row) titles << list->item(row)->text();
  QCOMPARE(titles, (QStringList{QStringLiteral("IndexedDB"), QStringLiteral("Local storage"),
                                QStringLiteral("Append-only archive")}));
  list->setCurrentRow(2);
  catalog.window.findChild<QPushButton*>(QStringLiteral("placeDialog.choose"))->click();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(QStringLiteral("archive://moons")) && catalog.has(kMoons));
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.has(QStringLiteral("archive://moons")));
}

/// archive:///a/file#moons is called moons, wherever it goes.
void tst_CatalogPlugins::namesComeWithoutTheirFile() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models"));
  catalog.settings.setFolders({folder});
  const QString url = QStringLiteral("archive://") + catalog.home.filePath(QStringLiteral("class.lsarch#moons"));
  QVERIFY(catalog.keep(url) && settle(catalog));
  for (const QString& place : {QStringLiteral("indexeddb"), QStringLiteral("archive"), folder})
    catalog.controller->transfer({url}, place, false);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(kMoons) && catalog.has(QStringLiteral("archive://moons")));
  QVERIFY(catalog.has(parsePlace(folder + QStringLiteral("/moons")).url()));
}

void tst_CatalogPlugins::aMoveIsAStep() {
  Catalog catalog;
  const QString there = QStringLiteral("archive://moons");
  QVERIFY(catalog.keep(kMoons) && settle(catalog));
  catalog.controller->transfer({kMoons}, QStringLiteral("archive"), true);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(there) && !catalog.has(kMoons));
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.has(there) && catalog.has(kMoons));
  catalog.steps().redo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(there) && !catalog.has(kMoons));
}

/// A name in a file stays in its file.
void tst_CatalogPlugins::aRenameIsAStep() {
  Catalog catalog;
  const QString file = QStringLiteral("archive://") + catalog.home.filePath(QStringLiteral("class.lsarch"));
  for (const QString& before : {QString(), file + QLatin1Char('#')}) {
    const QString start = before.isEmpty() ? QStringLiteral("archive://") : before;
    QVERIFY(catalog.keep(start + QStringLiteral("moons")));
    QSignalSpy renamed(catalog.controller, &CatalogController::renamed);
    catalog.controller->rename(start + QStringLiteral("moons"), QStringLiteral("luna"));
    QVERIFY(settle(catalog));
    QCOMPARE(renamed.size(), 1);
    QCOMPARE(renamed[0][1].toString(), start + QStringLiteral("luna"));
    catalog.steps().undo();
    QVERIFY(settle(catalog));
    QVERIFY(catalog.work([start](ModelLibrary& library) {
      QVERIFY(library.contains(start + QStringLiteral("moons")) && !library.contains(start + QStringLiteral("luna")));
    }));
  }
}

QTEST_MAIN(tst_CatalogPlugins)
#include "tst_CatalogPlugins.moc"

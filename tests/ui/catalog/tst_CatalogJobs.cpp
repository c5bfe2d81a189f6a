// What takes long in the catalog: each job tells how far it is and can be stopped. And the Trash's 30 days.
#include "model/storage/Sqlite.h"
#include "model/storage/TrashAge.h"
#include "model/storage/browser/StoreDatabase.h"
#include "tests/support/ModelFixtures.h"
#include "tests/ui/catalog/CatalogFixture.h"

#include <QDialog>
#include <QFile>
#include <QLabel>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

const QString kIris = QStringLiteral("indexeddb://iris");

/// The jobs that were started and have ended; stops each at once, or after `asked` answers.
struct Jobs {
  QStringList texts;
  int ended = 0;
  bool areStopped = false;

  explicit Jobs(CatalogController& catalog) {
    QObject::connect(&catalog, &CatalogController::started, &catalog,
                     [this](const QString& text, const std::shared_ptr<JobProgress>& progress) {
                       texts << text;
                       progress->isCancelled = areStopped;
                     });
    QObject::connect(&catalog, &CatalogController::ended, &catalog,
                     [this](const std::shared_ptr<JobProgress>&) { ++ended; });
  }
};

}  // namespace

class tst_CatalogJobs : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void eachIsShown();
  void aStopChangesNothing_data();
  void aStopChangesNothing();
  void aStopBetweenTwoModelsSaysHowFar();
  void checkAndExportTellTheirBytes();
  void aCheckOfManyIsOneJob();
  void aStoppedEmptyingKeepsTheRest();
  void whatIsOldInTheTrashGoes();
};

void tst_CatalogJobs::eachIsShown() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris") && settle(catalog));
  Jobs jobs(*catalog.controller);
  const auto isOne = [&](const QString& text) {
    const bool isRight = settle(catalog) && jobs.texts == QStringList{text} && jobs.ended == 1;
    if (!isRight) qWarning() << jobs.texts << jobs.ended;
    jobs.texts.clear();
    jobs.ended = 0;
    return isRight;
  };
  catalog.controller->check(kMoons);
  QVERIFY(isOne(QStringLiteral("Checking moons")));
  catalog.controller->exportRaw(kMoons, catalog.folder(QStringLiteral("out")));
  QVERIFY(isOne(QStringLiteral("Exporting moons")));
  catalog.controller->remove({kMoons, kIris});
  QVERIFY(isOne(QStringLiteral("Deleting 2 models")));
  catalog.steps().undo();
  QVERIFY(isOne(QStringLiteral("Undoing: delete 2 models")));
  QVERIFY(catalog.has(kMoons) && catalog.has(kIris));
  catalog.steps().redo();
  QVERIFY(isOne(QStringLiteral("Doing again: delete 2 models")));
  catalog.controller->restore({catalog.controller->trash()[0].id});
  QVERIFY(isOne(QStringLiteral("Restoring 1 model")));
  catalog.controller->emptyTrash(catalog.trashIds());
  QVERIFY(isOne(QStringLiteral("Emptying the Trash")));
  QVERIFY(catalog.controller->trash().empty());
}

/// With one strip, and one message that names what is wrong.
void tst_CatalogJobs::aCheckOfManyIsOneJob() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("models"));
  const QString broken = parsePlace(folder + QStringLiteral("/broken")).url();
  QVERIFY(catalog.keep(kMoons) && catalog.keep(broken, "iris"));
  Jobs jobs(*catalog.controller);
  QSignalSpy noted(catalog.controller, &CatalogController::noted);
  QSignalSpy checked(catalog.controller, &CatalogController::checked);
  catalog.controller->check(QStringList{kMoons, broken});
  QVERIFY(settle(catalog));
  QCOMPARE(jobs.texts, QStringList{QStringLiteral("Checking 2 models")});
  QCOMPARE(jobs.ended, 1);
  QCOMPARE(checked.size(), 2);
  QCOMPARE(noted.size(), 1);
  QVERIFY(noted[0][0].toString().startsWith(QStringLiteral("All 2 models are whole")));

  QFile weights(folder + QStringLiteral("/broken/weights.bin"));
  QVERIFY(weights.resize(8));
  catalog.controller->check(QStringList{kMoons, broken});
  QVERIFY(settle(catalog));
  const auto labels = catalog.window.findChildren<QLabel*>();
  QStringList said;
  for (const QLabel* label : labels) said << label->text();
  const QString all = said.join(QLatin1Char('\n'));
  QVERIFY2(all.contains(QStringLiteral("1 of 2 models")) && all.contains(QStringLiteral("broken: ")), qPrintable(all));
  QVERIFY(!all.contains(QStringLiteral("moons: ")));
}

void tst_CatalogJobs::aStopChangesNothing_data() {
  QTest::addColumn<QString>("job");
  QTest::addColumn<QString>("said");
  const QString nothing = QStringLiteral("Stopped. Nothing was changed.");
  QTest::newRow("check") << QStringLiteral("check") << QStringLiteral("Stopped. moons was not checked.");
  QTest::newRow("export") << QStringLiteral("export") << QStringLiteral("Stopped. Nothing was exported.");
  QTest::newRow("remove") << QStringLiteral("remove") << nothing;
  QTest::newRow("restore") << QStringLiteral("restore") << nothing;
  QTest::newRow("empty") << QStringLiteral("empty")
                         << QStringLiteral("Stopped. What is still in the Trash stays there.");
}

void tst_CatalogJobs::aStopChangesNothing() {
  QFETCH(QString, job);
  QFETCH(QString, said);
  Catalog catalog;
  const QString out = catalog.folder(QStringLiteral("out"));
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris"));
  QVERIFY(catalog.work([](ModelLibrary& library) { library.remove(kIris); }) && settle(catalog));
  Jobs jobs(*catalog.controller);
  jobs.areStopped = true;
  QSignalSpy noted(catalog.controller, &CatalogController::noted);
  QSignalSpy checked(catalog.controller, &CatalogController::checked);
  if (job == QStringLiteral("check")) catalog.controller->check(kMoons);
  if (job == QStringLiteral("export")) catalog.controller->exportRaw(kMoons, out);
  if (job == QStringLiteral("remove")) catalog.controller->remove({kMoons});
  if (job == QStringLiteral("restore")) catalog.controller->restore({catalog.controller->trash()[0].id});
  if (job == QStringLiteral("empty")) catalog.controller->emptyTrash(catalog.trashIds());
  QVERIFY(settle(catalog));
  QCOMPARE(jobs.ended, 1);
  QCOMPARE(noted.size(), 1);
  QCOMPARE(noted[0][0].toString(), said);
  QVERIFY(checked.isEmpty() && !catalog.window.findChild<QDialog*>());
  QVERIFY(catalog.has(kMoons) && !catalog.has(kIris));
  QCOMPARE(catalog.controller->trash().size(), std::size_t(1));
  QVERIFY(QDir(out).isEmpty());  // no debris
}

void tst_CatalogJobs::aStopBetweenTwoModelsSaysHowFar() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris"));
  QVERIFY(catalog.work([](ModelLibrary& library) {
    int asked = 0;
    const CatalogChange change =
        removeModels(library, {kMoons, kIris}, [&](std::int64_t, std::int64_t) { return ++asked < 2; });
    QCOMPARE(change.done, 1);
    QCOMPARE(change.removed.size(), std::size_t(1));
    QVERIFY(change.failure && change.failure->kind() == ErrorKind::Cancelled);
    QVERIFY(!library.contains(kMoons) && library.contains(kIris));
    asked = 0;
    library.remove(kIris);
    QStringList ids;
    for (const TrashEntry& entry : library.trash()) ids << entry.id;
    const CatalogChange back =
        restoreModels(library, ids, false, [&](std::int64_t, std::int64_t) { return ++asked < 2; });
    QCOMPARE(back.created.size(), 1);
    QCOMPARE(library.trash().size(), std::size_t(1));
  }));
}

void tst_CatalogJobs::checkAndExportTellTheirBytes() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Models")), out = catalog.folder(QStringLiteral("out"));
  const QString url = parsePlace(folder + QStringLiteral("/large")).url();
  QVERIFY(catalog.work([&](ModelLibrary& library) {
    library.save(url, fixtures::sized(1'500'000));
    std::int64_t last = 0, total = 0;
    const StoreProgress tell = [&](std::int64_t done, std::int64_t all) {
      last = done;
      total = all;
      return true;
    };
    QVERIFY(checkModel(library, url, {}, tell).findings.contains(QStringLiteral("w/kernel")));  // it has no layer
    QVERIFY(total >= 6'000'000 && last == total);
    last = total = 0;
    const QString raw = exportRawModel(library, url, out, tell);
    QVERIFY(total >= 6'000'000 && last > total / 2);
    QCOMPARE(QFileInfo(raw + QStringLiteral("/weights.bin")).size(), qint64(6'000'000));
    // Half way, and what was copied until then goes.
    const QStringList before = QDir(out).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    QVERIFY_THROWS_EXCEPTION(
        Error, exportRawModel(library, url, out, [](std::int64_t done, std::int64_t) { return done < 3'000'000; }));
    QCOMPARE(QDir(out).entryList(QDir::Dirs | QDir::NoDotAndDotDot), before);
  }));
}

void tst_CatalogJobs::aStoppedEmptyingKeepsTheRest() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris"));
  QVERIFY(catalog.work([](ModelLibrary& library) {
    library.remove(kMoons);
    library.remove(kIris);
    int asked = 0;
    const QStringList ids{library.trash()[0].id, library.trash()[1].id};
    QVERIFY_THROWS_EXCEPTION(
        Error, emptyTrash(library, ids, [&](std::int64_t, std::int64_t total) { return total > 0 && ++asked < 2; }));
    QCOMPARE(library.trash().size(), std::size_t(1));
    emptyTrash(library, ids, {});
    QVERIFY(library.trash().empty());
  }));
}

/// At the start, without a question: as long as people were told, and not a day less.
void tst_CatalogJobs::whatIsOldInTheTrashGoes() {
  Catalog catalog;
  QVERIFY(catalog.keep(kMoons) && catalog.keep(kIris, "iris"));
  QVERIFY(catalog.work([](ModelLibrary& library) {
    library.remove(kMoons);
    library.remove(kIris);
  }));
  const auto age = [&](const QString& name, int days) {
    const QString then = QDateTime::currentDateTimeUtc().addDays(-days).toString(Qt::ISODateWithMs);
    const auto database = openStoreDatabase(catalog.stores.storePath());
    SqliteStatement(*database, "UPDATE model SET deleted=? WHERE name=?").bind(then).bind(name).run();
  };
  age(QStringLiteral("moons"), kTrashDays + 1);
  age(QStringLiteral("iris"), kTrashDays - 1);
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.controller->trash().size(), std::size_t(2));  // a running studio takes nothing away
  CatalogController nextStart(catalog.stores, catalog.transfers, catalog.settings, catalog.window);
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.controller->trash().size(), std::size_t(1));
  QCOMPARE(catalog.controller->trash()[0].name, QStringLiteral("iris"));
}

QTEST_MAIN(tst_CatalogJobs)
#include "tst_CatalogJobs.moc"

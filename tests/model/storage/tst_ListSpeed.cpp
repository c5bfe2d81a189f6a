#include "model/storage/ModelLibrary.h"
#include "model/storage/Sqlite.h"
#include "model/storage/browser/StoreDatabase.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Lists of 10,000 models: right, without reading what has not changed, and what they take.
class TestListSpeed : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void listsAStore();
  void listsAFolder();
  void noticesChanges();
  void bringsAnOldStoreUp();

 private:
  /// The median of some runs, in milliseconds.
  static double medianMs(const std::function<void()>& action) {
    std::vector<double> times;
    for (int i = 0; i < 9; ++i) {
      QElapsedTimer timer;
      timer.start();
      action();
      times.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    std::ranges::sort(times);
    return times[times.size() / 2];
  }
  /// Models in folders m0, m1, ..., each an hour old.
  static void makeFolders(const QString& root, int count);
  static void age(const QString& file) {
    const timespec hourAgo{::time(nullptr) - 3600, 0}, times[] = {hourAgo, hourAgo};
    QCOMPARE(::utimensat(AT_FDCWD, QFile::encodeName(file).constData(), times, 0), 0);
  }
};

void TestListSpeed::makeFolders(const QString& root, int count) {
  const ModelArtifacts artifacts = capture(QStringLiteral("plain"));
  const QByteArray json = toJsonBytes(modelJson(artifacts, singleGroup(artifacts, "weights.bin")));
  for (int i = 0; i < count; ++i) {
    const QString folder = root + QStringLiteral("/m%1").arg(i);
    QVERIFY(QDir().mkpath(folder));
    write(folder + QStringLiteral("/model.json"), json);
    write(folder + QStringLiteral("/weights.bin"), artifacts.weightData->joined());
    age(folder + QStringLiteral("/model.json"));
  }
}

void TestListSpeed::listsAStore() {
  QTemporaryDir home;
  const QString path = home.filePath(QStringLiteral("store.sqlite"));
  ModelLibrary library(path);
  library.save(QStringLiteral("indexeddb://model"), capture(QStringLiteral("plain")));
  {
    const auto database = openStoreDatabase(path);
    database->execute(
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i+1 FROM n WHERE i < 10000) INSERT INTO model SELECT i, "
        "scheme, 'model-' || i, generation, sha256, date_saved, topology_bytes, specs_bytes, data_bytes, quota_units, "
        "layer_count, parameters, layout, NULL, NULL, NULL, 0 FROM n, model WHERE model.id = 1");
  }
  std::vector<ModelEntry> entries;
  const double again = medianMs([&] { entries = library.list(); });
  const double anew = medianMs([&] { entries = ModelLibrary(path).list(); });
  qInfo("10,000 models of a store: %.1f ms; by a program that has just started %.1f ms", again, anew);
  QCOMPARE(entries.size(), 10'000u);
  QCOMPARE(entries.back().parameters, 23);
  QVERIFY(entries.back().info.dateSaved.isValid());
  QVERIFY(again < 1000);
}

void TestListSpeed::listsAFolder() {
  QTemporaryDir home;
  const QString root = home.filePath(QStringLiteral("models")), path = home.filePath(QStringLiteral("store.sqlite"));
  makeFolders(root, 10'000);
  std::vector<ModelEntry> first, entries;
  QElapsedTimer timer;
  timer.start();
  first = ModelLibrary(path).listFolder(root);
  const double reading = double(timer.nsecsElapsed()) / 1e6;
  ModelLibrary library(path);
  const double again = medianMs([&] { entries = library.listFolder(root); });
  const double anew = medianMs([&] { entries = ModelLibrary(path).listFolder(root); });
  qInfo("10,000 model folders: read %.1f ms; again %.1f ms; by a program that has just started %.1f ms", reading, again,
        anew);
  QCOMPARE(entries.size(), 10'000u);
  QVERIFY(again < reading);
  for (std::size_t i = 0; i < entries.size(); i += 997) {
    QCOMPARE(entries[i].url, first[i].url);
    QCOMPARE(entries[i].name, first[i].name);
    QCOMPARE(entries[i].layerCount, 2);
    QCOMPARE(entries[i].parameters, first[i].parameters);
    QCOMPARE(entries[i].info.dateSaved, first[i].info.dateSaved);
    QCOMPARE(entries[i].info.modelTopologyBytes, first[i].info.modelTopologyBytes);
    QCOMPARE(entries[i].info.weightDataBytes, 92);
  }
}

void TestListSpeed::noticesChanges() {
  QTemporaryDir home;
  const QString root = home.filePath(QStringLiteral("models"));
  makeFolders(root, 100);
  ModelLibrary library(home.filePath(QStringLiteral("store.sqlite")));
  const auto entryOf = [&](const char* name) {
    for (const ModelEntry& entry : library.listFolder(root))
      if (entry.name == QLatin1String(name)) return entry;
    return ModelEntry();
  };
  QVERIFY(entryOf("m5").problem.isEmpty());
  write(root + QStringLiteral("/m5/weights.bin"), "short");
  QVERIFY(entryOf("m5").problem.contains(QStringLiteral("5 bytes, 92 expected")));
  QFile::remove(root + QStringLiteral("/m6/weights.bin"));
  QVERIFY(entryOf("m6").problem.contains(QStringLiteral("missing")));
  SaveOptions replace;
  replace.overwrite = true;
  library.save(root + QStringLiteral("/m7"), sized(50), replace);
  QCOMPARE(entryOf("m7").parameters, 50);
  library.remove(root + QStringLiteral("/m8"));
  QCOMPARE(entryOf("m8").name, QString());
  QCOMPARE(library.listFolder(root).size(), 99u);
  library.save(root + QStringLiteral("/new"), sized(60));
  QCOMPARE(entryOf("new").parameters, 60);
  QVERIFY(QDir(root + QStringLiteral("/m9")).removeRecursively());
  QVERIFY(QFile::link(root + QStringLiteral("/m10"), root + QStringLiteral("/m9")));
  QCOMPARE(entryOf("m10").parameters, 23);
}

void TestListSpeed::bringsAnOldStoreUp() {
  QTemporaryDir home;
  const QString path = home.filePath(QStringLiteral("store.sqlite"));
  ModelLibrary(path).save(QStringLiteral("indexeddb://a"), capture(QStringLiteral("plain")));
  {
    SqliteDatabase database(path);
    database.execute("DROP TABLE listed; PRAGMA user_version=1");
    database.execute("ALTER TABLE model DROP COLUMN weight_file; ALTER TABLE model DROP COLUMN weight_chunk");
  }
  ModelLibrary library(path);
  QCOMPARE(wholeOf(library.load(QStringLiteral("indexeddb://a"))), wholeOf(capture(QStringLiteral("plain"))));
  const QString root = home.filePath(QStringLiteral("models"));
  makeFolders(root, 70);
  QCOMPARE(library.listFolder(root).size(), 70u);
  SqliteDatabase backup(path + QStringLiteral(".version-1"));
  SqliteStatement version(backup, "PRAGMA user_version"), models(backup, "SELECT count(*) FROM model");
  QVERIFY(version.step() && models.step());
  QCOMPARE(version.integer(0), 1);
  QCOMPARE(models.integer(0), 1);
}

QTEST_GUILESS_MAIN(TestListSpeed)
#include "tst_ListSpeed.moc"

#include "model/storage/browser/SqliteStore.h"

#include "model/core/Limits.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/Sqlite.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace layersmith;
using namespace layersmith::fixtures;

class TestSqliteStore : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void holdsTheKeysOfLocalStorage_data() { names(); }
  void holdsTheKeysOfLocalStorage();
  void holdsTheRecordsOfIndexedDb_data() { names(); }
  void holdsTheRecordsOfIndexedDb();
  void refusesOneUnitOverTheQuota();
  void overwritingKeepsTheOldAtTheQuota();
  void largeWeightsLieInAFile();
  void aLinkLeadsToTheSameWeights();
  void sweepsFilesOfKilledSaves();
  void readsVersion2();
  void trashRenameList();
  void twoWritersGetAlong();
  void refusesAForeignFile();
  void noticesDamage();
  void noticesDamageOfAFile();
  void failedSaveKeepsTheOldModel();

 private:
  static void names() {
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << "plain";
    QTest::newRow("optimizer") << "optimizer";
  }
  QString file() const { return m_folder->filePath(QStringLiteral("store.sqlite")); }
  QString weights(const QString& name) const { return file() + QStringLiteral(".weights/") + name; }
  QStringList weightFiles() const { return QDir(weights({})).entryList(QDir::Files); }
  std::vector<BrowserRecord> records(const QString& name) const;

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<ModelLibrary> m_library;
};

void TestSqliteStore::init() {
  m_library.reset();
  m_folder = std::make_unique<QTemporaryDir>();
  m_library = std::make_unique<ModelLibrary>(file());
}

std::vector<BrowserRecord> TestSqliteStore::records(const QString& name) const {
  SqliteDatabase database(file());
  SqliteStatement query(database,
                        "SELECT record.store, key, value FROM record JOIN model ON model.id=record.model WHERE name=?");
  query.bind(name);
  std::vector<BrowserRecord> found;
  while (query.step()) found.push_back({query.text(0), query.text(1), query.text(2)});
  return found;
}

void TestSqliteStore::holdsTheKeysOfLocalStorage() {
  QFETCH(QString, name);
  m_library->save(QStringLiteral("localstorage://") + name, capture(name));
  const Json theirs = jsonOf(path(QStringLiteral("captures/localstorage.json")));
  const auto ours = records(name);
  QCOMPARE(ours.size(), 5u);
  for (const BrowserRecord& record : ours) {
    QVERIFY2(theirs.contains(record.key.toStdString()), qPrintable(record.key));
    QString expected = QString::fromStdString(theirs.at(record.key.toStdString()).get<std::string>());
    QString value = record.value;
    if (record.key.endsWith(QStringLiteral("/info"))) {  // the date of saving differs
      const qsizetype date = QStringLiteral("{\"dateSaved\":\"2026-11-21T04:16:18.736Z").size();
      QCOMPARE(value.size(), expected.size());
      value.remove(0, date);
      expected.remove(0, date);
    }
    QCOMPARE(value, expected);
  }
  QCOMPARE(wholeOf(m_library->load(QStringLiteral("localstorage://") + name)), wholeOf(capture(name)));
}

void TestSqliteStore::holdsTheRecordsOfIndexedDb() {
  QFETCH(QString, name);
  m_library->save(QStringLiteral("indexeddb://") + name, capture(name));
  const Json stores = jsonOf(path(QStringLiteral("captures/indexeddb.json")))[0].at("stores");
  const auto ours = records(name);
  QCOMPARE(ours.size(), 2u);
  for (const BrowserRecord& record : ours) {
    Json mine = Json::parse(record.value.toStdString());
    for (const Json& store : stores) {
      if (store.at("name") != record.store.toStdString()) continue;
      for (Json theirs : store.at("records")) {
        if (theirs.at("modelPath") != name.toStdString()) continue;
        theirs["modelArtifactsInfo"].erase("dateSaved");
        mine["modelArtifactsInfo"].erase("dateSaved");
        if (theirs.contains("modelArtifacts")) theirs["modelArtifacts"].erase("weightData");
        QVERIFY2(nlohmann::json(mine) == nlohmann::json(theirs),
                 qPrintable(record.value));  // a record has no order of members
      }
    }
  }
  QCOMPARE(wholeOf(m_library->load(QStringLiteral("indexeddb://") + name)), wholeOf(capture(name)));
}

void TestSqliteStore::refusesOneUnitOverTheQuota() {
  const QString scheme = QStringLiteral("localstorage");
  m_library->save(QStringLiteral("localstorage://a"), capture(QStringLiteral("plain")));
  const std::int64_t needed = m_library->usage(scheme).used;
  // Counted by hand: keys and values in UTF-16 units.
  std::int64_t counted = 0;
  for (const BrowserRecord& record : records(QStringLiteral("a"))) counted += record.key.size() + record.value.size();
  QCOMPARE(needed, counted);
  QCOMPARE(m_library->usage(scheme).quota, limits::kLocalStorageUnits);

  m_library->setQuota(scheme, 2 * needed - 1);
  const Error error =
      errorOf([&] { m_library->save(QStringLiteral("localstorage://b"), capture(QStringLiteral("plain"))); });
  QCOMPARE(error.code(), std::string("E202"));
  QVERIFY2(error.message().starts_with("Not saved: needs ") &&
               error.message().find("left in local storage") != std::string::npos,
           error.what());
  QVERIFY(!m_library->contains(QStringLiteral("localstorage://b")));
  m_library->setQuota(scheme, 2 * needed);
  m_library->save(QStringLiteral("localstorage://b"), capture(QStringLiteral("plain")));
  QCOMPARE(m_library->usage(scheme).used, 2 * needed);
  m_library->setQuota(scheme, 2 * needed + 1);
  COMPARE_ERROR(m_library->save(QStringLiteral("localstorage://c"), capture(QStringLiteral("plain"))), "E202");
}

void TestSqliteStore::overwritingKeepsTheOldAtTheQuota() {
  const QString url = QStringLiteral("localstorage://a");
  m_library->save(url, sized(1000, 1));
  m_library->setQuota(QStringLiteral("localstorage"), m_library->usage(QStringLiteral("localstorage")).used);
  SaveOptions replace;
  replace.overwrite = true;
  m_library->save(url, sized(1000, 2), replace);  // just as large: its own place is free for it
  QCOMPARE(m_library->load(url).weightData->joined(), sized(1000, 2).weightData->joined());
  const Error error = errorOf([&] { m_library->save(url, sized(1001, 3), replace); });
  QCOMPARE(error.code(), std::string("E202"));
  QVERIFY2(error.message().find("The stored 'a' is unchanged") != std::string::npos, error.what());
  QCOMPARE(m_library->load(url).weightData->joined(), sized(1000, 2).weightData->joined());
}

void TestSqliteStore::largeWeightsLieInAFile() {
  const QString url = QStringLiteral("indexeddb://big");
  const ModelArtifacts artifacts = sized(5'000'000, 3);
  std::vector<std::int64_t> progress;
  m_library->save(QStringLiteral("indexeddb://small"), sized(1000, 3));
  QVERIFY(weightFiles().isEmpty());
  m_library->save(url, artifacts, {}, [&](std::int64_t done, std::int64_t) {
    progress.push_back(done);
    return true;
  });
  QVERIFY(progress.size() >= 3 && std::ranges::is_sorted(progress));
  const QStringList first = weightFiles();
  QCOMPARE(first.size(), 1);
  QCOMPARE(bytesOf(weights(first.front())), artifacts.weightData->joined());
  QCOMPARE(wholeOf(m_library->load(url)), wholeOf(artifacts));
  LoadOptions mapped;
  mapped.mapWeights = true;
  QCOMPARE(wholeOf(m_library->load(url, mapped)), wholeOf(artifacts));

  SaveOptions replace;
  replace.overwrite = true;
  const Error error = errorOf(
      [&] { m_library->save(url, sized(5'000'000, 4), replace, [](std::int64_t, std::int64_t) { return false; }); });
  QVERIFY(error.kind() == ErrorKind::Cancelled);
  QCOMPARE(weightFiles(), first);
  QCOMPARE(wholeOf(m_library->load(url)), wholeOf(artifacts));

  m_library->save(url, sized(400'000, 5), replace);
  QCOMPARE(weightFiles().size(), 1);
  QVERIFY(weightFiles() != first);
  m_library->store(QStringLiteral("indexeddb")).rename(QStringLiteral("big"), QStringLiteral("renamed"));
  QCOMPARE(wholeOf(m_library->load(QStringLiteral("indexeddb://renamed"))), wholeOf(sized(400'000, 5)));
  const TrashEntry trashed = m_library->remove(QStringLiteral("indexeddb://renamed"));
  QCOMPARE(weightFiles().size(), 1);
  m_library->restore(trashed.id);
  QCOMPARE(wholeOf(m_library->load(QStringLiteral("indexeddb://renamed"))), wholeOf(sized(400'000, 5)));
  m_library->remove(QStringLiteral("indexeddb://renamed"));
  m_library->emptyTrash();
  QVERIFY(weightFiles().isEmpty());
}

/// Files of killed saves go with the next change, those of a save that is under way stay.
void TestSqliteStore::aLinkLeadsToTheSameWeights() {
  const QString url = QStringLiteral("indexeddb://large"), link = m_folder->filePath(QStringLiteral("link.sqlite"));
  m_library->save(QStringLiteral("indexeddb://small"), sized(10));
  QVERIFY(QFile::link(file(), link));
  ModelLibrary(link).save(url, sized(500'000, 2));
  QCOMPARE(weightFiles().size(), 1);
  QCOMPARE(wholeOf(m_library->load(url)), wholeOf(sized(500'000, 2)));
  QCOMPARE(wholeOf(ModelLibrary(link).load(url)), wholeOf(sized(500'000, 2)));
  QVERIFY(!QFileInfo::exists(link + QStringLiteral(".weights")));
}

void TestSqliteStore::sweepsFilesOfKilledSaves() {
  const QString url = QStringLiteral("indexeddb://big");
  m_library->save(url, sized(400'000, 1));
  write(weights(QStringLiteral("left.bin")), "half");
  SaveOptions replace;
  replace.overwrite = true;
  {
    const WeightFolder::Saving other(WeightFolder(file()), *sized(400'000, 2).weightData, {}, {});
    m_library->save(url, sized(400'000, 3), replace);
    QVERIFY(weightFiles().contains(other.name()));
    QVERIFY(weightFiles().contains(QStringLiteral("left.bin")));
  }
  QCOMPARE(weightFiles().size(), 3);  // that of the replaced model too
  m_library->save(url, sized(400'000, 4), replace);
  QCOMPARE(weightFiles().size(), 1);
  QCOMPARE(wholeOf(m_library->load(url)), wholeOf(sized(400'000, 4)));
}

void TestSqliteStore::noticesDamageOfAFile() {
  const QString url = QStringLiteral("indexeddb://big");
  const QByteArray bytes = sized(400'000, 1).weightData->joined();
  m_library->save(url, sized(400'000, 1));
  const QString path = weights(weightFiles().front());
  QByteArray changed = bytes;
  changed[1'000'000] = 'x';
  write(path, changed);
  COMPARE_ERROR(m_library->load(url), "E111");
  LoadOptions accept;
  accept.acceptChangedFiles = true;
  QCOMPARE(m_library->load(url, accept).weightData->joined(), changed);
  write(path, bytes.left(1'599'999));
  const Error cut = errorOf([&] { m_library->load(url); });
  QCOMPARE(cut.code(), std::string("E110"));
  QVERIFY2(cut.message().find("1599999 bytes, 1600000 expected") != std::string::npos, cut.what());
  QFile::remove(path);
  const Error missing = errorOf([&] { m_library->load(url); });
  QCOMPARE(missing.code(), std::string("E110"));
  QVERIFY2(missing.message().find("is missing: 0 bytes, 1600000 expected for indexeddb://big") != std::string::npos,
           missing.what());
}

/// Before version 3 all weights lay in rows of 8 MiB, and their hash was that of all bytes in one piece.
void TestSqliteStore::readsVersion2() {
  const QString url = QStringLiteral("indexeddb://old");
  const ModelArtifacts artifacts = sized(200'000, 7);
  m_library->save(url, artifacts);
  m_library.reset();
  {
    SqliteDatabase database(file());
    database.execute(
        "INSERT INTO chunk SELECT model, 1, substr(bytes, 500001) FROM chunk;"
        "UPDATE chunk SET bytes=substr(bytes, 1, 500000) WHERE position=0;"
        "ALTER TABLE model DROP COLUMN weight_file; ALTER TABLE model DROP COLUMN weight_chunk;"
        "PRAGMA user_version=2");
  }
  m_library = std::make_unique<ModelLibrary>(file());
  QCOMPARE(wholeOf(m_library->load(url)), wholeOf(artifacts));
  QVERIFY(QFile::exists(file() + QStringLiteral(".version-2")));
  SaveOptions replace;
  replace.overwrite = true;
  m_library->save(url, sized(400'000, 8), replace);
  QCOMPARE(wholeOf(m_library->load(url)), wholeOf(sized(400'000, 8)));
}

void TestSqliteStore::trashRenameList() {
  for (const QString& scheme : {QStringLiteral("localstorage"), QStringLiteral("indexeddb")}) {
    const QString url = scheme + QStringLiteral("://moons");
    m_library->save(url, capture(QStringLiteral("optimizer")));
    m_library->rename(url, QStringLiteral("größe ☃"));
    const QString renamed = scheme + QStringLiteral("://größe ☃");
    QVERIFY(!m_library->contains(url));
    QCOMPARE(wholeOf(m_library->load(renamed)), wholeOf(capture(QStringLiteral("optimizer"))));
    for (const BrowserRecord& record : records(QStringLiteral("größe ☃")))
      QVERIFY(!record.key.contains(QStringLiteral("moons")));
    m_library->save(url, capture(QStringLiteral("plain")));
    QVERIFY(errorOf([&] { m_library->rename(url, QStringLiteral("größe ☃")); }).kind() == ErrorKind::AlreadyExists);
    QCOMPARE(m_library->store(scheme).list().size(), 2u);
    const ModelEntry entry = m_library->store(scheme).list().at(1);
    QCOMPARE(entry.url, url);
    QCOMPARE(entry.parameters, 23);
    QCOMPARE(entry.layerCount, 2);
    QCOMPARE(entry.info.weightDataBytes, 92);
    QVERIFY(entry.info.dateSaved.isValid());

    const std::int64_t used = m_library->usage(scheme).used;
    const TrashEntry trashed = m_library->remove(url);
    QVERIFY(m_library->usage(scheme).used < used);
    QVERIFY(errorOf([&] { m_library->load(url); }).kind() == ErrorKind::NotFound);
    m_library->save(url, capture(QStringLiteral("plain")));
    QVERIFY(errorOf([&] { m_library->restore(trashed.id); }).kind() == ErrorKind::AlreadyExists);
    m_library->remove(url);
    QCOMPARE(m_library->restore(trashed.id), url);
    m_library->emptyTrash();
    QVERIFY(m_library->trash().empty());
    QVERIFY(m_library->contains(url));
  }
}

void TestSqliteStore::twoWritersGetAlong() {
  std::atomic<int> failures = 0;
  const auto work = [&](int writer) {
    try {
      ModelLibrary library(file());
      SaveOptions replace;
      replace.overwrite = true;
      for (int i = 0; i < 40; ++i) {
        const QString url = QStringLiteral("indexeddb://m%1").arg(i % 3);
        library.save(url, sized(2000, float(writer * 100 + i)), replace);
        const QByteArray weights = library.load(url).weightData->joined();
        if (weights.left(4) != weights.right(4)) ++failures;
        library.list();
      }
    } catch (const Error& error) {
      qWarning("%s", error.what());
      ++failures;
    }
  };
  std::thread first(work, 1), second(work, 2);
  first.join();
  second.join();
  QCOMPARE(failures.load(), 0);
  SqliteDatabase database(file());
  SqliteStatement check(database, "PRAGMA integrity_check");
  QVERIFY(check.step());
  QCOMPARE(check.text(0), QStringLiteral("ok"));
}

void TestSqliteStore::refusesAForeignFile() {
  const QString other = m_folder->filePath(QStringLiteral("other.sqlite"));
  {
    SqliteDatabase database(other);
    database.execute("CREATE TABLE cats(name)");
  }
  ModelLibrary library(other);
  const Error error = errorOf([&] { library.list(); });
  QVERIFY(error.kind() == ErrorKind::Database);
  QVERIFY(error.message().find("not a store of Layersmith") != std::string::npos);
  write(m_folder->filePath(QStringLiteral("text.sqlite")), QByteArray(4096, 'x'));
  ModelLibrary broken(m_folder->filePath(QStringLiteral("text.sqlite")));
  QVERIFY(errorOf([&] { broken.list(); }).kind() == ErrorKind::Database);
  m_library->list();
  {
    SqliteDatabase database(file());
    database.execute("PRAGMA user_version=99");
  }
  ModelLibrary older(file());
  QVERIFY(errorOf([&] { older.list(); }).message().find("newer Layersmith") != std::string::npos);
}

void TestSqliteStore::noticesDamage() {
  const QString url = QStringLiteral("indexeddb://a");
  m_library->save(url, sized(100, 1));
  SqliteDatabase(file()).execute("UPDATE chunk SET bytes = zeroblob(400)");
  COMPARE_ERROR(m_library->load(url), "E111");
  SqliteDatabase(file()).execute("UPDATE chunk SET bytes = zeroblob(399)");
  COMPARE_ERROR(m_library->load(url), "E110");
}

void TestSqliteStore::failedSaveKeepsTheOldModel() {
  const QString url = QStringLiteral("indexeddb://a");
  m_library->save(url, sized(1000, 1));
  {
    SqliteDatabase database(file());
    SqliteStatement(database, "PRAGMA wal_checkpoint(TRUNCATE)").step();
  }
  m_library = std::make_unique<ModelLibrary>(file());
  m_library->list();
  // The store's own limit on pages: the database file is full, as a full disk would make it.
  SqliteDatabase* handle = nullptr;
  SqliteStore store(indexedDbFormat(), [&]() -> SqliteDatabase& {
    static std::unique_ptr<SqliteDatabase> database;
    if (!handle) {
      database = openStoreDatabase(file());
      SqliteStatement(*database, "PRAGMA max_page_count=40").step();
      handle = database.get();
    }
    return *handle;
  });
  SaveOptions replace;
  replace.overwrite = true;
  const Error error = errorOf([&] { store.save(QStringLiteral("a"), sized(250'000, 2), replace); });
  QCOMPARE(error.code(), std::string("E201"));
  QVERIFY(error.kind() == ErrorKind::NoSpace);
  QCOMPARE(m_library->load(url).weightData->joined(), sized(1000, 1).weightData->joined());
}

QTEST_GUILESS_MAIN(TestSqliteStore)
#include "tst_SqliteStore.moc"

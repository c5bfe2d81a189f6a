#include "model/storage/ModelLibrary.h"
#include "model/storage/browser/BrowserDump.h"
#include "model/storage/browser/SqliteStore.h"
#include "tests/support/ModelFixtures.h"

#include <QSet>
#include <QTemporaryDir>

#include <atomic>
#include <thread>

using namespace layersmith;
using namespace layersmith::fixtures;

/// What a save into a browser's store counts, says and leaves behind.
class TestSqliteStoreSaving : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_library.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_library = std::make_unique<ModelLibrary>(file());
  }
  void overwritingALargeModelFreesItsPlace();
  void stampsNeverRepeat();
  void dumpsOneSave();
  void aSaveIsDoneBeforeItsSweep();

 private:
  QString file() const { return m_folder->filePath(QStringLiteral("store.sqlite")); }
  QString weights(const QString& name) const { return file() + QStringLiteral(".weights/") + name; }
  QStringList weightFiles() const { return QDir(weights({})).entryList(QDir::Files); }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<ModelLibrary> m_library;
};

/// Weights that are refused before they are spelled as text: those of the model replaced count as free.
void TestSqliteStoreSaving::overwritingALargeModelFreesItsPlace() {
  const QString url = QStringLiteral("localstorage://a");
  m_library->setQuota(QStringLiteral("localstorage"), 10'000'000);
  m_library->save(url, sized(1'200'000, 1));  // 6.4 million characters
  SaveOptions replace;
  replace.overwrite = true;
  m_library->save(url, sized(1'200'000, 2), replace);
  QCOMPARE(m_library->load(url).weightData->joined(), sized(1'200'000, 2).weightData->joined());
  COMPARE_ERROR(m_library->save(QStringLiteral("localstorage://b"), sized(1'200'000, 2), replace), "E202");
}

/// SQLite gives the id of a removed model again.
void TestSqliteStoreSaving::stampsNeverRepeat() {
  for (const QString& url : {QStringLiteral("localstorage://a"), QStringLiteral("indexeddb://a")}) {
    QStringList stamps;
    for (const float value : {1.f, 2.f, 1.f}) {
      stamps.append(m_library->save(url, sized(100, value)).stamp);
      QCOMPARE(m_library->stamp(url), stamps.back());
      m_library->remove(url);
      m_library->emptyTrash();
      QTest::qSleep(2);  // stamps hold the time of the save
    }
    QCOMPARE(QSet<QString>(stamps.begin(), stamps.end()).size(), 3);
    m_library->save(url, sized(100, 3));
    SaveOptions replace;
    replace.overwrite = true;
    replace.base = stamps.front();
    COMPARE_ERROR(m_library->save(url, sized(100, 4), replace), "E203");
  }
}

/// Another program replaces the model again and again while it is exported: records and weights are of one save.
void TestSqliteStoreSaving::dumpsOneSave() {
  const QString url = QStringLiteral("indexeddb://a");
  const auto save = [&](ModelLibrary& library, int number) {
    ModelArtifacts artifacts = sized(number % 2 ? 300'000 : 1'000, float(number));
    artifacts.userDefinedMetadata = Json{{"number", number}};
    SaveOptions replace;
    replace.overwrite = true;
    library.save(url, artifacts, replace);
  };
  save(*m_library, 1);
  std::atomic<bool> isDone = false;
  std::thread other([&] {
    ModelLibrary library(file());
    for (int number = 2; !isDone; ++number) save(library, number);
  });
  int mixed = 0;
  for (int i = 0; i < 60; ++i) {
    const std::vector<DumpedModel> models = readDump(m_library->exportDump({url}), QStringLiteral("dump"));
    const ModelArtifacts found = indexedDbFormat().decode(models.at(0).records, models.at(0).weights);
    const int number = found.userDefinedMetadata.at("number").get<int>();
    mixed += *found.weightData != *sized(number % 2 ? 300'000 : 1'000, float(number)).weightData;
  }
  isDone = true;
  other.join();
  QCOMPARE(mixed, 0);
  // What was damaged after saving is not given away as a model.
  save(*m_library, 3);
  const QString path = weights(weightFiles().back());
  QByteArray bytes = bytesOf(path);
  bytes[77] = char(bytes[77] ^ 1);
  write(path, bytes);
  COMPARE_ERROR(m_library->exportDump({url}), "E111");
}

/// The last thing that a save asks the store for is which files are left over; when that fails, it is saved all the
/// same, and the next change asks again.
void TestSqliteStoreSaving::aSaveIsDoneBeforeItsSweep() {
  const auto database = openStoreDatabase(file());
  int calls = 0, failing = 0;
  SqliteStore store(indexedDbFormat(), [&]() -> SqliteDatabase& {
    if (++calls == failing) throw Error(ErrorKind::Busy, "The store is in use. Nothing was changed.", "E203");
    return *database;
  });
  SaveOptions replace;
  replace.overwrite = true;
  const QString name = QStringLiteral("a");
  const auto save = [&](float value) {
    calls = 0;
    store.save(name, sized(400'000, value), replace);
  };
  save(1);
  save(2);
  failing = calls;
  save(3);
  QCOMPARE(calls, failing);
  failing = 0;
  QCOMPARE(wholeOf(store.load(name)), wholeOf(sized(400'000, 3)));
  QCOMPARE(weightFiles().size(), 2);
  save(4);
  QCOMPARE(weightFiles().size(), 1);
}

QTEST_GUILESS_MAIN(TestSqliteStoreSaving)
#include "tst_SqliteStoreSaving.moc"

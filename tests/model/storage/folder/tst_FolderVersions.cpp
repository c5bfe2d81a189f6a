#include "model/storage/folder/FolderStore.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>
#include <QThread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <optional>

using namespace layersmith;
using namespace layersmith::fixtures;

/// A model that another program writes while it is read, without hashes that would tell: no two versions mix.
class TestFolderVersions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<FolderStore>(at("trash"));
  }
  void readsOneVersion();
  void saysThatItNeverRests();
  void renamesWhatItRead();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  /// As a program would that writes into the files as they stand.
  void writeInPlace(float value) const {
    const QByteArray bytes = sized(1000, value).weightData->joined();
    write(at("m/group1-shard1of2.bin"), bytes.left(2000));
    write(at("m/group1-shard2of2.bin"), bytes.mid(2000));
    write(at("m/model.json"), bytesOf(at("m/model.json")) + ' ');
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<FolderStore> m_store;
};

void TestFolderVersions::readsOneVersion() {
  SaveOptions pieces;
  pieces.addHashes = false;
  pieces.shardBytes = 2000;
  m_store->save(at("m"), sized(1000, 1), pieces);
  int calls = 0;
  LoadOptions options;
  options.progress = [&](std::int64_t, std::int64_t) {
    if (++calls == 1) writeInPlace(2);
    return true;
  };
  QCOMPARE(m_store->load(at("m"), options).weightData->joined(), sized(1000, 2).weightData->joined());
  QVERIFY(calls > 2);
}

void TestFolderVersions::saysThatItNeverRests() {
  SaveOptions pieces;
  pieces.addHashes = false;
  pieces.shardBytes = 2000;
  m_store->save(at("m"), sized(1000, 1), pieces);
  LoadOptions options;
  float value = 1;
  options.progress = [&](std::int64_t, std::int64_t) {
    writeInPlace(++value);
    return true;
  };
  const Error error = errorOf([&] { m_store->load(at("m"), options); });
  QCOMPARE(error.code(), std::string("E203"));
  QVERIFY2(error.message().find("'m' is written by another program again and again. Nothing was read.") == 0,
           error.what());
}

/// Renaming a pair copies it: what was written between the copy and the removal is not removed.
void TestFolderVersions::renamesWhatItRead() {
  m_store->save(at("a.json"), sized(100, 1));
  const QByteArray folder = QFile::encodeName(m_folder->path());
  const int held = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  QCOMPARE(::flock(held, LOCK_EX | LOCK_NB), 0);
  std::optional<Error> error;
  const std::unique_ptr<QThread> renames(QThread::create([&] {
    try {
      m_store->rename(at("a.json"), at("b.json"));
    } catch (const Error& raised) {
      error = raised;
    }
  }));
  renames->start();
  // It has read the model when it waits for the folder, which it then keeps open.
  const auto waits = [&] {
    int count = 0;
    for (const QString& name : QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::AllEntries | QDir::System))
      count += QFile::symLinkTarget(QStringLiteral("/proc/self/fd/") + name) ==
               QFileInfo(m_folder->path()).canonicalFilePath();
    return count > 1;
  };
  for (int times = 0; times < 20; QTest::qSleep(10)) times = waits() ? times + 1 : 0;
  write(at("a.json"), bytesOf(at("a.json")) + ' ');
  ::close(held);
  QVERIFY(renames->wait(30'000));
  QVERIFY(error.has_value());
  QCOMPARE(error->code(), std::string("E203"));
  QVERIFY(m_store->contains(at("a.json")) && !m_store->contains(at("b.json")));
}

QTEST_GUILESS_MAIN(TestFolderVersions)
#include "tst_FolderVersions.moc"

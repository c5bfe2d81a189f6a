#include "model/storage/folder/FolderStore.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>

#include <new>

using namespace layersmith;
using namespace layersmith::fixtures;

/// What a save that fails takes away, and what it counts. Calls that fail and power cuts are in tst_FaultySave.
class TestFolderWriter : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<FolderStore>(at("trash"));
  }
  void leavesWhatItDidNotMake();
  void leavesNothingOfAnyFailure();
  void countsGenerationsToTheEnd();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  static QStringList namesIn(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
  }
  static SaveOptions plainly() {
    SaveOptions options;
    options.addHashes = false;
    return options;
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<FolderStore> m_store;
};

/// A file that another program makes while we write: the save fails, and the file stays.
void TestFolderWriter::leavesWhatItDidNotMake() {
  QDir().mkpath(at("m"));
  write(at("m/holiday.jpg"), "picture");
  SaveOptions pieces = plainly();
  pieces.shardBytes = 2000;
  const auto intrude = [&](std::int64_t done, std::int64_t) {
    if (done > 0) write(at("m/group1-shard2of2.bin"), "another's");
    return true;
  };
  COMPARE_ERROR(m_store->save(at("m"), sized(1000), pieces, intrude), "E201");
  QCOMPARE(namesIn(at("m")), (QStringList{QStringLiteral("group1-shard2of2.bin"), QStringLiteral("holiday.jpg")}));
  QCOMPARE(bytesOf(at("m/group1-shard2of2.bin")), QByteArray("another's"));
}

void TestFolderWriter::leavesNothingOfAnyFailure() {
  QDir().mkpath(at("mixed"));
  write(at("mixed/holiday.jpg"), "picture");
  for (const char* place : {"fresh", "pair.json", "mixed"}) {
    bool isThrown = false;
    try {
      m_store->save(at(place), sized(1000), plainly(), [](std::int64_t done, std::int64_t) -> bool {
        if (done > 0) throw std::bad_alloc();
        return true;
      });
    } catch (const std::bad_alloc&) {
      isThrown = true;
    }
    QVERIFY(isThrown);
  }
  QCOMPARE(namesIn(m_folder->path()), QStringList{QStringLiteral("mixed")});
  QCOMPARE(namesIn(at("mixed")), QStringList{QStringLiteral("holiday.jpg")});
}

/// What a file says of its generation is any number.
void TestFolderWriter::countsGenerationsToTheEnd() {
  m_store->save(at("m"), sized(10, 1));
  for (const char* said : {"9223372036854775807", "18446744073709551615", "-9223372036854775808"}) {
    write(at("m/model.json"),
          bytesOf(at("m/model.json")).replace("\"generation\":1,", QByteArray("\"generation\":") + said + ','));
    SaveOptions replace;
    replace.overwrite = true;
    m_store->save(at("m"), sized(10, 2), replace);
    Json json = jsonOf(at("m/model.json"));
    Json& generation = json.at("userDefinedMetadata").at("layersmith").at("generation");
    QVERIFY(generation.get<std::int64_t>() > 0 && generation.get<std::int64_t>() < std::int64_t(1) << 53);
    generation = 1;
    write(at("m/model.json"), toJsonBytes(json));
  }
}

QTEST_GUILESS_MAIN(TestFolderWriter)
#include "tst_FolderWriter.moc"

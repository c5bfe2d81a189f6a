#include "model/storage/folder/FolderStore.h"
#include "tests/support/ModelFixtures.h"

#include <QCryptographicHash>
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
  void survivesItsFolderBeingMoved_data();
  void survivesItsFolderBeingMoved();
  void savesUnderLongNames_data();
  void savesUnderLongNames();

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

void TestFolderWriter::survivesItsFolderBeingMoved_data() {
  QTest::addColumn<bool>("isAnotherThere");
  QTest::newRow("nothing in its place") << false;
  QTest::newRow("another in its place") << true;
}

/// The model that is there goes with the folder, whole, and nothing of the new one.
void TestFolderWriter::survivesItsFolderBeingMoved() {
  QFETCH(bool, isAnotherThere);
  m_store->save(at("d/pair.json"), sized(1000, 1), plainly());
  SaveOptions replace = plainly();
  replace.overwrite = true;
  replace.replacedToTrash = true;
  const Error error = errorOf([&] {
    m_store->save(at("d/pair.json"), sized(1000, 2), replace, [&](std::int64_t done, std::int64_t) {
      if (done > 0) QDir().rename(at("d"), at("d2"));
      if (isAnotherThere) QDir().mkpath(at("d"));
      return true;
    });
  });
  QCOMPARE(error.code(), std::string("E201"));
  QVERIFY2(error.message().starts_with("Not saved: "), error.what());
  QCOMPARE(namesIn(at("d2")), (QStringList{QStringLiteral("pair.json"), QStringLiteral("pair.weights.bin")}));
  QCOMPARE(wholeOf(m_store->load(at("d2/pair.json"))), wholeOf(sized(1000, 1)));
  QCOMPARE(namesIn(at("d")), QStringList());
  QVERIFY(m_store->trash().empty());
}

void TestFolderWriter::savesUnderLongNames_data() {
  QTest::addColumn<QString>("name");
  const QString ascii(255, u'n'), umlauts = QString(127, QChar(0xfc)) + u'n';
  QTest::newRow("folder") << ascii;
  QTest::newRow("folder, two bytes a letter") << umlauts;
  for (const int size : {215, 222, 230, 238, 239, 245, 250})
    QTest::addRow("pair of %d", size) << QString(size, u'n') + QStringLiteral(".json");
  QTest::newRow("pair, two bytes a letter") << QString(125, QChar(0xfc)) + QStringLiteral(".json");
}

/// A file system takes 255 bytes; what is called otherwise while it is written has to do with less.
void TestFolderWriter::savesUnderLongNames() {
  QFETCH(QString, name);
  const QString path = m_folder->filePath(QStringLiteral("in/") + name);
  SaveOptions replace;
  replace.overwrite = true;
  replace.replacedToTrash = true;
  for (const float value : {1, 2, 3, 3}) {
    m_store->save(path, sized(1000, value), replace);
    QCOMPARE(m_store->load(path).weightData->joined(), sized(1000, value).weightData->joined());
    QCOMPARE(m_store->listFolder(at("in")).size(), 1u);
  }
  const bool isPair = name.endsWith(QStringLiteral(".json"));
  QCOMPARE(namesIn(at("in")).size(), isPair ? 2 : 1);
  if (!isPair) {  // what a killed save left is found by that name
    const QString aside = QStringLiteral(".layersmith-replaced");
    const QString start = QString::fromUtf8(name.toUtf8().left(name[0] == u'n' ? 217 : 216));
    const QString hash =
        QString::fromLatin1(QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha256).toHex().left(16));
    const QString left = m_folder->filePath(QStringLiteral("in/.") + start + u'-' + hash + aside);
    m_store->save(at("old"), sized(10));
    write(at("old/mine.txt"), "mine");
    QVERIFY(QDir().rename(at("old"), left));
    m_store->save(path, sized(1000, 4), replace);
    QCOMPARE(namesIn(at("in")), QStringList{name});
    QCOMPARE(bytesOf(path + QStringLiteral("/mine.txt")), QByteArray("mine"));
  }
  m_store->restore(m_store->remove(path).id);
  QVERIFY(m_store->contains(path));
}

QTEST_GUILESS_MAIN(TestFolderWriter)
#include "tst_FolderWriter.moc"

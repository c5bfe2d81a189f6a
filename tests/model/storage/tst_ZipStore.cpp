#include "model/storage/ZipStore.h"

#include "model/core/Limits.h"
#include "model/storage/FileSet.h"
#include "model/storage/ModelLibrary.h"
#include "tests/support/ModelFixtures.h"

#include <QProcess>
#include <QTemporaryDir>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Teachable Machine's archives, hostile ones, and files picked in any order. tests/support/make_zips.py writes them.
class TestZipStore : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void readsWhatTeachableMachineGives_data();
  void readsWhatTeachableMachineGives();
  void keepsLabels();
  void namesWhatIsWrong_data();
  void namesWhatIsWrong();
  void isNeverWritten();
  void takesPickedFilesInAnyOrder();
  void refusesPickedFilesThatDoNotFit();

 private:
  QString at(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }
  static ModelArtifacts plain() { return capture(QStringLiteral("plain")); }

  QTemporaryDir m_folder;
};

void TestZipStore::initTestCase() {
  QProcess maker;
  const QString pair = path(QStringLiteral("captures/downloads/plain"));
  maker.start(QStringLiteral("/usr/bin/python3"),
              {QStringLiteral(LAYERSMITH_SOURCE_DIR "/tests/support/make_zips.py"), pair + QStringLiteral(".json"),
               pair + QStringLiteral(".weights.bin"), m_folder.path()});
  QVERIFY(maker.waitForFinished(60'000));
  QVERIFY2(maker.exitCode() == 0, maker.readAllStandardError().constData());
}

void TestZipStore::readsWhatTeachableMachineGives_data() {
  QTest::addColumn<QString>("name");
  for (const char* name : {"teachable.zip", "stored.zip", "nested.zip", "shards.zip"})
    QTest::newRow(name) << QString::fromLatin1(name);
}

void TestZipStore::readsWhatTeachableMachineGives() {
  QFETCH(QString, name);
  ModelLibrary library(at("home/store.sqlite"));
  const QString zip = m_folder.filePath(name);
  QCOMPARE(parsePlace(zip).scheme, QStringLiteral("zip"));
  QCOMPARE(parsePlace(parsePlace(zip).url()).name, zip);
  const ModelArtifacts artifacts = library.load(zip);
  QCOMPARE(artifacts.weightData->joined(), plain().weightData->joined());
  QVERIFY(artifacts.modelTopology == plain().modelTopology);
  library.copy(zip, at("folder"), true);
  QCOMPARE(bytesOf(at("folder/weights.bin")), plain().weightData->joined());
}

void TestZipStore::keepsLabels() {
  ModelLibrary library(at("home/store.sqlite"));
  library.copy(at("teachable.zip"), QStringLiteral("indexeddb://labels"));
  const Json metadata = library.load(QStringLiteral("indexeddb://labels")).userDefinedMetadata;
  QVERIFY(metadata.at("labels") == Json::array({"Katze ☃", "Hund"}));
  QVERIFY(metadata.at("teachableMachine").at("imageSize") == 224);
  QVERIFY(library.load(at("shards.zip")).userDefinedMetadata.is_null());
}

void TestZipStore::namesWhatIsWrong_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("code");
  QTest::addColumn<QString>("words");
  const auto row = [](const char* name, const char* code, const char* words) {
    QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(code) << QString::fromLatin1(words);
  };
  row("no_model.zip", "", "There is no model.json in ");
  row("no_weights.zip", "E110", "Weight file weights.bin is missing");
  row("short.zip", "E110", "Weight file weights.bin: 87 bytes, 92 expected by the manifest (5 too few).");
  row("page.zip", "E101", "weights.bin holds a web page, not a model");
  row("escape.zip", "E131", "../secret points outside the model's folder. Refused.");
  row("absolute.zip", "E131", "/etc/passwd points outside the model's folder. Refused.");
  row("many.zip", "E130", "is 10001; the limit is 10000 (setting zip.entries).");
  row("bomb.zip", "E130", "the limit is");
  row("cut.zip", "E102", "is damaged");
  row("text.zip", "E102", "not a zip archive");
  row("liar.zip", "E102", "is damaged");
  row("nothing.zip", "", "There is no file ");
}

void TestZipStore::namesWhatIsWrong() {
  QFETCH(QString, name);
  QFETCH(QString, code);
  QFETCH(QString, words);
  const Error error = errorOf([&] { ZipStore().load(m_folder.filePath(name)); });
  QCOMPARE(QString::fromStdString(error.code()), code);
  QVERIFY2(QString::fromStdString(error.message()).contains(words), error.what());
}

void TestZipStore::isNeverWritten() {
  ModelLibrary library(at("home/store.sqlite"));
  const QByteArray before = bytesOf(at("teachable.zip"));
  SaveOptions replace;
  replace.overwrite = true;
  for (const auto& action : std::initializer_list<std::function<void()>>{
           [&] { library.save(at("teachable.zip"), plain(), replace); }, [&] { library.remove(at("teachable.zip")); },
           [&] { library.move(at("teachable.zip"), at("moved")); }, [&] { library.save(at("fresh.zip"), plain()); }}) {
    const Error error = errorOf(action);
    QVERIFY2(error.kind() == ErrorKind::Unsupported, error.what());
  }
  QCOMPARE(bytesOf(at("teachable.zip")), before);
  QVERIFY(!QFile::exists(at("moved")) && !QFile::exists(at("fresh.zip")));
}

void TestZipStore::takesPickedFilesInAnyOrder() {
  ModelLibrary library(at("home/store.sqlite"));
  SaveOptions shards;
  shards.shardBytes = 30;
  library.save(at("sharded"), plain(), shards);
  QDir().mkpath(at("elsewhere"));
  QFile::rename(at("sharded/group1-shard2of4.bin"), at("elsewhere/group1-shard2of4.bin"));
  QStringList files = {at("sharded/group1-shard4of4.bin"), at("elsewhere/group1-shard2of4.bin"),
                       at("sharded/model.json"), at("sharded/group1-shard1of4.bin"),
                       at("sharded/group1-shard3of4.bin")};
  do {
    QCOMPARE(loadPickedFiles(files).weightData->joined(), plain().weightData->joined());
  } while (std::next_permutation(files.begin() + 2, files.end()));
  const QString pair = path(QStringLiteral("captures/downloads/optimizer"));
  QCOMPARE(wholeOf(loadPickedFiles({pair + QStringLiteral(".weights.bin"), pair + QStringLiteral(".json")})),
           wholeOf(capture(QStringLiteral("optimizer"))));
}

void TestZipStore::refusesPickedFilesThatDoNotFit() {
  const QString pair = path(QStringLiteral("captures/downloads/plain"));
  const Error missing = errorOf([&] { loadPickedFiles({pair + QStringLiteral(".json")}); });
  QCOMPARE(missing.code(), std::string("E110"));
  QVERIFY2(missing.message().find("plain.weights.bin is missing in the files chosen") != std::string::npos,
           missing.what());
  const Error none = errorOf([&] { loadPickedFiles({pair + QStringLiteral(".weights.bin")}); });
  QVERIFY(none.kind() == ErrorKind::NotFound);
  QDir().mkpath(at("twin"));
  QFile::copy(pair + QStringLiteral(".weights.bin"), at("twin/plain.weights.bin"));
  QFile::copy(pair + QStringLiteral(".weights.bin"), at("plain.weights.bin"));
  const Error twins = errorOf([&] {
    loadPickedFiles({pair + QStringLiteral(".json"), at("twin/plain.weights.bin"), at("plain.weights.bin")});
  });
  QCOMPARE(twins.code(), std::string("E110"));
  QVERIFY2(twins.message().find("There are two files called plain.weights.bin") == 0, twins.what());
}

QTEST_GUILESS_MAIN(TestZipStore)
#include "tst_ZipStore.moc"

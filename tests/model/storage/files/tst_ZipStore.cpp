#include "model/storage/files/ZipStore.h"

#include "model/core/Limits.h"
#include "model/core/MemoryNeed.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/files/FileSet.h"
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
  void refusesOneFileForTwoWeights_data();
  void refusesOneFileForTwoWeights();
  void refusesWhatMemoryCannotHold();
  void refusesTwoModelsPicked();
  void hashesNoticeDamage();

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
  row("bomb.zip", "E130", "the unpacked size of weights.bin is 67108864; the limit is 1");
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

void TestZipStore::refusesOneFileForTwoWeights_data() {
  QTest::addColumn<QByteArray>("first");
  QTest::addColumn<QByteArray>("second");
  QTest::newRow("one path") << QByteArray("w.bin") << QByteArray("w.bin");
  QTest::newRow("two folders") << QByteArray("a/w.bin") << QByteArray("b/w.bin");
}

/// Else the other place among the weights would keep what was in memory.
void TestZipStore::refusesOneFileForTwoWeights() {
  QFETCH(QByteArray, first);
  QFETCH(QByteArray, second);
  const auto group = [](const QByteArray& path, const QByteArray& name) {
    return "{\"paths\":[\"" + path + "\"],\"weights\":[{\"name\":\"" + name +
           "\",\"shape\":[1],\"dtype\":\"float32\"}]}";
  };
  QDir().mkpath(at("twice"));
  write(at("twice/model.json"),
        "{\"modelTopology\":{\"a\":1},\"weightsManifest\":[" + group(first, "x") + ',' + group(second, "y") + "]}");
  write(at("twice/w.bin"), "1234");
  const Error error = errorOf([&] { loadPickedFiles({at("twice/model.json"), at("twice/w.bin")}); });
  QCOMPARE(error.code(), std::string("E110"));
  QVERIFY2(QString::fromStdString(error.message())
               .startsWith(QStringLiteral("w.bin would be used twice: the model names %1 and %2. ")
                               .arg(QString::fromLatin1(first), QString::fromLatin1(second))),
           error.what());
}

void TestZipStore::refusesWhatMemoryCannotHold() {
  QDir().mkpath(at("large"));
  write(at("large/model.json"),
        "{\"modelTopology\":{\"a\":1},\"weightsManifest\":[{\"paths\":[\"w.bin\"],\"weights\":[{\"name\":\"x\","
        "\"shape\":[20000000],\"dtype\":\"float32\"}]}]}");
  write(at("large/w.bin"), {});
  QVERIFY(QFile::resize(at("large/w.bin"), 80'000'000));  // without bytes on the disk
  setMemoryLimit(64 << 20);
  const Error error = errorOf([&] { loadPickedFiles({at("large/model.json"), at("large/w.bin")}); });
  setMemoryLimit(0);
  QCOMPARE(error.code(), std::string("E130"));
  QVERIFY2(error.message().find("The weights are 80000000 bytes; the limit is ") == 0, error.what());
}

void TestZipStore::refusesTwoModelsPicked() {
  ModelLibrary library(at("home/store.sqlite"));
  library.save(at("first"), plain());
  library.save(at("second"), sized(5000));
  const QStringList both = {at("first/model.json"), at("second/model.json"), at("first/weights.bin")};
  for (const QStringList& files : {both, QStringList{both[1], both[0]}}) {
    const Error error = errorOf([&] { loadPickedFiles(files); });
    QCOMPARE(error.code(), std::string("E110"));
    QVERIFY2(error.message().find("There are two files called model.json") == 0, error.what());
  }
}

void TestZipStore::hashesNoticeDamage() {
  ModelLibrary library(at("home/store.sqlite"));
  library.save(at("hashed"), plain());
  const QStringList files = {at("hashed/weights.bin"), at("hashed/model.json")};
  const ModelArtifacts loaded = loadPickedFiles(files);
  QCOMPARE(wholeOf(loaded), wholeOf(plain()));  // the hashes are of the save, not of the model
  QByteArray bytes = bytesOf(files[0]);
  bytes[3] = char(bytes[3] ^ 1);
  write(files[0], bytes);
  LoadOptions anyway;
  anyway.acceptChangedFiles = true;
  const auto isNoticed = [&](const auto& load) {
    const Error error = errorOf([&] { load(LoadOptions()); });
    QCOMPARE(error.code(), std::string("E111"));
    QVERIFY2(error.message() ==
                 "weights.bin was changed or damaged after saving (generation 1). Open anyway? Restore the previous "
                 "version?",
             error.what());
    QCOMPARE(load(anyway).weightData->joined(), bytes);
  };
  isNoticed([&](const LoadOptions& options) { return loadPickedFiles(files, options); });
  QProcess zip;
  zip.start(
      QStringLiteral("/usr/bin/python3"),
      QStringList{QStringLiteral("-m"), QStringLiteral("zipfile"), QStringLiteral("-c"), at("hashed.zip")} + files);
  QVERIFY(zip.waitForFinished(60'000) && zip.exitCode() == 0);
  isNoticed([&](const LoadOptions& options) { return library.load(at("hashed.zip"), options); });
}

QTEST_GUILESS_MAIN(TestZipStore)
#include "tst_ZipStore.moc"

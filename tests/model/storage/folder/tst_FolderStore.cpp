#include "model/storage/folder/FolderStore.h"

#include "model/storage/ModelLibrary.h"
#include "model/storage/WeightHasher.h"
#include "tests/support/ModelFixtures.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <csignal>

using namespace layersmith;
using namespace layersmith::fixtures;

class TestFolderStore : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<FolderStore>(at("trash"));
  }
  void writesWhatTensorFlowJsWrites();
  void writesShards();
  void keepsTheFilesItCameFrom();
  void asksBeforeItReplaces();
  void neverReplacesAFile();
  void leavesOtherFilesAlone();
  void replacesADownloadPair();
  void hashesNoticeDamage();
  void hashesLargeFilesInChunks();
  void mapsForAMoment();
  void aCutMappedFileIsAnError();
  void namesWhatIsWrongWithWeights_data();
  void namesWhatIsWrongWithWeights();
  void namesTheShortPiece_data();
  void namesTheShortPiece();
  void refusesTooManyPieces();
  void staysInsideItsFolder_data();
  void staysInsideItsFolder();
  void failedSaveKeepsTheOldModel();
  void cancelledSaveKeepsTheOldModel();
  void waitsForAnotherProgram();
  void removesAndRestores();
  void listsModelsAndDamagedOnes();
  void cleansUpAfterAKilledSave();
  void takesWeightsFromElsewhere();
  void neverWritesThroughALink();
  void staysInsideAFolderThatIsExchanged();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  QStringList namesIn(const QString& folder) const {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
  }
  SaveOptions plainly(bool overwrite = false) const {
    SaveOptions options;
    options.addHashes = false;
    options.overwrite = overwrite;
    return options;
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<FolderStore> m_store;
};

void TestFolderStore::writesWhatTensorFlowJsWrites() {
  for (const char* name : {"plain", "optimizer"}) {
    const QString pair = at(name) + QStringLiteral(".json");
    m_store->save(pair, capture(QString::fromLatin1(name)), plainly());
    const QString theirs = path(QStringLiteral("captures/downloads/") + QString::fromLatin1(name));
    QCOMPARE(bytesOf(pair), bytesOf(theirs + QStringLiteral(".json")));
    QCOMPARE(bytesOf(at(name) + QStringLiteral(".weights.bin")), bytesOf(theirs + QStringLiteral(".weights.bin")));
    QCOMPARE(wholeOf(m_store->load(pair)), wholeOf(capture(QString::fromLatin1(name))));
  }
  m_store->save(at("model"), capture(QStringLiteral("plain")));
  QCOMPARE(namesIn(at("model")), (QStringList{QStringLiteral("model.json"), QStringLiteral("weights.bin")}));
  QCOMPARE(wholeOf(m_store->load(at("model"))), wholeOf(capture(QStringLiteral("plain"))));
  QCOMPARE(wholeOf(m_store->load(at("model/model.json"))), wholeOf(capture(QStringLiteral("plain"))));
}

void TestFolderStore::writesShards() {
  SaveOptions options;
  options.shardBytes = 4096;
  const ModelArtifacts artifacts = sized(2500);
  m_store->save(at("m"), artifacts, options);
  QCOMPARE(namesIn(at("m")),
           (QStringList{QStringLiteral("group1-shard1of3.bin"), QStringLiteral("group1-shard2of3.bin"),
                        QStringLiteral("group1-shard3of3.bin"), QStringLiteral("model.json")}));
  QCOMPARE(bytesOf(at("m/group1-shard3of3.bin")).size(), 10000 - 2 * 4096);
  const ModelArtifacts read = m_store->load(at("m"));
  QCOMPARE(read.weightData->joined(), artifacts.weightData->joined());
  QCOMPARE(read.groups.front().bytes, (std::vector<std::int64_t>{4096, 4096, 10000 - 2 * 4096}));
}

void TestFolderStore::keepsTheFilesItCameFrom() {
  QDir().mkpath(at("from/sub"));
  const QByteArray json =
      R"({"format":"layers-model","weightsManifest":[{"paths":["sub/b","a"],"weights":[{"name":"x","shape":[2],"dtype":"float32"}]},{"paths":["c"],"weights":[{"name":"y","shape":[1],"dtype":"float32"}]}],"modelTopology":{"k":1},"extra":[1,2]})";
  write(at("from/model.json"), json);
  write(at("from/sub/b"), "1234");
  write(at("from/a"), "5678");
  write(at("from/c"), "abcd");
  const ModelArtifacts artifacts = m_store->load(at("from"));
  QCOMPARE(artifacts.weightData->joined(), QByteArray("12345678abcd"));
  m_store->save(at("to"), artifacts, plainly());
  QCOMPARE(bytesOf(at("to/model.json")), json);
  QCOMPARE(bytesOf(at("to/sub/b")), QByteArray("1234"));
  QCOMPARE(bytesOf(at("to/c")), QByteArray("abcd"));
}

void TestFolderStore::asksBeforeItReplaces() {
  m_store->save(at("m"), capture(QStringLiteral("plain")));
  const Error error = errorOf([&] { m_store->save(at("m"), capture(QStringLiteral("optimizer"))); });
  QVERIFY(error.kind() == ErrorKind::AlreadyExists);
  QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(capture(QStringLiteral("plain"))));
  SaveOptions replace;
  replace.overwrite = true;
  replace.replacedToTrash = true;
  m_store->save(at("m"), capture(QStringLiteral("optimizer")), replace);
  QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(capture(QStringLiteral("optimizer"))));
  QCOMPARE(namesIn(m_folder->path()), (QStringList{QStringLiteral("m"), QStringLiteral("trash")}));
  m_store->remove(at("m"));
  const std::vector<TrashEntry> trash = m_store->trash();
  QCOMPARE(trash.size(), 2u);
  m_store->restore(std::ranges::min_element(trash, {}, &TrashEntry::bytes)->id);
  QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(capture(QStringLiteral("plain"))));
}

void TestFolderStore::neverReplacesAFile() {
  write(at("thesis.txt"), "years of work");
  for (const bool overwrite : {false, true}) {
    const Error error = errorOf([&] { m_store->save(at("thesis.txt"), sized(10), plainly(overwrite)); });
    QVERIFY(error.kind() == ErrorKind::AlreadyExists);
    QVERIFY2(error.message().find("thesis.txt is a file, not a folder. Nothing was changed.") != std::string::npos,
             error.what());
    QCOMPARE(bytesOf(at("thesis.txt")), QByteArray("years of work"));
    QCOMPARE(namesIn(m_folder->path()), QStringList{QStringLiteral("thesis.txt")});
  }
}

void TestFolderStore::leavesOtherFilesAlone() {
  QDir().mkpath(at("downloads"));
  write(at("downloads/holiday.jpg"), "picture");
  write(at("downloads/weights.bin"), "of somebody else");
  m_store->save(at("downloads"), sized(100, 1));
  QCOMPARE(bytesOf(at("downloads/weights.bin")), QByteArray("of somebody else"));
  QCOMPARE(m_store->load(at("downloads")).weightData->joined(), sized(100, 1).weightData->joined());
  const QStringList before = namesIn(at("downloads"));
  QCOMPARE(before.size(), 4);
  SaveOptions replace;
  replace.overwrite = true;
  m_store->save(at("downloads"), sized(100, 2), replace);
  QCOMPARE(m_store->load(at("downloads")).weightData->joined(), sized(100, 2).weightData->joined());
  QCOMPARE(namesIn(at("downloads")).size(), 4);  // the old weight file is gone, nothing else
  QCOMPARE(bytesOf(at("downloads/holiday.jpg")), QByteArray("picture"));
}

void TestFolderStore::replacesADownloadPair() {
  const SaveOptions replace = plainly(true);
  for (int value = 1; value <= 3; ++value) {
    m_store->save(at("moons.json"), sized(50, float(value)), replace);
    QCOMPARE(m_store->load(at("moons.json")).weightData->joined(), sized(50, float(value)).weightData->joined());
    QCOMPARE(namesIn(m_folder->path()).size(), 2);
  }
  QCOMPARE(m_store->listFolder(m_folder->path()).size(), 1u);
}

void TestFolderStore::hashesNoticeDamage() {
  m_store->save(at("m"), sized(100));
  QByteArray bytes = bytesOf(at("m/weights.bin"));
  bytes[200] = bytes[200] ^ 1;
  write(at("m/weights.bin"), bytes);
  const Error error = errorOf([&] { m_store->load(at("m")); });
  QCOMPARE(error.code(), std::string("E111"));
  QVERIFY2(error.message().find("weights.bin was changed or damaged after saving (generation 1)") != std::string::npos,
           error.what());
  LoadOptions anyway;
  anyway.acceptChangedFiles = true;
  QCOMPARE(m_store->load(at("m"), anyway).weightData->joined(), bytes);
  const Json ours = jsonOf(at("m/model.json")).at("userDefinedMetadata").at("layersmith");
  QCOMPARE(QByteArray::fromStdString(ours.at("weightFiles")[0].at("sha256").get<std::string>()),
           QCryptographicHash::hash(sized(100).weightData->joined(), QCryptographicHash::Sha256).toHex());
}

void TestFolderStore::hashesLargeFilesInChunks() {
  const ModelArtifacts large = sized(2'500'000);  // three chunks, the last one short
  m_store->save(at("m"), large);
  const QByteArray bytes = bytesOf(at("m/weights.bin"));
  QByteArray digests;
  for (qsizetype offset = 0; offset < bytes.size(); offset += WeightHasher::kHashChunkBytes)
    digests += QCryptographicHash::hash(bytes.mid(offset, WeightHasher::kHashChunkBytes), QCryptographicHash::Sha256);
  const QByteArray expected = QCryptographicHash::hash(digests, QCryptographicHash::Sha256).toHex();
  Json json = jsonOf(at("m/model.json"));
  Json& ours = json.at("userDefinedMetadata").at("layersmith");
  QCOMPARE(ours.at("chunkBytes").get<std::int64_t>(), WeightHasher::kHashChunkBytes);
  QCOMPARE(QByteArray::fromStdString(ours.at("weightFiles")[0].at("sha256").get<std::string>()), expected);
  QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(large));

  const auto damagedAt = [&](qsizetype offset) {
    QByteArray damaged = bytes;
    damaged[offset] = damaged[offset] ^ 1;
    write(at("m/weights.bin"), damaged);
  };
  for (const qsizetype offset : {qsizetype(0), qsizetype(5'000'000), bytes.size() - 1}) {
    damagedAt(offset);
    COMPARE_ERROR(m_store->load(at("m")), "E111");
  }
  // What says nothing of chunks was hashed in one piece.
  ours.erase("chunkBytes");
  ours["weightFiles"][0]["sha256"] = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
  write(at("m/model.json"), toJsonBytes(json));
  COMPARE_ERROR(m_store->load(at("m")), "E111");
  write(at("m/weights.bin"), bytes);
  QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(large));
}

void TestFolderStore::mapsForAMoment() {
  LoadOptions mapped;
  mapped.mapWeights = true;
  SaveOptions options;
  options.shardBytes = 1 << 20;  // ends on a page: one mapping over all shards
  m_store->save(at("even"), sized(1'000'003, 3), options);
  options.shardBytes = 1'000'001;  // does not: read instead
  m_store->save(at("odd"), sized(1'000'003, 3), options);
  for (const char* name : {"even", "odd"}) {
    const ModelArtifacts artifacts = m_store->load(at(name), mapped);
    QCOMPARE(artifacts.weightData->pieces().size(), 1u);
    QCOMPARE(wholeOf(artifacts), wholeOf(sized(1'000'003, 3)));
  }
  const QString shard = at("even/group1-shard2of4.bin");
  QByteArray bytes = bytesOf(shard);
  bytes[77] = bytes[77] ^ 1;
  write(shard, bytes);
  COMPARE_ERROR(m_store->load(at("even"), mapped), "E111");
}

void TestFolderStore::aCutMappedFileIsAnError() {
  m_store->save(at("m"), sized(1'000'000));
  LoadOptions mapped;
  mapped.mapWeights = true;
  const ModelArtifacts artifacts = m_store->load(at("m"), mapped);
  artifacts.weightData->requireUncut();
  QCOMPARE(::truncate(QFile::encodeName(at("m/weights.bin")).constData(), 10'000), 0);
  const QByteArray bytes = artifacts.weightData->joined();  // would end the process
  QCOMPARE(bytes.size(), 4'000'000);
  QCOMPARE(bytes.right(4), QByteArray(4, '\0'));
  const Error error = errorOf([&] { artifacts.weightData->requireUncut(); });
  QCOMPARE(error.code(), std::string("E110"));
  QVERIFY2(error.message().find("weights.bin became shorter") != std::string::npos, error.what());
}

void TestFolderStore::namesWhatIsWrongWithWeights_data() {
  QTest::addColumn<QByteArray>("weights");
  QTest::addColumn<QString>("code");
  QTest::addColumn<QString>("words");
  QTest::newRow("truncated")
      << QByteArray(60, 'x') << "E110"
      << "Weight file weights.bin: 60 bytes, 92 expected by the manifest (32 too few). Copy or download it again.";
  QTest::newRow("a web page") << QByteArray("<!DOCTYPE html><html>") << "E101"
                              << "web page";
  QTest::newRow("a long web page") << QByteArray("<!DOCTYPE html>") + QByteArray(200, ' ') << "E101"
                                   << "web page";
  QTest::newRow("a long gzip file") << QByteArray("\x1f\x8b\x08") + QByteArray(200, 'x') << "E102"
                                    << "gzip file";
  QTest::newRow("git-lfs") << QByteArray("version https://git-lfs.github.com/spec/v1\n") << "E102"
                           << "git lfs pull";
  QTest::newRow("missing") << QByteArray() << "E110"
                           << "weights.bin is missing";
}

void TestFolderStore::namesWhatIsWrongWithWeights() {
  QFETCH(QByteArray, weights);
  QFETCH(QString, code);
  QFETCH(QString, words);
  m_store->save(at("m"), capture(QStringLiteral("plain")), plainly());
  if (weights.isEmpty())
    QFile::remove(at("m/weights.bin"));
  else
    write(at("m/weights.bin"), weights);
  const Error error = errorOf([&] { m_store->load(at("m")); });
  QCOMPARE(QString::fromStdString(error.code()), code);
  QVERIFY2(QString::fromStdString(error.message()).contains(words), error.what());
}

void TestFolderStore::namesTheShortPiece_data() {
  QTest::addColumn<QString>("piece");
  QTest::addColumn<int>("bytes");
  QTest::addColumn<QString>("words");
  QTest::newRow("in the middle") << "group1-shard2of4.bin" << 20
                                 << "group1-shard2of4.bin: 20 bytes, 30 expected by the manifest (10 too few)";
  QTest::newRow("the last") << "group1-shard4of4.bin" << 1
                            << "group1-shard4of4.bin: 1 bytes, 2 expected by the manifest (1 too few)";
  QTest::newRow("missing") << "group1-shard3of4.bin" << -1
                           << "group1-shard3of4.bin is missing: 0 bytes, 30 expected by the manifest";
  QTest::newRow("missing, the last") << "group1-shard4of4.bin" << -1
                                     << "group1-shard4of4.bin is missing: 0 bytes, 2 expected by the manifest";
}

void TestFolderStore::namesTheShortPiece() {
  QFETCH(QString, piece);
  QFETCH(int, bytes);
  QFETCH(QString, words);
  SaveOptions pieces = plainly();
  pieces.shardBytes = 30;
  m_store->save(at("m"), capture(QStringLiteral("plain")), pieces);
  const QString file = at("m/") + piece;
  QVERIFY(bytes < 0 ? QFile::remove(file) : QFile::resize(file, bytes));
  const Error error = errorOf([&] { m_store->load(at("m")); });
  QCOMPARE(error.code(), std::string("E110"));
  QVERIFY2(QString::fromStdString(error.message()).contains(words), error.what());
}

void TestFolderStore::refusesTooManyPieces() {
  SaveOptions pieces;
  pieces.shardBytes = 1;
  const Error error = errorOf([&] { m_store->save(at("m"), sized(2501), pieces); });
  QCOMPARE(error.code(), std::string("E130"));
  QVERIFY2(error.message().find("10004 files of 1 bytes; the limit is 10000. Nothing was changed. Take files of at "
                                "least 2 bytes.") != std::string::npos,
           error.what());
  QVERIFY(!QFile::exists(at("m")));
}

void TestFolderStore::staysInsideItsFolder_data() {
  QTest::addColumn<QString>("path");
  for (const char* bad : {"../secret", "/etc/passwd", "a\\\\b", "sub/../../secret", "sub/./../../secret", "..", "link",
                          "linked/secret", "a\\u0000b"})
    QTest::newRow(bad) << QString::fromLatin1(bad);
}

void TestFolderStore::staysInsideItsFolder() {
  QFETCH(QString, path);
  QDir().mkpath(at("m/sub"));
  write(at("secret"), "1234");
  QVERIFY(QFile::link(at("secret"), at("m/link")));
  QVERIFY(QFile::link(m_folder->path(), at("m/linked")));
  write(at("m/model.json"), "{\"modelTopology\":{\"a\":1},\"weightsManifest\":[{\"paths\":[\"" + path.toUtf8() +
                                "\"],\"weights\":[{\"name\":\"x\",\"shape\":[1],\"dtype\":\"float32\"}]}]}");
  COMPARE_ERROR(m_store->load(at("m")), "E131");
}

void TestFolderStore::failedSaveKeepsTheOldModel() {
  m_store->save(at("m"), sized(1000, 1));
  m_store->save(at("pair.json"), sized(1000, 1));
  const QStringList before = namesIn(m_folder->path());
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const SaveOptions replace = plainly(true);
  std::vector<Error> errors;
  for (const char* place : {"m", "pair.json", "fresh"})
    errors.push_back(errorOf([&] { m_store->save(at(place), sized(100'000, 2), replace); }));
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, oldHandler);
  for (const Error& error : errors) {
    QCOMPARE(error.code(), std::string("E201"));
    QVERIFY(error.kind() == ErrorKind::NoSpace);
    QVERIFY2(error.message().starts_with("Not saved: ") &&
                 error.message().find("Your old file is unchanged") != std::string::npos,
             error.what());
  }
  QCOMPARE(namesIn(m_folder->path()), before);  // no debris
  QCOMPARE(m_store->load(at("m")).weightData->joined(), sized(1000, 1).weightData->joined());
  QCOMPARE(m_store->load(at("pair.json")).weightData->joined(), sized(1000, 1).weightData->joined());
}

void TestFolderStore::cancelledSaveKeepsTheOldModel() {
  m_store->save(at("m"), sized(1000, 1));
  SaveOptions replace = plainly(true);
  replace.shardBytes = 1024;
  for (int calls = 1; calls <= 4; ++calls) {
    int left = calls;
    const Error error = errorOf([&] {
      m_store->save(at("m"), sized(1000, 2), replace, [&](std::int64_t, std::int64_t) { return --left > 0; });
    });
    QVERIFY(error.kind() == ErrorKind::Cancelled);
    QCOMPARE(namesIn(m_folder->path()), QStringList{QStringLiteral("m")});
    QCOMPARE(m_store->load(at("m")).weightData->joined(), sized(1000, 1).weightData->joined());
  }
}

void TestFolderStore::waitsForAnotherProgram() {
  const int descriptor = ::open(QFile::encodeName(m_folder->path()).constData(), O_RDONLY | O_DIRECTORY);
  QVERIFY(::flock(descriptor, LOCK_EX | LOCK_NB) == 0);
  std::unique_ptr<QThread> releases(QThread::create([descriptor] {
    QThread::msleep(200);
    ::close(descriptor);
  }));
  releases->start();
  m_store->save(at("m"), sized(10));
  releases->wait();
  QVERIFY(m_store->contains(at("m")));
}

void TestFolderStore::removesAndRestores() {
  m_store->save(at("m"), capture(QStringLiteral("plain")));
  write(at("m/readme.txt"), "mine");
  const TrashEntry entry = m_store->remove(at("m"));
  QVERIFY(!m_store->contains(at("m")));
  QCOMPARE(namesIn(at("m")), QStringList{QStringLiteral("readme.txt")});
  QCOMPARE(entry.name, QStringLiteral("m"));
  QVERIFY(entry.bytes > 92);
  m_store->restore(entry.id);
  QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(capture(QStringLiteral("plain"))));
  QVERIFY(m_store->trash().empty());
  m_store->rename(at("m"), at("renamed"));
  QVERIFY(!m_store->contains(at("m")));
  QCOMPARE(wholeOf(m_store->load(at("renamed"))), wholeOf(capture(QStringLiteral("plain"))));
  m_store->remove(at("renamed"));
  m_store->emptyTrash();
  QVERIFY(m_store->trash().empty());
}

void TestFolderStore::listsModelsAndDamagedOnes() {
  m_store->save(at("a"), capture(QStringLiteral("plain")));
  m_store->save(at("b"), capture(QStringLiteral("plain")));
  m_store->save(at("c.json"), capture(QStringLiteral("plain")));
  QDir().mkpath(at("empty"));
  write(at("b/weights.bin"), "short");
  const std::vector<ModelEntry> entries = m_store->listFolder(m_folder->path());
  QCOMPARE(entries.size(), 3u);
  QCOMPARE(entries[0].parameters, 23);
  QCOMPARE(entries[0].layerCount, 2);
  QCOMPARE(entries[0].info.weightDataBytes, 92);
  QVERIFY(entries[0].problem.isEmpty());
  QVERIFY(entries[1].problem.contains(QStringLiteral("5 bytes, 92 expected")));
  QCOMPARE(entries[2].name, QStringLiteral("c"));
  COMPARE_ERROR(m_store->listFolder(at("gone")), "");
}

void TestFolderStore::cleansUpAfterAKilledSave() {
  m_store->save(at("m"), sized(10, 1));
  QDir().mkpath(at(".m.layersmith-saving"));
  write(at(".m.layersmith-saving/weights.bin"), "half");
  m_store->save(at("m"), sized(10, 2), plainly(true));
  QCOMPARE(namesIn(m_folder->path()), QStringList{QStringLiteral("m")});
  QCOMPARE(m_store->load(at("m")).weightData->joined(), sized(10, 2).weightData->joined());
}

/// A weight file that is a hard link to something else: reading is reading, but a save makes a file of its own.
void TestFolderStore::neverWritesThroughALink() {
  write(at("secret"), sized(10, 1).weightData->joined());
  m_store->save(at("m"), sized(10, 1), plainly());
  QFile::remove(at("m/weights.bin"));
  QVERIFY(::link(QFile::encodeName(at("secret")).constData(), QFile::encodeName(at("m/weights.bin")).constData()) == 0);
  m_store->save(at("m"), sized(10, 2), plainly(true));
  QCOMPARE(bytesOf(at("secret")), sized(10, 1).weightData->joined());
  write(at("m/readme.txt"), "now other files are here");
  QFile::remove(at("m/weights.bin"));
  QVERIFY(::link(QFile::encodeName(at("secret")).constData(), QFile::encodeName(at("m/weights.bin")).constData()) == 0);
  m_store->save(at("m"), sized(10, 3), plainly(true));
  QCOMPARE(bytesOf(at("secret")), sized(10, 1).weightData->joined());
  QVERIFY(QFile::link(at("secret"), at("pair.weights.bin")));
  m_store->save(at("pair.json"), sized(10, 4), plainly());
  QCOMPARE(bytesOf(at("secret")), sized(10, 1).weightData->joined());
  QCOMPARE(m_store->load(at("pair.json")).weightData->joined(), sized(10, 4).weightData->joined());
}

/// The folder becomes a link to somewhere else and back while models are loaded: never a byte from there.
void TestFolderStore::staysInsideAFolderThatIsExchanged() {
  m_store->save(at("m"), sized(1000, 1), plainly());
  QDir().mkpath(at("secret"));
  write(at("secret/weights.bin"), QByteArray(4000, 's'));
  QDir().mkpath(at("m/sub"));
  QFile::rename(at("m/weights.bin"), at("m/sub/weights.bin"));
  QByteArray json = bytesOf(at("m/model.json"));
  json.replace("weights.bin", "sub/weights.bin");
  write(at("m/model.json"), json);
  const QByteArray sub = QFile::encodeName(at("m/sub")), aside = QFile::encodeName(at("m/aside")),
                   secret = QFile::encodeName(at("secret"));
  std::atomic<bool> isDone = false;
  std::unique_ptr<QThread> exchanger(QThread::create([&] {
    while (!isDone) {
      ::rename(sub.constData(), aside.constData());
      if (::symlink(secret.constData(), sub.constData()) == 0) ::unlink(sub.constData());
      ::rename(aside.constData(), sub.constData());
    }
  }));
  exchanger->start();
  int loaded = 0, refused = 0;
  for (int i = 0; i < 3000; ++i) {
    try {
      QCOMPARE(m_store->load(at("m")).weightData->joined(), sized(1000, 1).weightData->joined());
      ++loaded;
    } catch (const Error& error) {
      ++refused;
    }
  }
  isDone = true;
  exchanger->wait();
  QVERIFY(loaded > 0 && refused > 0);
}

void TestFolderStore::takesWeightsFromElsewhere() {
  m_store->save(at("m"), sized(10, 1), plainly());
  QDir().mkpath(at("other"));
  QFile::rename(at("m/weights.bin"), at("other/weights.bin"));
  COMPARE_ERROR(m_store->load(at("m")), "E110");
  LoadOptions options;
  options.weightPathPrefix = at("other");
  QCOMPARE(m_store->load(at("m"), options).weightData->joined(), sized(10, 1).weightData->joined());
  options.weightPathPrefix = at("nowhere");
  QVERIFY(errorOf([&] { m_store->load(at("m"), options); }).kind() == ErrorKind::NotFound);
}

QTEST_GUILESS_MAIN(TestFolderStore)
#include "tst_FolderStore.moc"

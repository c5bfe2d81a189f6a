#include "model/storage/folder/FolderExchange.h"

#include "model/storage/folder/FolderLock.h"
#include "model/storage/folder/FolderStore.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>
#include <QThread>

#include <sys/stat.h>
#include <cstdio>
#include <optional>

using namespace layersmith;
using namespace layersmith::fixtures;

/// What other programs put into a model's folder while it is exchanged for a new one is there afterwards. Kills, power
/// cuts and calls that fail are in tst_KillSave and tst_FaultySave.
class TestFolderExchange : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<FolderStore>(at("trash"));
    m_store->save(at("m"), sized(1000, 1));
  }
  void keepsWhatCameDuringASave();
  void keepsAPairThatWaited();
  void bringsBackWhatAKilledSaveLeft_data();
  void bringsBackWhatAKilledSaveLeft();
  void countsEmptyFolders();
  void savesBesideWhatCannotGo();
  void keepsNamesThatAreNotUtf8();
  void renamesWithoutWhatAKilledSaveLeft();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  static QStringList namesIn(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
  }
  /// Saves over the model; `during`, once, while its weights are written.
  void replace(float value, const std::function<void()>& during = {}) {
    SaveOptions options;
    options.overwrite = true;
    bool isDone = !during;
    m_store->save(at("m"), sized(1000, value), options, [&](std::int64_t done, std::int64_t) {
      if (done > 0 && !std::exchange(isDone, true)) during();
      return true;
    });
    QVERIFY(isDone);
    QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(sized(1000, value)));
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<FolderStore> m_store;
};

void TestFolderExchange::keepsWhatCameDuringASave() {
  replace(2, [&] {
    write(at("m/labels.txt"), "cat, dog");
    QDir().mkpath(at("m/empty"));
    QDir().mkpath(at("m/notes/deep"));
    write(at("m/notes/deep/today.txt"), "mine");
    write(at("m/.hidden"), "too");
  });
  QCOMPARE(bytesOf(at("m/labels.txt")), QByteArray("cat, dog"));
  QCOMPARE(bytesOf(at("m/notes/deep/today.txt")), QByteArray("mine"));
  QCOMPARE(bytesOf(at("m/.hidden")), QByteArray("too"));
  QVERIFY(QFileInfo(at("m/empty")).isDir());
  QCOMPARE(namesIn(m_folder->path()), QStringList{QStringLiteral("m")});
  // A name that the new model has itself.
  ModelArtifacts parts = sized(1000, 3);
  parts.groups = {{{"a", "sub/b"}, 1, {2000, 2000}}};
  QDir(at("m")).removeRecursively();
  m_store->save(at("m"), sized(1000, 1));
  SaveOptions options;
  options.overwrite = true;
  m_store->save(at("m"), parts, options, [&](std::int64_t done, std::int64_t) {
    if (done == 0) return true;
    write(at("m/a"), "not yours");
    QDir().mkpath(at("m/sub"));
    write(at("m/sub/c"), "nor this");
    return true;
  });
  QCOMPARE(m_store->load(at("m")).weightData->joined(), sized(1000, 3).weightData->joined());
  QCOMPARE(bytesOf(at("m/2-a")), QByteArray("not yours"));
  QCOMPARE(bytesOf(at("m/sub/c")), QByteArray("nor this"));
  QCOMPARE(namesIn(m_folder->path()), QStringList{QStringLiteral("m")});
}

/// A download pair saved into the folder: it goes into the new one, not into the one that goes.
void TestFolderExchange::keepsAPairThatWaited() {
  std::unique_ptr<QThread> other;
  replace(2, [&] {
    other.reset(QThread::create([&] { FolderStore(at("trash")).save(at("m/pair.json"), sized(500, 7)); }));
    other->start();
    QVERIFY(!other->wait(200));  // the folder is held
  });
  QVERIFY(other->wait(20'000));
  QCOMPARE(wholeOf(m_store->load(at("m/pair.json"))), wholeOf(sized(500, 7)));
  QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(sized(1000, 2)));
}

void TestFolderExchange::bringsBackWhatAKilledSaveLeft_data() {
  QTest::addColumn<QStringList>("gone");  // of the old model, when the kill came
  const QString json = QStringLiteral("model.json"), weights = QStringLiteral("weights.bin");
  QTest::newRow("after the exchange") << QStringList();
  QTest::newRow("without weights") << QStringList{weights};
  QTest::newRow("without the model") << QStringList{weights, json};
}

void TestFolderExchange::bringsBackWhatAKilledSaveLeft() {
  QFETCH(QStringList, gone);
  m_store->save(at(".m.layersmith-replaced"), sized(1000, 8));
  write(at(".m.layersmith-replaced/labels.txt"), "cat, dog");
  QDir().mkpath(at(".m.layersmith-saving"));
  write(at(".m.layersmith-saving/weights.bin"), "half");
  for (const QString& file : gone) QVERIFY(QFile::remove(at(".m.layersmith-replaced/") + file));
  replace(2);
  QCOMPARE(bytesOf(at("m/labels.txt")), QByteArray("cat, dog"));
  QCOMPARE(namesIn(m_folder->path()), QStringList{QStringLiteral("m")});
  QCOMPARE(namesIn(at("m")).size(), 3);
}

void TestFolderExchange::countsEmptyFolders() {
  QVERIFY(holdsOnly(at("m"), {QStringLiteral("model.json"), QStringLiteral("weights.bin")}));
  QVERIFY(!holdsOnly(at("m"), {QStringLiteral("weights.bin")}));
  QDir().mkpath(at("m/for later"));
  QVERIFY(!holdsOnly(at("m"), {QStringLiteral("model.json"), QStringLiteral("weights.bin")}));
  replace(2);
  QVERIFY(QFileInfo(at("m/for later")).isDir());
}

/// Something in the way of the exchange that does not go: the model is saved in the other way.
void TestFolderExchange::savesBesideWhatCannotGo() {
  for (const char* name : {".m.layersmith-saving", ".m.layersmith-replaced"}) {
    write(at(name), "a file");
    replace(2);
    QCOMPARE(bytesOf(at(name)), QByteArray("a file"));
    QVERIFY(QFile::remove(at(name)));
  }
}

namespace {

bool makeFile(const QByteArray& path) {
  std::FILE* file = std::fopen(path.constData(), "w");
  return file && std::fclose(file) == 0;
}

bool isFile(const QByteArray& path) {
  struct stat status {};
  return ::stat(path.constData(), &status) == 0;
}

}  // namespace

/// QDir does not see them.
void TestFolderExchange::keepsNamesThatAreNotUtf8() {
  const QByteArray cafe = QFile::encodeName(at("m/")) + "caf\xe9.txt", folder = QFile::encodeName(at("m/")) + "d\xe9";
  replace(2, [&] {
    QVERIFY(makeFile(cafe));
    QVERIFY(::mkdir(folder.constData(), 0777) == 0 && makeFile(folder + "/a"));
  });
  QVERIFY(isFile(cafe) && isFile(folder + "/a"));
  QCOMPARE(namesIn(m_folder->path()), QStringList{QStringLiteral("m")});
  QVERIFY(!holdsOnly(at("m"), {QStringLiteral("model.json"), QStringLiteral("weights.bin")}));
  replace(3);
  QVERIFY(isFile(cafe) && isFile(folder + "/a"));
  QCOMPARE(namesIn(m_folder->path()), QStringList{QStringLiteral("m")});
}

/// The file is of the model that gets another name, and not of the next one of this name.
void TestFolderExchange::renamesWithoutWhatAKilledSaveLeft() {
  m_store->save(at(".m.layersmith-replaced"), sized(1000, 8));
  write(at(".m.layersmith-replaced/labels.txt"), "cat, dog");
  m_store->rename(at("m"), at("n"));
  QCOMPARE(bytesOf(at("n/labels.txt")), QByteArray("cat, dog"));
  m_store->save(at("m"), sized(1000, 3));
  QCOMPARE(namesIn(m_folder->path()), (QStringList{QStringLiteral("m"), QStringLiteral("n")}));
  QCOMPARE(namesIn(at("m")).size(), 2);
  QDir().mkpath(at("other"));
  const FolderLock saving(at("other"));
  QVERIFY(errorOf([&] { m_store->rename(at("m"), at("other/m")); }).kind() == ErrorKind::Busy);
}

QTEST_GUILESS_MAIN(TestFolderExchange)
#include "tst_FolderExchange.moc"

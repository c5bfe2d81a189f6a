#include "model/storage/folder/FolderTrash.h"

#include "model/storage/TrashAge.h"
#include "model/storage/folder/FolderLock.h"
#include "model/storage/folder/FolderStore.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>
#include <QThread>

#include <optional>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Calls that fail and power cuts are in tst_FaultySave.
class TestFolderTrash : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<FolderStore>(at("trash"));
  }
  void goesOnAfterAKilledRestore();
  void takesBackWhatItPlaced();
  void waitsForAnotherProgram();
  void putsNothingOverAnotherFile();
  void sweepsWhatAKilledRemovalLeft();
  void takesFoldersBelowAlong();
  void keepsNothingOfAFailedReplacement();
  void leavesWhatIsNotOurs();
  void detachesWhatStaysAfterAll();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  static QStringList namesIn(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
  }
  QString removed(float value = 1) {
    m_store->save(at("m"), sized(100, value));
    return m_store->remove(at("m")).id;
  }
  QString kept(const QString& id, const char* file) const {
    return at("trash/") + id + QStringLiteral("/files/") + QString::fromLatin1(file);
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<FolderStore> m_store;
};

void TestFolderTrash::goesOnAfterAKilledRestore() {
  const QString id = removed();
  QDir().mkpath(at("m"));
  QVERIFY(QFile::copy(kept(id, "weights.bin"), at("m/weights.bin")));
  m_store->restore(id);
  QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(sized(100, 1)));
  QVERIFY(m_store->trash().empty());
  const QString again = m_store->remove(at("m")).id;
  m_store->save(at("m"), sized(100, 1));  // equal to the last byte, its hashes too
  m_store->restore(again);
  QVERIFY(m_store->trash().empty());
}

void TestFolderTrash::takesBackWhatItPlaced() {
  const QString id = removed();
  QVERIFY(QFile::rename(kept(id, "model.json"), at("aside")));
  const Error error = errorOf([&] { m_store->restore(id); });
  QCOMPARE(error.code(), std::string("E201"));
  QVERIFY2(error.message().find("Not restored: ") == 0 &&
               error.message().find("Nothing was changed: 'm' stays in the Trash.") != std::string::npos,
           error.what());
  QCOMPARE(namesIn(m_folder->path()), (QStringList{QStringLiteral("aside"), QStringLiteral("trash")}));
  QVERIFY(QFile::rename(at("aside"), kept(id, "model.json")));
  m_store->restore(id);
  QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(sized(100, 1)));
}

void TestFolderTrash::waitsForAnotherProgram() {
  const QString id = removed();
  std::optional<FolderLock> lock(std::in_place, m_folder->path());
  bool cameBefore = true;
  const std::unique_ptr<QThread> releases(QThread::create([&] {
    QThread::msleep(200);
    cameBefore = m_store->contains(at("m"));
    lock.reset();
  }));
  releases->start();
  m_store->restore(id);
  releases->wait();
  QVERIFY(!cameBefore);
  QVERIFY(m_store->contains(at("m")));
}

void TestFolderTrash::putsNothingOverAnotherFile() {
  const QString id = removed();
  m_store->save(at("m"), sized(100, 2));
  QVERIFY(errorOf([&] { m_store->restore(id); }).kind() == ErrorKind::AlreadyExists);
  QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(sized(100, 2)));
  QCOMPARE(m_store->trash().size(), 1u);
}

void TestFolderTrash::sweepsWhatAKilledRemovalLeft() {
  const QString left = at("trash/.5ab5aa05-4d5a-4d25-9d57-9e44ea7b5a9f.unfinished"),
                underWay = at("trash/.6ab5aa05-4d5a-4d25-9d57-9e44ea7b5a9f.unfinished");
  QDir().mkpath(left + QStringLiteral("/files"));
  QDir().mkpath(underWay);
  {
    const FolderLock working(underWay);
    removed();
    QVERIFY(!QFile::exists(left));
    QVERIFY(QFile::exists(underWay));
  }
  QCOMPARE(m_store->trash().size(), 1u);  // what is unfinished is no entry
  m_store->emptyTrash();
  QCOMPARE(namesIn(at("trash")), QStringList());
}

void TestFolderTrash::takesFoldersBelowAlong() {
  ModelArtifacts model = sized(100, 1);
  model.groups = {{{"below/a", "below/deep/b"}, 1, {100, 300}}};
  m_store->save(at("m"), model);
  const QString id = m_store->remove(at("m")).id;
  QVERIFY(!QFile::exists(at("m")));
  m_store->restore(id);
  QCOMPARE(m_store->load(at("m")).weightData->joined(), model.weightData->joined());
}

/// A folder that cannot be exchanged keeps what it replaces once, and not at all when it stays.
void TestFolderTrash::keepsNothingOfAFailedReplacement() {
  SaveOptions replace;
  replace.overwrite = true;
  replace.replacedToTrash = true;
  m_store->save(at("m"), sized(100, 1));
  write(at("m/mine.txt"), "x");
  int ticks = 0;
  const auto stopAtTheEnd = [&](std::int64_t done, std::int64_t total) { return ++ticks == 1 || done < total; };
  QVERIFY(errorOf([&] { m_store->save(at("m"), sized(100, 2), replace, stopAtTheEnd); }).kind() ==
          ErrorKind::Cancelled);
  QVERIFY(m_store->trash().empty());
  m_store->save(at("m"), sized(100, 2), replace);
  QCOMPARE(m_store->trash().size(), 1u);
}

/// Other tools keep things in ~/.trash too. What is damaged of ours goes.
void TestFolderTrash::leavesWhatIsNotOurs() {
  const QString uuid = QStringLiteral("5ab5aa05-4d5a-4d25-9d57-9e44ea7b5a9f");
  const QString damaged = QStringLiteral("6ab5aa05-4d5a-4d25-9d57-9e44ea7b5a9f");
  const QString empty = QStringLiteral("7ab5aa05-4d5a-4d25-9d57-9e44ea7b5a9f");
  const QString id = removed();
  const QString trash = at("trash/");
  for (const QString& folder : {QStringLiteral("photos"), QStringLiteral(".photos.unfinished"), uuid, damaged, empty})
    QVERIFY(QDir().mkpath(trash + folder));
  write(trash + QStringLiteral("photos/info.json"), bytesOf(trash + id + QStringLiteral("/info.json")));
  write(trash + uuid + QStringLiteral("/info.json"), R"({"deleted": "2001-01-01T00:00:00Z"})");
  write(trash + damaged + QStringLiteral("/info.json"), "{");
  QVERIFY(QFile::link(trash + id, trash + QStringLiteral("8ab5aa05-4d5a-4d25-9d57-9e44ea7b5a9f")));
  QCOMPARE(m_store->trash().size(), 2u);
  QCOMPARE(purgeRemovedBefore(*m_store, QDateTime::currentDateTimeUtc().addYears(-1)), 0);
  for (const QString& other : {QStringLiteral("photos"), uuid, empty}) {
    QVERIFY(errorOf([&] { m_store->purge(other); }).kind() == ErrorKind::NotFound);
    QVERIFY(errorOf([&] { m_store->restore(other); }).kind() == ErrorKind::NotFound);
  }
  m_store->emptyTrash();
  QVERIFY(m_store->trash().empty());
  for (const QString& other : {QStringLiteral("photos"), QStringLiteral(".photos.unfinished"), uuid, empty})
    QVERIFY2(QFileInfo(trash + other).isDir(), qPrintable(other));
  for (const QString& ours : {id, damaged}) QVERIFY(!QFileInfo::exists(trash + ours));
}

/// It was to go, and was linked.
void TestFolderTrash::detachesWhatStaysAfterAll() {
  m_store->save(at("m"), sized(100, 1));
  const QStringList files{QStringLiteral("weights.bin"), QStringLiteral("model.json")};
  FolderTrash trash(at("trash"));
  const QString id = trash.keep(layoutOf(at("m")), files).id;
  trash.detach(id, {QStringLiteral("weights.bin"), QStringLiteral("not-in-it.bin")});
  QFile weights(at("m/weights.bin"));
  QVERIFY(weights.open(QIODevice::ReadWrite) && weights.write("changed") == 7);
  weights.close();
  QCOMPARE(bytesOf(kept(id, "weights.bin")), sized(100, 1).weightData->joined());
  QCOMPARE(namesIn(at("trash/") + id + QStringLiteral("/files")).size(), 2);
}

QTEST_GUILESS_MAIN(TestFolderTrash)
#include "tst_FolderTrash.moc"

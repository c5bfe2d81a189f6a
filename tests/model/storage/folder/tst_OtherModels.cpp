#include "model/storage/folder/OtherModels.h"

#include "model/storage/folder/FolderStore.h"
#include "tests/support/ModelFixtures.h"

#include <QScopeGuard>
#include <QTemporaryDir>

#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <fstream>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Weight files that two models of a folder name: a browser calls a second download "moons (1).json", and what it
/// names are the weights of the first.
class TestOtherModels : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<FolderStore>(at("trash"));
    SaveOptions plain;
    plain.addHashes = false;
    m_store->save(at("moons.json"), sized(100, 1), plain);
    QVERIFY(QFile::copy(at("moons.json"), at("moons (1).json")));
  }
  void removalKeepsWhatAnotherNames();
  void saveKeepsWhatAnotherNames();
  void looksIntoFoldersBelow();
  void keepsWhatItCannotKnow_data();
  void keepsWhatItCannotKnow();
  void trashKeepsWhatWasRemoved_data();
  void trashKeepsWhatWasRemoved();
  void trashKeepsWhatWasReplaced();
  void trashKeepsWhatTheNextSaveKeeps();
  void removesNothingWithoutRoomForACopy();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  QStringList named() const {
    return namedByOthers(OpenFolder(m_folder->path()), QStringLiteral("moons (1).json"),
                         {QStringLiteral("moons.weights.bin"), QStringLiteral("sub/zz.bin")});
  }

  static void overwrite(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite) && file.write(bytes) == bytes.size());
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<FolderStore> m_store;
};

void TestOtherModels::removalKeepsWhatAnotherNames() {
  const TrashEntry entry = m_store->remove(at("moons (1).json"));
  QCOMPARE(wholeOf(m_store->load(at("moons.json"))), wholeOf(sized(100, 1)));
  m_store->restore(entry.id);
  QCOMPARE(wholeOf(m_store->load(at("moons (1).json"))), wholeOf(sized(100, 1)));
  m_store->remove(at("moons (1).json"));
  m_store->remove(at("moons.json"));
  QVERIFY(!QFile::exists(at("moons.weights.bin")));  // now it is nobody's
}

void TestOtherModels::saveKeepsWhatAnotherNames() {
  SaveOptions replace;
  replace.overwrite = true;
  m_store->save(at("moons (1).json"), sized(100, 2), replace);
  QCOMPARE(wholeOf(m_store->load(at("moons.json"))), wholeOf(sized(100, 1)));
  QCOMPARE(wholeOf(m_store->load(at("moons (1).json"))), wholeOf(sized(100, 2)));
  m_store->save(at("moons.json"), sized(100, 3), replace);
  QCOMPARE(wholeOf(m_store->load(at("moons (1).json"))), wholeOf(sized(100, 2)));
  QVERIFY(!QFile::exists(at("moons.weights.bin")));
}

void TestOtherModels::looksIntoFoldersBelow() {
  QCOMPARE(named(), QStringList{QStringLiteral("moons.weights.bin")});
  QDir().mkpath(at("sub"));
  QByteArray json = bytesOf(at("moons.json"));
  write(at("sub/model.json"), json.replace("./moons.weights.bin", "\\u007az.bin"));  // "zz.bin"
  QCOMPARE(named().size(), 2);
}

void TestOtherModels::keepsWhatItCannotKnow_data() {
  QTest::addColumn<QString>("kind");
  for (const char* kind : {"damaged", "many", "large", "not UTF-8"}) QTest::newRow(kind) << QString::fromLatin1(kind);
}

void TestOtherModels::keepsWhatItCannotKnow() {
  QFETCH(QString, kind);
  write(at("moons.json"), "{}");
  QCOMPARE(named(), QStringList());
  if (kind == QStringLiteral("damaged")) {
    write(at("half.json"), "{\"weightsManifest\":[{\"paths\":[\"moons.weights.bin\"");
    QCOMPARE(named(), QStringList{QStringLiteral("moons.weights.bin")});
    return;
  }
  for (int i = 0; kind == QStringLiteral("many") && i < 256; ++i)
    write(m_folder->filePath(QStringLiteral("%1.json").arg(i)), "{}");
  if (kind == QStringLiteral("large")) {
    write(at("large.json"), "{}");
    QVERIFY(QFile::resize(at("large.json"), 65 << 20));
  }
  if (kind == QStringLiteral("not UTF-8")) {
    std::ofstream file((m_folder->path() + u'/').toStdString() + "mod\xe8le.json");
    file << "{}";
  }
  QCOMPARE(named().size(), 2);
}

/// Who writes into the file that stays does not write into the Trash.
void TestOtherModels::trashKeepsWhatWasRemoved_data() {
  QTest::addColumn<QString>("trash");
  QTest::newRow("same volume") << QString();
  QTest::newRow("another volume") << QStringLiteral("/dev/shm/layersmith-trash-%1").arg(::getpid());
}

void TestOtherModels::trashKeepsWhatWasRemoved() {
  QFETCH(QString, trash);
  if (trash.isEmpty()) trash = at("trash");
  const auto cleanUp = qScopeGuard([&] { QDir(trash).removeRecursively(); });
  FolderStore store(trash);
  const QString id = store.remove(at("moons (1).json")).id;
  overwrite(at("moons.weights.bin"), sized(100, 9).weightData->joined());
  store.remove(at("moons.json"));
  store.restore(id);
  QCOMPARE(wholeOf(store.load(at("moons (1).json"))), wholeOf(sized(100, 1)));
}

/// A file of the new model that was there already, and one that another names, stay when a model is replaced.
void TestOtherModels::trashKeepsWhatWasReplaced() {
  SaveOptions replace;
  replace.addHashes = false;
  replace.overwrite = true;
  replace.replacedToTrash = true;
  m_store->save(at("moons (1).json"), sized(100, 2), replace);
  overwrite(at("moons.weights.bin"), sized(100, 9).weightData->joined());
  m_store->remove(at("moons (1).json"));
  m_store->remove(at("moons.json"));
  const std::vector<TrashEntry> entries = m_store->trash();
  const auto first = std::ranges::min_element(entries, {}, &TrashEntry::deleted);
  m_store->restore(first->id);
  QCOMPARE(wholeOf(m_store->load(at("moons (1).json"))), wholeOf(sized(100, 1)));
}

void TestOtherModels::trashKeepsWhatTheNextSaveKeeps() {
  SaveOptions replace;
  replace.overwrite = true;
  m_store->remove(at("moons (1).json"));
  m_store->save(at("moons.json"), sized(100, 2), replace);  // its weights get a name with their hash
  write(at("moons.weights.bin"), "another's");
  m_store->emptyTrash();
  replace.replacedToTrash = true;
  m_store->save(at("moons.json"), sized(100, 2), replace);
  const QStringList weights = QDir(m_folder->path()).entryList({QStringLiteral("moons.weights-*.bin")});
  QCOMPARE(weights.size(), 1);
  overwrite(m_folder->filePath(weights.front()), sized(100, 9).weightData->joined());
  const std::vector<TrashEntry> entries = m_store->trash();
  QCOMPARE(entries.size(), 1u);
  QCOMPARE(bytesOf(at("trash/") + entries[0].id + QStringLiteral("/files/") + weights.front()),
           sized(100, 2).weightData->joined());
}

/// In memory, where no file shares its bytes with another.
void TestOtherModels::removesNothingWithoutRoomForACopy() {
  QTemporaryDir memory(QStringLiteral("/dev/shm/layersmith-XXXXXX"));
  const auto in = [&](const char* name) { return memory.filePath(QString::fromLatin1(name)); };
  FolderStore store(in("trash"));
  store.save(in("moons.json"), sized(10'000, 1));
  QVERIFY(QFile::copy(in("moons.json"), in("b.json")));
  rlimit before{};
  QVERIFY(::getrlimit(RLIMIT_FSIZE, &before) == 0 && std::signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
  const rlimit small{20'000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const Error error = errorOf([&] { store.remove(in("b.json")); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  QCOMPARE(error.code(), std::string("E201"));
  QVERIFY2(error.message().ends_with("Nothing was changed: the model stays where it is."), error.what());
  QCOMPARE(wholeOf(store.load(in("b.json"))), wholeOf(store.load(in("moons.json"))));
  QVERIFY(store.trash().empty());
  store.purge(store.remove(in("b.json")).id);
  QVERIFY(store.contains(in("moons.json")) && !store.contains(in("b.json")));
}

QTEST_GUILESS_MAIN(TestOtherModels)
#include "tst_OtherModels.moc"

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

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  QStringList named() const {
    return namedByOthers(OpenFolder(m_folder->path()), QStringLiteral("moons (1).json"),
                         {QStringLiteral("moons.weights.bin"), QStringLiteral("sub/zz.bin")});
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

QTEST_GUILESS_MAIN(TestOtherModels)
#include "tst_OtherModels.moc"

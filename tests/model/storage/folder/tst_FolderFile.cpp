#include "model/storage/folder/FolderFile.h"

#include "model/storage/folder/FolderStore.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>

#include <unistd.h>

using namespace layersmith;
using namespace layersmith::fixtures;

/// A model that names files outside its folder through links: none of them is removed, replaced or written.
class TestFolderFile : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void removesNothingOutside_data();
  void removesNothingOutside();
  void replacesNothingOutside_data() { removesNothingOutside_data(); }
  void replacesNothingOutside();
  void writesNothingOutside();
  void restoresNothingOutside();
  void takesALinkForItself();
  void placesNothingOverAFile();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  /// A folder of ours with a model that names its weights as `path`.
  void makeModel(const QByteArray& path) const {
    QDir().mkpath(at("m"));
    write(at("m/model.json"), "{\"modelTopology\":{\"a\":1},\"weightsManifest\":[{\"paths\":[\"" + path +
                                  "\"],\"weights\":[{\"name\":\"x\",\"shape\":[1],\"dtype\":\"float32\"}]}]}");
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<FolderStore> m_store;
};

void TestFolderFile::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  m_store = std::make_unique<FolderStore>(at("trash"));
  QDir().mkpath(at("elsewhere"));
  QDir().mkpath(at("m"));
  write(at("elsewhere/id"), "1234");
  QVERIFY(QFile::link(at("elsewhere"), at("m/sub")));
  QVERIFY(QFile::link(at("elsewhere/id"), at("m/link")));
}

void TestFolderFile::removesNothingOutside_data() {
  QTest::addColumn<QByteArray>("path");
  for (const char* bad : {"sub/id", "link", "../elsewhere/id"}) QTest::newRow(bad) << QByteArray(bad);
}

void TestFolderFile::removesNothingOutside() {
  QFETCH(QByteArray, path);
  makeModel(path);
  const TrashEntry entry = m_store->remove(at("m"));
  QVERIFY(!m_store->contains(at("m")));
  QCOMPARE(bytesOf(at("elsewhere/id")), QByteArray("1234"));
  m_store->restore(entry.id);
  QVERIFY(m_store->contains(at("m")));
  QCOMPARE(bytesOf(at("elsewhere/id")), QByteArray("1234"));
}

void TestFolderFile::replacesNothingOutside() {
  QFETCH(QByteArray, path);
  makeModel(path);
  SaveOptions replace;
  replace.overwrite = true;
  replace.replacedToTrash = true;
  m_store->save(at("m"), sized(10, 2), replace);
  QCOMPARE(wholeOf(m_store->load(at("m"))), wholeOf(sized(10, 2)));
  QCOMPARE(bytesOf(at("elsewhere/id")), QByteArray("1234"));
}

void TestFolderFile::writesNothingOutside() {
  ModelArtifacts model = sized(10, 1);
  model.groups = {{{"sub/new"}, 1, {40}}};
  COMPARE_ERROR(m_store->save(at("m"), model), "E131");
  QVERIFY(!QFile::exists(at("elsewhere/new")));
  QVERIFY(!QFile::exists(at("m/model.json")));
}

void TestFolderFile::restoresNothingOutside() {
  QFile::remove(at("m/sub"));
  QDir().mkpath(at("m/sub"));
  makeModel("sub/w");
  write(at("m/sub/w"), "mine");
  const TrashEntry entry = m_store->remove(at("m"));
  QDir().rmdir(at("m/sub"));
  QVERIFY(QFile::link(at("elsewhere"), at("m/sub")));
  COMPARE_ERROR(m_store->restore(entry.id), "E131");
  QVERIFY(!QFile::exists(at("elsewhere/w")));
  QCOMPARE(m_store->trash().size(), 1u);
}

/// The link goes to the Trash and comes back; what it leads to stays as it is.
void TestFolderFile::takesALinkForItself() {
  makeModel("link");
  const TrashEntry entry = m_store->remove(at("m"));
  QVERIFY(!QFileInfo(at("m/link")).isSymLink());
  m_store->restore(entry.id);
  QCOMPARE(QFileInfo(at("m/link")).symLinkTarget(), at("elsewhere/id"));
  m_store->purge(m_store->remove(at("m")).id);
  QCOMPARE(bytesOf(at("elsewhere/id")), QByteArray("1234"));
  // To another volume, where no hard link leads.
  QTemporaryDir memory(QStringLiteral("/dev/shm/layersmith-XXXXXX"));
  QVERIFY(memory.isValid() && QFile::link(at("elsewhere/id"), at("m/link")));
  const FolderFile copy = FolderFile::at(memory.filePath(QStringLiteral("link")));
  copy.place(FolderFile::at(at("m/link")));
  QVERIFY(copy.isFile() && copy.equals(FolderFile::at(at("m/link"))) &&
          !copy.equals(FolderFile::at(at("elsewhere/id"))));
}

void TestFolderFile::placesNothingOverAFile() {
  write(at("from"), "new");
  QTemporaryDir memory(QStringLiteral("/dev/shm/layersmith-XXXXXX"));
  for (const QString& to : {at("to"), memory.filePath(QStringLiteral("to"))}) {
    write(to, "another's");
    COMPARE_ERROR(FolderFile::at(to).place(FolderFile::at(at("from"))), "E201");
    QCOMPARE(bytesOf(to), QByteArray("another's"));
    QVERIFY(!renameToFree(at("from"), at("elsewhere/id")));
  }
}

QTEST_GUILESS_MAIN(TestFolderFile)
#include "tst_FolderFile.moc"

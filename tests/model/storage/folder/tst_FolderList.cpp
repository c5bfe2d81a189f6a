// Lists of folders where something is not as usual: the file system, or the store that remembers them.
#include "model/storage/ModelLibrary.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>

#include <dirent.h>
#include <dlfcn.h>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

bool g_tellsNoKinds = false;

}  // namespace

/// As on sshfs, whose folders do not say what is in them.
extern "C" dirent* readdir(DIR* folder) {
  static const auto next = reinterpret_cast<decltype(&::readdir)>(::dlsym(RTLD_NEXT, "readdir"));
  dirent* entry = next(folder);
  if (entry && g_tellsNoKinds) entry->d_type = DT_UNKNOWN;
  return entry;
}

class TestFolderList : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void findsPairsWithoutKinds();
  void listsWithoutTheStore();
};

void TestFolderList::findsPairsWithoutKinds() {
  QTemporaryDir folder;
  ModelLibrary library(folder.filePath(QStringLiteral("home/store.sqlite")));
  library.save(folder.filePath(QStringLiteral("pair.json")), capture(QStringLiteral("plain")));
  library.save(folder.filePath(QStringLiteral("m")), capture(QStringLiteral("plain")));
  g_tellsNoKinds = true;
  const std::vector<ModelEntry> entries = library.listFolder(folder.path());
  g_tellsNoKinds = false;
  QCOMPARE(entries.size(), 2u);
  QCOMPARE(entries[1].name, QStringLiteral("pair"));
}

/// From 64 models on a list asks the store what it knows of them; it needs no store.
void TestFolderList::listsWithoutTheStore() {
  QTemporaryDir folder;
  const QString store = folder.filePath(QStringLiteral("store.sqlite")), models = folder.filePath(QStringLiteral("m"));
  const QByteArray garbage(4096, 'x');
  write(store, garbage);
  for (int i = 0; i < 70; ++i)
    ModelLibrary(store).save(models + QStringLiteral("/%1").arg(i), capture(QStringLiteral("plain")));
  ModelLibrary library(store);
  library.setFolders({models});
  const std::vector<ModelEntry> entries = library.listFolder(models);
  QCOMPARE(entries.size(), 70u);
  for (const ModelEntry& entry : entries) QVERIFY2(entry.problem.isEmpty(), qPrintable(entry.problem));
  QVERIFY(errorOf([&] { library.list(); }).kind() == ErrorKind::Database);  // who asks for the store is told
  QCOMPARE(bytesOf(store), garbage);
}

QTEST_GUILESS_MAIN(TestFolderList)
#include "tst_FolderList.moc"

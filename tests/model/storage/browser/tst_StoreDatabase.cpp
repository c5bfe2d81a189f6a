#include "model/storage/browser/StoreDatabase.h"

#include "model/storage/ModelLibrary.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <ctime>

using namespace layersmith;
using namespace layersmith::fixtures;

/// A store of which a page is damaged: what still reads is read, nothing is written, and the rest is named.
class TestStoreDatabase : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void readsWhatIsLeftOfADamagedStore();
  void refusesToWriteADamagedStore();
  void listsFoldersWithoutWriting();
  void theTrashOfFoldersNeedsNoStore();
  void warnsOfNetworkFileSystems();

 private:
  static constexpr int kPage = 16 * 1024;
  static QByteArray withoutPage(QByteArray bytes, qsizetype page) {
    return bytes.replace(page * kPage, kPage, QByteArray(kPage, '\xff'));
  }
  static QString url(int number) { return QStringLiteral("indexeddb://model%1").arg(number); }
  /// The bytes of a store with models 0 to 3.
  QByteArray makeStore();
  void put(const QByteArray& bytes);

  QTemporaryDir m_folder;
  QString m_store = m_folder.filePath(QStringLiteral("store.sqlite"));
};

QByteArray TestStoreDatabase::makeStore() {
  QFile::remove(m_store);
  {
    ModelLibrary library(m_store);
    for (int number = 0; number < 4; ++number) library.save(url(number), sized(15'000, float(number)));
  }
  return bytesOf(m_store);
}

void TestStoreDatabase::put(const QByteArray& bytes) {
  for (const char* tail : {"-wal", "-shm"}) QFile::remove(m_store + QString::fromLatin1(tail));
  write(m_store, bytes);
}

/// Every page but the first, which holds the names of the tables, is damaged once.
void TestStoreDatabase::readsWhatIsLeftOfADamagedStore() {
  const QByteArray whole = makeStore();
  QVERIFY(whole.size() >= 16 * kPage && whole.size() % kPage == 0);
  QByteArray dumps[4];
  for (int number = 0; number < 4; ++number) dumps[number] = ModelLibrary(m_store).exportDump({url(number)});
  int oneLost = 0, allRead = 0, noneRead = 0;
  for (qsizetype page = 1; page < whole.size() / kPage; ++page) {
    const QByteArray damaged = withoutPage(whole, page);
    put(damaged);
    {
      ModelLibrary library(m_store);
      int readable = 0;
      for (int number = 0; number < 4; ++number) {
        try {
          QCOMPARE(wholeOf(library.load(url(number))), wholeOf(sized(15'000, float(number))));
          QCOMPARE(library.exportDump({url(number)}), dumps[number]);
          ++readable;
        } catch (const Error& error) {
          const std::string where = "page " + std::to_string(page) + ": " + error.code() + " " + error.message();
          QVERIFY2(error.code() == "E205" || error.code() == "E111", where.c_str());
          QVERIFY2(error.message().find(url(number).toStdString()) == 0, where.c_str());
        }
      }
      const std::vector<ModelEntry> listed = library.store(QStringLiteral("indexeddb")).list();
      QCOMPARE(listed.size(), 4u);
      for (int number = 0; number < 4; ++number) QCOMPARE(listed[std::size_t(number)].url, url(number));
      oneLost += readable == 3;
      allRead += readable == 4;
      noneRead += readable == 0;
      SaveOptions replace;
      replace.overwrite = true;
      const Error refused = errorOf([&] { library.save(url(0), sized(10, 9), replace); });
      QCOMPARE(refused.code(), std::string("E205"));
    }
    QCOMPARE(bytesOf(m_store), damaged);
  }
  qInfo("%d pages: %d took one model along, %d none, %d all", int(whole.size() / kPage) - 1, oneLost, allRead,
        noneRead);
  QVERIFY(oneLost >= 12 && allRead >= 3);
}

void TestStoreDatabase::refusesToWriteADamagedStore() {
  const QByteArray whole = makeStore(), damaged = withoutPage(whole, whole.size() / kPage - 2);
  put(damaged);
  {
    ModelLibrary library(m_store);
    const QString elsewhere = m_folder.filePath(QStringLiteral("folder"));
    library.save(elsewhere, sized(10));
    const std::function<void()> changes[] = {
        [&] { library.save(QStringLiteral("localstorage://new"), sized(10)); },
        [&] { library.copy(elsewhere, QStringLiteral("indexeddb://new")); },
        [&] { library.rename(url(0), QStringLiteral("new")); },
        [&] { library.remove(url(0)); },
        [&] { library.move(url(0), m_folder.filePath(QStringLiteral("moved"))); },
        [&] { library.store(QStringLiteral("indexeddb")).emptyTrash(); },
        [&] { library.importDump(bytesOf(path(QStringLiteral("captures/localstorage.json"))), QStringLiteral("d")); }};
    for (const std::function<void()>& change : changes) {
      const Error error = errorOf(change);
      QCOMPARE(error.code(), std::string("E205"));
      const QString message = QString::fromStdString(error.message());
      QVERIFY2(message.contains(QStringLiteral("The store %1 is damaged: database disk image is malformed. Nothing was "
                                               "changed. Export the models that still read with `layersmith-cli "
                                               "export` or the studio's Export, put the store aside, and import them "
                                               "again.")
                                    .arg(m_store)),
               error.what());
    }
    QCOMPARE(wholeOf(library.load(url(0))), wholeOf(sized(15'000, 0)));
  }
  QCOMPARE(bytesOf(m_store), damaged);
  put(whole);
  ModelLibrary library(m_store);
  library.remove(url(0));
  QVERIFY(!library.contains(url(0)));
}

/// What a list remembers of a folder goes into the store, but not into a damaged one.
void TestStoreDatabase::listsFoldersWithoutWriting() {
  const QByteArray whole = makeStore(), damaged = withoutPage(whole, whole.size() / kPage - 2);
  const QString models = m_folder.filePath(QStringLiteral("models"));
  for (int i = 0; i < 70; ++i) {
    const QString folder = models + QStringLiteral("/%1").arg(i);
    ModelLibrary(m_store).save(folder, sized(10));
    const timespec hourAgo{::time(nullptr) - 3600, 0}, times[] = {hourAgo, hourAgo};  // what is young is not remembered
    QCOMPARE(::utimensat(AT_FDCWD, QFile::encodeName(folder + QStringLiteral("/model.json")).constData(), times, 0), 0);
  }
  put(damaged);
  QCOMPARE(ModelLibrary(m_store).listFolder(models).size(), 70u);
  QCOMPARE(bytesOf(m_store), damaged);
  put(whole);
  QCOMPARE(ModelLibrary(m_store).listFolder(models).size(), 70u);
  QVERIFY(bytesOf(m_store) != whole);
}

void TestStoreDatabase::theTrashOfFoldersNeedsNoStore() {
  const QByteArray garbage(4096, 'x');
  put(garbage);
  ModelLibrary library(m_store);
  const QString folder = m_folder.filePath(QStringLiteral("trashed"));
  library.save(folder, sized(10));
  const QString id = library.remove(folder).id;
  int problems = 0, found = 0;
  for (const TrashEntry& entry : library.trash()) {
    found += entry.id == id;
    problems += entry.id.isEmpty() && entry.name.startsWith(QStringLiteral("damaged: The store %1").arg(m_store));
  }
  QCOMPARE(found, 1);
  QCOMPARE(problems, 2);
  library.restore(id);
  QVERIFY(library.contains(folder));
  COMPARE_ERROR(library.restore(QStringLiteral("another")), "E205");  // it may lie in the store
  COMPARE_ERROR(library.purge(QStringLiteral("another")), "E205");
  library.remove(folder);
  COMPARE_ERROR(library.emptyTrash(), "E205");
  QVERIFY(std::ranges::all_of(library.trash(), [](const TrashEntry& entry) { return entry.id.isEmpty(); }));
  QCOMPARE(bytesOf(m_store), garbage);
}

void TestStoreDatabase::warnsOfNetworkFileSystems() {
  constexpr unsigned long kNfs = 0x6969, kCifs = 0xFF534D42, kExt4 = 0xEF53, kTmpfs = 0x01021994;
  for (const unsigned long remote : {kNfs, kCifs})
    QVERIFY(networkWarning(QStringLiteral("/mnt/store.sqlite"), remote)
                .startsWith(QStringLiteral("The store /mnt/store.sqlite lies on a network file system.")));
  for (const unsigned long local : {kExt4, kTmpfs})
    QCOMPARE(networkWarning(QStringLiteral("/mnt/store.sqlite"), local), QString());
}

QTEST_GUILESS_MAIN(TestStoreDatabase)
#include "tst_StoreDatabase.moc"

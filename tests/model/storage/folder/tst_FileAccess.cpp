#include "model/storage/folder/FileAccess.h"

#include "model/storage/folder/FolderFile.h"
#include "model/storage/folder/FolderStore.h"
#include "model/storage/folder/SyncedFolders.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <atomic>
#include <future>

using namespace layersmith;
using namespace layersmith::fixtures;

/// What a model's files may be, and that none of them leads out of its folder.
class TestFileAccess : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }
  void refusesWhatIsNoFile_data();
  void refusesWhatIsNoFile();
  void percentSignsAreLetters();
  void readsAHardLink();
  void readsTheFolderThatItOpened();
  void refusesAFolderWithoutAName();
  void tellsTheCause();
  void placesAWholeCopyOnAnotherVolume();
  void takesBackFoldersThatItMade();
  void writersInStepPublishWholeFiles();
  void oneOfTwoPlacesAFile();
  void sweepsWhatWasLeftOfAName();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  /// A model whose one weight file is called `name`.
  void makeModel(const QByteArray& name) const {
    QDir().mkpath(at("m"));
    write(at("m/model.json"), "{\"modelTopology\":{\"a\":1},\"weightsManifest\":[{\"paths\":[\"" + name +
                                  "\"],\"weights\":[{\"name\":\"x\",\"shape\":[1],\"dtype\":\"float32\"}]}]}");
  }
  ModelArtifacts load() const { return FolderStore(at("trash")).load(at("m")); }

  std::unique_ptr<QTemporaryDir> m_folder;
};

void TestFileAccess::refusesWhatIsNoFile_data() {
  QTest::addColumn<QString>("kind");
  for (const char* kind : {"fifo", "socket", "folder"}) QTest::newRow(kind) << QString::fromLatin1(kind);
}

void TestFileAccess::refusesWhatIsNoFile() {
  QFETCH(QString, kind);
  const auto make = [&](const QString& path) {
    const QByteArray encoded = QFile::encodeName(path);
    if (kind == QStringLiteral("fifo")) {
      QCOMPARE(::mkfifo(encoded.constData(), 0600), 0);
    } else if (kind == QStringLiteral("folder")) {
      QVERIFY(QDir().mkpath(path));
    } else {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      QVERIFY(std::size_t(encoded.size()) < sizeof address.sun_path);
      std::copy(encoded.begin(), encoded.end(), address.sun_path);
      const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
      QCOMPARE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
      ::close(socket);
    }
  };
  makeModel("w");
  make(at("m/w"));
  const Error weights = errorOf([&] { load(); });
  QCOMPARE(weights.code(), std::string("E131"));
  QCOMPARE(QString::fromStdString(weights.message()), at("m/w") + QStringLiteral(" is not a regular file. Refused."));
  QFile::remove(at("m/model.json"));
  make(at("m/model.json"));
  const OpenFolder folder(at("m"));
  const Error json = errorOf([&] { folder.read(QStringLiteral("model.json"), 100); });
  QCOMPARE(QString::fromStdString(json.message()),
           at("m/model.json") + QStringLiteral(" is not a regular file. Refused."));
  QVERIFY(!folder.contains(QStringLiteral("model.json")));
}

/// Names of files are no addresses: nothing in them is decoded.
void TestFileAccess::percentSignsAreLetters() {
  write(at("secret"), "1234");
  makeModel("%2e%2e/secret");
  const Error missing = errorOf([&] { load(); });
  QCOMPARE(missing.code(), std::string("E110"));
  QVERIFY2(missing.message().find("%2e%2e/secret is missing") != std::string::npos, missing.what());
  QDir().mkpath(at("m/%2e%2e"));
  write(at("m/%2e%2e/secret"), "mine");
  QCOMPARE(load().weightData->joined(), QByteArray("mine"));
}

/// A hard link is a file of this folder like any other: who made it could read what it is.
void TestFileAccess::readsAHardLink() {
  write(at("elsewhere"), "1234");
  makeModel("w");
  QCOMPARE(::link(QFile::encodeName(at("elsewhere")).constData(), QFile::encodeName(at("m/w")).constData()), 0);
  QCOMPARE(load().weightData->joined(), QByteArray("1234"));
}

void TestFileAccess::readsTheFolderThatItOpened() {
  QDir().mkpath(at("m"));
  QDir().mkpath(at("secret"));
  write(at("m/w"), "mine");
  write(at("secret/w"), "1234");
  const OpenFolder folder(at("m"));
  QVERIFY(QDir().rename(at("m"), at("aside")) && QFile::link(at("secret"), at("m")));
  QCOMPARE(folder.read(QStringLiteral("w"), 100), QByteArray("mine"));
  QCOMPARE(bytesOf(at("m/w")), QByteArray("1234"));  // the way that was not taken
}

void TestFileAccess::refusesAFolderWithoutAName() {
  const QString before = QDir::currentPath();
  makeModel("w");
  write(at("m/w"), "1234");
  QVERIFY(QDir::setCurrent(at("m")));
  const Error open = errorOf([] { OpenFolder folder({}); });
  const Error name = errorOf([&] { safeRelativePath({}); });
  QDir::setCurrent(before);
  QVERIFY(open.kind() == ErrorKind::NotFound);
  QCOMPARE(name.code(), std::string("E131"));
  QCOMPARE(name.message(), std::string("A weight file without a name points outside the model's folder. Refused."));
}

void TestFileAccess::tellsTheCause() {
  QCOMPARE(causeOf(unwritten(at("m"), EROFS)), at("m") + QStringLiteral(": Read-only file system"));
  const QString full = causeOf(unwritten(at("m"), ENOSPC, {2 << 20, 0}));
  QVERIFY2(full.endsWith(QStringLiteral(" free, 2.00 MiB needed")), qPrintable(full));
  QCOMPARE(causeOf(Error(ErrorKind::Io, "other words")), QStringLiteral("other words"));
}

/// Where links do not reach, a copy takes their place; its name is there only when it is whole.
void TestFileAccess::placesAWholeCopyOnAnotherVolume() {
  QTemporaryDir memory(QStringLiteral("/dev/shm/layersmith-XXXXXX"));
  QVERIFY(memory.isValid());
  const QByteArray bytes(5 << 20, 'x');
  write(at("from"), bytes);
  const QString to = memory.filePath(QStringLiteral("to"));
  write(memory.filePath(QStringLiteral(".to.layersmith-new")), "left by one that was killed");
  const FolderFile placed = FolderFile::at(to), from = FolderFile::at(at("from"));
  placed.place(from);
  QVERIFY(from.equals(placed));
  QCOMPARE(QDir(memory.path()).entryList(QDir::Files | QDir::Hidden).filter(QStringLiteral("layersmith-new")).size(),
           ::link(QFile::encodeName(at("from")).constData(), QFile::encodeName(to + u'2').constData()) == 0 ? 1 : 0);
  write(at("other"), bytes.chopped(1) + 'y');
  QVERIFY(!FolderFile::at(at("other")).equals(placed));
  QVERIFY(!FolderFile::at(at("nothing")).equals(placed));
  COMPARE_ERROR(FolderFile::at(memory.filePath(QStringLiteral("none"))).place(FolderFile::at(at("nothing"))), "E201");
  QVERIFY(!QFile::exists(memory.filePath(QStringLiteral("none"))));
}

void TestFileAccess::takesBackFoldersThatItMade() {
  { const MadeFolders made(at("a/b/c")); }
  QVERIFY(!QFile::exists(at("a")));
  {
    const MadeFolders made(at("a/b/c"));
    write(at("a/b/mine"), "x");
  }
  QVERIFY(QFile::exists(at("a/b/mine")) && !QFile::exists(at("a/b/c")));
  MadeFolders(at("a/b/c")).keep();
  QVERIFY(QFile::exists(at("a/b/c")));
  const Error error = errorOf([&] { MadeFolders made(at("a/b/mine/d")); });
  QVERIFY2(error.message().find("a/b/mine: ") != std::string::npos && error.code() == "E201", error.what());
}

/// Two programs write the same file again and again: each time it is one's or the other's, and neither fails.
void TestFileAccess::writersInStepPublishWholeFiles() {
  std::atomic<int> bad = 0;
  const auto writer = [&](char letter) {
    return std::async(std::launch::async, [this, &bad, letter] {
      const QByteArray bytes(letter == 'a' ? 300'000 : 100'000, letter);
      for (int i = 0; i < 100; ++i) try {
          replaceSynced(at("f"), bytes);
          const QByteArray found = bytesOf(at("f"));
          bad += found != QByteArray(300'000, 'a') && found != QByteArray(100'000, 'b');
        } catch (const Error& error) {
          qWarning("%s", error.what());
          ++bad;
        }
    });
  };
  std::future<void> a = writer('a'), b = writer('b');
  a.get();
  b.get();
  QCOMPARE(bad.load(), 0);
  QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden), QStringList{QStringLiteral("f")});
}

/// Who is told that the file is his finds his own there.
void TestFileAccess::oneOfTwoPlacesAFile() {
  for (int i = 0; i < 50; ++i) {
    const QString path = m_folder->filePath(QString::number(i));
    const auto writer = [&](char letter) {
      return std::async(std::launch::async, [path, letter] { return placeSynced(path, QByteArray(50'000, letter)); });
    };
    std::future<bool> a = writer('a'), b = writer('b');
    const bool isA = a.get(), isB = b.get();
    QVERIFY(isA != isB);
    QCOMPARE(bytesOf(path), QByteArray(50'000, isA ? 'a' : 'b'));
  }
  QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 50);
}

void TestFileAccess::sweepsWhatWasLeftOfAName() {
  for (const char* left : {".f.layersmith-new", ".f.0123456789abcdef.layersmith-new"}) write(at(left), "half");
  write(at(".g.0123456789abcdef.layersmith-new"), "half");
  write(at(".f.txt"), "mine");
  const NewFile underWay(at(".f.1123456789abcdef.layersmith-new"), {});
  replaceSynced(at("f"), QByteArray("whole"));
  QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden, QDir::Name),
           (QStringList{QStringLiteral(".f.1123456789abcdef.layersmith-new"), QStringLiteral(".f.txt"),
                        QStringLiteral(".g.0123456789abcdef.layersmith-new"), QStringLiteral("f")}));
  sweepUnfinished(m_folder->path());
  QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 3);
  const QString longName = m_folder->filePath(QString(127, QChar(0xfc)) + u'n');
  replaceSynced(longName, QByteArray("whole"));
  QCOMPARE(bytesOf(longName), QByteArray("whole"));
}

QTEST_GUILESS_MAIN(TestFileAccess)
#include "tst_FileAccess.moc"

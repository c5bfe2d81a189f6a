#include "model/storage/plugins/archive/ArchiveFile.h"

#include "tests/support/ModelFixtures.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <thread>

using namespace layersmith;
using namespace layersmith::fixtures;
using namespace std::chrono_literals;

namespace {

int lockFailure = 0;  // errno of every lock; 0: as the system says

}  // namespace

extern "C" int flock(int descriptor, int operation) noexcept {
  if (lockFailure == 0) return int(::syscall(SYS_flock, descriptor, operation));
  errno = lockFailure;
  return -1;
}

class TestArchiveFile : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void cleanup() { lockFailure = 0; }
  void waitsOnlySoLong();
  void waitsForAShortSave();
  void writesOnlyWhereLocksWork();

 private:
  bool add(ArchiveFile&& archive) const {
    return archive.append(false, QStringLiteral("m"), QByteArrayLiteral("{}"), QByteArrayLiteral("1234"), true);
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  QString m_path;
};

void TestArchiveFile::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  m_path = m_folder->filePath(QStringLiteral("models.lsarch"));
  QVERIFY(add(ArchiveFile(m_path, true)));
}

void TestArchiveFile::waitsOnlySoLong() {
  const QByteArray before = bytesOf(m_path);
  const int holder = ::open(QFile::encodeName(m_path).constData(), O_RDWR | O_CLOEXEC);
  QCOMPARE(::flock(holder, LOCK_EX), 0);
  QElapsedTimer clock;
  clock.start();
  for (const bool isForWriting : {false, true}) {
    ArchiveFile archive(m_path, isForWriting, 60ms);
    QVERIFY(archive.trouble() == ArchiveFile::Trouble::Busy);
    QVERIFY2(archive.problem().contains(QStringLiteral("is in use by another program. Nothing was changed.")),
             qPrintable(archive.problem()));
    QVERIFY(archive.models().empty());
    QVERIFY(!add(std::move(archive)));
  }
  QVERIFY(clock.elapsed() >= 120 && clock.elapsed() < 8'000);
  QCOMPARE(bytesOf(m_path), before);
  ::close(holder);
  QVERIFY(add(ArchiveFile(m_path, true, 60ms)));
}

void TestArchiveFile::waitsForAShortSave() {
  auto other = std::make_unique<ArchiveFile>(m_path, true);
  std::thread end([&] {
    std::this_thread::sleep_for(100ms);
    other.reset();
  });
  QVERIFY(ArchiveFile(m_path, false).problem().isEmpty());
  end.join();
}

void TestArchiveFile::writesOnlyWhereLocksWork() {
  const QByteArray before = bytesOf(m_path);
  for (const int failure : {ENOLCK, EOPNOTSUPP}) {
    lockFailure = failure;
    ArchiveFile archive(m_path, true);
    QVERIFY(archive.trouble() == ArchiveFile::Trouble::Io);
    QVERIFY2(archive.problem().contains(QStringLiteral("cannot be locked")), qPrintable(archive.problem()));
    QVERIFY(!add(std::move(archive)));
    QVERIFY(ArchiveFile(m_path, false).find(QStringLiteral("m")));
  }
  QCOMPARE(bytesOf(m_path), before);
}

QTEST_GUILESS_MAIN(TestArchiveFile)
#include "tst_ArchiveFile.moc"

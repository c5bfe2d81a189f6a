#include "model/storage/browser/WeightFolder.h"

#include "tests/support/ModelFixtures.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <chrono>
#include <thread>

using namespace layersmith;
using namespace layersmith::fixtures;

class TestWeightFolder : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void waitsOnlySoLongForASweep();
  void waitsForAShortSweep();
  void savesNothingWithoutItsLock();

 private:
  /// The folder as a sweep holds it.
  int held() const {
    const int folder = ::open(QFile::encodeName(m_folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return ::flock(folder, LOCK_EX) == 0 ? folder : -1;
  }

  std::unique_ptr<QTemporaryDir> m_home;
  QString m_store, m_folder;
  const WeightData m_weights = sized(100, 1).weightData;
};

void TestWeightFolder::init() {
  m_home = std::make_unique<QTemporaryDir>();
  m_store = m_home->filePath(QStringLiteral("store.sqlite"));
  m_folder = WeightFolder(m_store).path();
  QVERIFY(QDir().mkpath(m_folder));
}

void TestWeightFolder::waitsOnlySoLongForASweep() {
  const int sweep = held();
  QElapsedTimer clock;
  clock.start();
  const Error error = errorOf([&] { WeightFolder::Saving(WeightFolder(m_store, 60), *m_weights, {}, {}); });
  QVERIFY(clock.elapsed() >= 60 && clock.elapsed() < 8'000);
  QVERIFY(error.kind() == ErrorKind::Busy);
  QCOMPARE(error.code(), std::string("E203"));
  QVERIFY2(error.message().find(m_folder.toStdString() + " is in use by ") != std::string::npos, error.what());
  QVERIFY(QDir(m_folder).isEmpty());
  ::close(sweep);
  WeightFolder::Saving saving(WeightFolder(m_store, 60), *m_weights, {}, {});
  saving.keep();
  QCOMPARE(bytesOf(m_folder + u'/' + saving.name()), m_weights->joined());
}

void TestWeightFolder::waitsForAShortSweep() {
  std::thread sweep([folder = held()] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ::close(folder);
  });
  WeightFolder::Saving(WeightFolder(m_store), *m_weights, {}, {});
  sweep.join();
}

void TestWeightFolder::savesNothingWithoutItsLock() {
  QVERIFY(QDir().rmdir(m_folder));
  write(m_folder, "a file");
  COMPARE_ERROR(WeightFolder::Saving(WeightFolder(m_store), *m_weights, {}, {}), "E201");
  QCOMPARE(bytesOf(m_folder), QByteArray("a file"));
}

QTEST_GUILESS_MAIN(TestWeightFolder)
#include "tst_WeightFolder.moc"

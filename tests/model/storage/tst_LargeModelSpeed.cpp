#include "model/storage/ModelLibrary.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>

using namespace layersmith;
using namespace layersmith::fixtures;

/// What saving and loading a large model takes beside the bare work of the disk, in turns. It prints; a timed test
/// would only measure who else is at work. LAYERSMITH_LONG=1: 400 MB instead of 40.
class TestLargeModelSpeed : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void besideTheDisk_data();
  void besideTheDisk();

 private:
  static double msOf(const std::function<void()>& action) {
    QElapsedTimer timer;
    timer.start();
    action();
    return double(timer.nsecsElapsed()) / 1e6;
  }
  static double medianOf(std::vector<double> times) {
    std::ranges::sort(times);
    return times[times.size() / 2];
  }
};

void TestLargeModelSpeed::besideTheDisk_data() {
  QTest::addColumn<QString>("place");
  QTest::newRow("folder") << "model";
  QTest::newRow("IndexedDB") << "indexeddb://model";
}

void TestLargeModelSpeed::besideTheDisk() {
  QFETCH(QString, place);
  const std::int64_t floats = qEnvironmentVariableIntValue("LAYERSMITH_LONG") > 0 ? 100'000'000 : 10'000'000;
  QTemporaryDir folder;
  const QString url = place.contains(QStringLiteral("://")) ? place : folder.filePath(place);
  const ModelArtifacts model = sized(floats, 1.5F);
  const QByteArray bytes = model.weightData->joined();
  // A save writes beside what it replaces and then removes that; so does the bare work. Over the old file it would get
  // that one's pages of memory back, which a virtual machine's host hands out far faster than others.
  const QByteArray raw = QFile::encodeName(folder.filePath(QStringLiteral("raw"))), older = raw + "-older";
  ModelLibrary library(folder.filePath(QStringLiteral("store.sqlite")));
  SaveOptions replace;
  replace.overwrite = true;
  std::vector<double> rawWrites, saves, rawReads, loads;
  for (int i = 0; i < 5; ++i) {
    ::rename(raw.constData(), older.constData());
    rawWrites.push_back(msOf([&] {
      const int file = ::open(raw.constData(), O_WRONLY | O_CREAT | O_EXCL, 0600);
      qsizetype done = 0;
      while (done < bytes.size()) {
        const ssize_t count = ::write(file, bytes.constData() + done, std::size_t(bytes.size() - done));
        if (count <= 0) break;
        done += count;
      }
      QCOMPARE(done, bytes.size());
      QCOMPARE(::fsync(file), 0);
      ::close(file);
      ::unlink(older.constData());
    }));
    saves.push_back(msOf([&] { library.save(url, model, replace); }));
    rawReads.push_back(msOf([&] {
      const auto fresh = std::make_unique_for_overwrite<char[]>(std::size_t(bytes.size()));
      const int file = ::open(raw.constData(), O_RDONLY);
      qsizetype done = 0;
      while (done < bytes.size()) {
        const ssize_t count = ::read(file, fresh.get() + done, std::size_t(bytes.size() - done));
        if (count <= 0) break;
        done += count;
      }
      ::close(file);
      QCOMPARE(done, bytes.size());
    }));
    loads.push_back(msOf([&] { QCOMPARE(library.load(url).weightData->size(), std::int64_t(bytes.size())); }));
  }
  const double write = medianOf(rawWrites), save = medianOf(saves), read = medianOf(rawReads), load = medianOf(loads);
  qInfo("%.0f MB: save %.0f ms, write and fsync %.0f ms: %.2f; load %.0f ms, read %.0f ms: %.2f",
        double(bytes.size()) / 1e6, save, write, save / write, load, read, load / read);
  QVERIFY(save < 600'000 && load < 600'000);
}

QTEST_GUILESS_MAIN(TestLargeModelSpeed)
#include "tst_LargeModelSpeed.moc"

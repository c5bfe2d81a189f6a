#include "tests/support/Patience.h"
#include "ui/main/StoreWorker.h"

#include <QEventLoop>
#include <QSemaphore>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <thread>

using namespace layersmith;

class tst_StoreWorker : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatWasAskedForIsDoneBeforeTheEnd() {
    const QTemporaryDir home;
    std::atomic<int> done = 0;
    {
      StoreWorker worker(home.filePath(QStringLiteral("store.sqlite")));
      for (int i = 0; i < 20; ++i)
        worker.run(
            this,
            [&done](ModelLibrary&) {
              std::this_thread::sleep_for(std::chrono::milliseconds(5));
              return ++done;
            },
            [](const Outcome<int>&) {});
    }
    QCOMPARE(done.load(), 20);
  }

  /// A job that waits for a server has a loop of its own; the next one is not started in there.
  void jobsNeverRunInsideOneAnother() {
    const QTemporaryDir home;
    std::atomic<bool> isWaiting = false, wasInside = false;
    std::atomic<int> done = 0;
    {
      StoreWorker worker(home.filePath(QStringLiteral("store.sqlite")));
      worker.run(
          this,
          [&](ModelLibrary&) {
            isWaiting = true;
            QEventLoop loop;
            QTimer::singleShot(300, &loop, &QEventLoop::quit);
            loop.exec();
            isWaiting = false;
            return ++done;
          },
          [](const Outcome<int>&) {});
      for (int i = 0; i < 3; ++i)
        worker.run(
            this,
            [&](ModelLibrary&) {
              if (isWaiting) wasInside = true;
              return ++done;
            },
            [](const Outcome<int>&) {});
    }  // and its end waits for all of them
    QCOMPARE(done.load(), 4);
    QVERIFY(!wasInside);
  }

  void severalThreadsDoNotWaitForOneAnother() {
    const QTemporaryDir home;
    StoreWorker worker(home.filePath(QStringLiteral("store.sqlite")), 2);
    QSemaphore gate;
    bool isHeldDone = false, isOtherDone = false;
    worker.run(
        this,
        [&gate](ModelLibrary&) {
          gate.acquire();
          return true;
        },
        [&](const Outcome<bool>&) { isHeldDone = true; });
    worker.run(
        this, [](ModelLibrary&) { return true; }, [&](const Outcome<bool>&) { isOtherDone = true; });
    QTRY_VERIFY_WITH_TIMEOUT(isOtherDone, kPatienceMs);
    QVERIFY(!isHeldDone && !worker.isIdle());
    gate.release();
    QTRY_VERIFY_WITH_TIMEOUT(isHeldDone, kPatienceMs);
    QVERIFY(worker.isIdle());
  }

  void everyThreadIsPrepared() {
    const QTemporaryDir home;
    StoreWorker worker(home.filePath(QStringLiteral("store.sqlite")), 2);
    worker.prepare([](ModelLibrary& library) { library.setQuota(QStringLiteral("localstorage"), 1'000); });
    QSemaphore both;
    std::atomic<int> asked = 0;
    int right = 0;
    for (int i = 0; i < 2; ++i)
      worker.run(
          this,
          [&](ModelLibrary& library) {
            if (++asked == 2) both.release(2);
            both.acquire();  // so that each thread has one
            return library.usage(QStringLiteral("localstorage")).quota;
          },
          [&](const Outcome<std::int64_t>& outcome) { right += outcome.isOk() && outcome.value() == 1'000; });
    QTRY_VERIFY_WITH_TIMEOUT(worker.isIdle(), kPatienceMs);
    QCOMPARE(right, 2);
  }

  void errorsArriveAsValues() {
    const QTemporaryDir home;
    StoreWorker worker(home.filePath(QStringLiteral("store.sqlite")));
    bool isRefused = false;
    worker.run(
        this,
        [](ModelLibrary& library) { return library.load(QStringLiteral("indexeddb://nothing")).weightSpecs.size(); },
        [&](const Outcome<std::size_t>& outcome) {
          isRefused = !outcome.isOk() && outcome.error().kind() == ErrorKind::NotFound;
        });
    QTRY_VERIFY_WITH_TIMEOUT(isRefused, kPatienceMs);
    QVERIFY(worker.isIdle());
  }
};

QTEST_MAIN(tst_StoreWorker)
#include "tst_StoreWorker.moc"

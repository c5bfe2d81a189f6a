#include "model/core/Error.h"
#include "model/session/ComputeThread.h"

#include <QTest>

#include <atomic>
#include <vector>

using namespace layersmith;

class TestComputeThread : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void runsJobsInOrderOnOneThread() {
    ComputeThread compute;
    std::vector<int> order;
    std::vector<std::thread::id> threads;
    QFuture<void> last;
    for (int i = 0; i < 100; ++i)
      last = compute.run([&, i] {
        order.push_back(i);
        threads.push_back(std::this_thread::get_id());
      });
    last.waitForFinished();
    QCOMPARE(order.size(), std::size_t(100));
    for (int i = 0; i < 100; ++i) {
      QCOMPARE(order[std::size_t(i)], i);
      QVERIFY(threads[std::size_t(i)] == threads.front());
    }
  }

  void aLongJobLetsShortOnesInButNoLongOnes() {
    ComputeThread compute;
    std::atomic<bool> isStopped = false;
    const auto longJob = compute.run(
        [&] {
          while (!isStopped) {
            compute.runWaitingJobs();
            compute.sleepUntil(std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
          }
          return 1;
        },
        ComputeThread::Length::Long);
    const auto secondLongJob = compute.run([] { return 2; }, ComputeThread::Length::Long);
    QCOMPARE(compute.run([] { return 42; }).result(), 42);
    QVERIFY(!longJob.isFinished());
    QVERIFY(!secondLongJob.isFinished());
    isStopped = true;
    compute.wake();
    QCOMPARE(longJob.result(), 1);
    QCOMPARE(secondLongJob.result(), 2);
  }

  void anErrorReachesWhoeverAsks() {
    ComputeThread compute;
    auto future = compute.run([]() -> int { throw Error(ErrorKind::Numeric, "no"); });
    QVERIFY_EXCEPTION_THROWN(future.result(), Error);
    QCOMPARE(compute.run([] { return 3; }).result(), 3);
  }

  void aCancelledJobIsNotRun() {
    ComputeThread compute;
    std::atomic<bool> isOpen = false;
    std::atomic<bool> hasRun = false;
    compute.run([&] {
      while (!isOpen) std::this_thread::yield();
    });
    QFuture<void> second = compute.run([&] { hasRun = true; });
    second.cancel();
    isOpen = true;
    compute.run([] {}).waitForFinished();
    QVERIFY(!hasRun);
  }
};

QTEST_GUILESS_MAIN(TestComputeThread)
#include "tst_ComputeThread.moc"

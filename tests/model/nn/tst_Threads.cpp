// The choice between one thread and all, and what a scope does to it.
#include "model/nn/Threads.h"

#include <QTest>

using namespace layersmith;

class ThreadsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() { setThreadCount(0); }

  void aScopeRulesItsThread() {
    const int all = threadCount();
    {
      const ThreadScope one(1);
      QCOMPARE(threadCount(), 1);
      QCOMPARE(threadsFor(1'000'000), 1);
      {
        const ThreadScope three(3);
        QCOMPARE(threadCount(), 3);
      }
      QCOMPARE(threadCount(), 1);
    }
    QCOMPARE(threadCount(), all);
  }

  void theFasterIsKept_data() {
    QTest::addColumn<double>("onAll");
    QTest::addColumn<double>("onOne");
    QTest::addColumn<int>("chosen");
    QTest::newRow("all are faster") << 0.010 << 0.019 << 4;
    QTest::newRow("one is faster") << 0.030 << 0.019 << 1;
  }

  void theFasterIsKept() {
    QFETCH(double, onAll);
    QFETCH(double, onOne);
    QFETCH(int, chosen);
    const ThreadScope four(4);
    ThreadTrial trial(1e9);
    int steps = 0;
    for (; !trial.isDecided(); ++steps) {
      const bool isFirst = steps == 0 || steps == 3;  // warming up: slow either way, and not counted
      trial.record(isFirst ? 1.0 : trial.threads() == 4 ? onAll : onOne);
    }
    QCOMPARE(steps, 6);
    QCOMPARE(trial.threads(), chosen);
    QVERIFY2(trial.summary().find("10 ms on 4") != std::string::npos || chosen == 1, trial.summary().c_str());
    QVERIFY(trial.summary().find("19 ms on one") != std::string::npos);
  }

  void anEarlierChoiceIsKept() {
    const ThreadScope four(4);
    QVERIFY(ThreadTrial(1e9, 3).isDecided());
    QCOMPARE(ThreadTrial(1e9, 3).threads(), 3);
    QCOMPARE(ThreadTrial(1e9, 64).threads(), 4);  // of a larger machine
  }

  void littleWorkAndSetNumbersAreNotTried() {
    const ThreadScope four(4);
    QVERIFY(ThreadTrial(1000).isDecided());
    setThreadCount(2);
    QVERIFY(ThreadTrial(1e9).isDecided());
  }
};

QTEST_GUILESS_MAIN(ThreadsTest)
#include "tst_Threads.moc"

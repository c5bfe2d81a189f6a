// runChild() and its environment: exit codes, both streams, peak memory, time allowed, settings left out.
#include "model/benchmark/ChildProcess.h"
#include "model/core/Error.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace layersmith;

class ChildProcessTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void takesWhatAProgramPrints() {
    const ChildResult child = runChild({"sh", "-c", "echo out; echo err >&2; exit 3"}, measuringEnvironment(), 60);
    QCOMPARE(child.exitCode, 3);
    QCOMPARE(child.out, "out\n");
    QCOMPARE(child.err, "err\n");
    QVERIFY(child.peakBytes > 0);
  }

  void takesMoreThanAPipeHolds() {
    const ChildResult child =
        runChild({"sh", "-c", "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"}, measuringEnvironment(), 60);
    QCOMPARE(child.exitCode, 0);
    QCOMPARE(child.out.size(), 300000U);
    QCOMPARE(child.err.size(), 300000U);
  }

  void measuresPeakMemory() {
    const ChildResult child =
        runChild({"dd", "if=/dev/zero", "of=/dev/null", "bs=200000000", "count=1"}, measuringEnvironment(), 60);
    QCOMPARE(child.exitCode, 0);
    QVERIFY2(child.peakBytes > 200'000'000 && child.peakBytes < 300'000'000,
             qPrintable(QString::number(child.peakBytes)));
  }

  void endsWhatTakesTooLong() {
    QElapsedTimer timer;
    timer.start();
    const ChildResult child = runChild({"sleep", "60"}, measuringEnvironment(), 1);
    QCOMPARE(child.exitCode, -1);
    QVERIFY(timer.elapsed() < 30'000);
    QVERIFY(child.err.find("Killed after 1 second") != std::string::npos);
  }

  void saysWhatCannotBeStarted() {
    try {
      runChild({"/nowhere/program"}, {}, 1);
      QFAIL("started");
    } catch (const Error& error) {
      QVERIFY(error.kind() == ErrorKind::NotFound);
      QVERIFY(error.message().find("/nowhere/program") != std::string::npos);
    }
  }

  void leavesOutWhatSlowsNumericLibraries() {
    for (const char* name : {"OPENBLAS_CORETYPE", "OMP_NUM_THREADS", "GOMP_SPINCOUNT", "MKL_DEBUG"})
      qputenv(name, "planted");
    qputenv("BENCH_BUDGET", "6");
    const std::vector<std::string> environment = measuringEnvironment({"BENCH_BUDGET=1"});
    const auto has = [&](const char* text) {
      return std::ranges::any_of(environment, [&](const std::string& entry) { return entry.starts_with(text); });
    };
    QVERIFY(!has("OPENBLAS_") && !has("OMP_") && !has("GOMP_") && !has("MKL_"));
    QVERIFY(has("PATH="));
    QCOMPARE(std::ranges::count_if(environment, [](const auto& entry) { return entry.starts_with("BENCH_BUDGET="); }),
             1);
    QVERIFY(has("BENCH_BUDGET=1"));
  }
};

QTEST_GUILESS_MAIN(ChildProcessTest)
#include "tst_ChildProcess.moc"

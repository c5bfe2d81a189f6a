#include "model/benchmark/WorkloadRun.h"
#include "model/document/RecoveryJournal.h"
#include "model/session/CheckpointPace.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <functional>

using namespace layersmith;
using Seconds = CheckpointPace::Seconds;

namespace {

struct Hours {
  int checkpoints = 0;
  Seconds cost{};
  Seconds longestWait{};
};

/// A training of two hours by a clock of its own; its batches take 10 ms, its n-th checkpoint `costOf(n)`.
Hours train(const std::function<Seconds(int)>& costOf) {
  Hours hours;
  Seconds now{}, last{};
  CheckpointPace pace(now);
  while (now < Seconds(2 * 3600)) {
    now += Seconds(0.01);
    if (!pace.isDue(now)) continue;
    const Seconds cost = costOf(++hours.checkpoints);
    now += cost;
    hours.cost += cost;
    hours.longestWait = std::max(hours.longestWait, now - last);
    pace.ended(now, cost);
    last = now;
  }
  return hours;
}

}  // namespace

/// Checkpoints cost a training 5 % at most, however slow the disk is.
class TestCheckpointPace : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void costsFivePercentAtMost_data();
  void costsFivePercentAtMost();
  void comesBackWhenTheDiskDoes();
  void printsWhatARealOneCosts();
};

void TestCheckpointPace::costsFivePercentAtMost_data() {
  QTest::addColumn<double>("cost");
  QTest::addColumn<int>("checkpoints");
  QTest::newRow("3 ms: every 5 s") << 0.003 << 1438;
  QTest::newRow("250 ms: every 5 s still") << 0.25 << 1371;
  QTest::newRow("1 s: every 20 s") << 1.0 << 343;
  QTest::newRow("30 s: every 10 min") << 30.0 << 12;
}

void TestCheckpointPace::costsFivePercentAtMost() {
  QFETCH(double, cost);
  QFETCH(int, checkpoints);
  const Hours hours = train([cost](int) { return Seconds(cost); });
  const double share = hours.cost.count() / (2 * 3600);
  qInfo("%d checkpoints of %g s in 2 h: %.2f %% of the time", hours.checkpoints, cost, 100 * share);
  QVERIFY(share <= CheckpointPace::kShare);
  QVERIFY(std::abs(hours.checkpoints - checkpoints) <= checkpoints / 100 + 1);
}

void TestCheckpointPace::comesBackWhenTheDiskDoes() {
  // One write hangs for a minute (and may have failed), the others take 20 ms.
  const Hours hours = train([](int n) { return Seconds(n == 10 ? 60 : 0.02); });
  QVERIFY(hours.cost.count() / (2 * 3600) <= CheckpointPace::kShare);
  QVERIFY(hours.longestWait >= Seconds(1200) && hours.longestWait < Seconds(1202));
  QVERIFY(hours.checkpoints > 1180);
}

/// The convolutions of workload W4 with Adam: weights three times, as a training has them, and the best once more.
void TestCheckpointPace::printsWhatARealOneCosts() {
  const Workload& workload = *findWorkload("W4");
  DocumentState state;
  state.graph = workload.makeGraph();
  state.training = workload.trainingConfig();
  Network network(state.graph, {}, 1);
  Trainer trainer(network, state.training);
  QTemporaryDir folder;
  RecoveryJournal journal(folder.path());
  QElapsedTimer clock;
  clock.start();
  const auto seconds = [&clock] { return double(clock.nsecsElapsed()) * 1e-9; };
  std::vector<double> steps, taking, writing;
  TrainerCallbacks callbacks;
  double before = seconds();
  callbacks.batchFinished = [&](const BatchLog&) {
    steps.push_back(seconds() - before);
    if (steps.size() % 4 == 0) {
      const double start = seconds();
      const TrainingCheckpoint checkpoint{
          network.weights(), trainer.optimizerState(), trainer.position(), 0, 1, network.weights(), 0};
      const double taken = seconds();
      const bool isWritten = journal.writeCheckpoint({QStringLiteral("w4"), {}, {}, {}, 1}, state, checkpoint);
      taking.push_back(taken - start);
      writing.push_back(isWritten ? seconds() - taken : 0);
    }
    before = seconds();
    return steps.size() < 20;
  };
  FitOptions options;
  options.epochs = 10;
  options.batchSize = int(workload.batch);
  trainer.fit(makeWorkloadData(state.graph, 4 * workload.batch), nullptr, options, callbacks);
  const auto median = [](std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + qsizetype(values.size() / 2));
    return values[values.size() / 2];
  };
  QCOMPARE(taking.size(), std::size_t(5));
  QVERIFY(std::ranges::min(writing) > 0);
  const double cost = median(taking) + median(writing);
  CheckpointPace pace;
  pace.ended({}, Seconds(cost));
  const qint64 bytes = QFileInfo(folder.filePath(QStringLiteral("w4.5.checkpoint"))).size();
  qInfo(
      "W4: a step %.1f ms; a checkpoint of %.1f MB is taken in %.1f ms and written in %.1f ms; one every %.1f s: "
      "%.2f %% of the time",
      1e3 * median(steps), double(bytes) * 1e-6, 1e3 * median(taking), 1e3 * median(writing), pace.wait().count(),
      100 * cost / (cost + pace.wait().count()));
  QVERIFY(bytes > 4 * network.weights().totalBytes());
}

QTEST_GUILESS_MAIN(TestCheckpointPace)
#include "tst_CheckpointPace.moc"

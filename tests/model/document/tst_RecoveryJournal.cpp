#include "model/data/Readers.h"
#include "model/document/Edits.h"
#include "model/document/RecoveryJournal.h"
#include "model/document/Templates.h"
#include "tests/support/Patience.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <limits>

using namespace layersmith;

namespace {

/// Writes an entry from another process, which then ends: what a crash leaves behind.
void writeInChild(const QString& folder, const QString& kind) {
  QProcess child;
  child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--write"), folder, kind});
  QVERIFY(child.waitForFinished());
  QCOMPARE(child.exitCode(), 0);
}

int writeEntry(const QString& folder, const QString& kind) {
  DocumentState state = makeTemplate(QStringLiteral("twoMoons"));
  const LayerId out = state.graph.findByName("out")->id;
  state = edits::setPosition(state, out, CardPosition{12, 34});
  if (kind == QLatin1String("broken")) state = edits::setField(state, {out}, "units", -3);
  RecoveryJournal(folder).write(
      {QStringLiteral("one"), QStringLiteral("moons"), QStringLiteral("indexeddb://moons"), QStringLiteral("b"), 4},
      state);
  return 0;
}

RecoveryLabel label() {
  return {QStringLiteral("one"), QStringLiteral("moons"), {}, {}, 1};
}

/// A model of 300 kB in training, at its `epoch`; every weight is that number.
TrainingCheckpoint checkpointAt(DocumentState& state, int epoch) {
  state = makeTemplate(QStringLiteral("twoMoons"));
  state = edits::setField(state, {state.graph.findByName("hidden")->id}, "units", 20'000);
  TrainingCheckpoint checkpoint;
  const auto weights = [&](WeightSet& set, const char* name, Shape kernel, Shape bias) {
    const LayerId layer = state.graph.findByName(name)->id;
    for (const auto& [role, shape] : {std::pair{"kernel", kernel}, {"bias", bias}})
      set.set(layer, role,
              WeightBuffer::ofFloats(shape, std::vector<float>(std::size_t(elementCount(shape)), float(epoch))));
  };
  for (WeightSet* set : {&checkpoint.weights, &checkpoint.bestWeights}) {
    weights(*set, "hidden", {2, 20'000}, {20'000});
    weights(*set, "out", {20'000, 1}, {1});
  }
  checkpoint.position.epoch = epoch;
  checkpoint.position.sums = {{"loss", std::numeric_limits<double>::quiet_NaN()}, {"acc", 0.1 + 0.2}};
  checkpoint.position.history = {{0, 0.25, {{"loss", 0.7}}}};
  checkpoint.position.compute.threads = 2;
  checkpoint.bestEpoch = epoch;
  return checkpoint;
}

/// Writes checkpoints until it is killed.
int writeCheckpoints(const QString& folder) {
  RecoveryJournal journal(folder);
  DocumentState state;
  for (int epoch = 1;; ++epoch) {
    const TrainingCheckpoint checkpoint = checkpointAt(state, epoch);
    if (epoch == 1) journal.write(label(), state);
    journal.writeCheckpoint(label(), state, checkpoint);
  }
}

QStringList checkpointsIn(const QTemporaryDir& folder) {
  return QDir(folder.path()).entryList({QStringLiteral("*.checkpoint")}, QDir::Files, QDir::Name);
}

bool isWhole(const TrainingCheckpoint& checkpoint) {
  for (const WeightSet* set : {&checkpoint.weights, &checkpoint.bestWeights})
    for (const WeightSet::Entry& entry : *set)
      for (const float value : entry.buffer->floats())
        if (value != float(checkpoint.position.epoch)) return false;
  return checkpoint.weights.size() == 4 && checkpoint.bestWeights.size() == 4;
}

}  // namespace

class TestRecoveryJournal : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void anotherProgramsWorkComesBack() {
    QTemporaryDir folder;
    writeInChild(folder.path(), QStringLiteral("whole"));
    const std::vector<RecoveredDocument> found = RecoveryJournal(folder.path()).recoverable();
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found[0].label.name, QStringLiteral("moons"));
    QCOMPARE(found[0].label.url, QStringLiteral("indexeddb://moons"));
    QCOMPARE(found[0].label.edits, 4);
    QCOMPARE(found[0].state.graph.layers.size(), std::size_t(3));
    const LayerId out = found[0].state.graph.findByName("out")->id;
    QVERIFY((found[0].state.positions.at(out) == CardPosition{12, 34}));
    QVERIFY(found[0].state.hasRecipe);
    RecoveryJournal(folder.path()).remove(QStringLiteral("one"));
    QVERIFY(RecoveryJournal(folder.path()).recoverable().empty());
  }

  void aModelWithFaultsIsKeptToo() {
    QTemporaryDir folder;
    writeInChild(folder.path(), QStringLiteral("broken"));
    const std::vector<RecoveredDocument> found = RecoveryJournal(folder.path()).recoverable();
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found[0].state.graph.findByName("out")->config.intAt("units", 0), -3);
  }

  void tablesComeBackValueForValue() {
    auto raw = std::make_shared<RawData>();
    raw->columns = {{QStringLiteral("x"), true, {0.1, std::nan(""), 3}, {}, 1, false},
                    {QStringLiteral("what"), false, {1, 0, 1}, {QStringLiteral("a"), QStringLiteral("b")}, 0, false}};
    raw->rows = 3;
    raw->remarks = {QStringLiteral("a remark")};
    QTemporaryDir folder;
    DocumentState state = makeTemplate(QStringLiteral("mlp"));
    state =
        edits::setDataset(state, std::make_shared<Dataset>(prepare(raw, guessRecipe(*raw, QStringLiteral("t.csv")))));
    RecoveryJournal(folder.path()).write(label(), state);
    const std::vector<RecoveredDocument> found = RecoveryJournal(folder.path()).recoverable();
    QCOMPARE(found.size(), std::size_t(1));
    const Dataset& data = *found[0].state.dataset;
    QCOMPARE(data.raw->columns[0].numbers[0], 0.1);
    QVERIFY(std::isnan(data.raw->columns[0].numbers[1]));
    QCOMPARE(data.raw->columns[1].texts, raw->columns[1].texts);
    QCOMPARE(data.raw->remarks, raw->remarks);
    QCOMPARE(data.training.xs[0].values, state.dataset->training.xs[0].values);
    QCOMPARE(data.trainingRows, state.dataset->trainingRows);
  }

  void threeCheckpointsAreKeptAndTheNewestReadableIsTaken() {
    QTemporaryDir folder;
    RecoveryJournal journal(folder.path());
    DocumentState state;
    for (int epoch = 1; epoch <= 12; ++epoch) {
      const TrainingCheckpoint checkpoint = checkpointAt(state, epoch);
      QVERIFY(journal.writeCheckpoint(label(), state, checkpoint));
    }
    QCOMPARE(checkpointsIn(folder),
             (QStringList{QStringLiteral("one.10.checkpoint"), QStringLiteral("one.11.checkpoint"),
                          QStringLiteral("one.12.checkpoint")}));
    TrainingCheckpoint bad = checkpointAt(state, 13);
    bad.optimizer.slots = {WeightBuffer::ofFloats({1}, std::vector<float>{std::numeric_limits<float>::infinity()})};
    QVERIFY(!journal.writeCheckpoint(label(), state, bad));
    QCOMPARE(checkpointsIn(folder).size(), 3);
    QVERIFY(QFile::resize(folder.filePath(QStringLiteral("one.12.checkpoint")), 200'000));

    const std::vector<RecoveredDocument> found = journal.recoverable();
    QCOMPARE(found.size(), std::size_t(1));
    const TrainingCheckpoint& checkpoint = *found[0].checkpoint;
    QVERIFY(isWhole(checkpoint));
    QCOMPARE(checkpoint.position.epoch, 11);
    QVERIFY(std::isnan(checkpoint.position.sums[0].value));
    QCOMPARE(checkpoint.position.sums[1].value, 0.1 + 0.2);
    QCOMPARE(checkpoint.position.history[0].valueOf("loss"), 0.7);
    QCOMPARE(checkpoint.position.compute.threads, 2);
    QVERIFY(found[0].state.dataset);
    journal.remove(QStringLiteral("one"));
    QVERIFY(QDir(folder.path()).isEmpty(QDir::Files | QDir::Hidden));
  }

  void layerIdsAreKept() {
    QTemporaryDir folder;
    DocumentState state = makeTemplate(QStringLiteral("twoMoons"));
    state = edits::duplicateLayers(state, {state.graph.findByName("hidden")->id});
    state = edits::removeLayers(state, {state.graph.findByName("hidden")->id});  // leaves a gap
    RecoveryJournal(folder.path()).write(label(), state);
    const Graph graph = RecoveryJournal(folder.path()).recoverable()[0].state.graph;
    QCOMPARE(graph.layers.size(), state.graph.layers.size());
    for (std::size_t i = 0; i < graph.layers.size(); ++i) {
      QVERIFY(graph.layers[i].id == state.graph.layers[i].id);
      QCOMPARE(graph.layers[i].name, state.graph.layers[i].name);
      QVERIFY(graph.layers[i].calls == state.graph.layers[i].calls);
    }
    QVERIFY(graph.inputs == state.graph.inputs && graph.outputs == state.graph.outputs);
  }

  /// At every moment there is a whole checkpoint, and never an older one than before.
  void aKillWhileACheckpointIsWrittenLosesNothing() {
    QTemporaryDir folder;
    int newest = 0;
    for (int round = 0; round < 15; ++round) {
      QProcess writer;
      writer.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--checkpoints"), folder.path()});
      QVERIFY(writer.waitForStarted());
      QTRY_VERIFY_WITH_TIMEOUT(checkpointsIn(folder).size() >= 3, kPatienceMs);
      QTest::qWait(30 + 17 * round % 90);
      ::kill(pid_t(writer.processId()), SIGKILL);
      QVERIFY(writer.waitForFinished());
      const std::vector<RecoveredDocument> found = RecoveryJournal(folder.path()).recoverable();
      QCOMPARE(found.size(), std::size_t(1));
      QVERIFY(found[0].checkpoint);
      QVERIFY(isWhole(*found[0].checkpoint));
      QVERIFY(checkpointsIn(folder).size() <= 4);  // one more while the oldest is on its way out
      newest = std::max(newest, found[0].checkpoint->position.epoch);
    }
    QVERIFY(newest >= 3);
  }

  void aProcessIsToldFromAnotherOfItsNumber() {
    QVERIFY(!isOtherRunning(processMark()));
    QProcess other;
    other.start(QStringLiteral("/bin/sleep"), {QStringLiteral("60")});
    QVERIFY(other.waitForStarted());
    QVERIFY(!isOtherRunning(QStringLiteral("%1 1 of another start").arg(other.processId())));
    other.kill();
    QVERIFY(other.waitForFinished());
  }

  void damagedEntriesArePassedOverAndKept() {
    QTemporaryDir folder;
    writeInChild(folder.path(), QStringLiteral("whole"));
    const QString path = folder.filePath(QStringLiteral("one.recovery"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.resize(file.size() / 2));
    file.close();
    QVERIFY(RecoveryJournal(folder.path()).recoverable().empty());
    QVERIFY(QFile::exists(path));
  }
};

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  const QStringList arguments = app.arguments();
  if (arguments.size() == 3 && arguments[1] == QLatin1String("--checkpoints")) return writeCheckpoints(arguments[2]);
  if (arguments.size() == 4 && arguments[1] == QLatin1String("--write")) return writeEntry(arguments[2], arguments[3]);
  TestRecoveryJournal test;
  return QTest::qExec(&test, argc, argv);
}
#include "tst_RecoveryJournal.moc"

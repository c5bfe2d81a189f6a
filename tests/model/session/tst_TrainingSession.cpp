#include "model/document/Edits.h"
#include "model/document/RecoveryJournal.h"
#include "model/document/Templates.h"
#include "model/session/TrainingSession.h"
#include "tests/support/Patience.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace layersmith;
using State = TrainingSession::State;

namespace {

DocumentState moons(int epochs) {
  DocumentState state = makeTemplate(QStringLiteral("twoMoons"));
  state.fit.epochs = epochs;
  return state;
}

/// Collects what a session says.
struct Listener {
  explicit Listener(TrainingSession& session) {
    QObject::connect(&session, &TrainingSession::epochFinished, [this](const EpochLog& log) { epochs.push_back(log); });
    QObject::connect(&session, &TrainingSession::ticked, [this](const TrainingTick& tick) { ticks.push_back(tick); });
    QObject::connect(&session, &TrainingSession::finished,
                     [this](const TrainingOutcome& outcome) { outcomes.push_back(outcome); });
  }
  bool isFinished() const { return !outcomes.empty(); }

  std::vector<EpochLog> epochs;
  std::vector<TrainingTick> ticks;
  std::vector<TrainingOutcome> outcomes;
};

}  // namespace

class TestTrainingSession : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void trainsToTheEnd() {
    ComputeThread compute;
    TrainingSession session(compute);
    Listener heard(session);
    session.start(moons(30), TrainingSession::Speed::Full);
    QVERIFY(session.isActive());
    QTRY_VERIFY_WITH_TIMEOUT(heard.isFinished(), kPatienceMs);
    QCOMPARE(heard.outcomes.size(), std::size_t(1));
    const TrainingOutcome& outcome = heard.outcomes.front();
    QVERIFY(outcome.end == TrainingOutcome::End::Finished);
    QCOMPARE(heard.epochs.size(), std::size_t(30));
    QCOMPARE(outcome.run->history.size(), std::size_t(30));
    QVERIFY(heard.epochs.back().valueOf("loss") < 0.7 * heard.epochs.front().valueOf("loss"));
    QCOMPARE(outcome.weights.size(), std::size_t(4));
    QVERIFY(!outcome.optimizer.empty());
    QVERIFY(outcome.bestEpoch >= 0);
    QVERIFY(session.state() == State::Idle);
  }

  void goesOnWithTheChoiceOfTheRunBefore() {
    ComputeThread compute;
    TrainingSession session(compute);
    Listener heard(session);
    session.start(moons(2), TrainingSession::Speed::Full);
    QTRY_VERIFY_WITH_TIMEOUT(heard.isFinished(), kPatienceMs);
    const TrainingOutcome& first = heard.outcomes.front();
    QVERIFY(first.run->compute.threads >= 1);

    TrainingRun run = *first.run;
    run.compute.kernels = ComputePath::Reference;  // what nothing but the run before would choose
    DocumentState state =
        edits::setWeights(moons(2), first.weights, first.optimizer, std::make_shared<TrainingRun>(run));
    session.start(state, TrainingSession::Speed::Full);
    QTRY_COMPARE_WITH_TIMEOUT(heard.outcomes.size(), std::size_t(2), kPatienceMs);
    QCOMPARE(heard.outcomes.back().run->compute, run.compute);

    state.fit.batchSize *= 2;  // unlike steps are timed anew
    session.start(state, TrainingSession::Speed::Full);
    QTRY_COMPARE_WITH_TIMEOUT(heard.outcomes.size(), std::size_t(3), kPatienceMs);
    QVERIFY(heard.outcomes.back().run->compute.kernels == ComputePath::Fast);
  }

  /// Through the recovery folder and back, from the middle of an epoch, with dropout: the same bits.
  void aCheckpointGoesOnBitForBit() {
    ComputeThread compute;
    DocumentState state = moons(3000);
    const LayerId hidden = state.graph.findByName("hidden")->id;
    state = edits::duplicateLayers(state, {hidden});
    state = edits::removeLayers(state, {hidden});  // ids with a gap: dropout draws by them
    const edits::InsertPlace last{edits::InsertPlace::Kind::OnEdge, state.graph.findByName("out")->id, 0, {}};
    state = edits::insertLayer(state, "Dropout", last, {{"rate", 0.3}});
    TrainingSession session(compute);
    Listener heard(session);
    std::shared_ptr<const TrainingCheckpoint> taken;
    QObject::connect(&session, &TrainingSession::checkpointTaken, [&](const auto& checkpoint) { taken = checkpoint; });
    session.start(state, TrainingSession::Speed::Full);
    session.requestCheckpoint();
    QTRY_VERIFY_WITH_TIMEOUT(heard.isFinished(), kPatienceMs);
    QVERIFY(taken);
    QVERIFY(taken->position.epoch < 3000);

    QTemporaryDir folder;
    RecoveryJournal journal(folder.path());
    const RecoveryLabel label{QStringLiteral("k"), QStringLiteral("moons"), {}, {}, 1};
    journal.write(label, state);
    QVERIFY(journal.writeCheckpoint(label, state, *taken));
    const std::vector<RecoveredDocument> found = journal.recoverable();
    QCOMPARE(found.size(), std::size_t(1));

    TrainingSession later(compute);
    Listener rest(later);
    later.startFrom(found[0].state, found[0].checkpoint);
    QVERIFY(later.state() == State::Paused);
    QCOMPARE(later.history().size(), taken->position.history.size());
    later.setSpeed(TrainingSession::Speed::Full);
    later.resume();
    QTRY_VERIFY_WITH_TIMEOUT(rest.isFinished(), kPatienceMs);
    const TrainingOutcome &whole = heard.outcomes[0], &resumed = rest.outcomes[0];
    QVERIFY(resumed.end == TrainingOutcome::End::Finished);
    QCOMPARE(resumed.run->history.size(), std::size_t(3000));
    QCOMPARE(later.history().size(), std::size_t(3000));
    for (std::size_t i = 0; i < 3000; ++i)
      QCOMPARE(resumed.run->history[i].valueOf("loss"), whole.run->history[i].valueOf("loss"));
    QCOMPARE(resumed.bestEpoch, whole.bestEpoch);
    QCOMPARE(resumed.weights.size(), whole.weights.size());
    for (const WeightSet::Entry& entry : whole.weights)
      QVERIFY(resumed.weights.find(entry.layer, entry.role)->buffer->bytes == entry.buffer->bytes);
  }

  void pauseHoldsAndResumeGoesOn() {
    ComputeThread compute;
    TrainingSession session(compute);
    Listener heard(session);
    session.start(moons(100'000), TrainingSession::Speed::Full);
    QTRY_VERIFY_WITH_TIMEOUT(heard.epochs.size() > 3, kPatienceMs);
    session.pause();
    QTest::qWait(200);  // what was already under way arrives
    const std::int64_t held = heard.ticks.back().steps;
    QTest::qWait(250);
    QCOMPARE(heard.ticks.back().steps, held);
    QCOMPARE(compute.run([] { return 5; }).result(), 5);  // previews work while paused
    session.resume();
    QTRY_VERIFY_WITH_TIMEOUT(heard.ticks.back().steps > held, kPatienceMs);
    session.stop();
    QTRY_VERIFY_WITH_TIMEOUT(heard.isFinished(), kPatienceMs);
    QVERIFY(heard.outcomes.front().end == TrainingOutcome::End::Stopped);
    QVERIFY(!heard.outcomes.front().weights.empty());
  }

  void stepRunsOneBatch() {
    ComputeThread compute;
    TrainingSession session(compute);
    Listener heard(session);
    session.startPaused(moons(5));
    QVERIFY(session.state() == State::Paused);
    QTRY_COMPARE_WITH_TIMEOUT(heard.ticks.size(), std::size_t(1), kPatienceMs);
    QTest::qWait(150);
    QCOMPARE(heard.ticks.back().steps, 1);
    session.step();
    QTRY_COMPARE_WITH_TIMEOUT(heard.ticks.back().steps, 2, kPatienceMs);
    QTest::qWait(150);
    QCOMPARE(heard.ticks.back().steps, 2);
    session.stop();
    QTRY_VERIFY_WITH_TIMEOUT(heard.isFinished(), kPatienceMs);
  }

  void previewsRunWhileTraining() {
    ComputeThread compute;
    TrainingSession session(compute);
    Listener heard(session);
    session.start(moons(100'000), TrainingSession::Speed::Full);
    QTRY_VERIFY_WITH_TIMEOUT(!heard.epochs.empty(), kPatienceMs);
    for (int i = 0; i < 20; ++i) QCOMPARE(compute.run([i] { return i; }).result(), i);
    QVERIFY(!session.latestWeights().empty());
    QVERIFY(session.state() == State::Running);
    session.stop();
    QTRY_VERIFY_WITH_TIMEOUT(heard.isFinished(), kPatienceMs);
  }

  void aRunawayLossStopsAndGivesTheBestWeightsBack() {
    ComputeThread compute;
    TrainingSession session(compute);
    Listener heard(session);
    DocumentState state =
        edits::setDataset(makeTemplate(QStringLiteral("mlp")), makeTemplate(QStringLiteral("twoMoons")).dataset);
    TrainingConfig config = state.training;
    config.optimizer = "sgd";
    config.losses = {"meanSquaredError"};
    config.optimizerConfig = {{"learningRate", 1e30}};
    state = edits::setField(state, {state.graph.findByName("out")->id}, "activation", "linear");
    state = edits::setTraining(state, config, state.fit);
    session.start(state, TrainingSession::Speed::Full);
    QTRY_VERIFY_WITH_TIMEOUT(heard.isFinished(), kPatienceMs);
    const TrainingOutcome& outcome = heard.outcomes.front();
    QVERIFY(outcome.end == TrainingOutcome::End::Diverged);
    QVERIFY(outcome.error->code() == "E401");
    for (const WeightSet::Entry& entry : outcome.weights)
      for (float value : entry.buffer->floats()) QVERIFY(std::isfinite(value));
  }

  void withoutDataItFailsWithAReason() {
    ComputeThread compute;
    TrainingSession session(compute);
    Listener heard(session);
    session.start(makeTemplate(QStringLiteral("mlp")));
    QTRY_VERIFY_WITH_TIMEOUT(heard.isFinished(), kPatienceMs);
    QVERIFY(heard.outcomes.front().end == TrainingOutcome::End::Failed);
    QVERIFY(heard.outcomes.front().error->message().find("no data") != std::string::npos);
  }

  void closingWhileTrainingIsSafe() {
    ComputeThread compute;
    {
      TrainingSession session(compute);
      session.start(moons(100'000), TrainingSession::Speed::Full);
      QTest::qWait(50);
    }
    QCOMPARE(compute.run([] { return 1; }).result(), 1);
  }
};

QTEST_GUILESS_MAIN(TestTrainingSession)
#include "tst_TrainingSession.moc"

#include "model/session/TrainingSession.h"

#include "model/session/TrainingJob.h"

#include <QFutureWatcher>

#include <cmath>

namespace layersmith {

namespace {

constexpr int kTickMs = 66;  // at most 15 a second, so that a fast model cannot flood the event loop

}  // namespace

TrainingSession::TrainingSession(ComputeThread& compute, QObject* parent) : QObject(parent), m_compute(compute) {
  m_timer.setInterval(kTickMs);
  connect(&m_timer, &QTimer::timeout, this, &TrainingSession::readProgress);
}

TrainingSession::~TrainingSession() {
  if (!m_job) return;
  m_job->stop();
  m_compute.wake();
}

int TrainingSession::epochs() const {
  return m_job ? m_job->epochs() : 0;
}

void TrainingSession::start(const DocumentState& state, Speed speed) {
  if (isActive()) return;
  auto job = std::make_shared<TrainingJob>(state, m_compute);
  job->setWatching(speed == Speed::Watch);
  m_history.clear();
  launch(std::move(job), State::Running);
}

void TrainingSession::startPaused(const DocumentState& state) {
  if (isActive()) return;
  auto job = std::make_shared<TrainingJob>(state, m_compute);
  job->step();
  m_history.clear();
  launch(std::move(job), State::Paused);
}

void TrainingSession::startFrom(const DocumentState& state, std::shared_ptr<const TrainingCheckpoint> checkpoint) {
  if (isActive()) return;
  m_history = checkpoint->position.history;
  auto job = std::make_shared<TrainingJob>(state, m_compute, std::move(checkpoint));
  job->pause();
  launch(std::move(job), State::Paused);
  Q_EMIT restored();
}

void TrainingSession::launch(std::shared_ptr<TrainingJob> job, State state) {
  m_job = std::move(job);
  auto* watcher = new QFutureWatcher<TrainingOutcome>(this);
  connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher] {
    watcher->deleteLater();
    readProgress();
    m_timer.stop();
    const TrainingOutcome outcome = watcher->result();
    setState(State::Idle);
    Q_EMIT finished(outcome);
  });
  watcher->setFuture(m_compute.run([job = m_job] { return job->run(); }, ComputeThread::Length::Long));
  m_timer.start();
  setState(state);
}

void TrainingSession::pause() {
  if (m_state != State::Running) return;
  m_job->pause();
  setState(State::Paused);
}

void TrainingSession::resume() {
  if (m_state != State::Paused) return;
  m_job->resume();
  m_compute.wake();
  setState(State::Running);
}

void TrainingSession::step() {
  if (m_state != State::Paused) return;
  m_job->step();
  m_compute.wake();
}

void TrainingSession::stop() {
  if (!isActive()) return;
  m_job->stop();
  m_compute.wake();
  setState(State::Stopping);
}

void TrainingSession::requestCheckpoint() {
  if (!isActive()) return;
  m_job->requestCheckpoint();
  m_compute.wake();
}

void TrainingSession::setSpeed(Speed speed) {
  if (!m_job) return;
  m_job->setWatching(speed == Speed::Watch);
  m_compute.wake();
}

WeightSet TrainingSession::latestWeights() const {
  return m_job ? m_job->latestWeights() : WeightSet();
}

void TrainingSession::setState(State state) {
  if (state == m_state) return;
  m_state = state;
  Q_EMIT stateChanged(state);
}

void TrainingSession::readProgress() {
  TrainingJob::Progress progress = m_job->takeProgress();
  for (EpochLog& log : progress.epochs) {
    m_history.push_back(log);
    Q_EMIT epochFinished(log);
  }
  if (progress.tick) Q_EMIT ticked(*progress.tick);
  if (progress.checkpoint) Q_EMIT checkpointTaken(progress.checkpoint);
}

}  // namespace layersmith

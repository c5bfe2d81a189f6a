#pragma once

#include "model/core/Error.h"
#include "model/storage/ModelLibrary.h"

#include <QPointer>
#include <QThread>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace layersmith {

/// What a job on another thread gave: a value or the error that ended it.
template <class Value>
class Outcome {
 public:
  Outcome(Value value) : m_content(std::move(value)) {}
  Outcome(Error error) : m_content(std::move(error)) {}

  bool isOk() const { return m_content.index() == 0; }
  Value& value() { return std::get<0>(m_content); }
  const Value& value() const { return std::get<0>(m_content); }
  const Error& error() const { return std::get<1>(m_content); }

 private:
  std::variant<Value, Error> m_content;
};

/// Shared by a job and the widget that shows it: how far it is, and whether it shall stop.
struct JobProgress {
  std::atomic<std::int64_t> done = 0;
  std::atomic<std::int64_t> total = 0;
  std::atomic<bool> isCancelled = false;

  /// For LoadOptions::progress and ModelLibrary::save.
  static StoreProgress reporter(std::shared_ptr<JobProgress> progress);
};

/// Threads with a ModelLibrary each: all work with stores happens here. One thread does its jobs in the order posted,
/// one at a time; several take the next job each, so that none waits for another's server. Thread rule: GUI thread;
/// `work` runs on a worker, `done` in the GUI thread while `receiver` lives.
class StoreWorker : public QObject {
  Q_OBJECT

 public:
  explicit StoreWorker(QString storePath, int threads = 1, QObject* parent = nullptr);
  ~StoreWorker() override;  ///< waits until all jobs are done: a save that was asked for is carried out

  /// work(ModelLibrary&) -> Value (not void); done(Outcome<Value>).
  template <class Work, class Done>
  void run(QObject* receiver, Work work, Done done) {
    using Value = std::invoke_result_t<Work, ModelLibrary&>;
    post([this, receiver = QPointer<QObject>(receiver), work = std::move(work),
          done = std::move(done)](const Library& library) mutable {
      auto outcome = std::make_shared<Outcome<Value>>(attempt<Value>(work, library));
      QMetaObject::invokeMethod(
          this,
          [this, receiver = std::move(receiver), done = std::move(done), outcome]() mutable {
            jobEnded();
            if (receiver) done(std::move(*outcome));
          },
          Qt::QueuedConnection);
    });
  }

  /// Done to every thread's library before its next job.
  void prepare(std::function<void(ModelLibrary&)> setUp);

  const QString& storePath() const { return m_storePath; }
  bool isIdle() const { return m_pending == 0; }

 Q_SIGNALS:
  void idleChanged(bool isIdle);

 private:
  class Lane;
  using Library = std::function<ModelLibrary&()>;
  using Job = std::function<void(const Library&)>;

  template <class Value, class Work>
  static Outcome<Value> attempt(Work& work, const Library& library) {
    try {
      return Outcome<Value>(work(library()));
    } catch (...) {
      return Outcome<Value>(currentError());
    }
  }

  void post(Job job);
  void jobEnded();
  void wake();

  const QString m_storePath;
  const std::shared_ptr<LostLoad> m_lost;
  std::vector<std::unique_ptr<Lane>> m_lanes;  ///< each lives on its thread, and outlives it: it may still be woken
  std::vector<std::unique_ptr<QThread>> m_threads;
  int m_pending = 0;

  std::mutex m_mutex;  ///< of what follows
  std::deque<Job> m_jobs;
  std::vector<std::function<void(ModelLibrary&)>> m_setUps;
  bool m_isEnding = false;
};

}  // namespace layersmith

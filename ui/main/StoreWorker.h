#pragma once

#include "model/core/Error.h"
#include "model/storage/ModelLibrary.h"

#include <QPointer>
#include <QThread>

#include <atomic>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

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

/// One thread with one ModelLibrary: all work with stores happens here, in the order posted.
/// Thread rule: GUI thread; `work` runs on the worker, `done` in the GUI thread while `receiver` lives.
class StoreWorker : public QObject {
  Q_OBJECT

 public:
  explicit StoreWorker(QString storePath, QObject* parent = nullptr);
  ~StoreWorker() override;  ///< waits until all jobs are done

  /// work(ModelLibrary&) -> Value (not void); done(Outcome<Value>).
  template <class Work, class Done>
  void run(QObject* receiver, Work work, Done done) {
    using Value = std::invoke_result_t<Work, ModelLibrary&>;
    post([this, receiver = QPointer<QObject>(receiver), work = std::move(work), done = std::move(done)]() mutable {
      auto outcome = std::make_shared<Outcome<Value>>(attempt<Value>(work));
      QMetaObject::invokeMethod(
          this,
          [this, receiver = std::move(receiver), done = std::move(done), outcome]() mutable {
            jobEnded();
            if (receiver) done(std::move(*outcome));
          },
          Qt::QueuedConnection);
    });
  }

  const QString& storePath() const { return m_storePath; }
  bool isIdle() const { return m_pending == 0; }

 Q_SIGNALS:
  void idleChanged(bool isIdle);

 private:
  template <class Value, class Work>
  Outcome<Value> attempt(Work& work) {
    try {
      return Outcome<Value>(work(library()));
    } catch (...) {
      return Outcome<Value>(currentError());
    }
  }

  void post(std::function<void()> job);
  void jobEnded();
  ModelLibrary& library();

  QString m_storePath;
  QThread m_thread;
  QObject* m_worker = nullptr;
  std::unique_ptr<ModelLibrary> m_library;  ///< made, used and destroyed on m_thread
  int m_pending = 0;
};

}  // namespace layersmith

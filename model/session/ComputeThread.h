#pragma once

#include <QFuture>
#include <QPromise>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>

namespace layersmith {

/// The one permanent thread that trains, evaluates, predicts and draws boundaries: OpenMP keeps a team of workers per
/// calling thread, so there must not be two. Jobs run in the order posted, short ones before long ones. A long job
/// (training) lets the short ones in between its batches with runWaitingJobs(); long jobs never run inside one another.
/// Thread rule: run() and wake() from any thread; the others only inside a job.
class ComputeThread {
 public:
  ComputeThread();
  ~ComputeThread();  ///< finishes what was posted; ask long jobs to stop before
  ComputeThread(const ComputeThread&) = delete;
  ComputeThread& operator=(const ComputeThread&) = delete;

  enum class Length { Short, Long };

  /// An exception of the job reaches whoever asks the future for its result.
  template <class Function>
  QFuture<std::invoke_result_t<Function>> run(Function function, Length length = Length::Short) {
    using Result = std::invoke_result_t<Function>;
    auto promise = std::make_shared<QPromise<Result>>();
    QFuture<Result> future = promise->future();
    promise->start();
    post(
        [promise, job = std::move(function)]() mutable {
          if (!promise->isCanceled()) {
            try {
              if constexpr (std::is_void_v<Result>)
                job();
              else
                promise->addResult(job());
            } catch (...) {
              promise->setException(std::current_exception());
            }
          }
          promise->finish();
        },
        length);
    return future;
  }

  /// Inside a long job: runs all short jobs that wait now.
  void runWaitingJobs();

  /// Inside a long job: sleeps until a short job waits, wake() is called, or the time has come.
  void sleepUntil(std::chrono::steady_clock::time_point time);

  /// Ends a sleepUntil.
  void wake();

 private:
  using Queue = std::deque<std::function<void()>>;

  void post(std::function<void()> job, Length length);
  bool runNext(Queue& queue);
  void loop();

  std::mutex m_mutex;
  std::condition_variable m_changed;
  Queue m_shortJobs;
  Queue m_longJobs;
  bool m_isWoken = false;
  bool m_isEnding = false;
  std::thread m_thread;
};

}  // namespace layersmith

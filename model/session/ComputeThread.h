#pragma once

#include <QThreadPool>
#include <QtConcurrent/QtConcurrentRun>

namespace layersmith {

/// The one permanent thread that trains, evaluates, predicts and draws boundaries: OpenMP keeps a team of workers per
/// calling thread, so there must not be two. Jobs run in the order posted.
/// Thread rule: run() from any thread. Jobs must not throw: they return a value that can hold an error.
class ComputeThread {
 public:
  ComputeThread();
  ~ComputeThread();

  template <class Function>
  auto run(Function&& function) {
    return QtConcurrent::run(&m_pool, std::forward<Function>(function));
  }

 private:
  QThreadPool m_pool;
};

}  // namespace layersmith

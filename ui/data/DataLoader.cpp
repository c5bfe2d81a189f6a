#include "ui/data/DataLoader.h"

#include <QFuture>
#include <QtConcurrent/QtConcurrentRun>

#include <atomic>

namespace layersmith {

struct DataLoader::Shared {
  std::atomic<std::int64_t> done = 0;
  std::atomic<std::int64_t> total = 0;
  std::atomic<bool> isStopped = false;
  std::atomic<bool> wasAsked = false;  ///< the reader saw the stop: what it has is a part
};

namespace {

struct Loaded {
  std::shared_ptr<const Dataset> dataset;
  std::optional<Error> error;
};

}  // namespace

DataLoader::DataLoader(QObject* parent) : QObject(parent) {
  m_pool.setMaxThreadCount(1);
  m_timer.setInterval(100);
  connect(&m_timer, &QTimer::timeout, this, [this] {
    if (m_current) Q_EMIT progressed(m_current->done, m_current->total);
  });
}

DataLoader::~DataLoader() {
  abandon();
}

void DataLoader::cancel() {
  if (m_current) m_current->isStopped = true;
}

void DataLoader::abandon() {
  cancel();
  m_current.reset();
  m_timer.stop();
}

void DataLoader::start(Job job) {
  abandon();
  auto shared = std::make_shared<Shared>();
  m_current = shared;
  m_timer.start();
  const ReadProgress progress = [shared](std::int64_t done, std::int64_t total) {
    shared->done = done;
    shared->total = total;
    if (shared->isStopped) shared->wasAsked = true;
    return !shared->isStopped;
  };
  QtConcurrent::run(&m_pool, [job = std::move(job), progress]() -> Loaded {
    try {
      return {std::make_shared<const Dataset>(job(progress)), std::nullopt};
    } catch (...) {
      return {nullptr, currentError()};
    }
  }).then(this, [this, shared](const Loaded& result) {
    // Queued, so that an answer never comes before start() has returned.
    QMetaObject::invokeMethod(
        this,
        [this, shared, result] {
          if (m_current != shared) return;
          m_current.reset();
          m_timer.stop();
          if (result.error) {
            Q_EMIT failed(*result.error);
          } else {
            Q_EMIT loaded(result.dataset, shared->wasAsked);
          }
        },
        Qt::QueuedConnection);
  });
}

}  // namespace layersmith

#include "ui/main/StoreWorker.h"

#include "model/storage/http/LostLoad.h"

namespace layersmith {

StoreProgress JobProgress::reporter(std::shared_ptr<JobProgress> progress) {
  return [progress = std::move(progress)](std::int64_t done, std::int64_t total) {
    progress->done = done;
    progress->total = total;
    return !progress->isCancelled;
  };
}

/// What one thread works with. A job that waits for a server runs a loop of its own: what is posted meanwhile must not
/// start inside it.
class StoreWorker::Lane : public QObject {
 public:
  explicit Lane(StoreWorker& worker) : m_worker(worker) {}

  void work() {
    if (m_isWorking) return;
    m_isWorking = true;
    while (const Job job = next()) job([this]() -> ModelLibrary& { return library(); });
    m_isWorking = false;
    const std::lock_guard lock(m_worker.m_mutex);
    if (m_worker.m_isEnding) thread()->quit();
  }

  void end() { m_library.reset(); }  ///< on its thread, as its last act

 private:
  Job next() {
    const std::lock_guard lock(m_worker.m_mutex);
    if (m_worker.m_jobs.empty()) return {};
    Job job = std::move(m_worker.m_jobs.front());
    m_worker.m_jobs.pop_front();
    return job;
  }

  ModelLibrary& library() {
    if (!m_library) m_library = std::make_unique<ModelLibrary>(m_worker.m_storePath, m_worker.m_lost);
    std::vector<std::function<void(ModelLibrary&)>> setUps;
    {
      const std::lock_guard lock(m_worker.m_mutex);
      setUps.assign(m_worker.m_setUps.begin() + std::ptrdiff_t(m_setUps), m_worker.m_setUps.end());
    }
    for (const auto& setUp : setUps) {
      setUp(*m_library);
      ++m_setUps;
    }
    return *m_library;
  }

  StoreWorker& m_worker;
  std::unique_ptr<ModelLibrary> m_library;  ///< made, used and destroyed on this lane's thread
  std::size_t m_setUps = 0;                 ///< that were done
  bool m_isWorking = false;
};

StoreWorker::StoreWorker(QString storePath, int threads, QObject* parent)
    : QObject(parent), m_storePath(std::move(storePath)), m_lost(std::make_shared<LostLoad>()) {
  for (int i = 0; i < threads; ++i) {
    auto& thread = m_threads.emplace_back(std::make_unique<QThread>());
    Lane* lane = m_lanes.emplace_back(std::make_unique<Lane>(*this)).get();
    lane->moveToThread(thread.get());
    connect(
        thread.get(), &QThread::finished, lane, [lane] { lane->end(); }, Qt::DirectConnection);
    thread->setObjectName(QStringLiteral("stores"));
    thread->start();
  }
}

StoreWorker::~StoreWorker() {
  {
    const std::lock_guard lock(m_mutex);
    m_isEnding = true;
  }
  wake();
  for (const auto& thread : m_threads) thread->wait();
}

void StoreWorker::post(Job job) {
  if (m_pending++ == 0) Q_EMIT idleChanged(false);
  {
    const std::lock_guard lock(m_mutex);
    m_jobs.push_back(std::move(job));
  }
  wake();
}

void StoreWorker::prepare(std::function<void(ModelLibrary&)> setUp) {
  const std::lock_guard lock(m_mutex);
  m_setUps.push_back(std::move(setUp));
}

void StoreWorker::wake() {
  for (const auto& lane : m_lanes)
    QMetaObject::invokeMethod(
        lane.get(), [lane = lane.get()] { lane->work(); }, Qt::QueuedConnection);
}

void StoreWorker::jobEnded() {
  if (--m_pending == 0) Q_EMIT idleChanged(true);
}

}  // namespace layersmith

#include "ui/main/StoreWorker.h"

#include <functional>

namespace layersmith {

StoreProgress JobProgress::reporter(std::shared_ptr<JobProgress> progress) {
  return [progress = std::move(progress)](std::int64_t done, std::int64_t total) {
    progress->done = done;
    progress->total = total;
    return !progress->isCancelled;
  };
}

StoreWorker::StoreWorker(QString storePath, QObject* parent) : QObject(parent), m_storePath(std::move(storePath)) {
  m_worker = new QObject;
  m_worker->moveToThread(&m_thread);
  connect(
      &m_thread, &QThread::finished, m_worker, [this] { m_library.reset(); }, Qt::DirectConnection);
  connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
  m_thread.setObjectName(QStringLiteral("stores"));
  m_thread.start();
}

StoreWorker::~StoreWorker() {
  // Behind the jobs that still wait: a save that was asked for is carried out.
  QMetaObject::invokeMethod(
      m_worker, [this] { m_thread.quit(); }, Qt::QueuedConnection);
  m_thread.wait();
}

void StoreWorker::post(std::function<void()> job) {
  if (m_pending++ == 0) Q_EMIT idleChanged(false);
  QMetaObject::invokeMethod(m_worker, std::move(job), Qt::QueuedConnection);
}

void StoreWorker::jobEnded() {
  if (--m_pending == 0) Q_EMIT idleChanged(true);
}

ModelLibrary& StoreWorker::library() {
  if (!m_library) m_library = std::make_unique<ModelLibrary>(m_storePath);
  return *m_library;
}

}  // namespace layersmith

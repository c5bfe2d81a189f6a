#include "model/session/ComputeThread.h"

#include <utility>

namespace layersmith {

ComputeThread::ComputeThread() : m_thread([this] { loop(); }) {}

ComputeThread::~ComputeThread() {
  {
    const std::lock_guard lock(m_mutex);
    m_isEnding = true;
  }
  m_changed.notify_all();
  m_thread.join();
}

void ComputeThread::post(std::function<void()> job) {
  {
    const std::lock_guard lock(m_mutex);
    m_jobs.push_back(std::move(job));
  }
  m_changed.notify_all();
}

void ComputeThread::wake() {
  {
    const std::lock_guard lock(m_mutex);
    m_isWoken = true;
  }
  m_changed.notify_all();
}

bool ComputeThread::runOne() {
  std::function<void()> job;
  {
    const std::lock_guard lock(m_mutex);
    if (m_jobs.empty()) return false;
    job = std::move(m_jobs.front());
    m_jobs.pop_front();
  }
  job();
  return true;
}

void ComputeThread::runWaitingJobs() {
  while (runOne()) {
  }
}

void ComputeThread::sleepUntil(std::chrono::steady_clock::time_point time) {
  std::unique_lock lock(m_mutex);
  m_changed.wait_until(lock, time, [this] { return m_isWoken || m_isEnding || !m_jobs.empty(); });
  m_isWoken = false;
}

void ComputeThread::loop() {
  while (true) {
    if (runOne()) continue;
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_isEnding || !m_jobs.empty(); });
    if (m_isEnding && m_jobs.empty()) return;
  }
}

}  // namespace layersmith

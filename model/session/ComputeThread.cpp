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

void ComputeThread::post(std::function<void()> job, Length length) {
  {
    const std::lock_guard lock(m_mutex);
    (length == Length::Short ? m_shortJobs : m_longJobs).push_back(std::move(job));
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

bool ComputeThread::runNext(Queue& queue) {
  std::function<void()> job;
  {
    const std::lock_guard lock(m_mutex);
    if (queue.empty()) return false;
    job = std::move(queue.front());
    queue.pop_front();
  }
  job();
  return true;
}

void ComputeThread::runWaitingJobs() {
  while (runNext(m_shortJobs)) {
  }
}

void ComputeThread::sleepUntil(std::chrono::steady_clock::time_point time) {
  std::unique_lock lock(m_mutex);
  m_changed.wait_until(lock, time, [this] { return m_isWoken || m_isEnding || !m_shortJobs.empty(); });
  m_isWoken = false;
}

void ComputeThread::loop() {
  while (true) {
    if (runNext(m_shortJobs) || runNext(m_longJobs)) continue;
    std::unique_lock lock(m_mutex);
    const auto hasJobs = [this] { return !m_shortJobs.empty() || !m_longJobs.empty(); };
    m_changed.wait(lock, [&] { return m_isEnding || hasJobs(); });
    if (m_isEnding && !hasJobs()) return;
  }
}

}  // namespace layersmith

#include "model/server/Replays.h"

namespace layersmith {

namespace {

std::int64_t sizeOf(const std::string& key, const Replays::Answer& answer) {
  std::size_t bytes = 2 * key.size() + answer.body.size() + answer.digest.size();
  for (const auto& [name, value] : answer.fields) bytes += name.size() + value.size();
  return std::int64_t(bytes);
}

}  // namespace

Replays::State Replays::begin(const std::string& key, Answer* answer) {
  const std::lock_guard lock(m_mutex);
  const auto [it, isNew] = m_entries.try_emplace(key);
  if (isNew) return State::New;
  if (!it->second.isDone) return State::Running;
  *answer = it->second.answer;
  return State::Done;
}

void Replays::finish(const std::string& key, Answer answer) {
  const std::lock_guard lock(m_mutex);
  m_done.push_back({key, m_now(), sizeOf(key, answer)});
  m_bytes += m_done.back().bytes;
  m_entries[key] = {true, std::move(answer)};
  dropOld();
}

void Replays::dropOld() {
  const auto limit = m_now() - std::chrono::milliseconds(kKeptMs);
  while (!m_done.empty() && (m_done.front().at < limit || m_bytes > kMostBytes)) {
    m_bytes -= m_done.front().bytes;
    m_entries.erase(m_done.front().key);
    m_done.pop_front();
  }
}

void Replays::forget(const std::string& key) {
  const std::lock_guard lock(m_mutex);
  const auto it = m_entries.find(key);
  if (it != m_entries.end() && !it->second.isDone) m_entries.erase(it);
}

}  // namespace layersmith

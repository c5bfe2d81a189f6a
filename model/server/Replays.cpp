#include "model/server/Replays.h"

#include <algorithm>

namespace layersmith {

namespace {
constexpr std::size_t kRemembered = 1'000;
}

Replays::State Replays::begin(const std::string& key, HttpResponse* answer) {
  const std::lock_guard lock(m_mutex);
  const auto [it, isNew] = m_entries.try_emplace(key);
  if (isNew) return State::New;
  if (!it->second.isDone) return State::Running;
  answer->status = it->second.status;
  answer->fields = it->second.fields;
  answer->body = it->second.body;
  return State::Done;
}

void Replays::finish(const std::string& key, const HttpResponse& answer) {
  const std::lock_guard lock(m_mutex);
  m_entries[key] = {true, answer.status, answer.fields, answer.body};
  m_order.push_back(key);
  if (m_order.size() <= kRemembered) return;
  m_entries.erase(m_order.front());
  m_order.pop_front();
}

void Replays::forget(const std::string& key) {
  const std::lock_guard lock(m_mutex);
  const auto it = m_entries.find(key);
  if (it != m_entries.end() && !it->second.isDone) m_entries.erase(it);
}

}  // namespace layersmith

#pragma once

#include "model/server/HttpMessage.h"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace layersmith {

/// Answers to requests that came with an Idempotency-Key: one that is sent again, because its answer was lost, gets the
/// same answer and changes nothing. Kept for kKeptMs at least, unless they take more than kMostBytes together; in
/// memory alone. A key is one client's (its Authorization) and one address's. Thread rule: any thread.
class Replays {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr int kKeptMs = 600'000;
  static constexpr std::int64_t kMostBytes = 8 * 1024 * 1024;
  enum class State { New, Running, Done };
  struct Answer {
    int status = 0;
    HttpFields fields;
    std::string body;
    std::string digest;  ///< of what was asked for: the same key for something else is a mistake
  };

  explicit Replays(std::function<Clock::time_point()> now = &Clock::now) : m_now(std::move(now)) {}

  /// New: the caller shall do it and then call finish or forget.
  State begin(const std::string& key, Answer* answer);
  void finish(const std::string& key, Answer answer);
  void forget(const std::string& key);

 private:
  struct Entry {
    bool isDone = false;
    Answer answer;
  };
  struct Done {
    std::string key;
    Clock::time_point at;
    std::int64_t bytes = 0;
  };
  void dropOld();

  std::function<Clock::time_point()> m_now;
  std::mutex m_mutex;
  std::map<std::string, Entry> m_entries;
  std::deque<Done> m_done;  ///< oldest first
  std::int64_t m_bytes = 0;
};

}  // namespace layersmith

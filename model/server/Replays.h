#pragma once

#include "model/server/HttpMessage.h"

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace layersmith {

/// Answers to requests that came with an Idempotency-Key: one that is sent again, because its answer was lost, gets the
/// same answer and changes nothing. Remembers the last 1,000; a key is one client's (its Authorization) and one
/// address's. Thread rule: any thread.
class Replays {
 public:
  enum class State { New, Running, Done };

  /// New: the caller shall do it and then call finish or forget.
  State begin(const std::string& key, HttpResponse* answer);
  void finish(const std::string& key, const HttpResponse& answer);
  void forget(const std::string& key);

 private:
  struct Entry {
    bool isDone = false;
    int status = 0;
    HttpFields fields;
    std::string body;
  };

  std::mutex m_mutex;
  std::map<std::string, Entry> m_entries;
  std::deque<std::string> m_order;
};

}  // namespace layersmith

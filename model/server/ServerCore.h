#pragma once

#include "model/server/RequestHandler.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace layersmith {

/// What all connections of a server share. Thread rule: the network thread, but for the pools.
struct ServerCore {
  ServerCore(RequestHandler& served, std::function<void(const std::string&)> writeLog)
      : handler(served), log(std::move(writeLog)) {}

  /// Counts a connection in, unless there are too many.
  bool admit(const std::string& addressKey);
  void leave(const std::string& addressKey);
  bool isProxy(const std::string& addressKey) const;
  void stop();  ///< closes idle connections, and ends the rest once they are served

  RequestHandler& handler;
  std::function<void(const std::string&)> log;
  boost::asio::io_context network{1};
  boost::asio::thread_pool disk{3};
  boost::asio::thread_pool work{1};
  std::set<boost::beast::tcp_stream*> idle;  ///< connections between two requests
  std::map<std::string, int> byAddress;
  std::vector<std::string> proxies;  ///< keys of addresses whose X-Forwarded-For is believed
  int connections = 0;
  bool isStopping = false;
};

/// Runs `action` on a pool and comes back to the caller's executor with what it returned or threw.
template <class Action>
boost::asio::awaitable<std::invoke_result_t<Action&>> onPool(boost::asio::thread_pool& pool, Action action) {
  using Result = std::invoke_result_t<Action&>;
  auto task = [](Action run) -> boost::asio::awaitable<Result> { co_return run(); };
  co_return co_await boost::asio::co_spawn(pool, task(std::move(action)), boost::asio::use_awaitable);
}

}  // namespace layersmith

#pragma once

#include "model/server/RequestHandler.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace layersmith {

/// HTTP/1.1 over TCP or TLS, with the limits of RELIABILITY section 5 (model/core/Limits.h): whole header 16 KiB, 100
/// fields and 10 s; 5 s between bytes; 10 KiB/s after 10 s; 256 connections, 32 an address; 100 requests and 15 s of
/// rest a connection. Bodies are handed on piece by piece, so memory does not depend on their size. Threads: run() is
/// the network's and never waits for a disk; two threads write and read bodies, one does the rest.
class HttpServer {
 public:
  struct Settings {
    std::string host = "127.0.0.1";
    int port = 0;                        ///< 0: a free one
    std::string certificate, key;        ///< PEM files; both empty: no TLS
    std::vector<std::string> proxies;    ///< addresses of proxies, whose clients X-Forwarded-For tells apart
    bool endsWithStandardInput = false;  ///< stops when standard input ends: a child that does not outlive its parent
    std::function<void(const std::string&)> log;  ///< one line per request: time, address, id, method, status, bytes
  };

  /// Opens the port. Errors: Network when it cannot be had, Io or Format for the certificate.
  HttpServer(Settings settings, RequestHandler& handler);
  ~HttpServer();

  std::string address() const;  ///< "http://127.0.0.1:8080"
  int port() const;

  /// Serves until stop(), SIGINT or SIGTERM; requests under way get 10 s to end, a second signal ends them at once.
  void run();
  void stop();  ///< any thread

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace layersmith

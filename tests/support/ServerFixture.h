#pragma once

#include "model/server/HttpServer.h"
#include "model/server/StoreService.h"

#include <QString>

#include <memory>
#include <thread>

namespace layersmith::testing {

/// Our own store server in this process, over a folder, with one token.
class StoreServer {
 public:
  explicit StoreServer(const QString& root, int port = 0, std::int64_t maxBodyBytes = 1 << 28,
                       std::int64_t maxStoreBytes = limits::kServerStoreBytes)
      : m_repository(folderRepository(root)) {
    TokenGuard guard;
    guard.add(sha256(m_token));
    m_service =
        std::make_unique<StoreService>(*m_repository, StoreService::Settings{{}, guard, maxBodyBytes, maxStoreBytes});
    HttpServer::Settings settings;
    settings.port = port;
    m_server = std::make_unique<HttpServer>(settings, *m_service);
    m_thread = std::thread([this] { m_server->run(); });
  }
  ~StoreServer() {
    m_server->stop();
    m_thread.join();
  }

  QString address() const { return QString::fromStdString(m_server->address()); }
  int port() const { return m_server->port(); }
  QString token() const { return QString::fromStdString(m_token); }
  ModelRepository& models() { return *m_repository; }

 private:
  std::string m_token = makeToken();
  std::unique_ptr<ModelRepository> m_repository;
  std::unique_ptr<StoreService> m_service;
  std::unique_ptr<HttpServer> m_server;
  std::thread m_thread;
};

}  // namespace layersmith::testing

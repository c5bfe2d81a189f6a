#include "model/server/HttpServer.h"

#include "model/server/HttpConnection.h"

#include <boost/asio/detached.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>

namespace layersmith {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

Error cannotListen(const HttpServer::Settings& settings, const std::string& why) {
  return {ErrorKind::Network,
          "The server cannot listen on " + settings.host + ", port " + std::to_string(settings.port) + ": " + why + ".",
          "E301", settings.host};
}

}  // namespace

bool ServerCore::isProxy(const std::string& key) const {
  return std::ranges::find(proxies, key) != proxies.end();
}

bool ServerCore::admit(const std::string& key) {
  int& count = byAddress[key];
  const bool hasRoom = isProxy(key) || count < limits::kServerConnectionsPerAddress;
  if (connections < limits::kServerConnections && hasRoom) {
    ++count;
    ++connections;
    return true;
  }
  if (count == 0) byAddress.erase(key);
  return false;
}

void ServerCore::leave(const std::string& key) {
  --connections;
  if (--byAddress[key] == 0) byAddress.erase(key);
  if (isStopping && connections == 0) network.stop();
}

void ServerCore::stop() {
  isStopping = true;
  for (boost::beast::tcp_stream* stream : idle) stream->cancel();
  if (connections == 0) network.stop();
}

class HttpServer::Impl {
 public:
  Impl(Settings settings, RequestHandler& handler)
      : m_settings(std::move(settings)),
        m_core(
            handler, m_settings.log ? m_settings.log : [](const std::string&) {}),
        m_acceptor(m_core.network),
        m_signals(m_core.network),
        m_lastMoments(m_core.network),
        m_tidying(m_core.network) {
    m_core.proxies = addressKeys(m_settings.proxies);
    if (!m_settings.certificate.empty()) loadCertificate();
    listen();
    m_signals.add(SIGINT);  // from now on: a program may say that it listens before it runs
    m_signals.add(SIGTERM);
  }

  ~Impl() {
    m_core.network.stop();
    m_core.disk.join();
    m_core.work.join();
  }

  std::string address() const {
    const bool isSix = m_settings.host.find(':') != std::string::npos;
    return std::string(m_tls ? "https://" : "http://") + (isSix ? '[' + m_settings.host + ']' : m_settings.host) + ':' +
           std::to_string(port());
  }

  int port() const { return m_acceptor.local_endpoint().port(); }

  void run() {
    // A peer that is gone is an error code, not a signal.
    std::signal(SIGPIPE, SIG_IGN);
    asio::co_spawn(m_core.network, awaitSignals(), asio::detached);
    asio::co_spawn(m_core.network, accept(), asio::detached);
    asio::co_spawn(m_core.network, tidy(), asio::detached);
    if (m_settings.endsWithStandardInput) asio::co_spawn(m_core.network, watchStandardInput(), asio::detached);
    m_core.network.run();
    m_core.disk.join();
    m_core.work.join();
  }

  void stop() {
    asio::post(m_core.network, [this] { beginStop(); });
  }

 private:
  void loadCertificate() {
    m_tls.emplace(asio::ssl::context::tls_server);
    m_tls->set_options(asio::ssl::context::no_sslv2 | asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                       asio::ssl::context::no_tlsv1_1 | asio::ssl::context::single_dh_use);
    boost::system::error_code failed;
    m_tls->use_certificate_chain_file(m_settings.certificate, failed);
    if (failed)
      throw Error(ErrorKind::Format,
                  "The certificate " + m_settings.certificate + " could not be used: " + failed.message() + ".", "E302",
                  m_settings.certificate);
    m_tls->use_private_key_file(m_settings.key, asio::ssl::context::pem, failed);
    if (failed)
      throw Error(ErrorKind::Format,
                  "The key " + m_settings.key + " could not be used with the certificate: " + failed.message() + ".",
                  "E302", m_settings.key);
  }

  void listen() {
    boost::system::error_code failed;
    const asio::ip::address address =
        asio::ip::make_address(m_settings.host == "localhost" ? "127.0.0.1" : m_settings.host, failed);
    if (failed) throw cannotListen(m_settings, "this is no address of a machine");
    const tcp::endpoint endpoint(address, static_cast<unsigned short>(m_settings.port));
    m_acceptor.open(endpoint.protocol(), failed);
    if (!failed) m_acceptor.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) m_acceptor.bind(endpoint, failed);
    if (!failed) m_acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) throw cannotListen(m_settings, failed.message());
  }

  asio::awaitable<void> accept() {
    while (!m_core.isStopping) {
      auto [failed, socket] = co_await m_acceptor.async_accept(kTuple);
      if (failed == asio::error::operation_aborted) co_return;
      if (failed) {  // no descriptors left, say: others will be given back
        asio::steady_timer pause(m_core.network, std::chrono::milliseconds(50));
        co_await pause.async_wait(kTuple);
        continue;
      }
      take(std::move(socket));
    }
  }

  void take(tcp::socket socket) {
    boost::system::error_code failed;
    const asio::ip::address address = socket.remote_endpoint(failed).address();
    if (failed) return;
    const std::string key = addressKey(address);
    socket.set_option(tcp::no_delay(true), failed);
    if (!m_core.admit(key)) {
      socket.non_blocking(true, failed);
      if (!m_tls) socket.write_some(asio::buffer(kFull), failed);
      return;
    }
    const auto leave = [this, key](const std::exception_ptr& broken) {
      if (broken) m_core.log("error: a connection broke off inside the server");
      m_core.leave(key);
    };
    boost::beast::tcp_stream stream(std::move(socket));
    if (m_tls)
      asio::co_spawn(m_core.network,
                     serve(HttpConnection(boost::beast::ssl_stream<boost::beast::tcp_stream>(std::move(stream), *m_tls),
                                          m_core, key)),
                     leave);
    else
      asio::co_spawn(m_core.network, serve(HttpConnection(std::move(stream), m_core, key)), leave);
  }

  template <class Stream>
  static asio::awaitable<void> serve(HttpConnection<Stream> connection) {
    co_await connection.run();
  }

  void beginStop() {
    if (m_core.isStopping) return;
    boost::system::error_code ignored;
    m_acceptor.close(ignored);
    m_lastMoments.expires_after(std::chrono::seconds(10));
    m_lastMoments.async_wait([this](const boost::system::error_code& failed) {
      if (!failed) m_core.network.stop();
    });
    m_core.stop();
  }

  asio::awaitable<void> awaitSignals() {
    const auto [failed, signal] = co_await m_signals.async_wait(kTuple);
    static_cast<void>(signal);
    if (failed) co_return;
    beginStop();
    const auto [failedAgain, second] = co_await m_signals.async_wait(kTuple);
    static_cast<void>(second);
    if (!failedAgain) m_core.network.stop();
  }

  asio::awaitable<void> tidy() {
    for (;;) {
      m_tidying.expires_after(std::chrono::minutes(1));
      const auto [failed] = co_await m_tidying.async_wait(kTuple);
      if (failed) co_return;
      co_await onPool(m_core.work, [this] {
        m_core.handler.tidy();
        return true;
      });
    }
  }

  asio::awaitable<void> watchStandardInput() {
    asio::posix::stream_descriptor input(m_core.network, ::dup(STDIN_FILENO));
    char scratch[256];
    for (;;) {
      const auto [failed, bytes] = co_await input.async_read_some(asio::buffer(scratch), kTuple);
      static_cast<void>(bytes);
      if (failed) break;
    }
    beginStop();
  }

  Settings m_settings;
  ServerCore m_core;
  std::optional<asio::ssl::context> m_tls;
  tcp::acceptor m_acceptor;
  asio::signal_set m_signals;
  asio::steady_timer m_lastMoments;
  asio::steady_timer m_tidying;
};

HttpServer::HttpServer(Settings settings, RequestHandler& handler)
    : m_impl(std::make_unique<Impl>(std::move(settings), handler)) {}

HttpServer::~HttpServer() = default;

std::string HttpServer::address() const {
  return m_impl->address();
}

int HttpServer::port() const {
  return m_impl->port();
}

void HttpServer::run() {
  m_impl->run();
}

void HttpServer::stop() {
  m_impl->stop();
}

}  // namespace layersmith

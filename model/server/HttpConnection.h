#pragma once

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/server/ClientAddress.h"
#include "model/server/HttpHead.h"
#include "model/server/ServerCore.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <type_traits>

namespace layersmith {

/// One client: requests in turn, each with its deadlines. `Stream` is beast::tcp_stream or beast::ssl_stream over one.
/// Included by HttpServer.cpp alone, since every unit that knows Beast takes half a minute.
template <class Stream>
class HttpConnection {
 public:
  using Clock = std::chrono::steady_clock;
  using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;
  template <class T>
  using Task = boost::asio::awaitable<T>;

  HttpConnection(Stream stream, ServerCore& core, std::string address)
      : m_stream(std::move(stream)), m_core(core), m_address(std::move(address)), m_buffer(kBufferBytes) {}

  Task<void> run() {
    if constexpr (kIsTls) {
      lowest().expires_after(std::chrono::milliseconds(limits::kServerHeaderMs));
      const auto [failed] = co_await m_stream.async_handshake(boost::asio::ssl::stream_base::server, kTuple);
      if (failed) co_return;
    }
    bool goesOn = true, hasBytes = false;
    for (int served = 1; goesOn; ++served) {
      m_isLast = served == limits::kServerRequests;
      hasBytes = co_await waitForBytes(served == 1);
      goesOn = false;
      if (hasBytes) goesOn = co_await serveOne();
    }
    co_await end(hasBytes);
  }

 private:
  static constexpr bool kIsTls = !std::is_same_v<Stream, boost::beast::tcp_stream>;
  static constexpr std::size_t kBufferBytes = 32 * 1024;
  static constexpr std::size_t kPieceBytes = 32 * 1024;
  static constexpr std::int64_t kSendBytes = 64 * 1024;
  static constexpr auto kTuple = boost::asio::as_tuple(boost::asio::use_awaitable);

  boost::beast::tcp_stream& lowest() { return boost::beast::get_lowest_layer(m_stream); }

  /// When a transfer begun at `start` has to have its next byte: 5 s from now, and never slower than 10 KiB/s on
  /// average.
  static Clock::time_point deadline(Clock::time_point start, std::int64_t bytes) {
    const std::chrono::milliseconds paced(
        std::max<std::int64_t>(limits::kServerPaceMs, bytes * 1000 / limits::kServerBytesPerSecond));
    return std::min(Clock::now() + std::chrono::milliseconds(limits::kServerIdleMs), start + paced);
  }

  /// The first byte of a request; false: none came, or the server stops.
  Task<bool> waitForBytes(bool isFirst) {
    if (m_buffer.size() > 0) co_return true;
    if (m_core.isStopping) co_return false;
    lowest().expires_after(std::chrono::milliseconds(isFirst ? limits::kServerIdleMs : limits::kServerKeepAliveMs));
    m_core.idle.insert(&lowest());
    const auto [failed, bytes] = co_await m_stream.async_read_some(m_buffer.prepare(4096), kTuple);
    m_core.idle.erase(&lowest());
    m_buffer.commit(bytes);
    co_return !failed;
  }

  /// True: the connection goes on.
  Task<bool> serveOne() {
    m_start = Clock::now();
    m_received = m_sent = 0;
    Parser parser;
    parser.header_limit(limits::kServerHeaderBytes);
    parser.body_limit(boost::none);  // the handler knows the limit, and counts what comes in chunks
    lowest().expires_after(std::chrono::milliseconds(limits::kServerHeaderMs));
    const auto [failed, bytes] = co_await boost::beast::http::async_read_header(m_stream, m_buffer, parser, kTuple);
    static_cast<void>(bytes);
    m_request = HttpRequest{makeRequestId(), m_address, {}, {}, {}, -1, false, false};
    if (failed) {
      auto refusal = refusalOf(failed);
      if (!refusal) co_return false;
      co_return co_await send(std::move(*refusal), false);
    }
    const auto& head = parser.get();
    auto refusal = readHead(head, parser.content_length(), m_request);
    if (m_core.isProxy(m_address))
      if (std::string client = forwardedClient(m_request); !client.empty()) m_request.address = std::move(client);
    if (refusal) co_return co_await send(std::move(*refusal), false);
    const bool keepsAlive = head.keep_alive() && !m_isLast;
    HttpDecision decision = m_core.handler.decide(m_request);
    if (auto* take = std::get_if<2>(&decision); take && m_request.hasBody())
      co_return co_await receive(parser, *take, keepsAlive);
    HttpResponse response;
    if (auto* answer = std::get_if<HttpResponse>(&decision))
      response = std::move(*answer);
    else if (auto* work = std::get_if<HttpWork>(&decision); work && !m_request.hasBody()) {
      const auto run = [&core = m_core, work] { return guarded(core, work->run); };
      response = co_await onPool(work->changes ? m_core.work : m_core.disk, run);
    } else
      response =
          errorResponse(400, "E306", m_request.hasBody() ? "This request takes no body." : "The upload is empty.");
    response.closes = response.closes || m_request.hasBody();
    co_return co_await send(std::move(response), keepsAlive);
  }

  /// Takes the body piece by piece: the network thread reads, a disk thread writes.
  Task<bool> receive(Parser& parser, const std::function<std::unique_ptr<BodySink>()>& makeSink, bool keepsAlive) {
    // What is awaited is kept apart from conditions and full of references only: g++ 12 destroys temporaries of such
    // expressions twice.
    std::unique_ptr<BodySink> sink;
    std::string_view part;
    const auto make = [&] { return refusalBy(m_core, [&] { sink = makeSink(); }); };
    const auto take = [&] { return refusalBy(m_core, [&] { sink->write(part); }); };
    const auto finish = [&] { return guarded(m_core, [&] { return sink->finish(); }); };
    const std::string_view expected = m_request.isOld ? std::string_view() : m_request.field("Expect");
    std::optional<HttpResponse> refusal;
    if (!expected.empty() && !equalsIgnoringCase(expected, "100-continue"))
      refusal = errorResponse(417, "E306", "Expect is something else than 100-continue.");
    if (!refusal) refusal = co_await onServersTime(m_core.disk, make);
    if (!refusal && !expected.empty()) {
      const bool isSent = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
      if (!isSent) co_return false;
    }
    std::string piece(refusal ? 0 : kPieceBytes, '\0');
    while (!refusal && !parser.is_done()) {
      const boost::beast::error_code failed = co_await readPiece(parser, piece, part);
      if (failed) {
        refusal = refusalOf(failed);
        if (refusal) break;
        release(std::move(sink));
        co_return logged(0, 0, false);
      }
      if (!part.empty()) refusal = co_await onServersTime(m_core.disk, take);
    }
    HttpResponse response;
    if (refusal)
      response = closing(std::move(*refusal));
    else
      response = co_await onPool(m_core.work, finish);
    release(std::move(sink));
    co_return co_await send(std::move(response), keepsAlive);
  }

  /// Runs it on a pool. A client's deadlines move on by what that takes: it waits for the server, not the server for
  /// it.
  template <class Action>
  Task<std::invoke_result_t<Action&>> onServersTime(boost::asio::thread_pool& pool, Action action) {
    const Clock::time_point begun = Clock::now();
    auto result = co_await onPool(pool, action);
    m_start += Clock::now() - begun;
    co_return result;
  }

  /// The next bytes of the body; `part` are those of `piece` that came.
  Task<boost::beast::error_code> readPiece(Parser& parser, std::string& piece, std::string_view& part) {
    auto& body = parser.get().body();
    body.data = piece.data();
    body.size = piece.size();
    body.more = true;
    lowest().expires_at(deadline(m_start, m_received));
    auto [failed, bytes] = co_await boost::beast::http::async_read_some(m_stream, m_buffer, parser, kTuple);
    static_cast<void>(bytes);
    if (failed == boost::beast::http::error::need_buffer) failed = {};
    part = std::string_view(piece).substr(0, piece.size() - body.size);
    m_received += std::int64_t(part.size());
    co_return failed;
  }

  /// Runs what gives an answer, in the words of a client when it fails.
  template <class Run>
  static HttpResponse guarded(ServerCore& core, const Run& run) {
    HttpResponse response;
    if (auto refusal = refusalBy(core, [&] { response = run(); })) return std::move(*refusal);
    return response;
  }

  template <class Run>
  static std::optional<HttpResponse> refusalBy(ServerCore& core, const Run& run) {
    try {
      run();
      return {};
    } catch (const Refusal& refusal) {
      return errorResponse(refusal.status, refusal.code, refusal.message, refusal.limitBytes);
    } catch (...) {
      const Error error = currentError();
      HttpResponse response = errorResponse(error);
      if (response.status >= 500) core.log("error: " + error.message());
      return response;
    }
  }

  static HttpResponse closing(HttpResponse response) {
    response.closes = true;
    return response;
  }

  /// Files are removed where a disk may be waited for.
  void release(std::unique_ptr<BodySink> sink) {
    boost::asio::post(m_core.disk, [held = std::move(sink)]() mutable { held.reset(); });
  }

  Task<bool> send(HttpResponse response, bool keepsAlive) {
    m_core.handler.complete(m_request, response);
    const bool goesOn = keepsAlive && !response.closes && !m_core.isStopping;
    const bool hasNoBody = m_request.method == "HEAD" || response.status == 204 || response.status == 304;
    m_start = Clock::now();
    m_sent = 0;
    std::string text = headText(response, goesOn);
    if (!hasNoBody && !response.source) text += response.body;
    bool isSent = co_await write(text);
    std::int64_t left = hasNoBody || !response.source ? 0 : response.count;
    const auto read = [&] {
      try {
        return response.source->read(response.first + response.count - left, std::min(left, kSendBytes));
      } catch (...) {
        return std::string();  // the client sees that fewer bytes came than were named
      }
    };
    while (isSent && left > 0) {
      const std::string piece = co_await onServersTime(m_core.disk, read);
      left -= std::int64_t(piece.size());
      isSent = false;
      if (!piece.empty()) isSent = co_await write(piece);
    }
    co_return logged(response.status, m_sent, isSent && goesOn);
  }

  Task<bool> write(std::string_view bytes) {
    while (!bytes.empty()) {
      lowest().expires_at(deadline(m_start, m_sent));
      const auto [failed, sent] = co_await m_stream.async_write_some(boost::asio::buffer(bytes), kTuple);
      if (failed) co_return false;
      m_sent += std::int64_t(sent);
      bytes.remove_prefix(sent);
    }
    co_return true;
  }

  bool logged(int status, std::int64_t sent, bool result) {
    m_core.log(logLine(m_request, status, m_received, sent));
    return result;
  }

  /// Says that nothing more comes, then takes what the client is still sending for a moment: closing at once would make
  /// the system throw the answer away at the client's end.
  Task<void> end(bool drains) {
    lowest().expires_after(std::chrono::seconds(2));
    if constexpr (kIsTls)
      if (drains) co_await m_stream.async_shutdown(kTuple);
    boost::beast::error_code ignored;
    lowest().socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    std::string scratch(drains ? 16 * 1024 : 0, '\0');
    for (std::int64_t taken = 0; drains && taken < 16 * limits::kMiB;) {
      const auto [failed, bytes] = co_await lowest().async_read_some(boost::asio::buffer(scratch), kTuple);
      if (failed) break;
      taken += std::int64_t(bytes);
    }
    lowest().socket().close(ignored);
  }

  Stream m_stream;
  ServerCore& m_core;
  std::string m_address;
  boost::beast::flat_buffer m_buffer;
  HttpRequest m_request;
  Clock::time_point m_start;  ///< of the body being received or the answer being sent, later by what pools took
  std::int64_t m_received = 0;
  std::int64_t m_sent = 0;
  bool m_isLast = false;
};

}  // namespace layersmith

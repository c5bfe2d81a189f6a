#pragma once

#include "model/server/HttpMessage.h"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>

#include <optional>

namespace layersmith {

std::string makeRequestId();  ///< 128 random bits in hex

/// What Beast parsed, into `request`. Refuses what is ambiguous: no or two Host fields, a length beside chunks, unknown
/// codings, too many fields, an address that is neither a path nor whole.
std::optional<HttpResponse> readHead(const boost::beast::http::request_header<>& head,
                                     const boost::optional<std::uint64_t>& length, HttpRequest& request);

/// The answer to bytes that are no request, nullopt when the client is gone or too slow and gets none.
std::optional<HttpResponse> refusalOf(const boost::beast::error_code& failed);

/// Status line and fields, with Date, Content-Length, Connection and the empty line.
std::string headText(const HttpResponse& response, bool keepsAlive);

/// "2026-01-31T12:00:00Z 127.0.0.1 3f... POST 200 1878 312": time, address, id, method, status (0: cut off), bytes
/// received and sent. No path, no fields, no query.
std::string logLine(const HttpRequest& request, int status, std::int64_t received, std::int64_t sent);

}  // namespace layersmith

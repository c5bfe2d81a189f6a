#include "model/server/HttpHead.h"

#include "model/core/Limits.h"

#include <QDateTime>
#include <QLocale>

#include <openssl/rand.h>
#include <algorithm>
#include <limits>

namespace layersmith {

namespace http = boost::beast::http;

namespace {

void setHost(HttpRequest& request, std::string_view host) {
  std::erase_if(request.fields, [](const auto& field) { return equalsIgnoringCase(field.first, "Host"); });
  request.fields.emplace_back("Host", host);
}

/// "/path?query", or "http://host/path?query", whose host is then the request's, whatever its Host field says (RFC 9112
/// section 3.2.2). False: neither.
bool readTarget(std::string_view target, HttpRequest& request) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equalsIgnoringCase(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = std::min(target.find_first_of("/?#"), target.size());
    if (end == 0) return false;
    setHost(request, target.substr(0, end));
    target.remove_prefix(end);
    request.path = target.starts_with('/') ? target.substr(0, target.find('?')) : "/";
    return true;
  }
  request.path = target.substr(0, target.find('?'));
  return target.starts_with('/') || (request.method == "OPTIONS" && target == "*");
}

/// "Fri, 27 Nov 2026 10:38:47 GMT".
std::string dateNow() {
  return QLocale::c()
      .toString(QDateTime::currentDateTimeUtc(), QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"))
      .toStdString();
}

}  // namespace

std::string makeRequestId() {
  unsigned char bytes[16];
  RAND_bytes(bytes, sizeof bytes);
  return QByteArray(reinterpret_cast<const char*>(bytes), sizeof bytes).toHex().toStdString();
}

std::optional<HttpResponse> readHead(const http::request_header<>& head, const boost::optional<std::uint64_t>& length,
                                     HttpRequest& request) {
  for (const auto& field : head) {
    if (request.fields.size() == std::size_t(limits::kServerHeaderFields))
      return errorResponse(431, "E130",
                           "The request has more than " + std::to_string(limits::kServerHeaderFields) + " fields.");
    request.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  request.method = std::string(head.method_string());
  request.isOld = head.version() == 10;
  if (!readTarget({head.target().data(), head.target().size()}, request))
    return errorResponse(400, "E306", "The address is not a path.");
  if (head.version() != 10 && head.version() != 11)
    return errorResponse(505, "E306", "The server speaks HTTP/1.0 and HTTP/1.1.");
  if (head.count(http::field::host) > 1 || (head.version() == 11 && head.count(http::field::host) == 0))
    return errorResponse(400, "E306", "The request has no Host field, or several.");
  if (head.count(http::field::transfer_encoding) > 0) {
    if (head.count(http::field::content_length) > 0)
      return errorResponse(400, "E306", "The request has a length and comes in chunks.");
    if (!equalsIgnoringCase(request.field("Transfer-Encoding"), "chunked"))
      return errorResponse(501, "E306", "The server takes no other Transfer-Encoding than chunked.");
    request.isChunked = true;
  }
  if (length)
    request.contentLength = std::int64_t(std::min<std::uint64_t>(*length, std::numeric_limits<std::int64_t>::max()));
  return {};
}

std::optional<HttpResponse> refusalOf(const boost::beast::error_code& failed) {
  if (failed == http::error::header_limit || failed == http::error::buffer_overflow)
    return errorResponse(431, "E130",
                         "The header of the request is longer than " + std::to_string(limits::kServerHeaderBytes) +
                             " bytes, which is the limit.");
  if (failed == http::error::end_of_stream) return {};
  if (failed == http::error::partial_message) return errorResponse(400, "E306", "The request ended too early.");
  if (failed.category() == make_error_code(http::error::bad_method).category())
    return errorResponse(400, "E306", "This is not HTTP: " + failed.message() + ".");
  return {};
}

std::string headText(const HttpResponse& response, bool keepsAlive) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ' + std::string(reasonPhrase(response.status)) +
                     "\r\nServer: layersmith\r\nDate: " + dateNow() + "\r\n";
  for (const auto& [name, value] : response.fields) text += name + ": " + value + "\r\n";
  if (response.status != 204 && response.status != 304)
    text += "Content-Length: " + std::to_string(response.length()) + "\r\n";
  return text + (keepsAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}

std::string logLine(const HttpRequest& request, int status, std::int64_t received, std::int64_t sent) {
  return QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString() + ' ' + request.address + ' ' +
         request.id + ' ' + (request.method.empty() ? "-" : request.method.substr(0, 16)) + ' ' +
         std::to_string(status) + ' ' + std::to_string(received) + ' ' + std::to_string(sent);
}

}  // namespace layersmith

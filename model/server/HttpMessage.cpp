#include "model/server/HttpMessage.h"

#include "model/core/Error.h"
#include "model/format/ModelArtifacts.h"

#include <algorithm>

namespace layersmith {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

int statusOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::InvalidConfig:
    case ErrorKind::ShapeMismatch:
    case ErrorKind::Unsupported:
    case ErrorKind::Format:
    case ErrorKind::Numeric: return 422;
    case ErrorKind::NotFound: return 404;
    case ErrorKind::AlreadyExists: return 409;
    case ErrorKind::LimitExceeded: return 413;
    case ErrorKind::NoSpace: return 507;
    case ErrorKind::Busy: return 503;
    case ErrorKind::Changed: return 412;
    default: return 500;
  }
}

}  // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view fieldOf(const HttpFields& fields, std::string_view name) {
  const auto it =
      std::ranges::find_if(fields, [&](const auto& field) { return equalsIgnoringCase(field.first, name); });
  return it == fields.end() ? std::string_view() : std::string_view(it->second);
}

std::optional<std::string> HttpRequest::list(std::string_view name) const {
  std::optional<std::string> all;
  for (const auto& [own, value] : fields)
    if (equalsIgnoringCase(own, name)) all = all ? *all + ", " + value : value;
  return all;
}

HttpResponse jsonResponse(int status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.fields = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = std::move(text);
  return response;
}

HttpResponse errorResponse(int status, const std::string& code, const std::string& message, std::int64_t limitBytes) {
  Json json{{"error", {{"code", code}, {"message", message}}}};
  if (limitBytes > 0) json["error"]["limit"] = limitBytes;
  return jsonResponse(status, toJsonBytes(json).toStdString());
}

HttpResponse errorResponse(const Error& error) {
  const int status = statusOf(error.kind());
  const std::string code = error.code().empty() ? "E307" : error.code();
  switch (status) {
    case 409: return errorResponse(412, code, "A model of this name exists already. Nothing was changed.");
    case 404: return errorResponse(404, code, "There is no such model.");
    case 503: return errorResponse(503, code, "Another save is under way. Try again in a moment.");
    case 507:
      return errorResponse(
          507, code,
          error.code() == "E202" ? error.message() : "Not saved: the server's disk is full. Nothing was changed.");
    case 500: return errorResponse(500, code, "The server could not do this. Nothing was changed.");
    default: return errorResponse(status, code, error.message());
  }
}

std::string_view reasonPhrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "Internal Server Error";
  }
}

}  // namespace layersmith

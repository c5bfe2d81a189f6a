#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace layersmith {

class Error;

using HttpFields = std::vector<std::pair<std::string, std::string>>;

/// The first field of this name, whatever its case; empty when there is none.
std::string_view fieldOf(const HttpFields& fields, std::string_view name);

/// Whether two tokens of HTTP are equal but for the case of ASCII letters.
bool equalsIgnoringCase(std::string_view a, std::string_view b);

/// The head of a request, as far as the server has checked it: at most 100 fields in 16 KiB, no conflicting lengths.
struct HttpRequest {
  std::string id;  ///< made by the server
  std::string address;
  std::string method;
  std::string path;  ///< without the query, as sent: nothing is decoded
  HttpFields fields;
  std::int64_t contentLength = -1;  ///< -1: none given
  bool isChunked = false;
  bool isOld = false;  ///< HTTP/1.0

  bool hasBody() const { return isChunked || contentLength > 0; }
  std::string_view field(std::string_view name) const { return fieldOf(fields, name); }
  /// Of a field that is a list: all that have the name, as one. Nullopt: there is none; an empty one is not that.
  std::optional<std::string> list(std::string_view name) const;
};

/// Bytes sent from disk in pieces. Thread rule: one thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::int64_t size() const = 0;
  /// Up to `count` bytes from `offset` on; fewer only where the source likes smaller pieces, never none before its end.
  /// Errors: Error.
  virtual std::string read(std::int64_t offset, std::int64_t count) = 0;
};

struct HttpResponse {
  int status = 200;
  HttpFields fields;
  std::string body;
  std::unique_ptr<ByteSource> source;  ///< instead of body: `count` bytes from `first` on
  std::int64_t first = 0;
  std::int64_t count = 0;
  bool closes = false;  ///< the connection ends after it

  std::int64_t length() const { return source ? count : std::int64_t(body.size()); }
};

/// A JSON answer; the text is JSON already.
HttpResponse jsonResponse(int status, std::string text);

/// {"error": {"code", "message"}}, as every refusal says it; `limitBytes`, when it is not 0, is its member "limit".
HttpResponse errorResponse(int status, const std::string& code, const std::string& message,
                           std::int64_t limitBytes = 0);

/// An Error as a client may know it: what failed inside the server stays out, its paths too.
HttpResponse errorResponse(const Error& error);

std::string_view reasonPhrase(int status);

/// What becomes of a body that did not suit: thrown out of BodySink, answered as errorResponse.
struct Refusal {
  int status = 400;
  std::string code;
  std::string message;
  std::int64_t limitBytes = 0;  ///< of a body that is too long: what the server takes
};

}  // namespace layersmith

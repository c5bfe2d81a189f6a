// The heads of requests: Beast's parser as the server sets it up, and what we read from it.
#include "model/core/Limits.h"
#include "model/server/ByteRange.h"
#include "model/server/HttpHead.h"
#include "tests/fuzz/FuzzTarget.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstdlib>

using namespace layersmith;
namespace http = boost::beast::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  http::request_parser<http::buffer_body> parser;
  parser.header_limit(limits::kServerHeaderBytes);
  parser.body_limit(boost::none);
  boost::beast::error_code failed;
  parser.put(boost::asio::buffer(data, size), failed);
  if (failed && failed != http::error::need_more && failed != http::error::need_buffer) {
    refusalOf(failed);
    return 0;
  }
  if (!parser.is_header_done()) return 0;
  HttpRequest request;
  if (const auto refusal = readHead(parser.get(), parser.content_length(), request)) {
    if (refusal->status < 400 || refusal->status > 599) std::abort();
    return 0;
  }
  if (request.fields.size() > std::size_t(limits::kServerHeaderFields)) std::abort();
  if (request.path != "*" && !request.path.starts_with('/')) std::abort();
  const std::string line = logLine(request, 200, 0, 0);
  if (line.find('\n') != std::string::npos) std::abort();
  return 0;
}

#include "model/server/OriginRules.h"

#include <arpa/inet.h>
#include <algorithm>

namespace layersmith {

namespace {

bool isAddress(const std::string& text) {
  in_addr four;
  in6_addr six;
  if (text.starts_with('[') && text.ends_with(']'))
    return ::inet_pton(AF_INET6, text.substr(1, text.size() - 2).c_str(), &six) == 1;
  return ::inet_pton(AF_INET, text.c_str(), &four) == 1;
}

std::string_view withoutPort(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return host;
  return std::ranges::all_of(host.substr(colon + 1), [](char c) { return c >= '0' && c <= '9'; })
             ? host.substr(0, colon)
             : host;
}

}  // namespace

bool OriginRules::isOurHost(std::string_view host) const {
  const std::string name(withoutPort(host));
  return equalsIgnoringCase(name, "localhost") || isAddress(name) ||
         std::ranges::any_of(names, [&](const std::string& own) { return equalsIgnoringCase(own, name); });
}

bool OriginRules::allows(std::string_view origin) const {
  return std::ranges::any_of(origins, [&](const std::string& one) { return one == "*" || one == origin; });
}

bool OriginRules::mayAsk(const HttpRequest& request) const {
  const std::string_view origin = request.field("Origin");
  if (origin.empty() || allows(origin)) return true;
  const std::string host(request.field("Host"));
  return origin == "http://" + host || origin == "https://" + host;
}

void OriginRules::complete(const HttpRequest& request, HttpResponse& response) const {
  if (origins.empty()) return;
  response.fields.emplace_back("Vary", "Origin");
  const std::string_view origin = request.field("Origin");
  if (origin.empty() || !allows(origin)) return;
  response.fields.emplace_back("Access-Control-Allow-Origin", origin);
  response.fields.emplace_back("Access-Control-Expose-Headers",
                               "ETag, Content-Range, Content-Length, Accept-Ranges, X-Request-Id");
}

HttpResponse OriginRules::preflight(const HttpRequest& request) const {
  HttpResponse response;
  response.status = 204;
  if (!allows(request.field("Origin"))) return response;
  response.fields = {{"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE"},
                     {"Access-Control-Allow-Headers",
                      "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Prefer, Range"},
                     {"Access-Control-Max-Age", "600"}};
  // Chromium asks so before a page of the public network may reach this machine.
  if (request.field("Access-Control-Request-Private-Network") == "true")
    response.fields.emplace_back("Access-Control-Allow-Private-Network", "true");
  return response;
}

bool isLoopback(std::string_view address) {
  const std::string text(address);
  in_addr four;
  if (::inet_pton(AF_INET, text.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  return text == "::1" || equalsIgnoringCase(text, "localhost");
}

}  // namespace layersmith

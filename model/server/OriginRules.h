#pragma once

#include "model/server/HttpMessage.h"

#include <string>
#include <string_view>
#include <vector>

namespace layersmith {

/// Which pages and which names may reach the server from a browser. Stops DNS rebinding by the Host field, and pages of
/// other origins by the Origin field.
struct OriginRules {
  std::vector<std::string> origins;  ///< "http://localhost:1234"; "*": every page; empty: no page of another origin
  std::vector<std::string> names;    ///< host names the server goes by, beside localhost and addresses

  /// Whether a Host field names this server: localhost, an IP address, or one of `names`, with any port.
  bool isOurHost(std::string_view host) const;

  bool allows(std::string_view origin) const;  ///< by the list

  /// Whether the page that sends the request may: no Origin field, the server's own origin, or an allowed one.
  bool mayAsk(const HttpRequest& request) const;

  /// Adds the CORS fields of an answer; nothing for requests that no page of another origin made.
  void complete(const HttpRequest& request, HttpResponse& response) const;

  /// The answer to a browser's OPTIONS question.
  HttpResponse preflight(const HttpRequest& request) const;
};

/// Whether `address` is the machine itself: 127.0.0.0/8, ::1, localhost.
bool isLoopback(std::string_view address);

}  // namespace layersmith

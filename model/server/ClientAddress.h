#pragma once

#include "model/server/HttpMessage.h"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <vector>

namespace layersmith {

/// Whom a limit per address means: an IPv4 address, or the half of an IPv6 address that names a network.
std::string addressKey(const boost::asio::ip::address& address);

/// The keys of these addresses. Errors: InvalidConfig for a text that is no address.
std::vector<std::string> addressKeys(const std::vector<std::string>& addresses);

/// The key of a trusted proxy's client: the last address of X-Forwarded-For, which the proxy added itself; those before
/// it are what the client says. Empty: there is none.
std::string forwardedClient(const HttpRequest& request);

}  // namespace layersmith

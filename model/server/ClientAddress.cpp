#include "model/server/ClientAddress.h"

#include "model/core/Error.h"

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>

namespace layersmith {

namespace asio = boost::asio;

std::string addressKey(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  const asio::ip::address_v6 six = address.to_v6();
  if (six.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, six).to_string();
  auto bytes = six.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return asio::ip::address_v6(bytes).to_string();
}

std::vector<std::string> addressKeys(const std::vector<std::string>& addresses) {
  std::vector<std::string> keys;
  for (const std::string& text : addresses) {
    boost::system::error_code failed;
    const asio::ip::address address = asio::ip::make_address(text, failed);
    if (failed) throw Error(ErrorKind::InvalidConfig, text + " is no address of a machine, as 127.0.0.1 is.", "usage");
    keys.push_back(addressKey(address));
  }
  return keys;
}

std::string forwardedClient(const HttpRequest& request) {
  std::string all = request.list("X-Forwarded-For").value_or(std::string());
  all.erase(0, all.find_last_of(',') + 1);
  std::erase(all, ' ');
  boost::system::error_code failed;
  const asio::ip::address address = asio::ip::make_address(all, failed);
  return failed ? std::string() : addressKey(address);
}

}  // namespace layersmith

#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace layersmith {

/// Who may do anything at all: knows tokens by their SHA-256 only, compares in constant time, and stops an address
/// after 10 wrong tokens in a minute. Thread rule: the network thread.
class TokenGuard {
 public:
  using Clock = std::chrono::steady_clock;
  using Hash = std::array<unsigned char, 32>;

  enum class Verdict { Allowed, Refused, TooManyFailures };

  TokenGuard() = default;  ///< open: allows everyone

  /// Reads a file of tokens, one a line: as they are, or "sha256:HEX". Lines that begin with '#' are passed over. When
  /// there is no such file, makes a token of 256 random bits and a file that only its owner can read, with the token's
  /// hash; the token is then in `made`, this once.
  /// Errors: Io; Format for a file without tokens or with a damaged hash.
  static TokenGuard fromFile(const std::string& path, std::string* made);

  void add(const Hash& hash) { m_hashes.push_back(hash); }
  bool isOpen() const { return m_hashes.empty(); }

  /// `authorization` is the header's value: "Bearer TOKEN", or "Basic ..." with the token as password; empty: none
  /// given, which counts as no failure.
  Verdict check(std::string_view authorization, const std::string& address, Clock::time_point now = Clock::now());

 private:
  bool isKnown(std::string_view token) const;
  void forget(Clock::time_point now);

  std::vector<Hash> m_hashes;
  std::map<std::string, std::deque<Clock::time_point>> m_failures;
};

TokenGuard::Hash sha256(std::string_view bytes);
std::string toHex(const TokenGuard::Hash& hash);

/// 256 random bits in 43 letters of base64url.
std::string makeToken();

/// The token in an Authorization value, empty when there is none.
std::string tokenOf(std::string_view authorization);

}  // namespace layersmith

#pragma once

#include "model/storage/ModelStore.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace layersmith {

/// The options that say which headers a server gets: --header, --auth-env and --auth, or --to-header, ... for the
/// second of two servers. Secrets come from the environment, never from arguments, which others can read.
class AccessOptions {
 public:
  /// "--", or "--to-".
  explicit AccessOptions(std::string prefix) : m_prefix(std::move(prefix)) {}

  void addTo(CLI::App& command, const char* group);
  bool isGiven() const { return !m_headers.empty() || !m_variable.empty() || m_kind != kBearer; }
  /// Puts what they say in place of the headers of `options`. Errors: usage.
  void applyTo(HttpOptions& options) const;

 private:
  static constexpr const char* kBearer = "bearer";

  std::string option(const char* name) const { return m_prefix + name; }
  std::pair<QString, QString> headerIn(const std::string& text) const;
  void addSecret(HttpOptions& options) const;

  std::string m_prefix;
  std::vector<std::string> m_headers;
  std::string m_variable;
  std::string m_kind = kBearer;
};

}  // namespace layersmith

#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace layersmith {

/// What `layersmith-server` and `layersmith-cli serve` take on the command line.
struct ServeOptions {
  std::string root;   ///< a folder of models
  std::string store;  ///< or an SQLite store file; neither: the store the other programs use
  std::string host = "127.0.0.1";
  int port = 8080;
  std::string tokenFile;
  bool isOpen = false;
  std::vector<std::string> origins;
  std::vector<std::string> names;
  std::vector<std::string> proxies;
  std::string certificate;
  std::string key;
  std::int64_t maxBodyBytes = 0;  ///< 0: the default
  bool endsWithStandardInput = false;
  bool isQuiet = false;
  bool tellsOnStandardError = false;  ///< that it listens: standard output belongs to an object
};

/// `withStore` is false where --store and --quiet are options already.
void addServeOptions(CLI::App& command, ServeOptions& options, bool withStore);

/// Serves until asked to stop. Prints one line on standard output when it listens, and one per request on standard
/// error. Errors: InvalidConfig for options that do not go together; of HttpServer, StoreService and TokenGuard.
void serve(const ServeOptions& options);

}  // namespace layersmith

#include "app/server/ServeCommand.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/server/HttpServer.h"
#include "model/server/ModelRepository.h"
#include "model/server/StoreService.h"
#include "model/storage/ModelLibrary.h"

#include <QFileInfo>

#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cstdio>

namespace layersmith {

namespace {

Error usage(const std::string& message) {
  return {ErrorKind::InvalidConfig, message, "usage"};
}

void requireSense(const ServeOptions& options) {
  const bool isLocal = isLoopback(options.host);
  const bool hasTls = !options.certificate.empty() && !options.key.empty();
  if (!options.root.empty() && !options.store.empty()) throw usage("Give --root or --store, not both.");
  if (options.certificate.empty() != options.key.empty()) throw usage("--tls-cert and --tls-key go together.");
  if (options.isOpen && !options.tokenFile.empty()) throw usage("Give --token-file or --open, not both.");
  if (!options.isOpen && options.tokenFile.empty())
    throw usage("Give --token-file FILE (it is made when it is not there), or --open on this machine alone.");
  if (options.isOpen && !isLocal) throw usage("--open is for loopback addresses only; " + options.host + " is none.");
  if (!isLocal && !hasTls)
    throw usage("A server on " + options.host + " needs --tls-cert and --tls-key, or others can read the token.");
}

/// A core file would hold the tokens that clients send.
void forbidCoreFiles() {
  const rlimit none{0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0)
    throw Error(ErrorKind::Internal, "Core files of this program could not be forbidden. Nothing was started.");
}

/// A token file that others can read, or that holds short tokens, is used, but not silently.
TokenGuard makeGuard(const ServeOptions& options) {
  if (options.isOpen) return {};
  forbidCoreFiles();
  std::string made;
  TokenGuard guard = TokenGuard::fromFile(options.tokenFile, &made);
  if (!made.empty())
    std::fprintf(stderr, "The token, shown only now (%s keeps its hash): %s\n", options.tokenFile.c_str(),
                 made.c_str());
  const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
  if (QFileInfo(QString::fromStdString(options.tokenFile)).permissions() & others)
    std::fprintf(stderr, "Warning: others can read %s. Say: chmod 600 %s\n", options.tokenFile.c_str(),
                 options.tokenFile.c_str());
  return guard;
}

std::unique_ptr<ModelRepository> makeRepository(const ServeOptions& options) {
  if (!options.root.empty()) return folderRepository(QString::fromStdString(options.root));
  return storeRepository(options.store.empty() ? defaultStorePath() : QString::fromStdString(options.store));
}

/// As browsers send it: scheme, host and port, without a slash at the end. Returns what is wrong with it.
std::string toOrigin(std::string& text) {
  while (text.ends_with('/') && !text.ends_with("://")) text.pop_back();
  const std::size_t mark = text.find("://");
  const bool isWhole = mark != std::string::npos && mark > 0 && mark + 3 < text.size();
  if (text == "*" || text == "null" || (isWhole && text.find_first_of("/?#@ ", mark + 3) == std::string::npos))
    return {};
  return "An origin is scheme, host and port of a page, as http://localhost:1234, or *.";
}

/// Drops the line when nobody reads: a full pipe must not stop the server.
void writeLog(const std::string& text) {
  pollfd out{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&out, 1, 0) != 1 || !(out.revents & POLLOUT)) return;
  const std::string line = text + '\n';
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

}  // namespace

void addServeOptions(CLI::App& command, ServeOptions& options, bool withStore) {
  command.add_option("--root", options.root, "Keep the models in this folder")->type_name("DIR");
  if (withStore) {
    command.add_option("--store", options.store, "Keep the models in this SQLite store (default: the programs' own)")
        ->type_name("FILE");
    command.add_flag("-q,--quiet", options.isQuiet, "No line per request");
  }
  command.add_option("--port", options.port, "The port; 0 takes a free one and prints it")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command.add_option("--host", options.host, "The address to listen on; others than loopback need TLS and a token")
      ->type_name("ADDRESS")
      ->capture_default_str();
  command
      .add_option("--token-file", options.tokenFile, "Tokens or their hashes, one a line; made when it is not there")
      ->type_name("FILE");
  command.add_flag("--open", options.isOpen, "No token; loopback only");
  command.add_option("--cors", options.origins, "A page of this origin may use the server (repeatable; *: every page)")
      ->type_name("ORIGIN")
      ->transform(CLI::Validator(toOrigin, {}))
      ->allow_extra_args(false);
  command.add_option("--server-name", options.names, "A host name clients may call the server by (repeatable)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      .add_option("--trusted-proxy", options.proxies,
                  "A proxy at this address tells its clients apart by X-Forwarded-For (repeatable)")
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  command.add_option("--tls-cert", options.certificate, "Certificate chain, PEM")->type_name("FILE");
  command.add_option("--tls-key", options.key, "Its private key, PEM")->type_name("FILE");
  command.add_option("--max-body", options.maxBodyBytes, "The largest upload in bytes (default: 2 GiB)")
      ->check(CLI::Range(std::int64_t(1), limits::kServerBodyBytesMost));
  command.add_flag("--end-with-stdin", options.endsWithStandardInput, "Stop when standard input ends");
}

void serve(const ServeOptions& options) {
  requireSense(options);
  const std::unique_ptr<ModelRepository> repository = makeRepository(options);
  StoreService service(*repository, {OriginRules{options.origins, options.names}, makeGuard(options),
                                     options.maxBodyBytes > 0 ? options.maxBodyBytes : limits::kServerBodyBytes});
  HttpServer::Settings settings;
  settings.host = options.host;
  settings.port = options.port;
  settings.proxies = options.proxies;
  settings.certificate = options.certificate;
  settings.key = options.key;
  settings.endsWithStandardInput = options.endsWithStandardInput;
  if (!options.isQuiet) settings.log = writeLog;
  HttpServer server(settings, service);
  std::FILE* const out = options.tellsOnStandardError ? stderr : stdout;
  std::fprintf(out, "layersmith-server listens on %s\n", server.address().c_str());
  std::fflush(out);
  server.run();
}

}  // namespace layersmith

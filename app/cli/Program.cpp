#include "app/cli/Program.h"

#include "app/cli/ExitCode.h"
#include "app/cli/TransferProgress.h"
#include "model/core/Error.h"
#include "model/nn/ComputePath.h"
#include "model/nn/Threads.h"

#include <algorithm>
#include <cstring>

namespace layersmith {

namespace {

constexpr const char* kDescription =
    "Compose, train, keep and convert TensorFlow.js Layers models.\n"
    "A PLACE is a folder, a model.json, X.zip, localstorage://NAME, indexeddb://NAME, http(s)://... or a plug-in's.";

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 refused (the target exists), 2 usage, 3 not found, 4 unreadable model or data, 5 no space "
    "or\n"
    "permission, 6 network, 7 diverged, 8 busy, 9 over a limit, 130 stopped.";

bool wantsJson(int argc, char** argv) {
  return std::any_of(argv, argv + argc, [](const char* argument) { return std::strcmp(argument, "--json") == 0; });
}

std::pair<QString, QString> splitHeader(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0)
    throw usageError("--header needs the form KEY:VALUE; found '" + text + "'.");
  const QString key = QString::fromStdString(text.substr(0, colon)).trimmed();
  if (key.compare(QLatin1String("authorization"), Qt::CaseInsensitive) == 0)
    throw usageError("A secret does not belong on the command line, where others can read it.",
                     "Put it into an environment variable and name that: --auth-env VARIABLE.");
  return {key, QString::fromStdString(text.substr(colon + 1)).trimmed()};
}

/// The secret in the variable, as --auth says how to send it.
void addSecret(HttpOptions& options, const std::string& variable, const std::string& kind) {
  const QString value = qEnvironmentVariable(variable.c_str());
  if (value.isEmpty()) throw usageError("The environment variable " + variable + " is not set.");
  if (kind == "basic") {
    const qsizetype colon = value.indexOf(QLatin1Char(':'));
    if (colon < 0) throw usageError("--auth basic needs USER:PASSWORD in " + variable + ".");
    options.setBasicAuth(value.left(colon), value.mid(colon + 1));
  } else if (kind != "bearer") {
    options.headers.append({QString::fromStdString(kind), value});
  } else if (value.contains(QLatin1Char(' '))) {
    options.headers.append({QStringLiteral("Authorization"), value});
  } else {
    options.setBearerToken(value);
  }
}

}  // namespace

Error usageError(const std::string& message, const std::string& hint) {
  return {ErrorKind::InvalidConfig, message, "usage", {}, hint};
}

Program::Program() : m_app(kDescription, "layersmith-cli") {
  m_app.set_version_flag("--version", std::string("layersmith-cli ") + LAYERSMITH_VERSION);
  m_app.require_subcommand(1);
  m_app.footer(kFooter);
  m_app.get_formatter()->column_width(34);
}

CLI::App& Program::addCommand(const char* name, const char* help, Action action) {
  CLI::App* command = m_app.add_subcommand(name, help);
  addCommonOptions(*command);
  m_actions.emplace_back(command, std::move(action));
  return *command;
}

void Program::addCommonOptions(CLI::App& command) {
  const char* group = "Common";
  command.add_flag("--json", m_common.isJson, "Print the result as one JSON object")->group(group);
  command.add_flag("-q,--quiet", m_common.isQuiet, "Print nothing but errors")->group(group);
  command.add_option("--progress", m_common.progress, "json: one JSON object per line on standard error; none")
      ->check(CLI::IsMember({"json", "none"}))
      ->group(group);
  command.add_option("--store", m_common.store, "The SQLite file behind localstorage:// and indexeddb://")
      ->type_name("FILE")
      ->group(group);
  command.add_option("--threads", m_common.threads, "Threads to compute with; 0: all")
      ->check(CLI::Range(0, 1024))
      ->group(group);
  command.add_option("--kernels", m_common.kernels, "fast; reference: plain loops, to compare with")
      ->check(CLI::IsMember({"fast", "reference"}))
      ->capture_default_str()
      ->group(group);
  command.add_option("--header", m_common.headers, "Send this header to an http(s):// place (repeatable)")
      ->type_name("KEY:VALUE")
      ->allow_extra_args(false)
      ->group(group);
  command
      .add_option("--auth-env", m_common.authVariable,
                  "Environment variable that holds the token or Authorization value")
      ->type_name("VARIABLE")
      ->group(group);
  command
      .add_option("--auth", m_common.authKind,
                  "How to send it: bearer, basic (USER:PASSWORD), or the name of a header of your own")
      ->type_name("KIND")
      ->capture_default_str()
      ->group(group);
  command.add_option("--ca-file", m_common.caFile, "Trust the certificates in this PEM file too")
      ->type_name("FILE")
      ->group(group);
  command.add_flag("--insecure", m_common.isInsecure, "Do not check a server's certificate")->group(group);
  command
      .add_option("--weight-path-prefix", m_common.weightPathPrefix,
                  "Look for weight files at this folder or address instead of beside model.json")
      ->type_name("PREFIX")
      ->group(group);
  command.add_flag("--no-strict", m_common.isLenient, "Work with a model although weights are missing or left over")
      ->group(group);
  command.add_option("--method", m_common.method, "HTTP method for saving")
      ->check(CLI::IsMember({"POST", "PUT"}))
      ->capture_default_str()
      ->group(group);
  command.add_option("--timeout", m_common.timeoutMs, "Milliseconds without a byte before giving up")
      ->check(CLI::Range(1, 3'600'000))
      ->capture_default_str()
      ->group(group);
}

int Program::run(int argc, char** argv) {
  try {
    m_app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return m_app.exit(success);
  } catch (const CLI::ParseError& mistake) {
    m_output.configure(wantsJson(argc, argv), false, {});
    const auto chosen = m_app.get_subcommands();
    m_output.fail(chosen.empty() ? std::string() : chosen.front()->get_name(),
                  usageError(mistake.what(), "See layersmith-cli " +
                                                 (chosen.empty() ? std::string() : chosen.front()->get_name() + " ") +
                                                 "--help."));
    return kUsageExit;
  }
  return runCommand(*m_app.get_subcommands().front());
}

int Program::runCommand(CLI::App& command) {
  m_output.configure(m_common.isJson, m_common.isQuiet, m_common.progress);
  const auto found = std::ranges::find(m_actions, &command, &std::pair<CLI::App*, Action>::first);
  try {
    setThreadCount(m_common.threads);
    setDefaultComputePath(m_common.kernels == "reference" ? ComputePath::Reference : ComputePath::Fast);
    const Json result = found->second();
    m_output.finish(command.get_name(), result);
    return m_exitCode;
  } catch (...) {
    const Error error = currentError();
    m_output.fail(command.get_name(), error);
    return exitCode(error);
  }
}

ModelLibrary& Program::library() {
  if (!m_library) m_library = std::make_unique<ModelLibrary>(storePath());
  return *m_library;
}

QString Program::storePath() const {
  return m_common.store.empty() ? defaultStorePath() : QString::fromStdString(m_common.store);
}

HttpOptions Program::httpOptions() const {
  HttpOptions options;
  options.method = QString::fromStdString(m_common.method);
  options.timeoutMs = m_common.timeoutMs;
  for (const std::string& header : m_common.headers) options.headers.append(splitHeader(header));
  if (!m_common.authVariable.empty()) addSecret(options, m_common.authVariable, m_common.authKind);
  options.checkCertificate = !m_common.isInsecure;
  options.caFile = QString::fromStdString(m_common.caFile);
  return options;
}

LoadOptions Program::loadOptions() {
  LoadOptions options;
  options.http = httpOptions();
  options.weightPathPrefix = QString::fromStdString(m_common.weightPathPrefix);
  options.progress = storeProgress("Loading");
  return options;
}

StoreProgress Program::storeProgress(const char* what) {
  const auto progress = std::make_shared<TransferProgress>(m_output, what);
  return [progress](std::int64_t done, std::int64_t total) { return progress->advance(done, total); };
}

}  // namespace layersmith

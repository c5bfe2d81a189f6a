#include "app/cli/Program.h"

#include "app/cli/ExitCode.h"
#include "app/cli/TransferProgress.h"
#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/document/ModelCheck.h"
#include "model/nn/ComputePath.h"
#include "model/nn/Threads.h"
#include "model/storage/WeightFileHashes.h"
#include "model/storage/http/HttpRequest.h"

#include <algorithm>
#include <cstring>

namespace layersmith {

namespace {

constexpr const char* kDescription =
    "Compose, train, keep and convert TensorFlow.js Layers models.\n"
    "A PLACE is a folder, a model.json, X.zip, localstorage://NAME, indexeddb://NAME, http(s)://... or a plug-in's.";

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 refused (the target exists) or faults, differences found, 2 usage, 3 not found,\n"
    "4 unreadable model or data, 5 no space, quota or permission, 6 network, 7 diverged, 8 busy, 9 over a limit, 130 "
    "stopped.";

bool hasOption(const CLI::App& command, const char* name) {
  return command.get_option_no_throw(name) != nullptr;
}

/// What to do next, in the words of the command's own options; empty when there is nothing to say.
std::string adviceFor(const Error& error, const CLI::App& command) {
  const std::string name = command.get_name();
  if (error.kind() == ErrorKind::AlreadyExists) {
    if (hasOption(command, "--force")) return "--force replaces it; the old one goes to the Trash.";
    if (name == "restore") return "Rename the one that is there, then restore this one.";
    if (name == "rename") return "Rename the one that is there first, or choose another name.";
  }
  if (isChangedAfterSaving(error))
    return name == "move" ? "To keep it as it is: copy it with --accept-changed, then remove it."
                          : "--accept-changed opens it as it is; list --trash shows what else there is of it.";
  if (error.code() == "E303" && hasOption(command, "--auth-env"))
    return hasOption(command, "--to-auth-env")
               ? "--auth-env names the environment variable that holds it, --to-auth-env that of a second server."
               : "--auth-env names the environment variable that holds it.";
  return {};
}

Error withAdvice(const Error& error, const CLI::App& command) {
  const std::string advice = error.hint().empty() || error.code() == "E303" ? adviceFor(error, command) : "";
  const std::string hint = advice + (advice.empty() || error.hint().empty() ? "" : " ") + error.hint();
  return {error.kind(), withoutQuestions(error.message()), error.code(), error.where(), hint};
}

bool wantsJson(int argc, char** argv) {
  return std::any_of(argv, argv + argc, [](const char* argument) { return std::strcmp(argument, "--json") == 0; });
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
  m_common.access.addTo(command, group);
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
  command
      .add_flag("--accept-changed", m_common.acceptsChanged,
                "Open a model although its files were changed after saving")
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
    if (const std::string problem = limits::settingsProblem(); !problem.empty()) throw usageError(problem);
    setThreadCount(m_common.threads);
    setDefaultComputePath(m_common.kernels == "reference" ? ComputePath::Reference : ComputePath::Fast);
    const Json result = found->second();
    if (const QString warning = m_library ? m_library->storeWarning() : QString(); !warning.isEmpty())
      m_output.warn(warning.toStdString());
    m_output.finish(command.get_name(), result);
    m_output.requireWhole();
    return m_exitCode;
  } catch (...) {
    const Error error = withAdvice(currentError(), command);
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
  m_common.access.applyTo(options);
  options.checkCertificate = !m_common.isInsecure;
  options.caFile = QString::fromStdString(m_common.caFile);
  return options;
}

void Program::addTargetAccess(CLI::App& command) {
  m_common.targetAccess.addTo(command, "Common");
}

ModelLibrary::ServerAccess Program::accessOfBoth(const QString& from, const QString& to) const {
  HttpOptions source = httpOptions(), target = source;
  if (m_common.targetAccess.isGiven()) {
    m_common.targetAccess.applyTo(target);
    return {source, target};
  }
  requireOneServer(from, to, "Give the second its own: --to-auth-env or --to-header.");
  return {source, target};
}

void Program::requireOneServer(const QString& from, const QString& to, const std::string& hint) const {
  const auto isOnServer = [](const QString& place) { return QUrl(place).scheme().startsWith(QStringLiteral("http")); };
  if (!isOnServer(from) || !isOnServer(to) || httpOptions().headers.isEmpty() || isSameOrigin(QUrl(from), QUrl(to)))
    return;
  throw usageError("Headers would go to both servers, and they may hold the secret of one. Nothing was sent.", hint);
}

LoadOptions Program::loadOptions() {
  LoadOptions options;
  options.http = httpOptions();
  options.weightPathPrefix = QString::fromStdString(m_common.weightPathPrefix);
  options.acceptChangedFiles = m_common.acceptsChanged;
  options.progress = storeProgress("Loading");
  return options;
}

StoreProgress Program::storeProgress(const char* what) {
  const auto progress = std::make_shared<TransferProgress>(m_output, what);
  return [progress](std::int64_t done, std::int64_t total) { return progress->advance(done, total); };
}

}  // namespace layersmith

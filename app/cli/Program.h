#pragma once

#include "app/cli/AccessOptions.h"
#include "app/cli/Output.h"
#include "model/storage/ModelLibrary.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace layersmith {

/// The command line as a whole: its commands, the options that all of them take, and the one boundary where errors
/// become messages and exit codes.
class Program {
 public:
  using Action = std::function<Json()>;  ///< gives the command's result; throws Error

  Program();

  CLI::App& addCommand(const char* name, const char* help, Action action);
  int run(int argc, char** argv);

  Output& output() { return m_output; }
  ModelLibrary& library();
  QString storePath() const;
  HttpOptions httpOptions() const;
  LoadOptions loadOptions();

  /// For commands with two places: options that hold for the server of the second alone.
  void addTargetAccess(CLI::App& command);
  /// How to reach each of two places. Errors: usage when what is meant for one server would go to another.
  ModelLibrary::ServerAccess accessOfBoth(const QString& from, const QString& to) const;
  void requireOneServer(const QString& from, const QString& to, const std::string& hint) const;  ///< Errors: usage

  /// Shows bytes and stops at Ctrl-C as long as it lives.
  StoreProgress storeProgress(const char* what);

  /// Refuses a model whose weights do not fit its layers, unless --no-strict.
  bool isStrict() const { return !m_common.isLenient; }

  /// What run() returns when the command succeeds, e.g. 130 after a stop that kept its work.
  void setExitCode(int code) { m_exitCode = code; }

 private:
  struct Common {
    bool isJson = false;
    bool isQuiet = false;
    std::string progress;
    std::string store;
    std::string method = "POST";
    AccessOptions access{"--"};
    AccessOptions targetAccess{"--to-"};
    std::string caFile;
    std::string weightPathPrefix;
    bool isInsecure = false;
    bool isLenient = false;
    bool acceptsChanged = false;
    int timeoutMs = 30'000;
    int threads = 0;
    std::string kernels = "fast";
  };

  void addCommonOptions(CLI::App& command);
  int runCommand(CLI::App& command);

  CLI::App m_app;
  Common m_common;
  Output m_output;
  std::vector<std::pair<CLI::App*, Action>> m_actions;
  std::unique_ptr<ModelLibrary> m_library;
  int m_exitCode = 0;
};

/// A mistake in how the program was called: exit code 2.
Error usageError(const std::string& message, const std::string& hint = {});

}  // namespace layersmith

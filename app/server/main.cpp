#include "app/cli/ExitCode.h"
#include "app/server/ServeCommand.h"
#include "model/core/Limits.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  QCoreApplication::setApplicationName(QStringLiteral("layersmith"));
  CLI::App command("Keep TensorFlow.js Layers models for browsers and programs, by HTTP.", "layersmith-server");
  command.set_version_flag("--version", std::string("layersmith-server ") + LAYERSMITH_VERSION);
  command.get_formatter()->column_width(34);
  layersmith::ServeOptions options;
  layersmith::addServeOptions(command, options, true);
  if (const std::string problem = layersmith::limits::settingsProblem(); !problem.empty()) {
    std::fprintf(stderr, "%s\n", problem.c_str());
    return layersmith::kUsageExit;
  }
  try {
    command.parse(argc, argv);
    layersmith::serve(options);
    return 0;
  } catch (const CLI::Success& success) {
    return command.exit(success);
  } catch (const CLI::ParseError& mistake) {
    std::fprintf(stderr, "%s\nSee layersmith-server --help.\n", mistake.what());
    return layersmith::kUsageExit;
  } catch (...) {
    const layersmith::Error error = layersmith::currentError();
    std::fprintf(stderr, "%s\n", error.what());
    return layersmith::exitCode(error);
  }
}

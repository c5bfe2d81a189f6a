#include "app/cli/Commands.h"
#include "app/cli/Program.h"
#include "app/server/ServeCommand.h"

namespace layersmith {

void addServe(Program& program) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App& command = program.addCommand(
      "serve", "Keep models for browsers and programs, by HTTP (as layersmith-server)", [&program, options] {
        if (options->root.empty()) options->store = program.storePath().toStdString();
        options->isQuiet = !program.output().isText();
        options->tellsOnStandardError = program.output().isJson();
        serve(*options);
        return Json::object();
      });
  addServeOptions(command, *options, false);
}

}  // namespace layersmith

#include "app/cli/Commands.h"
#include "app/cli/Program.h"
#include "model/nn/Threads.h"

#include <QCoreApplication>

#include <clocale>

int main(int argc, char** argv) {
  layersmith::guardedReexecForSpin(argc, argv);
  QCoreApplication application(argc, argv);
  QCoreApplication::setApplicationName(QStringLiteral("layersmith"));
  std::setlocale(LC_NUMERIC, "C");  // Qt takes the system's; numbers here are for programs too
  layersmith::Program program;
  layersmith::addAllCommands(program);
  return program.run(argc, argv);
}

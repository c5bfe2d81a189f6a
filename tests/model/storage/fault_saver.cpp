// Saves one generation of a model and says "saved", or what hindered it. usage: fault_saver URL STORE GENERATION FLOATS
#include "model/storage/ModelLibrary.h"
#include "tests/support/Generations.h"

#include <cstdio>

using namespace layersmith;
using namespace layersmith::fixtures;

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  try {
    ModelLibrary library(QString::fromLocal8Bit(argv[2]));
    SaveOptions options;
    options.overwrite = true;
    library.save(QString::fromLocal8Bit(argv[1]), generation(std::atoi(argv[3]), std::atoll(argv[4])), options);
    std::printf("saved\n");
    return 0;
  } catch (const Error& error) {
    std::printf("%s %s\n", error.code().c_str(), error.what());
    return 1;
  }
}

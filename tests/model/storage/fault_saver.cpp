// Does one thing with a model and says "done", or what hindered it.
// usage: fault_saver OPERATION URL STORE GENERATION FLOATS [TARGET]
//   save     over what is there            replace  as save, what is there goes to Trash
//   remove   to Trash                      restore  the one model of the Trash
//   move     to TARGET
#include "model/storage/ModelLibrary.h"
#include "tests/support/Generations.h"

#include <algorithm>
#include <cstdio>

using namespace layersmith;
using namespace layersmith::fixtures;

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  const QString operation = QString::fromLocal8Bit(argv[1]), url = QString::fromLocal8Bit(argv[2]);
  try {
    ModelLibrary library(QString::fromLocal8Bit(argv[3]));
    if (operation == QStringLiteral("remove")) {
      library.remove(url);
    } else if (operation == QStringLiteral("restore")) {
      const std::vector<TrashEntry> entries = library.trash();
      const auto kept = std::ranges::find_if(entries, [](const TrashEntry& one) { return !one.id.isEmpty(); });
      if (kept == entries.end()) throw Error(ErrorKind::Io, entries.at(0).name.toStdString(), "E201");
      library.restore(kept->id);
    } else if (operation == QStringLiteral("move")) {
      library.move(url, QString::fromLocal8Bit(argv[6]));
    } else {
      SaveOptions options;
      options.overwrite = true;
      options.replacedToTrash = operation == QStringLiteral("replace");
      library.save(url, generation(std::atoi(argv[4]), std::atoll(argv[5])), options);
    }
    std::printf("done\n");
    return 0;
  } catch (const Error& error) {
    std::printf("%s %s\n", error.code().c_str(), error.what());
    return 1;
  }
}

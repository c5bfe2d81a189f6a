// Saves one generation of a model after the other, as fast as it can, and prints each number once its save has
// returned. usage: kill_saver URL STORE.sqlite FIRST_GENERATION FLOATS [naive|trash]
//   naive: writes both files in place, as a program without care would. The kill test must catch that.
//   trash: what is replaced goes to Trash, which is emptied every eighth time
#include "model/storage/ModelLibrary.h"
#include "tests/support/Generations.h"

#include <QDir>

#include <cstdio>
#include <string_view>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

void saveNaively(const QString& folder, const ModelArtifacts& artifacts) {
  QDir().mkpath(folder);
  QFile json(folder + QStringLiteral("/model.json"));
  QFile weights(folder + QStringLiteral("/weights.bin"));
  if (!json.open(QIODevice::WriteOnly) || !weights.open(QIODevice::WriteOnly)) std::exit(1);
  json.write(toJsonBytes(modelJson(artifacts, singleGroup(artifacts, "weights.bin"))));
  json.flush();
  weights.write(artifacts.weightData->joined());
  weights.flush();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const QString url = QString::fromLocal8Bit(argv[1]);
  const std::string_view mode = argc > 5 ? argv[5] : "";
  const bool isNaive = mode == "naive", keeps = mode == "trash";
  try {
    ModelLibrary library(QString::fromLocal8Bit(argv[2]));
    SaveOptions options;
    options.overwrite = true;
    options.replacedToTrash = keeps;
    for (int number = std::atoi(argv[3]);; ++number) {
      if (keeps && number % 8 == 0) library.emptyTrash();
      const ModelArtifacts artifacts = generation(number, std::atoll(argv[4]));
      if (isNaive)
        saveNaively(url, artifacts);
      else
        library.save(url, artifacts, options);
      std::printf("%d\n", number);
      std::fflush(stdout);
    }
  } catch (const Error& error) {
    std::fprintf(stderr, "%s %s\n", error.code().c_str(), error.what());
    return 1;
  }
}

// Works on one store at random, as one of several processes. usage: store_worker STORE writer|reader SEED OPERATIONS
// Prints a line for each operation; ends with 1 when the store says anything but that a name is gone or taken, or gives
// a model whose parts do not belong together.
#include "model/storage/ModelLibrary.h"
#include "tests/support/Generations.h"

#include <cstdio>
#include <random>
#include <string_view>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

class Worker {
 public:
  Worker(const QString& store, unsigned seed) : m_library(store), m_random(seed) {}

  void write() {
    SaveOptions options;
    options.overwrite = true;
    options.replacedToTrash = number(4) == 0;
    switch (number(8)) {
      case 0: return void(m_library.remove(url()));
      case 1: return m_library.rename(url(), name());
      case 2: return restore();
      case 3: return void(m_library.move(url(), url(), true));
      case 4: return m_library.emptyTrash();
      default: m_library.save(url(), generation(int(number(1'000'000)), 500 + number(3000)), options);
    }
  }

  void read() {
    if (number(5) == 0) return void(m_library.list());
    const ModelArtifacts artifacts = m_library.load(url());
    if (generationOf(artifacts) < 0) throw Error(ErrorKind::Internal, "half a model");
  }

 private:
  std::int64_t number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(m_random); }
  QString name() { return QStringLiteral("m%1").arg(number(4)); }
  QString url() { return (number(2) ? QStringLiteral("indexeddb://") : QStringLiteral("localstorage://")) + name(); }

  void restore() {
    const std::vector<TrashEntry> trash = m_library.trash();
    if (!trash.empty()) m_library.restore(trash[std::size_t(number(int(trash.size())))].id);
  }

  ModelLibrary m_library;
  std::mt19937 m_random;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  Worker worker(QString::fromLocal8Bit(argv[1]), unsigned(std::atoi(argv[3])));
  const bool isWriter = std::string_view(argv[2]) == "writer";
  for (int i = 0; i < std::atoi(argv[4]); ++i) {
    try {
      isWriter ? worker.write() : worker.read();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::NotFound && error.kind() != ErrorKind::AlreadyExists) {
        std::printf("%s %s\n", error.code().c_str(), error.what());
        return 1;
      }
    }
    std::printf("%d\n", i);
    std::fflush(stdout);
  }
  return 0;
}

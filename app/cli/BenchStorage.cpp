#include "app/cli/BenchStorage.h"

#include "model/benchmark/GraphSketch.h"
#include "model/benchmark/ProcessMemory.h"
#include "model/core/Error.h"
#include "model/core/Random.h"
#include "model/document/DocumentIo.h"
#include "model/nn/Network.h"
#include "model/nn/Threads.h"
#include "model/storage/folder/FolderStore.h"

#include <QDir>
#include <QTemporaryDir>

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <memory>

namespace layersmith {

namespace {

constexpr std::int64_t kUnits = 5000;
constexpr std::size_t kRawBytes = 4 * (kUnits * kUnits + kUnits);

DocumentState largeModel() {
  GraphSketch sketch;
  DocumentState state;
  state.graph = sketch.finish(sketch.apply("Dense", {{"units", kUnits}}, sketch.input({kUnits})));
  const Random random(1);
  std::vector<float> kernel(std::size_t(kUnits * kUnits)), bias(std::size_t(kUnits), 0.1F);
  for (std::size_t i = 0; i < kernel.size(); ++i) kernel[i] = float(random.uniform(i)) - 0.5F;
  const LayerId dense = state.graph.layers.back().id;
  state.weights.set(dense, "kernel", WeightBuffer::ofFloats({kUnits, kUnits}, kernel));
  state.weights.set(dense, "bias", WeightBuffer::ofFloats({kUnits}, bias));
  return state;
}

Error diskError(const QString& path) {
  const int fault = errno;
  return {fault == ENOSPC ? ErrorKind::NoSpace : ErrorKind::Io, path.toStdString() + ": " + std::strerror(fault) + "."};
}

/// A file by its descriptor.
class RawFile {
 public:
  RawFile(const QString& path, int flags) : m_path(path), m_file(open(path.toLocal8Bit().constData(), flags, 0600)) {
    if (m_file < 0) throw diskError(path);
  }
  ~RawFile() { close(m_file); }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  void writeAll(const std::vector<char>& bytes) const {
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t count = write(m_file, bytes.data() + done, bytes.size() - done);
      if (count < 0 && errno != EINTR) throw diskError(m_path);
      done += std::size_t(std::max<ssize_t>(count, 0));
    }
    if (fsync(m_file) != 0) throw diskError(m_path);
  }

  void readAll(char* to, std::size_t size) const {
    for (std::size_t done = 0; done < size;) {
      const ssize_t count = read(m_file, to + done, size - done);
      if (count == 0 || (count < 0 && errno != EINTR)) throw diskError(m_path);
      done += std::size_t(std::max<ssize_t>(count, 0));
    }
  }

 private:
  QString m_path;
  int m_file;
};

BenchLine lineOf(const char* name, const std::vector<double>& ms, const std::vector<double>& rawMs) {
  BenchLine line;
  line.name = name;
  line.backend = "layersmith";
  line.threads = threadCount();
  line.unit = "ms";
  line.times = statisticsOf(ms);
  line.rawMs = statisticsOf(rawMs).median;
  line.ratio = line.times.median / *line.rawMs;
  return line;
}

}  // namespace

std::vector<BenchLine> measureStorage(const RepeatLimits& limits) {
  const QString base = qEnvironmentVariable("BENCH_TMP", QDir::tempPath());
  const QTemporaryDir folder(base + QStringLiteral("/layersmith-bench-XXXXXX"));
  if (!folder.isValid()) throw Error(ErrorKind::Io, folder.errorString().toStdString());
  const QString raw = folder.filePath(QStringLiteral("raw.bin")), model = folder.filePath(QStringLiteral("model"));
  const DocumentState state = largeModel();
  const std::vector<char> bytes(kRawBytes, 7);
  FolderStore store(folder.filePath(QStringLiteral("trash")));
  SaveOptions replacing;
  replacing.overwrite = true;

  std::vector<double> rawWrites, rawReads, loads;
  Repeats saves(limits);
  const auto writeRaw = [&] {
    rawWrites.push_back(timedMs([&] { RawFile(raw, O_WRONLY | O_CREAT | O_TRUNC).writeAll(bytes); }));
  };
  for (bool isRawFirst = true; !saves.areEnough(); isRawFirst = !isRawFirst) {
    // In turns: whoever comes second waits while the disk takes back the blocks that the first one freed.
    if (isRawFirst) writeRaw();
    saves.add(timedMs([&] { store.save(model, artifactsFromDocument(state), replacing); }));
    if (!isRawFirst) writeRaw();
    rawReads.push_back(timedMs([&] {
      const auto fresh = std::make_unique_for_overwrite<char[]>(kRawBytes);
      RawFile(raw, O_RDONLY).readAll(fresh.get(), kRawBytes);
    }));
    loads.push_back(timedMs([&] {
      const OpenedDocument opened = documentFromArtifacts(store.load(model));
      const Network network(opened.state.graph, opened.state.weights);
    }));
  }
  std::vector<BenchLine> lines = {lineOf("W8-save", saves.take(), rawWrites), lineOf("W8-load", loads, rawReads)};
  for (BenchLine& line : lines) line.peakMb = double(peakMemoryBytes()) / 1e6;
  return lines;
}

}  // namespace layersmith

#include "app/cli/BenchPeers.h"

#include "app/cli/BenchLines.h"
#include "app/cli/Program.h"
#include "model/benchmark/ChildProcess.h"
#include "model/core/Error.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

namespace layersmith {

namespace {

constexpr int kTimeoutSeconds = 900;
constexpr const char* kPython = "/usr/bin/python3";  // the system's own: python3-torch is a package of it

std::string existing(const QString& path, const std::string& hint) {
  if (!QFile::exists(path)) throw Error(ErrorKind::NotFound, "There is no " + path.toStdString() + ".", {}, {}, hint);
  return path.toStdString();
}

BenchPeer torch() {
  const QString shared = qEnvironmentVariable("LAYERSMITH_SHARED");
  if (shared.isEmpty())
    throw usageError("The environment variable LAYERSMITH_SHARED is not set.",
                     "It names the folder that holds peers/bench/torch_bench.py.");
  return {"torch",
          {kPython, existing(shared + QStringLiteral("/peers/bench/torch_bench.py"),
                             "LAYERSMITH_SHARED names the folder that holds peers/bench.")}};
}

BenchPeer tfjs() {
  const QString cache = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
  return {"tfjs",
          {"node",
           existing(cache + QStringLiteral("/layersmith/bench-peers/tfjs_bench.mjs"),
                    "tests/bench/install-peers installs TensorFlow.js there."),
           "wasm"}};
}

std::string lastLine(const std::string& text) {
  const auto end = text.find_last_not_of('\n');
  if (end == std::string::npos) return "it printed nothing";
  const auto begin = text.find_last_of('\n', end);
  return text.substr(begin + 1, end - begin);
}

}  // namespace

std::vector<BenchPeer> findPeers(const std::vector<std::string>& names) {
  std::vector<BenchPeer> peers;
  for (const std::string& name : names) {
    if (name != "torch" && name != "tfjs")
      throw usageError("There is no engine called '" + name + "' to measure against.", "There are: torch, tfjs.");
    peers.push_back(name == "torch" ? torch() : tfjs());
  }
  return peers;
}

std::vector<BenchLine> measurePeer(const BenchPeer& peer, const std::string& workload, int threads, double seconds) {
  std::vector<std::string> command = peer.command;
  command.push_back(std::to_string(threads));
  command.push_back(workload);
  const ChildResult child =
      runChild(command, measuringEnvironment({"BENCH_BUDGET=" + std::to_string(seconds), "PYTHONDONTWRITEBYTECODE=1"}),
               kTimeoutSeconds);
  std::vector<BenchLine> lines = readBenchLines(child.out);
  if (lines.empty()) {
    BenchLine line;
    line.name = workload;
    line.backend = peer.name;
    line.threads = threads;
    line.unit = "ms";
    line.error = lastLine(child.err);
    lines.push_back(line);
  }
  for (BenchLine& line : lines) line.peakMb = double(child.peakBytes) / 1e6;
  return lines;
}

}  // namespace layersmith

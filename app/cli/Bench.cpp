#include "app/cli/BenchLines.h"
#include "app/cli/Commands.h"
#include "app/cli/Program.h"
#include "model/benchmark/Benchmark.h"
#include "model/benchmark/ChildProcess.h"
#include "model/core/Error.h"
#include "model/nn/Threads.h"

#include <algorithm>
#include <cstdio>

namespace layersmith {

namespace {

constexpr int kWorkloadTimeoutSeconds = 600;

struct BenchOptions {
  std::vector<std::string> workloads;
  int repeats = 10;
  double seconds = 2;
  bool printsLines = false;
  bool isInProcess = false;
};

void printLine(const BenchLine& line) {
  const std::string text = benchLineJson(line).dump() + '\n';
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

std::vector<std::string> chosenWorkloads(const BenchOptions& options) {
  const std::vector<std::string> known = benchmarkNames();
  if (options.workloads.empty()) return known;
  for (const std::string& name : options.workloads)
    if (std::ranges::find(known, name) == known.end()) {
      std::string names;
      for (const std::string& each : known) names += (names.empty() ? "" : ", ") + each;
      throw usageError("There is no workload called '" + name + "'.", "There are: " + names + ".");
    }
  return options.workloads;
}

/// A fresh process per workload: its peak memory is its own, and no inherited setting slows its kernels down.
BenchLine measureInChild(const std::string& name, const BenchOptions& options) {
  const ChildResult child =
      runChild({ownProgram(), "bench", "--in-process", "--workloads", name, "--threads", std::to_string(threadCount()),
                "--repeats", std::to_string(options.repeats), "--seconds", std::to_string(options.seconds)},
               measuringEnvironment(), kWorkloadTimeoutSeconds);
  const std::vector<BenchLine> lines = readBenchLines(child.out);
  if (lines.size() == 1) return lines.front();
  BenchLine line;
  line.name = name;
  line.backend = "layersmith";
  line.threads = threadCount();
  line.unit = "ms";
  line.error = "The measuring process ended with " + std::to_string(child.exitCode) + ": " + child.err;
  return line;
}

double sgemmRate(const std::vector<BenchLine>& lines) {
  const auto found = std::ranges::find(lines, "G0", &BenchLine::name);
  return found == lines.end() || found->times.n == 0 ? 0 : 1e3 * found->gflop.value_or(0) / found->times.best;
}

Json bench(Program& program, const BenchOptions& options) {
  const RepeatLimits limits{options.repeats, options.seconds};
  const std::vector<std::string> names = chosenWorkloads(options);
  Json result = {{"engine", engineDescription()}, {"lines", Json::array()}};
  if (options.isInProcess) {
    for (const std::string& name : names) printLine(measureWorkload(name, limits));
    return result;
  }
  const bool isTable = program.output().isText() && !options.printsLines;
  if (isTable) program.output().line(program.output().dim(QString::fromStdString(engineDescription())));
  std::vector<BenchLine> lines;
  for (const std::string& name : names) {
    lines.push_back(measureInChild(name, options));
    result["lines"].push_back(benchLineJson(lines.back()));
    if (options.printsLines) printLine(lines.back());
  }
  if (isTable) printBenchLines(program.output(), lines, sgemmRate(lines));
  return result;
}

}  // namespace

void addBench(Program& program) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App& command = program.addCommand("bench", "Measure how fast this machine trains and predicts",
                                         [&program, options] { return bench(program, *options); });
  command.add_option("--workloads", options->workloads, "Only these: G0, triad, W1, W2, W3, W3s, W4, W5, W6, W6b, W7")
      ->type_name("A,B")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--repeats", options->repeats, "Repeats of each workload, at least")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--seconds", options->seconds, "Seconds for each workload, at least")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command.add_flag("--json-lines", options->printsLines, "Print one JSON object per workload, as it is measured");
  command.add_flag("--in-process", options->isInProcess)->group("");
}

}  // namespace layersmith

#include "app/cli/BenchLines.h"
#include "app/cli/BenchModes.h"
#include "app/cli/BenchRun.h"
#include "app/cli/BenchTable.h"
#include "app/cli/Commands.h"
#include "app/cli/Program.h"
#include "model/benchmark/Benchmark.h"
#include "model/benchmark/Comparison.h"
#include "model/core/Error.h"

#include <algorithm>
#include <cstdio>

namespace layersmith {

namespace {

struct BenchOptions {
  std::vector<std::string> workloads;
  std::vector<std::string> peers;
  int repeats = 10;
  double seconds = 1;
  bool printsLines = false;
  bool showsProfile = false;
  bool showsGrowth = false;
  bool isBusy = false;
  bool isInProcess = false;

  RepeatLimits limits() const { return {repeats, seconds}; }
};

void addLines(Program& program, Json& result, const std::vector<BenchLine>& lines, bool arePrinted) {
  for (const BenchLine& line : lines) {
    result["lines"].push_back(benchLineJson(line));
    if (arePrinted) program.output().print(QByteArray::fromStdString(benchLineJson(line).dump()));
  }
}

std::vector<std::string> chosenWorkloads(const BenchOptions& options) {
  const std::vector<std::string> known = benchNames();
  if (options.workloads.empty()) return known;
  for (const std::string& name : options.workloads)
    if (std::ranges::find(known, name) == known.end()) {
      std::string names;
      for (const std::string& each : known) names += (names.empty() ? "" : ", ") + each;
      throw usageError("There is no workload called '" + name + "'.", "There are: " + names + ".");
    }
  return options.workloads;
}

void benchHere(Program& program, const BenchOptions& options, Json& result) {
  for (const std::string& name : chosenWorkloads(options))
    addLines(program, result, measureHere(name, options.limits()), true);
}

void benchAlone(Program& program, const BenchOptions& options, Json& result) {
  std::vector<BenchLine> lines;
  for (const std::string& name : chosenWorkloads(options)) {
    const std::vector<BenchLine> measured = measureInChild(name, options.limits());
    addLines(program, result, measured, options.printsLines);
    lines.insert(lines.end(), measured.begin(), measured.end());
  }
  if (!options.printsLines) printBenchLines(program.output(), lines, sgemmRate(lines));
}

void benchAgainst(Program& program, const BenchOptions& options, Json& result) {
  const std::vector<BenchPeer> peers = findPeers(options.peers);
  std::vector<std::string> names = chosenWorkloads(options);
  if (std::ranges::find(names, "G0") == names.end()) names.insert(names.begin(), "G0");  // the limit
  const auto starting = [&](int round, const std::string& what) {
    if (program.output().progress() != Output::Progress::None)
      std::fprintf(stderr, "round %d of %d: %s\n", round + 1, options.repeats, what.c_str());
  };
  const std::vector<BenchLine> lines = measureInTurns(names, peers, options.repeats, options.seconds, starting);
  addLines(program, result, lines, options.printsLines);
  const std::vector<Comparison> rows = compareEngines(lines);
  result["comparison"] = comparisonJson(rows);
  if (!options.printsLines) printComparison(program.output(), rows);
}

std::vector<std::string> trainingWorkloads(const BenchOptions& options) {
  return options.workloads.empty() ? std::vector<std::string>{"W2", "W4"} : chosenWorkloads(options);
}

Json bench(Program& program, const BenchOptions& options) {
  Json result = {{"engine", engineDescription()}};
  Output& output = program.output();
  if (!options.printsLines) output.line(output.dim(QString::fromStdString(engineDescription())));
  if (options.showsProfile) {
    result["profile"] = benchProfile(output, chosenWorkloads(options), options.limits(), options.isInProcess);
  } else if (options.showsGrowth) {
    result["growth"] = benchGrowth(output, options.limits(), options.isInProcess);
  } else if (options.isBusy) {
    result["busy"] = benchBusy(output, trainingWorkloads(options), options.limits());
  } else {
    result["lines"] = Json::array();
    (options.isInProcess ? benchHere : options.peers.empty() ? benchAlone : benchAgainst)(program, options, result);
  }
  return result;
}

}  // namespace

void addBench(Program& program) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App& command = program.addCommand("bench", "Measure how fast this machine trains and predicts",
                                         [&program, options] { return bench(program, *options); });
  command
      .add_option("--workloads", options->workloads, "Only these: G0, triad, W1, W2, W3, W3s, W4, W5, W6, W6b, W7, W8")
      ->type_name("A,B")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--against", options->peers, "Run these beside, in turns: torch, tfjs")
      ->type_name("A,B")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--repeats", options->repeats, "Repeats of each workload, at least; rounds with --against")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command
      .add_option("--seconds", options->seconds, "Seconds for each workload, at least; with --against for each turn")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command.add_flag("--json-lines", options->printsLines, "Print one JSON object per workload and engine");
  auto* profile = command.add_flag("--profile", options->showsProfile,
                                   "Instead: what each layer costs, beside the rates of the machine");
  auto* growth = command
                     .add_flag("--growth", options->showsGrowth,
                               "Instead: a training step as batch, width and depth of a network grow")
                     ->excludes(profile);
  command.add_flag("--busy", options->isBusy, "Instead: training beside a process that keeps one processor busy")
      ->excludes(growth)
      ->excludes(profile);
  command.add_flag("--in-process", options->isInProcess)->group("");
}

}  // namespace layersmith

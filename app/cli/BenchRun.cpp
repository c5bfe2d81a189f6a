#include "app/cli/BenchRun.h"

#include "app/cli/BenchLines.h"
#include "app/cli/BenchStorage.h"
#include "model/benchmark/Benchmark.h"
#include "model/benchmark/ChildProcess.h"
#include "model/benchmark/Comparison.h"
#include "model/core/Error.h"
#include "model/nn/ComputePath.h"
#include "model/nn/Threads.h"

#include <algorithm>
#include <set>

namespace layersmith {

namespace {

constexpr int kTimeoutSeconds = 1800;
constexpr int kRepeatsPerRound = 3;
constexpr const char* kStorage = "W8";

/// W8 stands beside the bare disk work in each process, and the memory's rate is no matter of engines.
bool isAskedInRound(const std::string& name, int round) {
  return name != "triad" && (name != kStorage || round == 0);
}

ChildResult runInProcess(const std::vector<std::string>& options, const RepeatLimits& limits) {
  std::vector<std::string> command = {ownProgram(),
                                      "bench",
                                      "--in-process",
                                      "--threads",
                                      std::to_string(isThreadCountSet() ? threadCount() : 0),
                                      "--repeats",
                                      std::to_string(limits.atLeast),
                                      "--seconds",
                                      std::to_string(limits.seconds)};
  if (defaultComputePath() == ComputePath::Reference) command.insert(command.end(), {"--kernels", "reference"});
  command.insert(command.end(), options.begin(), options.end());
  return runChild(command, measuringEnvironment(), kTimeoutSeconds);
}

std::string failureOf(const ChildResult& child) {
  return "The measuring process ended with " + std::to_string(child.exitCode) + ": " + child.err;
}

bool areAllErrors(const std::vector<BenchLine>& lines) {
  return std::ranges::none_of(lines, [](const BenchLine& line) { return line.times.n > 0; });
}

}  // namespace

std::vector<std::string> benchNames() {
  std::vector<std::string> names = benchmarkNames();
  names.emplace_back(kStorage);
  return names;
}

std::vector<BenchLine> measureHere(const std::string& name, const RepeatLimits& limits) {
  return name == kStorage ? measureStorage(limits) : std::vector{measureWorkload(name, limits)};
}

std::vector<BenchLine> measureInChild(const std::string& name, const RepeatLimits& limits) {
  const ChildResult child = runInProcess({"--workloads", name}, limits);
  std::vector<BenchLine> lines = readBenchLines(child.out);
  if (child.exitCode == 0 && !lines.empty()) return lines;
  BenchLine line;
  line.name = name;
  line.backend = "layersmith";
  line.threads = threadCount();
  line.unit = "ms";
  line.error = failureOf(child);
  return {line};
}

Json benchInChild(const std::vector<std::string>& options, const RepeatLimits& limits) {
  std::vector<std::string> asked = options;
  asked.emplace_back("--json");
  const ChildResult child = runInProcess(asked, limits);
  const Json answer = Json::parse(child.out, nullptr, false);
  if (child.exitCode != 0 || !answer.is_object() || !answer.contains("result"))
    throw Error(ErrorKind::Internal, failureOf(child));
  return answer["result"];
}

std::vector<BenchLine> measureInTurns(const std::vector<std::string>& names, const std::vector<BenchPeer>& peers,
                                      int rounds, double seconds,
                                      const std::function<void(int round, const std::string& what)>& starting) {
  std::vector<BenchLine> all;
  std::set<std::pair<std::string, std::string>> unable;
  const auto take = [&](std::vector<BenchLine> lines) { all.insert(all.end(), lines.begin(), lines.end()); };
  for (int round = 0; round < rounds; ++round)
    for (const std::string& name : names) {
      starting(round, name);
      take(measureInChild(name, {kRepeatsPerRound, seconds}));
      for (const BenchPeer& peer : peers) {
        if (!isAskedInRound(name, round) || unable.contains({peer.name, name})) continue;
        starting(round, name + " " + peer.name);
        std::vector<BenchLine> lines = measurePeer(peer, name, threadCount(), seconds);
        if (areAllErrors(lines)) unable.insert({peer.name, name});
        take(std::move(lines));
      }
    }
  return joinRounds(all);
}

}  // namespace layersmith

#include "model/benchmark/Benchmark.h"

#include "model/benchmark/MachineRates.h"
#include "model/benchmark/ProcessMemory.h"
#include "model/benchmark/WorkloadRun.h"
#include "model/core/Error.h"
#include "model/nn/ComputePath.h"
#include "model/nn/Threads.h"
#include "model/nn/kernels/KernelLibrary.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

constexpr double kFitSteps = 200;

BenchLine lineOf(std::string_view name, const char* unit, const std::vector<double>& ms) {
  BenchLine line;
  line.name = name;
  line.backend = "layersmith";
  line.threads = threadCount();
  line.unit = unit;
  line.times = statisticsOf(ms);
  return line;
}

const char* unitOf(WorkloadKind kind) {
  switch (kind) {
    case WorkloadKind::Fit: return "ms/fit";
    case WorkloadKind::TrainingStep: return "ms/step";
    case WorkloadKind::Inference: break;
  }
  return "ms";
}

BenchLine measure(const Workload& workload, const RepeatLimits& limits) {
  BenchLine line = lineOf(workload.name, unitOf(workload.kind), {});
  try {
    const WorkloadTimes times = runWorkload(workload, limits);
    line.times = statisticsOf(times.ms);
    line.firstMs = times.firstMs;
    if (!isThreadCountSet()) line.threadChoice = times.threads;
  } catch (const Error& error) {
    line.error = error.message();
    return line;
  }
  if (workload.kind == WorkloadKind::Fit) {
    line.usPerStep = 1e3 * line.times.median / kFitSteps;
  } else {
    line.gflop = workload.gflop;
    line.samplesPerSecond = 1e3 * double(workload.batch) / line.times.median;
  }
  return line;
}

}  // namespace

std::vector<std::string> benchmarkNames() {
  std::vector<std::string> names = {"G0", "triad"};
  for (const Workload& workload : workloads()) names.emplace_back(workload.name);
  return names;
}

BenchLine measureWorkload(std::string_view name, const RepeatLimits& limits) {
  BenchLine line;
  if (name == "G0") {
    line = lineOf(name, "ms", sgemmTimes(limits));
    line.gflop = kSgemmGflop;
  } else if (name == "triad") {
    line = lineOf(name, "ms", triadTimes(limits));
    line.gigabytes = kTriadGigabytes;
  } else if (const Workload* workload = findWorkload(name)) {
    line = measure(*workload, limits);
  } else {
    throw Error(ErrorKind::InvalidConfig, "There is no workload called '" + std::string(name) + "'.");
  }
  line.peakMb = double(peakMemoryBytes()) / 1e6;
  return line;
}

std::string engineDescription() {
  const int threads = threadCount();
  const bool isReference = defaultComputePath() == ComputePath::Reference;
  return (isReference ? "reference kernels" : kernels::libraryDescription()) + "; " + std::to_string(threads) +
         (threads == 1 ? " thread" : " threads");
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

#include "app/cli/BenchModes.h"
#include "app/cli/BenchRun.h"
#include "app/cli/Output.h"
#include "app/cli/TextTable.h"
#include "model/benchmark/MachineRates.h"
#include "model/benchmark/Profile.h"
#include "model/benchmark/Statistics.h"
#include "model/benchmark/WorkloadRun.h"
#include "model/benchmark/Workloads.h"
#include "model/core/Error.h"

namespace layersmith {

namespace {

constexpr std::uint64_t kSeed = 1;

Json passJson(const PassProfile& pass) {
  if (pass.steps == 0) return nullptr;
  return {{"ms", pass.ms},
          {"gflop", pass.flops * 1e-9},
          {"gflopPerSecond", pass.gflopPerSecond()},
          {"bytes", pass.bytes},
          {"gigabytesPerSecond", pass.gigabytesPerSecond()},
          {"kernel", pass.kernel},
          {"isReference", pass.isReference()}};
}

Json profileJson(const Workload& workload, const RepeatLimits& limits) {
  const bool isTraining = workload.kind != WorkloadKind::Inference;
  const Graph graph = workload.makeGraph();
  Network network(graph, {}, kSeed);
  const TrainingData data = makeWorkloadData(graph, workload.batch);
  const NetworkProfile profile =
      profileNetwork(network, data.xs, isTraining ? PlanMode::Training : PlanMode::Inference, limits.atLeast);
  Json layers = Json::array();
  for (const LayerProfile& layer : profile.layers)
    layers.push_back({{"name", layer.name},
                      {"className", layer.className},
                      {"outputShape", toString(layer.outputShape)},
                      {"forward", passJson(layer.forward)},
                      {"backward", passJson(layer.backward)},
                      {"weightBytes", layer.weightBytes},
                      {"outputBytes", layer.outputBytes}});
  Json json = {{"name", workload.name},
               {"samples", profile.samples},
               {"layers", std::move(layers)},
               {"forwardMs", profile.forwardMs},
               {"backwardMs", profile.backwardMs},
               {"arenaBytes", profile.arenaBytes},
               {"weightBytes", profile.weightBytes}};
  if (isTraining)
    json["stepMs"] = statisticsOf(timeTrainingSteps(graph, workload.trainingConfig(), workload.batch, limits).ms).best;
  return json;
}

Json measure(const std::vector<std::string>& names, const RepeatLimits& limits) {
  Json workloads = Json::array();
  for (const std::string& name : names) {
    const Workload* workload = findWorkload(name);
    if (!workload) continue;  // machine rates, W8
    try {
      workloads.push_back(profileJson(*workload, limits));
    } catch (const Error& error) {
      workloads.push_back({{"name", name}, {"error", error.message()}});
    }
  }
  return {{"sgemmGflopPerSecond", 1e3 * kSgemmGflop / statisticsOf(sgemmTimes(limits)).best},
          {"triadGigabytesPerSecond", 1e3 * kTriadGigabytes / statisticsOf(triadTimes(limits)).best},
          {"workloads", std::move(workloads)}};
}

QString text(const Json& json) {
  return QString::fromStdString(json.get<std::string>());
}

/// Time, rate, share of the sgemm rate, bytes moved a second, kernel.
QStringList passCells(const Json& pass, double sgemmRate) {
  if (pass.is_null()) return {QStringLiteral("-"), {}, {}, {}, {}};
  const double rate = pass["gflopPerSecond"].get<double>();
  const QString kernel = text(pass["kernel"]);
  return {numberText(pass["ms"].get<double>()), rate > 0 ? QString::number(rate, 'f', 1) : QString(),
          rate > 0 ? QStringLiteral("%1 %").arg(100 * rate / sgemmRate, 0, 'f', 0) : QString(),
          QString::number(pass["gigabytesPerSecond"].get<double>(), 'f', 1),
          kernel.isEmpty() ? QStringLiteral("own loops") : kernel};
}

QStringList passHeadings(const char* pass) {
  return {QStringLiteral("%1 ms").arg(QLatin1String(pass)), QStringLiteral("GFLOP/s"), QStringLiteral("Of sgemm"),
          QStringLiteral("GB/s"), QStringLiteral("Kernel")};
}

/// Layers that the one before works off, and those that only rename memory, have no row.
void printLayers(Output& output, const Json& workload, double sgemmRate) {
  const bool isTraining = workload.contains("stepMs");
  std::vector<QStringList> rows;
  for (const Json& layer : workload["layers"]) {
    if (layer["forward"].is_null() && layer["backward"].is_null()) continue;
    QStringList row = {text(layer["name"]), text(layer["outputShape"]),
                       sizeText(layer["weightBytes"].get<std::int64_t>()),
                       sizeText(layer["outputBytes"].get<std::int64_t>())};
    row += passCells(layer["forward"], sgemmRate);
    if (isTraining) row += passCells(layer["backward"], sgemmRate);
    rows.push_back(std::move(row));
  }
  QStringList headings = {QStringLiteral("Layer"), QStringLiteral("Output"), QStringLiteral("Weights"),
                          QStringLiteral("Values")};
  headings += passHeadings("Forward");
  if (isTraining) headings += passHeadings("Backward");
  printTable(output, headings, rows, {2, 3, 4, 5, 6, 7, 9, 10, 11, 12});
  if (const std::size_t others = workload["layers"].size() - rows.size(); others > 0)
    output.line(QStringLiteral("layers without a step of their own: %1").arg(others));
}

bool isReference(const Json& pass) {
  return !pass.is_null() && pass["isReference"].get<bool>();
}

void printFallbacks(Output& output, const Json& workload) {
  QStringList names;
  for (const Json& layer : workload["layers"])
    if (isReference(layer["forward"]) || isReference(layer["backward"])) names << text(layer["name"]);
  if (!names.isEmpty())
    output.line(QStringLiteral("no fast kernel for their shapes, so the reference loops: %1")
                    .arg(names.join(QStringLiteral(", "))));
}

void printWorkload(Output& output, const Json& workload, double sgemmRate) {
  output.line();
  if (workload.contains("error")) {
    output.line(QStringLiteral("%1: %2").arg(text(workload["name"]), text(workload["error"])));
    return;
  }
  output.line(output.bold(text(workload["name"])));
  printLayers(output, workload, sgemmRate);
  printFallbacks(output, workload);
  const double forward = workload["forwardMs"].get<double>(), backward = workload["backwardMs"].get<double>();
  QString sum =
      QStringLiteral("%1 samples: forward %2 ms").arg(workload["samples"].get<std::int64_t>()).arg(numberText(forward));
  if (workload.contains("stepMs")) {
    const double step = workload["stepMs"].get<double>();
    sum += QStringLiteral(", backward %1 ms; a whole step %2 ms, so batch, loss and optimizer take %3 ms")
               .arg(numberText(backward), numberText(step), numberText(step - forward - backward));
  }
  output.line(sum);
  output.line(QStringLiteral("planned memory %1, weights %2")
                  .arg(sizeText(workload["arenaBytes"].get<std::int64_t>()),
                       sizeText(workload["weightBytes"].get<std::int64_t>())));
}

}  // namespace

Json benchProfile(Output& output, const std::vector<std::string>& names, const RepeatLimits& limits, bool isHere) {
  if (isHere) return measure(names, limits);
  std::vector<std::string> options = {"--profile", "--workloads"};
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + name;
  options.push_back(list);
  const Json profile = benchInChild(options, limits)["profile"];
  const double sgemmRate = profile["sgemmGflopPerSecond"].get<double>();
  output.line(QStringLiteral("sgemm %1 GFLOP/s, triad %2 GB/s")
                  .arg(sgemmRate, 0, 'f', 1)
                  .arg(profile["triadGigabytesPerSecond"].get<double>(), 0, 'f', 1));
  for (const Json& workload : profile["workloads"]) printWorkload(output, workload, sgemmRate);
  return profile;
}

}  // namespace layersmith

#include "app/cli/BenchModes.h"
#include "app/cli/BenchRun.h"
#include "app/cli/Output.h"
#include "app/cli/TextTable.h"
#include "model/benchmark/BusyProcess.h"
#include "model/benchmark/Comparison.h"

namespace layersmith {

namespace {

constexpr int kTurns = 5;
constexpr double kGoal = 2.5;

BenchLine joined(const std::vector<BenchLine>& turns) {
  return joinRounds(turns).front();
}

}  // namespace

Json benchBusy(Output& output, const std::vector<std::string>& names, const RepeatLimits& limits) {
  Json result = Json::array();
  std::vector<QStringList> rows;
  for (const std::string& name : names) {
    std::vector<BenchLine> quietTurns, busyTurns;
    for (int turn = 0; turn < kTurns; ++turn) {
      quietTurns.push_back(measureInChild(name, limits).front());
      const BusyProcess busy;
      busyTurns.push_back(measureInChild(name, limits).front());
    }
    const BenchLine quiet = joined(quietTurns), busy = joined(busyTurns);
    if (quiet.times.n == 0 || busy.times.n == 0) {
      result.push_back({{"name", name}, {"error", quiet.error + busy.error}});
      rows.push_back({QString::fromStdString(name), QString::fromStdString(quiet.error)});
      continue;
    }
    const double ratio = busy.times.median / quiet.times.median;
    result.push_back({{"name", name},
                      {"threads", quiet.threads},
                      {"quiet", quiet.times.median},
                      {"busy", busy.times.median},
                      {"ratio", ratio},
                      {"goal", kGoal},
                      {"isGoalMet", ratio <= kGoal}});
    rows.push_back({QString::fromStdString(name), numberText(quiet.times.median), numberText(busy.times.median),
                    QString::number(ratio, 'f', 2), QString::number(kGoal),
                    ratio <= kGoal ? QStringLiteral("met") : QStringLiteral("missed")});
  }
  printTable(output,
             {QStringLiteral("Workload"), QStringLiteral("Quiet"), QStringLiteral("Busy"), QStringLiteral("Ratio"),
              QStringLiteral("Goal"), QString()},
             rows, {1, 2, 3, 4});
  return result;
}

}  // namespace layersmith

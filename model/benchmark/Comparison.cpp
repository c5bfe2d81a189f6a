#include "model/benchmark/Comparison.h"

#include "model/benchmark/Workloads.h"

#include <algorithm>
#include <array>

namespace layersmith {

namespace {

constexpr std::array<std::optional<double> BenchLine::*, 7> kMedianFields = {
    &BenchLine::gflop, &BenchLine::gigabytes, &BenchLine::samplesPerSecond, &BenchLine::usPerStep,
    &BenchLine::rawMs, &BenchLine::ratio,     &BenchLine::firstMs};

bool isMeasured(const BenchLine& line) {
  return line.times.n > 0;
}

BenchLine join(const std::vector<const BenchLine*>& rounds) {
  BenchLine joined = *rounds.back();
  std::vector<double> medians, p90s;
  std::size_t n = 0;
  for (const BenchLine* round : rounds) {
    if (round->peakMb) joined.peakMb = std::max(joined.peakMb.value_or(0), *round->peakMb);
    if (!isMeasured(*round)) continue;
    medians.push_back(round->times.median);
    p90s.push_back(round->times.p90);
    joined.times.best = n == 0 ? round->times.best : std::min(joined.times.best, round->times.best);
    n += round->times.n;
  }
  if (n == 0) return joined;
  joined.error.clear();
  joined.times.n = n;
  joined.times.median = statisticsOf(medians).median;
  joined.times.p90 = statisticsOf(p90s).median;
  for (const auto field : kMedianFields) {
    std::vector<double> values;
    for (const BenchLine* round : rounds)
      if (round->*field) values.push_back(*(round->*field));
    if (!values.empty()) joined.*field = statisticsOf(values).median;
  }
  return joined;
}

bool isBackend(const BenchLine& line, std::string_view engine) {
  return std::string_view(line.backend).starts_with(engine);
}

/// The engine's line for a workload with the smallest best time; one without a figure only where there is no other.
std::optional<BenchLine> fastest(std::span<const BenchLine> lines, const std::string& name, std::string_view engine) {
  const BenchLine* found = nullptr;
  for (const BenchLine& line : lines) {
    if (line.name != name || !isBackend(line, engine)) continue;
    if (!found || (isMeasured(line) && (!isMeasured(*found) || line.times.best < found->times.best))) found = &line;
  }
  return found ? std::optional(*found) : std::nullopt;
}

double goalOf(std::string_view name) {
  if (name == "W8-save") return 1.3;
  if (name == "W8-load") return 1.2;
  const Workload* workload = findWorkload(name);
  return workload ? workload->goal : 0;
}

void compareWithTorch(Comparison& row, std::span<const BenchLine> lines) {
  std::optional<double> median;
  for (const BenchLine& line : lines) {
    if (line.name != row.ours.name || !isBackend(line, "torch")) continue;
    if (isMeasured(line)) median = std::min(median.value_or(line.times.median), line.times.median);
    if (line.peakMb) row.torchPeakMb = std::max(row.torchPeakMb.value_or(0), *line.peakMb);
  }
  if (!isMeasured(row.ours)) return;
  if (row.ours.ratio) {
    row.ratio = row.ours.ratio;
  } else if (median) {
    row.ratio = row.ours.times.best / row.torch->times.best;
    row.medianRatio = row.ours.times.median / *median;
  }
}

}  // namespace

std::vector<BenchLine> joinRounds(std::span<const BenchLine> lines) {
  std::vector<std::vector<const BenchLine*>> groups;
  for (const BenchLine& line : lines) {
    const auto found = std::ranges::find_if(groups, [&](const std::vector<const BenchLine*>& group) {
      return group.front()->name == line.name && group.front()->backend == line.backend;
    });
    if (found == groups.end())
      groups.push_back({&line});
    else
      found->push_back(&line);
  }
  std::vector<BenchLine> joined;
  for (const std::vector<const BenchLine*>& group : groups) joined.push_back(join(group));
  return joined;
}

double sgemmRate(std::span<const BenchLine> lines) {
  double rate = 0;
  for (const BenchLine& line : lines)
    if (line.name == "G0" && isMeasured(line) && line.gflop) rate = std::max(rate, 1e3 * *line.gflop / line.times.best);
  return rate;
}

std::vector<Comparison> compareEngines(std::span<const BenchLine> lines) {
  const double rate = sgemmRate(lines);
  std::vector<Comparison> rows;
  for (const BenchLine& line : lines) {
    if (line.backend != "layersmith" || line.name == "G0" || line.name == "triad") continue;
    Comparison row;
    row.ours = line;
    row.torch = fastest(lines, line.name, "torch");
    row.tfjs = fastest(lines, line.name, "tfjs");
    row.goal = goalOf(line.name);
    if (line.gflop && rate > 0) row.limitMs = 1e3 * *line.gflop / rate;
    compareWithTorch(row, lines);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace layersmith

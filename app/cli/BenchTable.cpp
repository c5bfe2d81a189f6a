#include "app/cli/BenchTable.h"

#include "app/cli/Output.h"
#include "app/cli/TextTable.h"

namespace layersmith {

namespace {

QString cell(const std::optional<double>& value) {
  return value ? numberText(*value) : QStringLiteral("-");
}

QString best(const std::optional<BenchLine>& line) {
  return line && line->times.n > 0 ? numberText(line->times.best) : QStringLiteral("-");
}

QString ratioCell(const std::optional<double>& ratio) {
  return ratio ? QString::number(*ratio, 'f', 3) : QStringLiteral("-");
}

QString wholeCell(const std::optional<double>& value) {
  return value ? QString::number(*value, 'f', 0) : QStringLiteral("-");
}

QStringList cells(const Comparison& row) {
  const bool isMeasured = row.ours.times.n > 0;
  return {QString::fromStdString(row.ours.name),
          best(row.ours),
          isMeasured ? numberText(row.ours.times.median) : QStringLiteral("-"),
          cell(row.ours.firstMs),
          best(row.torch),
          row.torch ? QString::fromStdString(row.torch->backend) : QStringLiteral("-"),
          best(row.tfjs),
          cell(row.limitMs),
          ratioCell(row.ratio),
          ratioCell(row.medianRatio),
          row.goal > 0 ? QString::number(row.goal, 'f', 2) : QStringLiteral("-"),
          row.goal > 0 && row.ratio ? (row.isGoalMet() ? QStringLiteral("met") : QStringLiteral("missed"))
                                    : QStringLiteral("-"),
          wholeCell(row.ours.peakMb),
          wholeCell(row.torchPeakMb)};
}

Json timesJson(const std::optional<BenchLine>& line) {
  if (!line) return nullptr;
  if (line->times.n == 0) return {{"backend", line->backend}, {"error", line->error}};
  return {{"backend", line->backend}, {"best", line->times.best}, {"median", line->times.median}, {"n", line->times.n}};
}

Json numberJson(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

void printComparison(Output& output, const std::vector<Comparison>& rows) {
  std::vector<QStringList> table;
  for (const Comparison& row : rows) table.push_back(cells(row));
  printTable(output,
             {QStringLiteral("Workload"), QStringLiteral("Best"), QStringLiteral("Median"), QStringLiteral("First"),
              QStringLiteral("PyTorch"), QStringLiteral("Variant"), QStringLiteral("TF.js"), QStringLiteral("Limit"),
              QStringLiteral("Ratio"), QStringLiteral("Of medians"), QStringLiteral("Goal"), QString(),
              QStringLiteral("Peak MB"), QStringLiteral("PyTorch's")},
             table, {1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 13});
  for (const Comparison& row : rows)
    for (const std::optional<BenchLine>& line : {std::optional(row.ours), row.torch, row.tfjs})
      if (line && !line->error.empty())
        output.line(QStringLiteral("%1, %2: %3")
                        .arg(QString::fromStdString(line->name), QString::fromStdString(line->backend),
                             QString::fromStdString(line->error)));
}

Json comparisonJson(const std::vector<Comparison>& rows) {
  Json json = Json::array();
  for (const Comparison& row : rows)
    json.push_back({{"name", row.ours.name},
                    {"threads", row.ours.threads},
                    {"ours", timesJson(row.ours)},
                    {"torch", timesJson(row.torch)},
                    {"tfjs", timesJson(row.tfjs)},
                    {"limit", numberJson(row.limitMs)},
                    {"ratio", numberJson(row.ratio)},
                    {"medianRatio", numberJson(row.medianRatio)},
                    {"goal", row.goal > 0 ? Json(row.goal) : Json()},
                    {"isGoalMet", row.goal > 0 && row.ratio ? Json(row.isGoalMet()) : Json()},
                    {"peakMb", numberJson(row.ours.peakMb)},
                    {"torchPeakMb", numberJson(row.torchPeakMb)}});
  return json;
}

}  // namespace layersmith

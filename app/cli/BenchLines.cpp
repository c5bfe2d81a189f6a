#include "app/cli/BenchLines.h"

#include "app/cli/Output.h"
#include "app/cli/TextTable.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>

namespace layersmith {

namespace {

double rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return std::strtod(text, nullptr);
}

struct OptionalField {
  const char* key;
  std::optional<double> BenchLine::*member;
};
constexpr OptionalField kOptionalFields[] = {
    {"gflop", &BenchLine::gflop},
    {"gigabytes", &BenchLine::gigabytes},
    {"samples_per_s", &BenchLine::samplesPerSecond},
    {"us_per_step", &BenchLine::usPerStep},
    {"raw_ms", &BenchLine::rawMs},
    {"ratio", &BenchLine::ratio},
    {"first", &BenchLine::firstMs},
    {"peak_mb", &BenchLine::peakMb},
};

std::optional<BenchLine> readBenchLine(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("name") || !json.contains("backend")) return {};
  const auto number = [&](const char* key) { return json.contains(key) && json[key].is_number(); };
  BenchLine line;
  line.name = json["name"].get<std::string>();
  line.backend = json["backend"].get<std::string>();
  line.threads = json.value("threads", 1);
  line.unit = json.value("unit", std::string("ms"));
  line.error = json.value("error", std::string());
  line.threadChoice = json.value("thread_choice", std::string());
  if (number("median")) {
    line.times.median = json["median"].get<double>();
    line.times.best = number("best") ? json["best"].get<double>() : line.times.median;
    line.times.p90 = number("p90") ? json["p90"].get<double>() : line.times.median;
    line.times.n = number("n") ? json["n"].get<std::size_t>() : 1;
  }
  for (const OptionalField& field : kOptionalFields)
    if (number(field.key)) line.*field.member = json[field.key].get<double>();
  return line;
}

QString cell(std::optional<double> value) {
  return value ? numberText(*value) : QStringLiteral("-");
}

}  // namespace

Json benchLineJson(const BenchLine& line) {
  Json json = {{"name", line.name}, {"backend", line.backend}, {"threads", line.threads}};
  const bool isMeasured = line.times.n > 0;
  json["median"] = isMeasured ? Json(rounded(line.times.median)) : Json();
  json["unit"] = line.unit;
  if (isMeasured) {
    json["best"] = rounded(line.times.best);
    json["p90"] = rounded(line.times.p90);
    json["n"] = line.times.n;
  }
  for (const OptionalField& field : kOptionalFields)
    if (const std::optional<double>& value = line.*field.member) json[field.key] = rounded(*value);
  if (!line.threadChoice.empty()) json["thread_choice"] = line.threadChoice;
  if (!line.error.empty()) json["error"] = line.error;
  return json;
}

std::vector<BenchLine> readBenchLines(std::string_view text) {
  std::vector<BenchLine> lines;
  std::istringstream stream{std::string(text)};
  for (std::string each; std::getline(stream, each);)
    if (const std::optional<BenchLine> line = readBenchLine(each)) lines.push_back(*line);
  return lines;
}

void printBenchLines(Output& output, const std::vector<BenchLine>& lines, double sgemmRate) {
  std::vector<QStringList> rows;
  QStringList errors;
  for (const BenchLine& line : lines) {
    const QString name = QString::fromStdString(line.name);
    if (!line.error.empty()) {
      rows.push_back({name, QStringLiteral("-")});
      errors << QStringLiteral("%1: %2").arg(name, QString::fromStdString(line.error));
      continue;
    }
    std::optional<double> rate;
    if (line.gflop) rate = 1e3 * *line.gflop / line.times.median;
    if (line.gigabytes) rate = 1e3 * *line.gigabytes / line.times.median;
    const bool hasShare = line.gflop && sgemmRate > 0;
    rows.push_back({name, numberText(line.times.best), numberText(line.times.median), numberText(line.times.p90),
                    QString::number(line.times.n), QString::fromStdString(line.unit), cell(line.firstMs), cell(rate),
                    line.gigabytes ? QStringLiteral("GB/s")
                    : hasShare     ? QStringLiteral("%1 %").arg(100 * *rate / sgemmRate, 0, 'f', 0)
                                   : QStringLiteral("-"),
                    cell(line.ratio), line.peakMb ? QString::number(*line.peakMb, 'f', 0) : QStringLiteral("-")});
  }
  printTable(output,
             {QStringLiteral("Workload"), QStringLiteral("Best"), QStringLiteral("Median"), QStringLiteral("p90"),
              QStringLiteral("n"), QStringLiteral("Unit"), QStringLiteral("First"), QStringLiteral("GFLOP/s"),
              QStringLiteral("Of sgemm"), QStringLiteral("To raw"), QStringLiteral("Peak MB")},
             rows, {1, 2, 3, 4, 6, 7, 8, 9, 10});
  for (const BenchLine& line : lines)
    if (!line.threadChoice.empty())
      output.line(QStringLiteral("%1 ran on %2")
                      .arg(QString::fromStdString(line.name), QString::fromStdString(line.threadChoice)));
  for (const QString& error : errors) output.line(error);
}

}  // namespace layersmith

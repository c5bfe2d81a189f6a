#include "app/cli/BenchModes.h"
#include "app/cli/BenchRun.h"
#include "app/cli/Output.h"
#include "app/cli/TextTable.h"
#include "model/benchmark/Growth.h"

namespace layersmith {

namespace {

Json pointJson(const GrowthPoint& point) {
  return {{"axis", point.axis},
          {"value", point.value},
          {"batch", point.batch},
          {"gflop", point.gflop},
          {"median", point.stepMs},
          {"best", point.bestMs},
          {"msPerSample", point.msPerSample()},
          {"jump", point.jump > 0 ? Json(point.jump) : Json()},
          {"isJump", point.jump > kJump}};
}

QStringList cells(const Json& point) {
  const double best = point["best"].get<double>();
  const bool isFirst = point["jump"].is_null();
  return {QString::fromStdString(point["axis"].get<std::string>()),
          QString::number(point["value"].get<std::int64_t>()),
          numberText(best),
          numberText(point["msPerSample"].get<double>()),
          numberText(1e3 * point["gflop"].get<double>() / best),
          isFirst ? QStringLiteral("-") : QString::number(point["jump"].get<double>(), 'f', 2),
          point["isJump"].get<bool>() ? QStringLiteral("jump") : QString()};
}

}  // namespace

Json benchGrowth(Output& output, const RepeatLimits& limits, bool isHere) {
  if (!isHere) {
    const Json points = benchInChild({"--growth"}, limits)["growth"];
    std::vector<QStringList> rows;
    for (const Json& point : points) rows.push_back(cells(point));
    printTable(output,
               {QStringLiteral("Axis"), QStringLiteral("Value"), QStringLiteral("Best ms"),
                QStringLiteral("Median ms/sample"), QStringLiteral("GFLOP/s"), QStringLiteral("Time/work"), QString()},
               rows, {1, 2, 3, 4, 5});
    return points;
  }
  Json points = Json::array();
  for (const GrowthPoint& point : measureGrowth(limits)) points.push_back(pointJson(point));
  return points;
}

}  // namespace layersmith

#include "model/data/Generators.h"

#include "model/core/Error.h"
#include "model/core/Random.h"
#include "model/data/Digits.h"

#include <array>
#include <cmath>
#include <numbers>

namespace layersmith {

namespace {

constexpr int kMaxSamples = 1'000'000;
constexpr double kPi = std::numbers::pi;

struct Point {
  double x;
  double y;
  int label;
};

/// Numbers for one point after the other.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : m_random(seed, 0x4745'4e00) {}  // "GEN"
  double uniform(double low, double high) { return low + (high - low) * m_random.uniform(4 * m_next++); }
  double normal(double deviation) { return deviation * m_random.normal(m_next++); }

 private:
  Random m_random;
  std::uint64_t m_next = 0;
};

// Two half circles, one hooked into the other (scikit-learn's make_moons).
Point twoMoons(int label, double, Draws& draws) {
  const double t = draws.uniform(0, kPi);
  return label == 0 ? Point{std::cos(t), std::sin(t), 0} : Point{1 - std::cos(t), 0.5 - std::sin(t), 1};
}

// Label 1 where the signs differ; a gap along the axes.
Point exclusiveOr(int label, double, Draws& draws) {
  const double x = draws.uniform(0.08, 1);
  const double y = draws.uniform(0.08, 1);
  const double side = draws.uniform(-1, 1) < 0 ? -1 : 1;
  return {side * x, (label == 1 ? -side : side) * y, label};
}

// Two arms of one and three quarter turns.
Point spirals(int label, double along, Draws&) {
  const double turn = 1.75 * 2 * kPi * along + (label == 1 ? kPi : 0);
  return {along * std::sin(turn), along * std::cos(turn), label};
}

Point circles(int label, double, Draws& draws) {
  const double t = draws.uniform(0, 2 * kPi);
  const double radius = label == 0 ? 1 : 0.5;
  return {radius * std::cos(t), radius * std::sin(t), label};
}

using PointFunction = Point (*)(int label, double along, Draws& draws);

struct Entry {
  GeneratorType type;
  PointFunction point;  ///< null: digits
};

const std::array<Entry, 5>& entries() {
  static const std::array<Entry, 5> all = {{
      {{QStringLiteral("twoMoons"), QStringLiteral("Two moons"), 400, 0.15}, twoMoons},
      {{QStringLiteral("xor"), QStringLiteral("XOR"), 400, 0.05}, exclusiveOr},
      {{QStringLiteral("spirals"), QStringLiteral("Spirals"), 400, 0.02}, spirals},
      {{QStringLiteral("circles"), QStringLiteral("Circles"), 400, 0.08}, circles},
      {{QStringLiteral("digits"), QStringLiteral("Digits"), 2000, 0.1}, nullptr},
  }};
  return all;
}

/// Four decimals read well in a table, and hide the last bits in which mathematical libraries differ.
double rounded(double value) {
  return std::round(value * 1e4) / 1e4;
}

std::shared_ptr<const RawData> makePoints(PointFunction pointFunction, int samples, double noise, std::uint64_t seed) {
  auto raw = std::make_shared<RawData>();
  raw->rows = samples;
  raw->columns.resize(3);
  raw->columns[0].name = QStringLiteral("x1");
  raw->columns[1].name = QStringLiteral("x2");
  raw->columns[2].name = QStringLiteral("label");
  Draws draws(seed);
  for (int i = 0; i < samples; ++i) {
    const double along = samples < 2 ? 0 : double(i / 2) / std::max(1, samples / 2 - 1);
    const Point point = pointFunction(i % 2, std::min(along, 1.0), draws);
    raw->columns[0].numbers.push_back(rounded(point.x + draws.normal(noise)));
    raw->columns[1].numbers.push_back(rounded(point.y + draws.normal(noise)));
    raw->columns[2].numbers.push_back(point.label);
  }
  return raw;
}

DataRecipe pointRecipe() {
  DataRecipe recipe;
  recipe.columns.resize(3);
  recipe.columns[0].name = QStringLiteral("x1");
  recipe.columns[1].name = QStringLiteral("x2");
  recipe.columns[2].name = QStringLiteral("label");
  recipe.columns[2].role = ColumnRole::Target;
  recipe.columns[2].isCategorical = true;
  recipe.columns[2].categories = {QStringLiteral("0"), QStringLiteral("1")};
  recipe.classNames = recipe.columns[2].categories;
  recipe.targetEncoding = TargetEncoding::ClassIndex;
  return recipe;
}

DataRecipe digitRecipe(const RawData& raw) {
  DataRecipe recipe;
  recipe.inputShape = raw.imageShape;
  recipe.pixelScale = 1 / 255.0;
  for (int digit = 0; digit < 10; ++digit) recipe.classNames << QString::number(digit);
  recipe.targetEncoding = TargetEncoding::OneHot;
  return recipe;
}

}  // namespace

std::span<const GeneratorType> generatorTypes() {
  static const auto types = [] {
    std::vector<GeneratorType> list;
    for (const Entry& entry : entries()) list.push_back(entry.type);
    return list;
  }();
  return types;
}

QString generatorTitle(const QString& name) {
  for (const GeneratorType& type : generatorTypes())
    if (type.name == name) return type.title;
  return name;
}

Dataset generate(const QString& name, int samples, double noise, std::uint64_t seed, double validationFraction) {
  for (const Entry& entry : entries()) {
    if (entry.type.name != name) continue;
    const int least = entry.point ? 4 : 20;
    if (samples < least || samples > kMaxSamples || !(noise >= 0 && noise <= 10))
      throw Error(ErrorKind::InvalidConfig,
                  "A made data set has " + std::to_string(least) + " to 1,000,000 samples and a noise of 0 to 10.");
    const auto raw = entry.point ? makePoints(entry.point, samples, noise, seed) : makeDigits(samples, noise, seed);
    DataRecipe recipe = entry.point ? pointRecipe() : digitRecipe(*raw);
    recipe.source = name;
    recipe.kind = QStringLiteral("generator");
    recipe.validationFraction = validationFraction;
    recipe.seed = seed;
    recipe.generator = {
        {"name", name.toStdString()}, {"samples", samples}, {"noise", noise}, {"seed", std::int64_t(seed)}};
    return prepare(raw, recipe);
  }
  throw Error(ErrorKind::InvalidConfig, "There is no data set called '" + name.toStdString() +
                                            "'. There are twoMoons, xor, spirals, circles and digits.");
}

}  // namespace layersmith

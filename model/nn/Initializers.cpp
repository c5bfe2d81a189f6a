#include "model/nn/Initializers.h"

#include "model/core/Error.h"

#include <armadillo>

#include <algorithm>
#include <cmath>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

FieldSpec seedField() {
  return integer("seed").nullable().advanced().help("Seed of its own; none: the training's seed.");
}

InitializerType scaling(std::string name, std::string help, double scale, const char* mode, const char* distribution) {
  return {
      std::move(name),
      "VarianceScaling",
      std::move(help),
      {number("scale").atLeast(0).byDefault(scale), choice("mode", {"fanIn", "fanOut", "fanAvg"}).byDefault(mode),
       choice("distribution", {"normal", "uniform", "truncatedNormal", "untruncatedNormal"}).byDefault(distribution),
       seedField()}};
}

std::vector<InitializerType> makeInfos() {
  const FieldList normal = {number("mean").byDefault(0), number("stddev").byDefault(0.05), seedField()};
  return {
      {"zeros", "Zeros", "All zero.", {}},
      {"ones", "Ones", "All one.", {}},
      {"constant", "Constant", "All the same value.", {number("value").byDefault(0)}},
      {"randomUniform",
       "RandomUniform",
       "Evenly between two bounds.",
       {number("minval").byDefault(-0.05), number("maxval").byDefault(0.05), seedField()}},
      {"randomNormal", "RandomNormal", "Normal distribution.", normal},
      {"truncatedNormal", "TruncatedNormal", "Normal distribution, cut at two deviations.", normal},
      scaling("glorotNormal", "Normal, scaled by the mean of inputs and outputs.", 1, "fanAvg", "normal"),
      scaling("glorotUniform", "Uniform, scaled by the mean of inputs and outputs.", 1, "fanAvg", "uniform"),
      scaling("heNormal", "Normal, scaled for relu.", 2, "fanIn", "normal"),
      scaling("heUniform", "Uniform, scaled for relu.", 2, "fanIn", "uniform"),
      scaling("leCunNormal", "Normal, scaled by the inputs.", 1, "fanIn", "normal"),
      scaling("leCunUniform", "Uniform, scaled by the inputs.", 1, "fanIn", "uniform"),
      scaling("varianceScaling", "Scaled by the number of inputs or outputs.", 1, "fanIn", "normal"),
      {"orthogonal", "Orthogonal", "A random orthogonal matrix.", {number("gain").byDefault(1), seedField()}},
      {"identity", "Identity", "Ones on the diagonal of a square matrix.", {number("gain").byDefault(1)}},
  };
}

struct Fans {
  double in;
  double out;
};

Fans fansOf(const Shape& shape) {
  if (shape.size() == 2) return {double(shape[0]), double(shape[1])};
  if (shape.size() >= 3 && shape.size() <= 5) {
    const double channels = double(shape[shape.size() - 2]) * double(shape.back());
    const double receptive = channels > 0 ? double(elementCount(shape)) / channels : 0;
    return {double(shape[shape.size() - 2]) * receptive, double(shape.back()) * receptive};
  }
  const double root = std::sqrt(double(elementCount(shape)));
  return {root, root};
}

void fillConstant(double value, std::span<Scalar> values) {
  std::ranges::fill(values, Scalar(value));
}

void fillNormal(const Random& random, double mean, double deviation, bool isTruncated, std::span<Scalar> values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = Scalar(mean + deviation * (isTruncated ? random.truncatedNormal(i) : random.normal(i)));
}

void fillUniform(const Random& random, double from, double to, std::span<Scalar> values) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = Scalar(from + (to - from) * random.uniform(i));
}

void fillScaled(const FieldMap& config, const Shape& shape, const Random& random, std::span<Scalar> values) {
  const Fans fans = fansOf(shape);
  const std::string mode = config.stringAt("mode");
  const double fan = mode == "fanIn" ? fans.in : mode == "fanOut" ? fans.out : (fans.in + fans.out) / 2;
  const double scale = config.numberAt("scale", 1) / std::max(1.0, fan);
  const std::string distribution = config.stringAt("distribution");
  if (distribution == "uniform") {
    const double limit = std::sqrt(3 * scale);
    return fillUniform(random, -limit, limit, values);
  }
  fillNormal(random, 0, std::sqrt(scale), distribution != "untruncatedNormal", values);
}

void fillOrthogonal(double gain, const Shape& shape, const Random& random, std::span<Scalar> values) {
  if (shape.size() < 2)
    throw Error(ErrorKind::InvalidConfig, "The orthogonal initializer needs a weight of 2 axes or more.");
  const auto columns = arma::uword(shape.back());
  const auto rows = arma::uword(values.size()) / std::max<arma::uword>(columns, 1);
  arma::mat random2d(std::max(rows, columns), std::min(rows, columns));
  for (arma::uword i = 0; i < random2d.n_elem; ++i) random2d[i] = random.normal(i);
  arma::mat q, r;
  if (!arma::qr_econ(q, r, random2d)) throw Error(ErrorKind::Numeric, "An orthogonal matrix could not be made.");
  q.each_row() %= arma::sign(arma::rowvec(r.diag().t()));
  if (rows < columns) arma::inplace_trans(q);
  for (arma::uword row = 0; row < rows; ++row)
    for (arma::uword column = 0; column < columns; ++column)
      values[row * columns + column] = Scalar(gain * q(row, column));
}

void fillIdentity(double gain, const Shape& shape, std::span<Scalar> values) {
  if (shape.size() != 2 || shape[0] != shape[1])
    throw Error(ErrorKind::InvalidConfig,
                "The identity initializer needs a square matrix; this weight is " + toString(shape) + ".");
  std::ranges::fill(values, Scalar(0));
  for (std::size_t i = 0; i < std::size_t(shape[0]); ++i) values[i * std::size_t(shape[0]) + i] = Scalar(gain);
}

}  // namespace

std::span<const InitializerType> initializerInfos() {
  static const std::vector<InitializerType> all = makeInfos();
  return all;
}

const InitializerType* findInitializerType(std::string_view name) {
  const auto all = initializerInfos();
  const auto lower = [](std::string_view text) {
    std::string result(text);
    if (!result.empty()) result[0] = char(std::tolower(static_cast<unsigned char>(result[0])));
    return result;
  };
  const auto byName = std::ranges::find(all, lower(name), &InitializerType::name);
  if (byName != all.end()) return &*byName;
  const auto byClass = std::ranges::find(all, name, &InitializerType::className);
  return byClass == all.end() ? nullptr : &*byClass;
}

void initialize(const FieldValue& initializer, const Shape& shape, const Random& random, std::span<Scalar> values) {
  const std::string className =
      initializer.isString() ? initializer.asString() : initializer.asMap().stringAt("className");
  const InitializerType* type = findInitializerType(className);
  if (!type) throw Error(ErrorKind::InvalidConfig, "There is no initializer `" + className + "`.");
  FieldMap given;
  if (initializer.isMap())
    if (const FieldValue* config = initializer.asMap().find("config"); config && config->isMap())
      given = config->asMap();
  const FieldMap config = completed(type->fields, given);

  const FieldValue* seed = config.find("seed");
  const Random own = seed && seed->isInt() ? Random(std::uint64_t(seed->asInt())) : random;
  const std::string& kind = type->className;
  if (kind == "Zeros") return fillConstant(0, values);
  if (kind == "Ones") return fillConstant(1, values);
  if (kind == "Constant") return fillConstant(config.numberAt("value", 0), values);
  if (kind == "RandomUniform")
    return fillUniform(own, config.numberAt("minval", -0.05), config.numberAt("maxval", 0.05), values);
  if (kind == "RandomNormal" || kind == "TruncatedNormal")
    return fillNormal(own, config.numberAt("mean", 0), config.numberAt("stddev", 0.05), kind == "TruncatedNormal",
                      values);
  if (kind == "VarianceScaling") return fillScaled(config, shape, own, values);
  if (kind == "Orthogonal") return fillOrthogonal(config.numberAt("gain", 1), shape, own, values);
  fillIdentity(config.numberAt("gain", 1), shape, values);
}

void initializeForgetBias(const FieldValue& initializer, const Random& random, std::span<Scalar> values) {
  const std::size_t units = values.size() / 4;
  initialize(initializer, {std::int64_t(units)}, random, values.first(units));
  std::ranges::fill(values.subspan(units, units), Scalar(1));
  const Random other = random.withStream((std::uint64_t(random.bits(0)) << 32) | random.bits(1));
  initialize(initializer, {std::int64_t(2 * units)}, other, values.last(2 * units));
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

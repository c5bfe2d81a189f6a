#include "model/training/Losses.h"

#include "model/core/Error.h"

#include <algorithm>
#include <cmath>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

constexpr Scalar kEpsilon = Scalar(1e-7);
constexpr Scalar kOneMinusEpsilon = Scalar(1 - 1e-7);

Scalar clipped(Scalar value) {
  return std::min(std::max(value, kEpsilon), kOneMinusEpsilon);
}
bool isInside(Scalar value) {
  return value >= kEpsilon && value <= kOneMinusEpsilon;
}
Scalar signOf(Scalar value) {
  return Scalar((value > 0) - (value < 0));
}
Scalar atLeastEpsilon(Scalar value) {
  return std::max(value, kEpsilon);
}

/// Losses that are a mean (or sum) over the columns of a term per value: the term, and its slope by the prediction.
struct Term {
  double value;
  Scalar slope;
};

Term termOf(LossType type, Scalar p, Scalar t) {
  switch (type) {
    case LossType::MeanSquaredError: return {double(p - t) * double(p - t), 2 * (p - t)};
    case LossType::MeanAbsoluteError: return {std::fabs(double(p - t)), signOf(p - t)};
    case LossType::MeanAbsolutePercentageError: {
      const Scalar base = atLeastEpsilon(std::fabs(t));
      return {100 * std::fabs(double(t - p) / double(base)), 100 * signOf(p - t) / base};
    }
    case LossType::MeanSquaredLogarithmicError: {
      const double distance = std::log1p(double(atLeastEpsilon(p))) - std::log1p(double(atLeastEpsilon(t)));
      return {distance * distance, p >= kEpsilon ? Scalar(2 * distance / (1 + double(p))) : Scalar(0)};
    }
    case LossType::SquaredHinge: {
      const Scalar margin = std::max(Scalar(0), 1 - t * p);
      return {double(margin) * double(margin), -2 * margin * t};
    }
    case LossType::Hinge: {
      const Scalar margin = 1 - t * p;
      return {std::max(0.0, double(margin)), margin > 0 ? -t : Scalar(0)};
    }
    case LossType::Logcosh: {
      const double d = double(p - t);
      const double softplus = std::max(-2 * d, 0.0) + std::log1p(std::exp(-std::fabs(2 * d)));
      return {d + softplus - std::log(2.0), Scalar(std::tanh(d))};
    }
    case LossType::BinaryCrossentropy: {
      const Scalar y = clipped(p);
      const double logit = std::log(double(y) / (1 - double(y)));
      const double value = std::max(logit, 0.0) - logit * double(t) + std::log1p(std::exp(-std::fabs(logit)));
      return {value, isInside(p) ? (y - t) / (y * (1 - y)) : Scalar(0)};
    }
    case LossType::KullbackLeiblerDivergence: {
      const Scalar y = std::min(atLeastEpsilon(p), Scalar(1)), truth = std::min(atLeastEpsilon(t), Scalar(1));
      return {double(t) * std::log(double(truth) / double(y)), p >= kEpsilon && p <= 1 ? -t / y : Scalar(0)};
    }
    case LossType::Poisson: return {double(p) - double(t) * std::log(double(p + kEpsilon)), 1 - t / (p + kEpsilon)};
    default: return {0, 0};
  }
}

/// Losses that look at a whole row: value, and the gradient by the predictions where `gradient` is given.
double categoricalCrossentropy(const Scalar* p, const Scalar* t, std::int64_t n, Scalar* gradient) {
  Scalar sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += p[i];
  double value = 0;
  Scalar shared = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const Scalar share = p[i] / sum;
    if (t[i] != 0 || share != share) value -= double(t[i]) * std::log(double(clipped(share)));
    if (isInside(share)) shared += t[i];
  }
  if (gradient)
    for (std::int64_t i = 0; i < n; ++i) {
      const Scalar share = p[i] / sum;
      gradient[i] = (shared - (isInside(share) ? t[i] / share : Scalar(0))) / sum;
    }
  return value;
}

double sparseCategoricalCrossentropy(const Scalar* p, Scalar classNumber, std::int64_t n, Scalar* gradient) {
  Scalar sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += clipped(p[i]);
  const auto target = std::int64_t(std::floor(double(classNumber)));
  const bool isClass = target >= 0 && target < n;
  const Scalar share = isClass ? clipped(p[target]) / sum : Scalar(1);
  const Scalar reach = isClass && isInside(share) ? Scalar(1) : Scalar(0);
  if (gradient)
    for (std::int64_t i = 0; i < n; ++i) {
      const Scalar own = i == target ? reach / share : Scalar(0);
      gradient[i] = isInside(p[i]) ? (reach - own) / sum : Scalar(0);
    }
  return isClass ? -std::log(double(clipped(share))) : 0;
}

double categoricalHinge(const Scalar* p, const Scalar* t, std::int64_t n, Scalar* gradient) {
  Scalar positive = 0, negative = (1 - t[0]) * p[0];
  std::int64_t worst = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    positive += t[i] * p[i];
    if ((1 - t[i]) * p[i] > negative) negative = (1 - t[i]) * p[i], worst = i;
  }
  const Scalar margin = 1 + negative - positive;
  if (gradient)
    for (std::int64_t i = 0; i < n; ++i)
      gradient[i] = margin > 0 ? (i == worst ? 1 - t[i] : Scalar(0)) - t[i] : Scalar(0);
  return std::max(0.0, double(margin));
}

double cosineProximity(const Scalar* p, const Scalar* t, std::int64_t n, Scalar* gradient) {
  double pp = 0, tt = 0, pt = 0;
  for (std::int64_t i = 0; i < n; ++i)
    pp += double(p[i]) * double(p[i]), tt += double(t[i]) * double(t[i]), pt += double(p[i]) * double(t[i]);
  const double lengthP = std::sqrt(std::max(pp, 1e-7)), lengthT = std::sqrt(std::max(tt, 1e-7));
  const double cosine = pt / (lengthP * lengthT);
  if (gradient)
    for (std::int64_t i = 0; i < n; ++i) {
      const double along = pp >= 1e-7 ? cosine * double(p[i]) / pp : 0;
      gradient[i] = Scalar(-(double(t[i]) / (lengthP * lengthT) - along));
    }
  return -cosine;
}

bool looksAtRow(LossType type) {
  return type == LossType::CategoricalCrossentropy || type == LossType::SparseCategoricalCrossentropy ||
         type == LossType::CategoricalHinge || type == LossType::CosineProximity;
}

double rowLoss(LossType type, const LossBatch& batch, std::int64_t row, Scalar* gradient) {
  const Scalar* p = batch.predictions + row * batch.columns;
  if (type == LossType::SparseCategoricalCrossentropy)
    return sparseCategoricalCrossentropy(p, batch.targets[row], batch.columns, gradient);
  const Scalar* t = batch.targets + row * batch.columns;
  if (type == LossType::CategoricalCrossentropy) return categoricalCrossentropy(p, t, batch.columns, gradient);
  if (type == LossType::CategoricalHinge) return categoricalHinge(p, t, batch.columns, gradient);
  return cosineProximity(p, t, batch.columns, gradient);
}

/// KullbackLeibler adds up its columns, the others take their mean.
double columnShare(LossType type, std::int64_t columns) {
  return type == LossType::KullbackLeiblerDivergence ? 1.0 : 1.0 / double(columns);
}

}  // namespace

const std::vector<LossInfo>& lossInfos() {
  using enum LossType;
  static const std::vector<LossInfo> all = {
      {MeanSquaredError, "meanSquaredError", "mean_squared_error", "Mean of squared differences. For numbers."},
      {MeanAbsoluteError, "meanAbsoluteError", "mean_absolute_error",
       "Mean of differences. For numbers with outliers."},
      {BinaryCrossentropy, "binaryCrossentropy", "binary_crossentropy", "For one yes-or-no output with sigmoid."},
      {CategoricalCrossentropy, "categoricalCrossentropy", "categorical_crossentropy",
       "For one class of several, targets one-hot, output softmax."},
      {SparseCategoricalCrossentropy, "sparseCategoricalCrossentropy", "sparse_categorical_crossentropy",
       "As categorical, with class numbers as targets."},
      {MeanAbsolutePercentageError, "meanAbsolutePercentageError", "mean_absolute_percentage_error",
       "Mean difference in percent of the target."},
      {MeanSquaredLogarithmicError, "meanSquaredLogarithmicError", "mean_squared_logarithmic_error",
       "Mean of squared differences of logarithms."},
      {SquaredHinge, "squaredHinge", "squared_hinge", "Squared margin for targets -1 and 1."},
      {Hinge, "hinge", "hinge", "Margin for targets -1 and 1."},
      {CategoricalHinge, "categoricalHinge", "categorical_hinge",
       "Margin between the right class and the best wrong one."},
      {Logcosh, "logcosh", "logcosh", "Logarithm of the hyperbolic cosine of the difference."},
      {KullbackLeiblerDivergence, "kullbackLeiblerDivergence", "kullback_leibler_divergence",
       "How far one distribution is from another."},
      {Poisson, "poisson", "poisson", "For counts."},
      {CosineProximity, "cosineProximity", "cosine_proximity", "Minus the cosine of the angle between the two."},
  };
  return all;
}

LossType lossFromName(std::string_view name) {
  static const std::pair<std::string_view, LossType> shortNames[] = {{"mse", LossType::MeanSquaredError},
                                                                     {"MSE", LossType::MeanSquaredError},
                                                                     {"mae", LossType::MeanAbsoluteError},
                                                                     {"MAE", LossType::MeanAbsoluteError},
                                                                     {"mape", LossType::MeanAbsolutePercentageError},
                                                                     {"MAPE", LossType::MeanAbsolutePercentageError},
                                                                     {"msle", LossType::MeanSquaredLogarithmicError},
                                                                     {"MSLE", LossType::MeanSquaredLogarithmicError},
                                                                     {"kld", LossType::KullbackLeiblerDivergence},
                                                                     {"KLD", LossType::KullbackLeiblerDivergence},
                                                                     {"cosine", LossType::CosineProximity}};
  for (const LossInfo& info : lossInfos())
    if (info.name == name || info.className == name) return info.type;
  for (const auto& [shortName, type] : shortNames)
    if (shortName == name) return type;
  throw Error(ErrorKind::InvalidConfig, "There is no loss `" + std::string(name) + "`.", {}, "loss");
}

double lossValue(LossType type, const LossBatch& batch) {
  double sum = 0;
  if (looksAtRow(type)) {
    for (std::int64_t row = 0; row < batch.rows; ++row) sum += rowLoss(type, batch, row, nullptr);
    return sum / double(batch.rows);
  }
  for (std::int64_t i = 0; i < batch.rows * batch.columns; ++i)
    sum += termOf(type, batch.predictions[i], batch.targets[i]).value;
  return sum / double(batch.rows) * columnShare(type, batch.columns);
}

void lossGradient(LossType type, const LossBatch& batch, Scalar* gradient) {
  if (looksAtRow(type)) {
    const Scalar share = Scalar(1.0 / double(batch.rows));
    for (std::int64_t row = 0; row < batch.rows; ++row) {
      Scalar* line = gradient + row * batch.columns;
      rowLoss(type, batch, row, line);
      for (std::int64_t i = 0; i < batch.columns; ++i) line[i] *= share;
    }
    return;
  }
  const Scalar share = Scalar(columnShare(type, batch.columns) / double(batch.rows));
  for (std::int64_t i = 0; i < batch.rows * batch.columns; ++i)
    gradient[i] = termOf(type, batch.predictions[i], batch.targets[i]).slope * share;
}

bool fusesWith(LossType type, ActivationType tail) {
  if (tail == ActivationType::Softmax)
    return type == LossType::CategoricalCrossentropy || type == LossType::SparseCategoricalCrossentropy;
  return tail == ActivationType::Sigmoid && type == LossType::BinaryCrossentropy;
}

void fusedLossGradient(LossType type, const LossBatch& batch, Scalar* gradient) {
  const std::int64_t n = batch.columns;
  if (type == LossType::BinaryCrossentropy) {
    const Scalar share = Scalar(1.0 / double(batch.rows * n));
    for (std::int64_t i = 0; i < batch.rows * n; ++i) {
      const Scalar p = batch.predictions[i];
      gradient[i] = isInside(p) ? (p - batch.targets[i]) * share : Scalar(0);
    }
    return;
  }
  // p * (sum of targets) - target, each target counted only while its probability is not clipped.
  const Scalar share = Scalar(1.0 / double(batch.rows));
  for (std::int64_t row = 0; row < batch.rows; ++row) {
    const Scalar* p = batch.predictions + row * n;
    Scalar* line = gradient + row * n;
    if (type == LossType::SparseCategoricalCrossentropy) {
      const auto target = std::int64_t(std::floor(double(batch.targets[row])));
      const Scalar reach = target >= 0 && target < n && isInside(p[target]) ? share : Scalar(0);
      for (std::int64_t i = 0; i < n; ++i) line[i] = p[i] * reach - (i == target ? reach : Scalar(0));
      continue;
    }
    const Scalar* t = batch.targets + row * n;
    Scalar reach = 0;
    for (std::int64_t i = 0; i < n; ++i) reach += isInside(p[i]) ? t[i] : Scalar(0);
    for (std::int64_t i = 0; i < n; ++i) line[i] = (p[i] * reach - (isInside(p[i]) ? t[i] : Scalar(0))) * share;
  }
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

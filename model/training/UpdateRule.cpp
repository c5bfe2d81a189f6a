#include "model/training/UpdateRule.h"

#include "model/core/Error.h"
#include "model/nn/kernels/OptimizerSteps.h"
#include "model/training/Catalogue.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

using Slots = std::vector<std::vector<Scalar>>;

constexpr double kEpsilon = 1e-7;  // of TensorFlow.js' backends for float32

Scalar numberOf(const FieldMap& fields, const char* key, double fallback = 0) {
  return Scalar(fields.numberAt(key, fallback));
}

Scalar epsilonOf(const FieldMap& fields) {
  return numberOf(fields, "epsilon", kEpsilon);
}

/// beta^(step + 1), multiplied up in Scalars as TensorFlow.js does.
class Power {
 public:
  explicit Power(Scalar base) : m_base(base), m_value(base) {}
  void startAfter(std::int64_t steps) {
    m_value = m_base;
    for (std::int64_t i = 0; i < steps && m_value != 0; ++i) m_value *= m_base;
  }
  void advance() { m_value *= m_base; }
  Scalar correction() const { return 1 - m_value; }

 private:
  Scalar m_base;
  Scalar m_value;
};

class Sgd final : public UpdateRule {
 public:
  explicit Sgd(const FieldMap& fields) : m_learningRate(numberOf(fields, "learningRate")) {}
  Scalar step(Scalar* weights, const Scalar* gradients, Slots&, std::int64_t count) override {
    return kernels::sgdStep(weights, gradients, count, m_learningRate);
  }

 private:
  Scalar m_learningRate;
};

class Momentum final : public UpdateRule {
 public:
  explicit Momentum(const FieldMap& fields)
      : m_learningRate(numberOf(fields, "learningRate")),
        m_momentum(numberOf(fields, "momentum")),
        m_useNesterov(fields.boolAt("useNesterov", false)) {}
  Scalar step(Scalar* weights, const Scalar* gradients, Slots& slots, std::int64_t count) override {
    return kernels::momentumStep(weights, gradients, slots[0].data(), count, m_learningRate, m_momentum, m_useNesterov);
  }

 private:
  Scalar m_learningRate, m_momentum;
  bool m_useNesterov;
};

class Adam final : public UpdateRule {
 public:
  explicit Adam(const FieldMap& fields)
      : m_beta1(numberOf(fields, "beta1")),
        m_beta2(numberOf(fields, "beta2")),
        m_rates{numberOf(fields, "learningRate"),
                numberOf(fields, "beta1"),
                numberOf(fields, "beta2"),
                Scalar(1 - fields.numberAt("beta1", 0)),
                Scalar(1 - fields.numberAt("beta2", 0)),
                epsilonOf(fields),
                0,
                0} {}
  void startAfter(std::int64_t steps) override {
    m_beta1.startAfter(steps);
    m_beta2.startAfter(steps);
  }
  Scalar step(Scalar* weights, const Scalar* gradients, Slots& slots, std::int64_t count) override {
    m_rates.correction1 = m_beta1.correction();
    m_rates.correction2 = m_beta2.correction();
    m_beta1.advance();
    m_beta2.advance();
    return kernels::adamStep(weights, gradients, slots[0].data(), slots[1].data(), count, m_rates);
  }

 private:
  Power m_beta1, m_beta2;
  kernels::AdamRates m_rates;
};

class Adamax final : public UpdateRule {
 public:
  explicit Adamax(const FieldMap& fields)
      : m_learningRate(numberOf(fields, "learningRate")),
        m_decay(numberOf(fields, "decay")),
        m_beta1(numberOf(fields, "beta1")),
        m_rates{0, numberOf(fields, "beta1"), numberOf(fields, "beta2"), Scalar(1 - fields.numberAt("beta1", 0)),
                epsilonOf(fields)} {}
  void startAfter(std::int64_t steps) override {
    m_beta1.startAfter(steps);
    m_steps = steps;
  }
  Scalar step(Scalar* weights, const Scalar* gradients, Slots& slots, std::int64_t count) override {
    m_rates.step = -m_learningRate / (Scalar(m_steps) * m_decay + 1) / m_beta1.correction();
    ++m_steps;
    m_beta1.advance();
    return kernels::adamaxStep(weights, gradients, slots[0].data(), slots[1].data(), count, m_rates);
  }

 private:
  Scalar m_learningRate, m_decay;
  Power m_beta1;
  std::int64_t m_steps = 0;
  kernels::AdamaxRates m_rates;
};

class RmsProp final : public UpdateRule {
 public:
  explicit RmsProp(const FieldMap& fields)
      : m_rates{numberOf(fields, "learningRate"), numberOf(fields, "decay"), Scalar(1 - fields.numberAt("decay", 0)),
                numberOf(fields, "momentum"), epsilonOf(fields)} {}
  Scalar step(Scalar* weights, const Scalar* gradients, Slots& slots, std::int64_t count) override {
    return kernels::rmsPropStep(weights, gradients, slots[0].data(), slots[1].data(),
                                slots.size() > 2 ? slots[2].data() : nullptr, count, m_rates);
  }

 private:
  kernels::RmsPropRates m_rates;
};

class Adagrad final : public UpdateRule {
 public:
  explicit Adagrad(const FieldMap& fields)
      : m_learningRate(numberOf(fields, "learningRate")), m_initial(numberOf(fields, "initialAccumulatorValue")) {}
  Scalar initialSlot() const override { return m_initial; }
  Scalar step(Scalar* weights, const Scalar* gradients, Slots& slots, std::int64_t count) override {
    return kernels::adagradStep(weights, gradients, slots[0].data(), count, m_learningRate, Scalar(kEpsilon));
  }

 private:
  Scalar m_learningRate, m_initial;
};

class Adadelta final : public UpdateRule {
 public:
  explicit Adadelta(const FieldMap& fields)
      : m_rates{numberOf(fields, "learningRate"), numberOf(fields, "rho"), Scalar(1 - fields.numberAt("rho", 0)),
                epsilonOf(fields)} {}
  Scalar step(Scalar* weights, const Scalar* gradients, Slots& slots, std::int64_t count) override {
    return kernels::adadeltaStep(weights, gradients, slots[0].data(), slots[1].data(), count, m_rates);
  }

 private:
  kernels::AdadeltaRates m_rates;
};

template <class Rule>
std::unique_ptr<UpdateRule> make(const FieldMap& fields) {
  return std::make_unique<Rule>(fields);
}

struct RuleType {
  std::string_view name;
  std::unique_ptr<UpdateRule> (*make)(const FieldMap& fields);
};

constexpr RuleType kRules[] = {{"adam", make<Adam>},       {"sgd", make<Sgd>},         {"momentum", make<Momentum>},
                               {"rmsprop", make<RmsProp>}, {"adagrad", make<Adagrad>}, {"adadelta", make<Adadelta>},
                               {"adamax", make<Adamax>}};

}  // namespace

std::unique_ptr<UpdateRule> makeUpdateRule(const TrainingConfig& config) {
  const NamedType* type = findNamedType(optimizerTypes(), config.optimizer);
  if (type)
    for (const RuleType& rule : kRules)
      if (rule.name == type->name) return rule.make(completed(type->fields, config.optimizerConfig));
  std::string names;
  for (const NamedType& known : optimizerTypes()) names += (names.empty() ? "" : ", ") + known.name;
  throw Error(ErrorKind::InvalidConfig, "There is no optimizer `" + config.optimizer + "` here.", {}, "optimizer",
              "There are: " + names + ".");
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

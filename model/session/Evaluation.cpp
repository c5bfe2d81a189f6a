#include "model/session/Evaluation.h"

#include "model/core/Error.h"
#include "model/nn/Network.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace layersmith {

namespace {

constexpr double kSmallest = 1e-7;  // as TensorFlow.js clips probabilities in its losses

const Dataset& datasetOf(const DocumentState& state) {
  if (!state.dataset) throw Error(ErrorKind::InvalidConfig, "There is no data. Open a CSV file or take a sample.");
  return *state.dataset;
}

/// Probability of each class from one row of output: a single sigmoid unit stands for two classes.
std::vector<double> probabilities(std::span<const Scalar> output) {
  if (output.size() == 1) return {1.0 - double(output[0]), double(output[0])};
  return {output.begin(), output.end()};
}

int classOfTarget(std::span<const Scalar> target) {
  if (target.size() == 1) return int(std::lround(double(target[0])));
  return int(std::distance(target.begin(), std::ranges::max_element(target)));
}

EvaluationReport::Row classRow(std::span<const Scalar> output, std::span<const Scalar> target) {
  const std::vector<double> p = probabilities(output);
  const auto best = std::ranges::max_element(p);
  EvaluationReport::Row row;
  row.trueClass = classOfTarget(target);
  row.predictedClass = int(std::distance(p.begin(), best));
  row.confidence = *best;
  if (row.trueClass >= 0 && std::size_t(row.trueClass) < p.size())
    row.loss = -std::log(std::clamp(p[std::size_t(row.trueClass)], kSmallest, 1 - kSmallest));
  return row;
}

EvaluationReport::Row valueRow(std::span<const Scalar> output, std::span<const Scalar> target) {
  EvaluationReport::Row row;
  row.predictedValue = output.empty() ? 0 : double(output[0]);
  row.trueValue = target.empty() ? 0 : double(target[0]);
  row.loss = (row.predictedValue - row.trueValue) * (row.predictedValue - row.trueValue);
  return row;
}

}  // namespace

EvaluationReport evaluateModel(const DocumentState& state, bool onValidation) {
  const Dataset& dataset = datasetOf(state);
  const bool useValidation = onValidation && dataset.validation.samples() > 0;
  const TrainingData& data = useValidation ? dataset.validation : dataset.training;
  const std::vector<std::int64_t>& sourceRows = useValidation ? dataset.validationRows : dataset.trainingRows;

  EvaluationReport report;
  Network network(state.graph, state.weights, state.fit.seed);
  if (state.training.isCompiled()) report.values = Trainer(network, state.training).evaluate(data, state.fit.batchSize);
  const std::vector<Tensor> outputs = network.predict(data.xs, 256);
  const Tensor& output = outputs.front();
  const Tensor& target = data.ys.front();

  report.classNames = dataset.recipe.classNames;
  const bool isClassification = !report.classNames.isEmpty();
  const std::size_t classes = std::size_t(report.classNames.size());
  report.confusion.assign(classes, std::vector<int>(classes, 0));
  report.rows.reserve(std::size_t(data.samples()));
  for (std::int64_t i = 0; i < data.samples(); ++i) {
    EvaluationReport::Row row =
        isClassification ? classRow(output.sample(i), target.sample(i)) : valueRow(output.sample(i), target.sample(i));
    if (std::size_t(i) < sourceRows.size()) row.row = sourceRows[std::size_t(i)];
    if (isClassification && std::size_t(row.trueClass) < classes && std::size_t(row.predictedClass) < classes)
      ++report.confusion[std::size_t(row.trueClass)][std::size_t(row.predictedClass)];
    report.rows.push_back(row);
  }
  return report;
}

std::vector<float> predictOne(const DocumentState& state, const Tensor& sample) {
  Network network(state.graph, state.weights, state.fit.seed);
  const Tensor inputs[] = {sample};
  const std::vector<Tensor> outputs = network.predict(inputs, 1);
  return {outputs.front().values.begin(), outputs.front().values.end()};
}

}  // namespace layersmith

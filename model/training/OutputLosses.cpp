#include "model/training/OutputLosses.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

OutputLosses::OutputLosses(const Network::Impl& network, const TrainingConfig& config) : m_network(network) {
  const std::size_t count = network.graph.outputs.size();
  if (config.losses.size() != 1 && config.losses.size() != count)
    throw Error(ErrorKind::InvalidConfig,
                "The model has " + std::to_string(count) + " outputs, but " + std::to_string(config.losses.size()) +
                    " losses were given.",
                {}, "loss");
  for (std::size_t i = 0; i < count; ++i) {
    Output output{lossFromName(config.losses.size() == 1 ? config.losses[0] : config.losses[i]), {}};
    const bool isCategorical = output.loss == LossType::CategoricalCrossentropy || isSparse(output.loss);
    const std::int64_t lastAxis = shapeOf(i).back();
    if (isCategorical && lastAxis == 1)
      throw Error(ErrorKind::ShapeMismatch, "The output `" + network.outputName(i) + "` has one value; the loss " +
                                                config.losses.front() +
                                                " needs one per class. Use binaryCrossentropy.");
    for (const std::string& metric : config.metrics)
      output.metrics.push_back(metricFromName(metric, output.loss, lastAxis));
    m_outputs.push_back(std::move(output));
  }
  addName("loss");
  for (std::size_t i = 0; count > 1 && i < count; ++i) addName(network.outputName(i) + "_loss");
  for (std::size_t i = 0; i < count; ++i)
    for (const Metric& metric : m_outputs[i].metrics)
      addName(count > 1 ? network.outputName(i) + "_" + metric.name : metric.name);
}

void OutputLosses::addName(const std::string& name) {
  const auto same = std::ranges::count(m_names, name);
  m_names.push_back(same == 0 ? name : name + "_" + std::to_string(same));
}

const Shape& OutputLosses::shapeOf(std::size_t output) const {
  const TensorRef& ref = m_network.graph.outputs[output];
  return m_network.inferred.report.layers.at(ref.layer).outputShapes.at(std::size_t(ref.tensorIndex));
}

void OutputLosses::check(const TrainingData& data) const {
  m_network.checkInputs(data.xs);
  if (data.samples() == 0) throw Error(ErrorKind::ShapeMismatch, "There are no samples to train on.");
  if (data.ys.size() != m_outputs.size())
    throw Error(ErrorKind::ShapeMismatch, "The model has " + std::to_string(m_outputs.size()) +
                                              " outputs, but the data has " + std::to_string(data.ys.size()) +
                                              " targets.");
  for (std::size_t i = 0; i < m_outputs.size(); ++i) {
    Shape wanted = shapeOf(i);
    if (isSparse(m_outputs[i].loss)) wanted.back() = 1;
    const Tensor& y = data.ys[i];
    const Shape sample(wanted.begin() + 1, wanted.end());
    if (y.batch() != data.samples() || (isFullyKnown(sample) && y.sampleSize() != elementCount(sample)))
      throw Error(ErrorKind::ShapeMismatch, "The targets of `" + m_network.outputName(i) + "` must have the shape " +
                                                toString(wanted) + " for " + std::to_string(data.samples()) +
                                                " samples; found " + toString(y.shape) + ".");
  }
}

LossBatch OutputLosses::lossBatch(const Plan& plan, const Batch& batch, std::size_t output) const {
  const Value value = plan.outputs[output].value;
  const std::int64_t columns = plan.shape(value).back();
  return {plan.data(value), batch.ys[output], elementCount(plan.shape(value)) / columns, columns};
}

void OutputLosses::measure(const Plan& plan, const Batch& batch, double penalty,
                           std::vector<MetricValue>& values) const {
  double sum = penalty;
  std::size_t at = 1;
  for (std::size_t i = 0; i < m_outputs.size(); ++i) {
    const double loss = lossValue(m_outputs[i].loss, lossBatch(plan, batch, i));
    sum += loss;
    if (m_outputs.size() > 1) values[at++].value = loss;
  }
  values.front().value = sum;
  for (std::size_t i = 0; i < m_outputs.size(); ++i)
    for (const Metric& metric : m_outputs[i].metrics)
      values[at++].value = metricValue(metric, lossBatch(plan, batch, i), isSparse(m_outputs[i].loss));
}

void OutputLosses::startBackward(Plan& plan, const Batch& batch) const {
  for (std::size_t i = 0; i < m_outputs.size(); ++i) {
    Plan::Output& output = plan.outputs[i];
    Scalar* gradient = plan.data(output.gradient);
    if (!gradient) continue;  // nothing before this output can be trained
    output.isTailFused = fusesWith(m_outputs[i].loss, output.tail);
    (output.isTailFused ? fusedLossGradient : lossGradient)(m_outputs[i].loss, lossBatch(plan, batch, i), gradient);
  }
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith

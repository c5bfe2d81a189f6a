#include "model/format/ModelReader.h"

#include "model/core/Error.h"
#include "model/format/TopologyReader.h"
#include "model/format/TrainingConfigFormat.h"
#include "model/format/WeightDecoder.h"
#include "model/format/WeightPlacement.h"

#include <iterator>

namespace layersmith {

namespace {

void append(std::vector<Issue>& issues, std::vector<Issue> more) {
  issues.insert(issues.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void reportNonFinite(const WeightSet& weights, std::vector<Issue>& issues) {
  for (const WeightSet::Entry& entry : weights)
    if (const std::int64_t count = countNonFinite(*entry.buffer))
      issues.push_back({Severity::Warning,
                        entry.layer,
                        {},
                        std::to_string(count) + " of " + std::to_string(elementCount(entry.buffer->shape)) +
                            " values in " + entry.manifestName + " are not numbers.",
                        "E121",
                        {}});
}

}  // namespace

ReadModel readModel(const ModelArtifacts& artifacts) {
  if (artifacts.format == Json("graph-model"))
    throw Error(ErrorKind::Unsupported,
                "This is a graph model. It can be copied, not edited or trained. Look for the Layers version of it.",
                "E105", "model.json > format");
  ReadModel model;
  ReadTopology topology = readTopology(artifacts.modelTopology);
  model.graph = std::move(topology.graph);
  model.issues = std::move(topology.issues);
  model.trainingConfig = readTrainingConfig(
      artifacts.trainingConfig.is_object() ? artifacts.trainingConfig : topology.trainingConfig, model.issues);
  PlacedWeights placed = placeWeights(artifacts, model.graph);
  model.weights = std::move(placed.weights);
  model.optimizerState = std::move(placed.optimizerState);
  append(model.issues, std::move(placed.issues));
  reportNonFinite(model.weights, model.issues);
  if (artifacts.weightData) artifacts.weightData->requireUncut();
  return model;
}

}  // namespace layersmith

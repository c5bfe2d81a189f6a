#include "model/document/DocumentIo.h"

#include "model/core/Error.h"
#include "model/document/Edits.h"
#include "model/document/ModelScore.h"
#include "model/format/FieldJson.h"
#include "model/format/ModelReader.h"
#include "model/format/ModelWriter.h"
#include "model/format/Quantization.h"
#include "model/nn/GraphAnalysis.h"
#include "model/nn/Network.h"

namespace layersmith {

namespace {

constexpr const char* kOurs = "layersmith";  // the one member of userDefinedMetadata that is ours
constexpr int kEpochsOfAnOpenedModel = 20;

/// The recipe a Save of ours left, when it is there and whole; a damaged one is a remark, not a reason to refuse a
/// model.
void readRecipe(OpenedDocument& opened) {
  const Json& metadata = opened.state.userDefinedMetadata;
  if (!metadata.is_object() || !metadata.contains(kOurs) || !metadata[kOurs].is_object() ||
      !metadata[kOurs].contains("recipe"))
    return;
  try {
    opened.state.recipe = DataRecipe::fromFields(fieldsFromJson(metadata[kOurs]["recipe"]));
    opened.state.hasRecipe = true;
  } catch (const Error& error) {
    Issue issue;
    issue.severity = Severity::Warning;
    issue.message = "The data recipe saved with this model could not be read: " + error.message();
    opened.issues.push_back(std::move(issue));
  }
}

bool lacksWeights(const DocumentState& state) {
  const GraphReport report = analyse(state.graph);
  for (const auto& [id, layer] : report.layers)
    for (const WeightDeclaration& weight : layer.weights)
      if (!state.weights.find(id, weight.role)) return true;
  return false;
}

/// Our part of the metadata: the recipe, and the best score of the training that made these weights.
Json ourMetadata(const DocumentState& state) {
  Json ours = Json::object();
  if (state.hasRecipe) ours["recipe"] = toJson(state.recipe.toFields());
  const std::optional<ModelScore> score =
      state.lastRun && !lacksWeights(state) ? bestScore(state.lastRun->history) : std::nullopt;
  if (score) ours["score"] = scoreJson(*score);
  return ours;
}

Json metadataWithRecipe(const DocumentState& state, bool includeRecipe) {
  Json metadata = state.userDefinedMetadata;
  Json ours = includeRecipe ? ourMetadata(state) : Json::object();
  if (ours.empty()) {
    if (metadata.is_object() && metadata.contains(kOurs)) {
      metadata.erase(kOurs);
      if (metadata.empty()) metadata = nullptr;
    }
    return metadata;
  }
  if (!metadata.is_object()) metadata = Json::object();
  metadata[kOurs] = std::move(ours);
  return metadata;
}

}  // namespace

OpenedDocument documentFromArtifacts(ModelArtifacts artifacts) {
  ReadModel model = readModel(artifacts);
  OpenedDocument opened;
  opened.issues = std::move(model.issues);
  DocumentState& state = opened.state;
  state.graph = std::move(model.graph);
  state.weights = std::move(model.weights);
  state.training = std::move(model.trainingConfig);
  state.optimizer = std::move(model.optimizerState);
  state.fit.epochs = kEpochsOfAnOpenedModel;
  state.userDefinedMetadata = artifacts.userDefinedMetadata;
  readRecipe(opened);
  try {
    state = edits::withSampleData(state);
  } catch (...) {
    opened.issues.push_back({Severity::Warning,
                             {},
                             {},
                             "The sample data of this model could not be made: " + currentError().message(),
                             {},
                             {}});
  }
  if (artifacts.missingFiles.isEmpty()) state.source = std::make_shared<const ModelArtifacts>(std::move(artifacts));
  return opened;
}

namespace {

ModelArtifacts unquantized(const DocumentState& state, const SaveContents& contents) {
  if (state.source && contents.includeOptimizer && contents.includeRecipe && !contents.trainableOnly)
    return *state.source;
  WeightSet weights = state.weights;
  if (lacksWeights(state)) weights = Network(state.graph, state.weights, state.fit.seed).weights();
  WriteOptions options;
  options.includeOptimizer = contents.includeOptimizer && state.training.isCompiled();
  options.trainableOnly = contents.trainableOnly;
  return writeModel(state.graph, weights, state.training, state.optimizer,
                    metadataWithRecipe(state, contents.includeRecipe), options);
}

}  // namespace

ModelArtifacts artifactsFromDocument(const DocumentState& state, const SaveContents& contents) {
  ModelArtifacts artifacts = unquantized(state, contents);
  return contents.storedAs ? quantize(artifacts, {*contents.storedAs, {}}) : artifacts;
}

}  // namespace layersmith

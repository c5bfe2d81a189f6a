#include "model/server/ModelCheck.h"

#include "model/core/Error.h"
#include "model/format/ModelReader.h"
#include "model/format/WeightPlacement.h"
#include "model/format/WeightsManifest.h"
#include "model/nn/GraphAnalysis.h"

#include <algorithm>

namespace layersmith {

namespace {

void requireBytes(const ModelArtifacts& artifacts, std::int64_t found) {
  const std::int64_t expected = storedBytes(artifacts.weightSpecs);
  if (found >= expected) return;
  throw Error(ErrorKind::Format,
              "Weight file model.weights.bin: " + std::to_string(found) + " bytes, " + std::to_string(expected) +
                  " expected by the manifest (" + std::to_string(expected - found) + " too few).",
              "E110", "model.weights.bin");
}

/// TensorFlow.js loads strictly: every weight has its place, every place its weight.
void requirePlaces(const std::vector<Issue>& issues) {
  const auto it = std::ranges::find_if(
      issues, [](const Issue& issue) { return issue.code == "E112" || issue.severity == Severity::Error; });
  if (it != issues.end()) throw Error(ErrorKind::Format, it->message, it->code, "weightsManifest");
}

void append(std::vector<Issue>& issues, const std::vector<Issue>& more) {
  for (const Issue& issue : more)
    if (std::ranges::find(issues, issue.message, &Issue::message) == issues.end()) issues.push_back(issue);
}

}  // namespace

std::vector<Issue> checkModel(const ModelArtifacts& artifacts, std::int64_t weightBytes) {
  requireBytes(artifacts, weightBytes);
  if (artifacts.format == Json("graph-model")) return {};  // kept as it is; its nodes are not layers
  ModelArtifacts structure = artifacts;
  structure.weightData = nullptr;
  const ReadModel model = readModel(structure);
  std::vector<Issue> issues = model.issues;
  const std::vector<Issue> placing = checkPlacement(artifacts.weightSpecs, model.graph);
  requirePlaces(placing);
  append(issues, placing);
  append(issues, analyse(model.graph).issues);  // told, not refused: what is wrong here may be right in TensorFlow.js
  if (const std::int64_t surplus = weightBytes - storedBytes(artifacts.weightSpecs); surplus > 0)
    issues.push_back({Severity::Warning,
                      {},
                      {},
                      "The weight file holds " + std::to_string(surplus) + " bytes more than the manifest names.",
                      "E110",
                      {}});
  return issues;
}

}  // namespace layersmith

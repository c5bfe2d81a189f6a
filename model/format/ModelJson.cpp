#include "model/format/ModelJson.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/BoundedJson.h"
#include "model/format/ContentKind.h"
#include "model/format/JsonAccess.h"
#include "model/format/WeightsManifest.h"

#include <algorithm>

namespace layersmith {

namespace {

struct Member {
  const char* key;
  Json ModelArtifacts::*value;
};

// The order getModelJSONForModelArtifacts of tfjs-core/src/io/io_utils.ts writes after convertedBy.
constexpr Member kMembers[] = {
    {"format", &ModelArtifacts::format},
    {"generatedBy", &ModelArtifacts::generatedBy},
    {"convertedBy", &ModelArtifacts::convertedBy},
    {"signature", &ModelArtifacts::signature},
    {"userDefinedMetadata", &ModelArtifacts::userDefinedMetadata},
    {"modelInitializer", &ModelArtifacts::modelInitializer},
    {"initializerSignature", &ModelArtifacts::initializerSignature},
    {"trainingConfig", &ModelArtifacts::trainingConfig},
};

const Member* findMember(const std::string& key) {
  const auto it = std::ranges::find_if(kMembers, [&](const Member& member) { return key == member.key; });
  return it == std::end(kMembers) ? nullptr : it;
}

bool isBareTopology(const Json& json) {
  return json.is_object() && !json.contains("modelTopology") && json.contains("class_name") && json.contains("config");
}

std::vector<std::string> membersInOrder(const ModelArtifacts& artifacts) {
  std::vector<std::string> keys = artifacts.memberOrder;
  const bool isReadFromFile = !keys.empty();
  const auto want = [&](const std::string& key) {
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  };
  want("modelTopology");
  if (!isReadFromFile)
    for (const char* key : {"format", "generatedBy", "convertedBy", "weightsManifest"}) want(key);
  want("weightsManifest");
  for (const Member& member : kMembers)
    if (!(artifacts.*member.value).is_null()) want(member.key);
  for (const auto& [key, value] : artifacts.unknownMembers.items()) want(key);
  return keys;
}

}  // namespace

ModelArtifacts parseModelJson(QByteArrayView text, const QString& fileName) {
  requireModelJson(text, fileName);
  Json json = parseBoundedJson(text, fileName);
  ModelArtifacts artifacts;
  if (isBareTopology(json)) {
    artifacts.modelTopology = std::move(json);
    return artifacts;
  }
  if (!json.is_object()) throw mistyped(fileName.toStdString(), "an object", json);
  if (!json.contains("modelTopology") && !json.contains("weightsManifest"))
    throw Error(ErrorKind::Format,
                fileName.toStdString() + ": modelTopology is missing. This is JSON, but not a TensorFlow.js model.",
                "E104", fileName.toStdString());
  for (auto& [key, value] : json.items()) {
    artifacts.memberOrder.push_back(key);
    if (key == "modelTopology")
      artifacts.modelTopology = std::move(value);
    else if (key == "weightsManifest")
      value.is_null() ? void() : readManifest(value, artifacts);
    else
      setMember(artifacts, key, std::move(value));
  }
  return artifacts;
}

void requireWhole(const ModelArtifacts& artifacts, const QString& fileName) {
  const bool isBare = artifacts.memberOrder.empty() && artifacts.weightSpecs.empty();
  if (isBare)
    throw Error(ErrorKind::Format,
                fileName.toStdString() +
                    " describes a Keras model without its weights (as to_json() writes it). Convert the model with "
                    "tensorflowjs_converter, or open its structure alone.",
                "E104", fileName.toStdString());
}

void setMember(ModelArtifacts& artifacts, const std::string& key, Json value) {
  if (const Member* member = findMember(key))
    artifacts.*(member->value) = std::move(value);
  else
    artifacts.unknownMembers[key] = std::move(value);
}

Json modelJson(const ModelArtifacts& artifacts, const std::vector<WeightsGroup>& groups) {
  Json json = Json::object();
  for (const std::string& key : membersInOrder(artifacts)) {
    if (key == "modelTopology")
      json[key] = artifacts.modelTopology;
    else if (key == "weightsManifest") {
      if (!groups.empty() || !artifacts.memberOrder.empty()) json[key] = manifestJson(artifacts, groups);
    } else if (const Member* member = findMember(key))
      json[key] = artifacts.*(member->value);
    else if (artifacts.unknownMembers.contains(key))
      json[key] = artifacts.unknownMembers.at(key);
  }
  return json;
}

Json metadataJson(const ModelArtifacts& artifacts) {
  Json json = Json::object();
  for (const std::string& key : membersInOrder(artifacts)) {
    if (key == "modelTopology" || key == "weightsManifest") continue;
    const Member* member = findMember(key);
    json[key] = member ? artifacts.*(member->value) : artifacts.unknownMembers.value(key, Json());
  }
  return json;
}

std::vector<WeightsGroup> singleGroup(const ModelArtifacts& artifacts, const std::string& path) {
  if (!artifacts.weightData) return {};
  return {{{path}, artifacts.weightSpecs.size(), {artifacts.weightData->size()}}};
}

std::vector<WeightsGroup> shardedGroup(const ModelArtifacts& artifacts, std::int64_t shardBytes) {
  if (!artifacts.weightData) return {};
  const std::int64_t total = artifacts.weightData->size();
  const std::int64_t count = std::max<std::int64_t>(1, (total + shardBytes - 1) / shardBytes);
  if (count > limits::kShards)
    throw Error(ErrorKind::LimitExceeded,
                "Weights of " + std::to_string(total) + " bytes make " + std::to_string(count) + " files of " +
                    std::to_string(shardBytes) + " bytes; the limit is " + std::to_string(limits::kShards) +
                    ". Nothing was changed. Take files of at least " +
                    std::to_string((total + limits::kShards - 1) / limits::kShards) + " bytes.",
                "E130", "shardBytes");
  WeightsGroup group;
  group.weights = artifacts.weightSpecs.size();
  for (std::int64_t i = 0; i < count; ++i) {
    group.paths.push_back("group1-shard" + std::to_string(i + 1) + "of" + std::to_string(count) + ".bin");
    group.bytes.push_back(std::min(shardBytes, total - i * shardBytes));
  }
  return {std::move(group)};
}

void requireEnoughBytes(const ModelArtifacts& artifacts, const QString& source) {
  const std::int64_t expected = storedBytes(artifacts.weightSpecs);
  const std::int64_t found = artifacts.weightData ? artifacts.weightData->size() : 0;
  if (!artifacts.weightData || found >= expected) return;
  throw Error(
      ErrorKind::Format,
      QStringLiteral("Weight file %1: %2 bytes, %3 expected by the manifest (%4 too few). Copy or download it again.")
          .arg(source)
          .arg(found)
          .arg(expected)
          .arg(expected - found)
          .toStdString(),
      "E110", source.toStdString());
}

}  // namespace layersmith

#include "model/format/WeightsManifest.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/JsonAccess.h"

#include <cmath>
#include <unordered_set>

namespace layersmith {

namespace {

Shape shapeFromJson(const Json& json, const std::string& where) {
  if (!json.is_array()) throw mistyped(where, "a list of sizes", json);
  if (json.size() > std::size_t(limits::kTensorRank))
    throw overLimit(where + " (rank)", std::int64_t(json.size()), limits::kTensorRank, nullptr);
  Shape shape;
  for (const Json& item : json) {
    if (!item.is_number_integer() || item.get<std::int64_t>() < 0) throw mistyped(where, "sizes of 0 or more", item);
    shape.push_back(item.get<std::int64_t>());
  }
  elementCount(shape);
  return shape;
}

std::optional<double> optionalNumber(const Json& json, const char* key, const std::string& where) {
  const auto it = json.find(key);
  if (it == json.end() || it->is_null()) return std::nullopt;
  if (!it->is_number() || !std::isfinite(it->get<double>())) throw mistyped(where + "." + key, "a finite number", *it);
  return it->get<double>();
}

DType dtypeFromJson(const Json& json, const std::string& where) {
  if (json.is_string())
    if (const auto dtype = dtypeFromString(json.get_ref<const std::string&>())) return *dtype;
  throw mistyped(where, "one of float32, int32, bool, uint8, uint16, float16, string, complex64", json);
}

WeightSpec::Quantization quantizationFromJson(const Json& json, const std::string& where) {
  if (!json.is_object()) throw mistyped(where, "an object", json);
  WeightSpec::Quantization quantization;
  quantization.dtype = dtypeFromJson(json.value("dtype", Json()), where + ".dtype");
  if (quantization.dtype != DType::UInt8 && quantization.dtype != DType::UInt16 && quantization.dtype != DType::Float16)
    throw mistyped(where + ".dtype", "uint8, uint16 or float16", json.at("dtype"));
  quantization.scale = optionalNumber(json, "scale", where);
  quantization.min = optionalNumber(json, "min", where);
  if (quantization.dtype != DType::Float16 && (!quantization.scale || !quantization.min))
    throw mistyped(where, "a scale and a min", json);
  quantization.original = json;
  return quantization;
}

std::vector<std::string> pathsFromJson(const Json& json, const std::string& where) {
  if (!json.is_array()) throw mistyped(where, "a list of file names", json);
  std::vector<std::string> paths;
  for (const Json& path : json) {
    if (!path.is_string() || path.get_ref<const std::string&>().empty()) throw mistyped(where, "file names", path);
    paths.push_back(path.get<std::string>());
  }
  return paths;
}

}  // namespace

WeightSpec weightSpecFromJson(const Json& json, const std::string& where) {
  if (!json.is_object()) throw mistyped(where, "an object", json);
  WeightSpec spec;
  for (const auto& [key, value] : json.items()) {
    if (key == "name") {
      if (!value.is_string()) throw mistyped(where + ".name", "a text", value);
      spec.name = value.get<std::string>();
    } else if (key == "shape") {
      spec.shape = shapeFromJson(value, where + ".shape");
    } else if (key == "dtype") {
      spec.dtype = dtypeFromJson(value, where + ".dtype");
    } else if (key == "group" && value.is_string()) {
      spec.group = value.get<std::string>();
    } else if (key == "quantization" && !value.is_null()) {
      spec.quantization = quantizationFromJson(value, where + ".quantization");
    } else {
      spec.unknownMembers[key] = value;
    }
  }
  for (const char* key : {"name", "shape", "dtype"})
    if (!json.contains(key)) throw missingMember(where + "." + key);
  if (spec.name.size() > std::size_t(limits::kNameBytes))
    throw overLimit("the length of " + where + ".name", std::int64_t(spec.name.size()), limits::kNameBytes,
                    "name.bytes");
  return spec;
}

Json toJson(const WeightSpec& spec) {
  Json json = Json::object();
  json["name"] = spec.name;
  json["shape"] = spec.shape;
  json["dtype"] = std::string(toString(spec.dtype));
  if (spec.quantization) json["quantization"] = spec.quantization->original;
  if (!spec.group.empty()) json["group"] = spec.group;
  for (const auto& [key, value] : spec.unknownMembers.items()) json[key] = value;
  return json;
}

Json toJson(const std::vector<WeightSpec>& specs) {
  Json json = Json::array();
  for (const WeightSpec& spec : specs) json.push_back(toJson(spec));
  return json;
}

std::vector<WeightSpec> weightSpecsFromJson(const Json& specs, const std::string& where) {
  if (!specs.is_array()) throw mistyped(where, "a list of weights", specs);
  std::vector<WeightSpec> result;
  for (std::size_t i = 0; i < specs.size(); ++i)
    result.push_back(weightSpecFromJson(specs[i], where + "[" + std::to_string(i) + "]"));
  return result;
}

std::int64_t storedBytes(const WeightSpec& spec) {
  const DType dtype = spec.quantization ? spec.quantization->dtype : spec.dtype;
  return elementCount(spec.shape) * std::int64_t(dtype == DType::String ? 4 : sizeOf(dtype));
}

std::int64_t storedBytes(std::span<const WeightSpec> specs) {
  std::int64_t total = 0;
  for (const WeightSpec& spec : specs)
    if (__builtin_add_overflow(total, storedBytes(spec), &total))
      throw overLimit("the size of all weights", std::numeric_limits<std::int64_t>::max(), limits::kWeightBytes,
                      "weights.bytes");
  return total;
}

void readManifest(const Json& manifest, ModelArtifacts& artifacts) {
  if (!manifest.is_array()) throw mistyped("weightsManifest", "a list of groups", manifest);
  std::unordered_set<std::string> names;
  std::size_t shards = 0;
  for (std::size_t i = 0; i < manifest.size(); ++i) {
    const std::string where = "weightsManifest[" + std::to_string(i) + "]";
    const Json& group = manifest[i];
    if (!group.is_object()) throw mistyped(where, "an object", group);
    for (const char* key : {"paths", "weights"})
      if (!group.contains(key)) throw missingMember(where + "." + key);
    WeightsGroup read;
    read.paths = pathsFromJson(group.at("paths"), where + ".paths");
    std::vector<WeightSpec> specs = weightSpecsFromJson(group.at("weights"), where + ".weights");
    read.weights = specs.size();
    for (WeightSpec& spec : specs) {
      if (!names.insert(spec.name).second)
        throw Error(ErrorKind::Format, "The weight \"" + spec.name + "\" is named twice in the weights manifest.",
                    "E104", where);
      artifacts.weightSpecs.push_back(std::move(spec));
    }
    shards += read.paths.size();
    artifacts.groups.push_back(std::move(read));
  }
  if (artifacts.weightSpecs.size() > std::size_t(limits::kWeights))
    throw overLimit("the number of weights", std::int64_t(artifacts.weightSpecs.size()), limits::kWeights,
                    "weights.count");
  if (shards > std::size_t(limits::kShards))
    throw overLimit("the number of weight files", std::int64_t(shards), limits::kShards, "weights.files");
  if (const std::int64_t bytes = storedBytes(artifacts.weightSpecs); bytes > limits::kWeightBytes)
    throw overLimit("the size of all weights", bytes, limits::kWeightBytes, "weights.bytes");
}

Json manifestJson(const ModelArtifacts& artifacts, const std::vector<WeightsGroup>& groups) {
  Json manifest = Json::array();
  std::size_t next = 0;
  for (const WeightsGroup& group : groups) {
    Json weights = Json::array();
    for (std::size_t i = 0; i < group.weights && next < artifacts.weightSpecs.size(); ++i)
      weights.push_back(toJson(artifacts.weightSpecs[next++]));
    manifest.push_back(Json{{"paths", group.paths}, {"weights", std::move(weights)}});
  }
  return manifest;
}

}  // namespace layersmith

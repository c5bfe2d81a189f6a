#include "model/format/TrainingConfigFormat.h"

#include "model/format/CaseConversion.h"
#include "model/format/FieldJson.h"
#include "model/format/JsonAccess.h"
#include "model/training/Catalogue.h"

#include <algorithm>
#include <cctype>
#include <span>

namespace layersmith {

namespace {

constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"mse", "meanSquaredError"},
    {"MSE", "meanSquaredError"},
    {"mae", "meanAbsoluteError"},
    {"MAE", "meanAbsoluteError"},
    {"mape", "meanAbsolutePercentageError"},
    {"MAPE", "meanAbsolutePercentageError"},
    {"msle", "meanSquaredLogarithmicError"},
    {"acc", "accuracy"},
};

std::string camelName(const std::string& name, std::span<const NamedType> types) {
  if (findNamedType(types, name)) return findNamedType(types, name)->name;
  for (const auto& [alias, full] : kAliases)
    if (name == alias) return std::string(full);
  return toCamelCase(name);
}

/// Keras class names ("SparseCategoricalCrossentropy", "BinaryAccuracy") in camelCase.
std::string camelClassName(const std::string& className, std::span<const NamedType> types) {
  std::string name = className;
  if (!name.empty()) name[0] = char(std::tolower(static_cast<unsigned char>(name[0])));
  return camelName(name, types);
}

const Json& eitherCase(const Json& json, const char* snake, const char* camel) {
  const Json& value = memberOf(json, snake);
  return value.is_null() ? memberOf(json, camel) : value;
}

/// Names of losses or metrics in every form Keras writes them: a text, a list, a list per output, {output: name}, and
/// {class_name, config} objects.
void collectNames(const Json& json, std::span<const NamedType> types, std::vector<std::string>& names) {
  if (json.is_string()) {
    names.push_back(camelName(json.get<std::string>(), types));
  } else if (json.is_array()) {
    for (const Json& item : json) collectNames(item, types, names);
  } else if (json.is_object()) {
    const Json& className = eitherCase(json, "class_name", "className");
    const Json& name = memberOf(memberOf(json, "config"), "name");
    if (!className.is_string())
      for (const Json& item : json) collectNames(item, types, names);
    else if (className == "MeanMetricWrapper" && name.is_string())
      names.push_back(camelName(name.get<std::string>(), types));
    else
      names.push_back(camelClassName(className.get<std::string>(), types));
  }
}

void warn(std::vector<Issue>& issues, const std::string& message) {
  issues.push_back({Severity::Warning, {}, {}, message, {}, {}});
}

std::string optimizerKey(const std::string& onDisk) {
  return onDisk == "lr" ? "learningRate" : onDisk == "nesterov" ? "useNesterov" : toCamelCase(onDisk);
}

FieldValue optimizerValue(const std::string& key, const Json& value, std::vector<Issue>& issues) {
  if (key != "learningRate" || !value.is_object()) return fieldFromJson(value);
  warn(issues, "The learning rate follows a schedule, which TensorFlow.js does not have. Its first value is used.");
  const Json& initial = memberOf(memberOf(value, "config"), "initial_learning_rate");
  return initial.is_number() ? fieldFromJson(initial) : FieldValue(0.001);
}

void readOptimizer(const Json& json, TrainingConfig& config, std::vector<Issue>& issues) {
  const Json& className = eitherCase(json, "class_name", "className");
  if (!className.is_string()) return;
  config.optimizer = camelClassName(className.get<std::string>(), optimizerTypes());
  if (config.optimizer == "SGD" || config.optimizer == "sGD") config.optimizer = "sgd";
  if (config.optimizer == "rMSprop" || config.optimizer == "rMSProp") config.optimizer = "rmsprop";

  FieldMap read;
  if (const Json& values = memberOf(json, "config"); values.is_object())
    for (const auto& [key, value] : values.items())
      read.set(optimizerKey(key), optimizerValue(optimizerKey(key), value, issues));
  if (config.optimizer == "sgd" && read.find("momentum") && read.find("momentum")->isNumber() &&
      read.numberAt("momentum", 0) > 0)
    config.optimizer = "momentum";

  const NamedType* type = findNamedType(optimizerTypes(), config.optimizer);
  if (type) config.optimizer = type->name;
  FieldMap unknown;
  for (const auto& [key, value] : read) {
    const bool isField = !type || findField(type->fields, key);
    (isField ? config.optimizerConfig : unknown).set(key, value);
  }
  if (!unknown.empty()) config.unknownMembers.set("optimizer_config", std::move(unknown));
}

Json optimizerJson(const TrainingConfig& config) {
  const NamedType* type = findNamedType(optimizerTypes(), config.optimizer);
  Json values = Json::object();
  if (type)
    for (const FieldSpec& field : type->fields)
      values[field.key] = toJson(fieldValue(type->fields, config.optimizerConfig, field.key));
  for (const auto& [key, value] : config.optimizerConfig)
    if (!values.contains(key)) values[key] = toJson(value);
  if (const FieldValue* unknown = config.unknownMembers.find("optimizer_config"); unknown && unknown->isMap())
    for (const auto& [key, value] : unknown->asMap())
      if (!values.contains(key)) values[key] = toJson(value);
  return Json{{"class_name", type ? type->className : config.optimizer}, {"config", std::move(values)}};
}

Json snakeNames(const std::vector<std::string>& names) {
  Json json = Json::array();
  for (const std::string& name : names) json.push_back(toSnakeCase(name));
  return json;
}

}  // namespace

TrainingConfig readTrainingConfig(const Json& json, std::vector<Issue>& issues) {
  TrainingConfig config;
  if (!json.is_object()) return config;
  collectNames(memberOf(json, "loss"), lossTypes(), config.losses);
  collectNames(memberOf(json, "metrics"), metricTypes(), config.metrics);
  readOptimizer(eitherCase(json, "optimizer_config", "optimizerConfig"), config, issues);
  if (memberOf(memberOf(memberOf(json, "loss"), "config"), "from_logits") == Json(true))
    warn(issues,
         "The loss was set to work on logits. Here it works on probabilities: give the last layer a softmax or "
         "sigmoid.");
  for (const auto& [key, value] : json.items())
    if (key != "loss" && key != "metrics" && key != "optimizer_config" && key != "optimizerConfig")
      config.unknownMembers.set(key, fieldFromJson(value));
  return config;
}

Json trainingConfigJson(const TrainingConfig& config) {
  if (!config.isCompiled()) return nullptr;
  Json json{{"loss", config.losses.size() == 1 ? Json(toSnakeCase(config.losses.front())) : snakeNames(config.losses)},
            {"metrics", snakeNames(config.metrics)},
            {"optimizer_config", optimizerJson(config)}};
  for (const auto& [key, value] : config.unknownMembers)
    if (!json.contains(key)) json[key] = toJson(value);
  return json;
}

}  // namespace layersmith

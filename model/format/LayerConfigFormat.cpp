#include "model/format/LayerConfigFormat.h"

#include "model/core/Error.h"
#include "model/format/CaseConversion.h"
#include "model/format/FieldJson.h"
#include "model/format/JsonAccess.h"
#include "model/nn/LayerRegistry.h"
#include "model/training/Catalogue.h"

#include <algorithm>
#include <span>

namespace layersmith {

namespace {

/// Keras 3 and converters spell some keys in their own way.
std::string canonicalKey(const std::string& diskKey) {
  if (diskKey == "batch_shape") return "batchInputShape";
  return toCamelCase(diskKey);
}

FieldValue readFieldValue(const FieldSpec& field, const Json& json) {
  if (field.key == "dtype") return fieldFromJson(plainDType(json));
  switch (field.kind) {
    case FieldKind::Choice:
      if (json.is_string()) return choiceFromDisk(field, json.get<std::string>());
      break;
    case FieldKind::Initializer:
    case FieldKind::Regularizer:
    case FieldKind::Constraint: return readNamedObject(json);
    case FieldKind::Integer:
      if (json.is_array() && json.size() == 1)
        return fieldFromJson(json.front());  // Keras: BatchNormalization axis [3]
      break;
    default: break;
  }
  return fieldFromJson(json);
}

Json fieldJson(const FieldSpec& field, const FieldValue& value) {
  switch (field.kind) {
    case FieldKind::Choice:
      return value.isString() && std::ranges::find(field.choices, value.asString()) != field.choices.end() &&
                     field.key != "dtype"
                 ? Json(toSnakeCase(value.asString()))
                 : toJson(value);
    case FieldKind::Initializer:
    case FieldKind::Regularizer:
    case FieldKind::Constraint: return namedObjectJson(value, field.kind);
    case FieldKind::IntTuple:
      if (value.isInt()) return std::vector<std::int64_t>(std::size_t(std::max(field.arity, 1)), value.asInt());
      break;
    case FieldKind::IntPairs:
      if (!value.isNull()) return toJson(allPairs(value, field.arity));
      break;
    case FieldKind::Dims: {
      Json dims = toJson(value);
      if (dims.is_array())
        for (Json& dim : dims)
          if (field.key != "targetShape" && dim.is_number() && dim.get<double>() < 0) dim = nullptr;
      return dims;
    }
    default: break;
  }
  return toJson(value);
}

/// A pooling window without strides moves by itself: TensorFlow.js writes that out.
FieldValue writtenValue(const LayerType& type, const FieldSpec& field, const FieldMap& config) {
  const FieldValue value = fieldValue(type.fields(), config, field.key);
  if (field.key == "strides" && value.isNull() && findField(type.fields(), "poolSize"))
    return fieldValue(type.fields(), config, "poolSize");
  return value;
}

void requirePresent(const FieldSpec& field, const FieldValue& value, const LayerSpec& layer) {
  if (!field.isRequired || !value.isNull()) return;
  throw Error(ErrorKind::InvalidConfig,
              field.displayLabel() + " of `" + layer.name + "` is not set. Give it a value before saving.", "E104",
              layer.name + " > " + field.key);
}

void addImplicitInput(Json& config, const LayerSpec& input) {
  const FieldValue* shape = input.config.find("batchInputShape");
  if (shape) {
    Json dims = toJson(*shape);
    for (Json& dim : dims)
      if (dim.is_number() && dim.get<double>() < 0) dim = nullptr;
    config["batch_input_shape"] = std::move(dims);
  }
  if (const FieldValue* dtype = input.config.find("dtype"); dtype && !dtype->isNull())
    config["dtype"] = toJson(*dtype);
  else if (!config.contains("dtype"))
    config["dtype"] = "float32";
}

/// An unknown class: its config as it was, with the members we own brought up to date in place.
Json unknownLayerConfig(const LayerSpec& layer, const LayerSpec* implicitInput) {
  Json config = toJson(FieldValue(layer.config));
  if (config.contains("name") || !layer.name.empty()) config["name"] = layer.name;
  if (config.contains("trainable") || !layer.isTrainable) config["trainable"] = layer.isTrainable;
  if (implicitInput && config.contains("batch_input_shape")) {
    Json updated = Json::object();
    addImplicitInput(updated, *implicitInput);
    config["batch_input_shape"] = updated.value("batch_input_shape", config.at("batch_input_shape"));
  }
  return config;
}

std::span<const NamedType> typesOf(FieldKind kind) {
  if (kind == FieldKind::Initializer) return initializerTypes();
  return kind == FieldKind::Regularizer ? regularizerTypes() : constraintTypes();
}

const NamedType* findByAnySpelling(std::span<const NamedType> types, const std::string& name) {
  if (const NamedType* type = findNamedType(types, name)) return type;
  std::string lowered = toCamelCase(name);
  if (!lowered.empty()) lowered[0] = char(std::tolower(static_cast<unsigned char>(lowered[0])));
  return findNamedType(types, lowered);
}

Json namedConfigJson(const FieldMap& config, const NamedType* type) {
  Json json = Json::object();
  const auto put = [&](const std::string& key, const FieldValue& value) {
    const FieldSpec* field = type ? findField(type->fields, key) : nullptr;
    const bool isChoice = field ? field->kind == FieldKind::Choice : key == "mode" || key == "distribution";
    json[toSnakeCase(key)] = isChoice && value.isString() ? Json(toSnakeCase(value.asString())) : toJson(value);
  };
  if (type)
    for (const FieldSpec& field : type->fields) put(field.key, fieldValue(type->fields, config, field.key));
  for (const auto& [key, value] : config)
    if (!type || !findField(type->fields, key)) put(key, value);
  return json;
}

}  // namespace

Json plainDType(const Json& dtype) {
  if (!dtype.is_object()) return dtype;
  const Json& name = memberOf(memberOf(dtype, "config"), "name");
  return name.is_string() ? name : Json("float32");
}

FieldValue readNamedObject(const Json& json) {
  if (json.is_string()) return toCamelCase(json.get<std::string>());
  if (!json.is_object()) return fieldFromJson(json);
  const Json& className = json.contains("class_name") ? memberOf(json, "class_name") : memberOf(json, "className");
  if (!className.is_string()) return fieldFromJson(json);
  FieldMap config;
  for (const auto& [key, value] : memberOf(json, "config").items()) {
    const bool isChoice = key == "mode" || key == "distribution";
    config.set(toCamelCase(key), isChoice && value.is_string() ? FieldValue(toCamelCase(value.get<std::string>()))
                                                               : fieldFromJson(value));
  }
  return FieldMap{{"className", className.get<std::string>()}, {"config", std::move(config)}};
}

Json namedObjectJson(const FieldValue& value, FieldKind kind) {
  if (value.isNull()) return nullptr;
  if (!value.isString() && !value.isMap()) return toJson(value);
  const std::string name = value.isString() ? value.asString() : value.asMap().stringAt("className");
  const FieldValue* found = value.isMap() ? value.asMap().find("config") : nullptr;
  const FieldMap config = found && found->isMap() ? found->asMap() : FieldMap();
  const NamedType* type = findByAnySpelling(typesOf(kind), name);
  return Json{{"class_name", type ? type->className : name}, {"config", namedConfigJson(config, type)}};
}

void readLayerConfig(const Json& config, LayerSpec& layer) {
  if (!config.is_object()) throw mistyped(layer.name + ".config", "an object", config);
  const Json& name = memberOf(config, "name");
  if (name.is_string()) layer.name = name.get<std::string>();
  const Json& trainable = memberOf(config, "trainable");
  layer.isTrainable = !trainable.is_boolean() || trainable.get<bool>();

  const LayerType* type = findLayerType(layer.className);
  if (!type) {
    layer.config = fieldsFromJson(config);
    return;
  }
  for (const auto& [key, value] : config.items()) {
    if (key == "name" || key == "trainable") continue;
    const FieldSpec* field = findField(type->fields(), canonicalKey(key));
    if (field)
      layer.config.set(field->key, readFieldValue(*field, value));
    else
      layer.unknownConfig.set(key, fieldFromJson(key == "dtype" ? plainDType(value) : value));
  }
}

Json layerConfigJson(const LayerSpec& layer, const LayerSpec* implicitInput) {
  const LayerType* type = findLayerType(layer.className);
  if (!type) return unknownLayerConfig(layer, implicitInput);
  Json config = Json::object();
  const auto addCommon = [&] {
    config["name"] = layer.name;
    if (layer.className != "InputLayer") config["trainable"] = layer.isTrainable;
    if (implicitInput) addImplicitInput(config, *implicitInput);
  };
  // A recurrent layer begins with the config of its cell, which has these too.
  if (type->category == Category::Recurrent) addCommon();
  for (const FieldSpec& field : type->fields()) {  // the schema stands in the order of getConfig()
    const FieldValue value = writtenValue(*type, field, layer.config);
    requirePresent(field, value, layer);
    if (!value.isNull() || !field.isOmittedWhenNull) config[toSnakeCase(field.key)] = fieldJson(field, value);
  }
  if (type->category != Category::Recurrent) addCommon();
  for (const auto& [key, value] : layer.unknownConfig)
    if (!config.contains(key)) config[key] = toJson(value);
  return config;
}

}  // namespace layersmith

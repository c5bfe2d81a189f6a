#include "model/format/FieldJson.h"

#include "model/core/Error.h"

#include <cmath>

namespace layersmith {

namespace {

Json numberToJson(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (std::nearbyint(value) == value && std::abs(value) < 0x1p53) return std::int64_t(value);
  return value;
}

}  // namespace

Json toJson(const FieldValue& value) {
  if (value.isNull()) return nullptr;
  if (value.isBool()) return value.asBool();
  if (value.isInt()) return value.asInt();
  if (value.isNumber()) return numberToJson(value.asNumber());
  if (value.isString()) return value.asString();
  if (value.isArray()) {
    Json array = Json::array();
    for (const FieldValue& item : value.asArray()) array.push_back(toJson(item));
    return array;
  }
  Json object = Json::object();
  for (const auto& [key, member] : value.asMap()) object[key] = toJson(member);
  return object;
}

FieldValue fieldFromJson(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean: return json.get<bool>();
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return json.get<std::int64_t>();
    case Json::value_t::number_float: return json.get<double>();
    case Json::value_t::string: return json.get<std::string>();
    case Json::value_t::array: {
      FieldArray array;
      for (const Json& item : json) array.push_back(fieldFromJson(item));
      return array;
    }
    case Json::value_t::object: return fieldsFromJson(json);
    default: return nullptr;
  }
}

FieldMap fieldsFromJson(const Json& json) {
  if (!json.is_object())
    throw Error(ErrorKind::Format, std::string("Expected an object, found ") + json.type_name() + ".", "E104");
  FieldMap map;
  for (const auto& [key, member] : json.items()) map.set(key, fieldFromJson(member));
  return map;
}

}  // namespace layersmith

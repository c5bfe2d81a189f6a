#include "model/format/JsonAccess.h"

namespace layersmith {

std::string typeName(const Json& json) {
  switch (json.type()) {
    case Json::value_t::object: return "an object";
    case Json::value_t::array: return "a list";
    case Json::value_t::string: return "the text \"" + json.get<std::string>().substr(0, 40) + "\"";
    case Json::value_t::boolean: return json.get<bool>() ? "true" : "false";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float: return "the number " + toJsonBytes(json).toStdString();
    default: return "nothing";
  }
}

Error mistyped(const std::string& where, const std::string& expected, const Json& found) {
  return {ErrorKind::Format, where + ": expected " + expected + ", found " + typeName(found) + ".", "E104", where};
}

Error missingMember(const std::string& where) {
  return {ErrorKind::Format, where + ": is missing.", "E104", where};
}

Error overLimit(const std::string& what, std::int64_t found, std::int64_t limit, const char* setting) {
  return {ErrorKind::LimitExceeded,
          what + " is " + std::to_string(found) + "; the limit is " + std::to_string(limit) +
              (setting ? std::string(" (setting ") + setting + ")." : "."),
          "E130",
          {},
          setting ? std::string("To raise it: LAYERSMITH_LIMITS=") + setting + "=NUMBER." : std::string()};
}

const Json& memberOf(const Json& json, const char* key) {
  static const Json nothing;
  if (!json.is_object()) return nothing;
  const auto it = json.find(key);
  return it == json.end() ? nothing : *it;
}

}  // namespace layersmith

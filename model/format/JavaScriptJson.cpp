#include "model/format/JavaScriptJson.h"

#include "model/format/ModelArtifacts.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace layersmith {

namespace {

void appendString(QByteArray& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          out += "\\u00" + QByteArray::number(c, 16).rightJustified(2, '0');
        else
          out += c;
    }
  }
  out += '"';
}

void appendValue(QByteArray& out, const Json& json) {
  switch (json.type()) {
    case Json::value_t::object: {
      out += '{';
      bool isFirst = true;
      for (const auto& [key, value] : json.items()) {
        if (!isFirst) out += ',';
        isFirst = false;
        appendString(out, key);
        out += ':';
        appendValue(out, value);
      }
      out += '}';
      break;
    }
    case Json::value_t::array: {
      out += '[';
      bool isFirst = true;
      for (const Json& value : json) {
        if (!isFirst) out += ',';
        isFirst = false;
        appendValue(out, value);
      }
      out += ']';
      break;
    }
    case Json::value_t::string: appendString(out, json.get_ref<const std::string&>()); break;
    case Json::value_t::boolean: out += json.get<bool>() ? "true" : "false"; break;
    case Json::value_t::number_integer: out += QByteArray::number(qint64(json.get<std::int64_t>())); break;
    case Json::value_t::number_unsigned: out += QByteArray::number(quint64(json.get<std::uint64_t>())); break;
    case Json::value_t::number_float: out += javaScriptNumber(json.get<double>()).c_str(); break;
    default: out += "null";
  }
}

}  // namespace

std::string javaScriptNumber(double value) {
  if (!std::isfinite(value)) return "null";
  if (value == 0) return "0";
  char buffer[40];
  const char* end = std::to_chars(buffer, buffer + sizeof buffer, std::abs(value), std::chars_format::scientific).ptr;
  const std::string_view text(buffer, std::size_t(end - buffer));
  const std::size_t mark = text.find('e');
  std::string digits(text.substr(0, mark));
  if (digits.size() > 1) digits.erase(1, 1);  // the point
  const int count = int(digits.size());
  const int point = std::atoi(std::string(text.substr(mark + 1)).c_str()) + 1;  // places before the decimal point

  std::string result = value < 0 ? "-" : "";
  if (count <= point && point <= 21) return result + digits + std::string(std::size_t(point - count), '0');
  if (0 < point && point <= 21)
    return result + digits.substr(0, std::size_t(point)) + "." + digits.substr(std::size_t(point));
  if (-6 < point && point <= 0) return result + "0." + std::string(std::size_t(-point), '0') + digits;
  result += digits.substr(0, 1);
  if (count > 1) result += "." + digits.substr(1);
  return result + "e" + (point > 0 ? "+" : "-") + std::to_string(std::abs(point - 1));
}

QByteArray toJsonBytes(const Json& json) {
  QByteArray bytes;
  appendValue(bytes, json);
  return bytes;
}

}  // namespace layersmith

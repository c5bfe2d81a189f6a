#include "model/core/FieldValue.h"

#include "model/core/Error.h"
#include "model/core/Shape.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace layersmith {

namespace {

[[noreturn]] void wrongType(const char* expected, const FieldValue& found) {
  throw Error(ErrorKind::InvalidConfig, std::string("Expected ") + expected + ", found " + found.typeName() + ".");
}

Error atKey(const Error& error, std::string_view key) {
  return error.within(std::string(key));
}

template <class Read>
auto readAt(const FieldMap& map, std::string_view key, Read read, decltype(read(FieldValue())) fallback) {
  const FieldValue* value = map.find(key);
  if (!value || value->isNull()) return fallback;
  try {
    return read(*value);
  } catch (const Error& error) {
    throw atKey(error, key);
  }
}

}  // namespace

FieldMap::FieldMap(std::initializer_list<Entry> entries) : m_entries(entries) {}

const FieldValue* FieldMap::find(std::string_view key) const {
  const auto it = std::ranges::find(m_entries, key, &Entry::first);
  return it == m_entries.end() ? nullptr : &it->second;
}

FieldValue* FieldMap::find(std::string_view key) {
  const auto it = std::ranges::find(m_entries, key, &Entry::first);
  return it == m_entries.end() ? nullptr : &it->second;
}

void FieldMap::set(std::string_view key, FieldValue value) {
  if (FieldValue* existing = find(key))
    *existing = std::move(value);
  else
    m_entries.emplace_back(std::string(key), std::move(value));
}

bool FieldMap::remove(std::string_view key) {
  return std::erase_if(m_entries, [key](const Entry& entry) { return entry.first == key; }) > 0;
}

std::int64_t FieldMap::intAt(std::string_view key, std::int64_t fallback) const {
  return readAt(
      *this, key, [](const FieldValue& v) { return v.asInt(); }, fallback);
}
double FieldMap::numberAt(std::string_view key, double fallback) const {
  return readAt(
      *this, key, [](const FieldValue& v) { return v.asNumber(); }, fallback);
}
bool FieldMap::boolAt(std::string_view key, bool fallback) const {
  return readAt(
      *this, key, [](const FieldValue& v) { return v.asBool(); }, fallback);
}
std::string FieldMap::stringAt(std::string_view key, std::string_view fallback) const {
  return readAt(
      *this, key, [](const FieldValue& v) { return v.asString(); }, std::string(fallback));
}
std::vector<std::int64_t> FieldMap::intsAt(std::string_view key, std::vector<std::int64_t> fallback) const {
  return readAt(
      *this, key, [](const FieldValue& v) { return v.asInts(); }, std::move(fallback));
}

bool operator==(const FieldMap& a, const FieldMap& b) {
  return a.m_entries == b.m_entries;
}

FieldValue FieldValue::ofInts(const std::vector<std::int64_t>& values, bool minusOneIsNull) {
  FieldArray array;
  for (std::int64_t value : values)
    array.push_back(minusOneIsNull && value == kUnknownDim ? FieldValue() : FieldValue(value));
  return array;
}

bool FieldValue::asBool() const {
  if (const auto* value = std::get_if<bool>(&m_value)) return *value;
  wrongType("true or false", *this);
}

std::int64_t FieldValue::asInt() const {
  if (const auto* value = std::get_if<std::int64_t>(&m_value)) return *value;
  if (const auto* value = std::get_if<double>(&m_value);
      value && std::nearbyint(*value) == *value && std::abs(*value) < 9e15)
    return std::int64_t(*value);
  wrongType("an integer", *this);
}

double FieldValue::asNumber() const {
  if (const auto* value = std::get_if<std::int64_t>(&m_value)) return double(*value);
  if (const auto* value = std::get_if<double>(&m_value)) return *value;
  wrongType("a number", *this);
}

const std::string& FieldValue::asString() const {
  if (const auto* value = std::get_if<std::string>(&m_value)) return *value;
  wrongType("a text", *this);
}

const FieldArray& FieldValue::asArray() const {
  if (const auto* value = std::get_if<FieldArray>(&m_value)) return *value;
  wrongType("a list", *this);
}

const FieldMap& FieldValue::asMap() const {
  if (const auto* value = std::get_if<FieldMap>(&m_value)) return *value;
  wrongType("an object", *this);
}

std::vector<std::int64_t> FieldValue::asInts() const {
  if (isNumber()) return {asInt()};
  std::vector<std::int64_t> ints;
  for (const FieldValue& value : asArray()) ints.push_back(value.isNull() ? kUnknownDim : value.asInt());
  return ints;
}

std::string FieldValue::typeName() const {
  static const char* const names[] = {"null",   "true or false", "an integer", "a number",
                                      "a text", "a list",        "an object"};
  return names[m_value.index()];
}

std::string toDisplayString(const FieldValue& value) {
  if (value.isNull()) return "none";
  if (value.isBool()) return value.asBool() ? "yes" : "no";
  if (value.isInt()) return std::to_string(value.asInt());
  if (value.isNumber()) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value.asNumber()).ptr;
    return {text, end};
  }
  if (value.isString()) return value.asString();
  if (value.isMap()) return value.asMap().stringAt("className", "object");
  const auto joined = [](const FieldArray& items, const char* separator) {
    std::string text;
    for (const FieldValue& item : items)
      text += (text.empty() ? "" : separator) + (item.isNull() ? "?" : toDisplayString(item));
    return text;
  };
  const FieldArray& items = value.asArray();
  if (items.empty() || !items.front().isArray()) return joined(items, " × ");
  std::string text;  // pairs: before and after each axis
  for (const FieldValue& item : items)
    text += (text.empty() ? "" : " × ") + (item.isArray() ? joined(item.asArray(), "+") : toDisplayString(item));
  return text;
}

}  // namespace layersmith

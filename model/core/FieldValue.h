#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace layersmith {

class FieldValue;

using FieldArray = std::vector<FieldValue>;

/// A map of config values that keeps the order of insertion, as JSON objects do.
class FieldMap {
 public:
  using Entry = std::pair<std::string, FieldValue>;
  using Iterator = std::vector<Entry>::const_iterator;

  FieldMap() = default;
  FieldMap(std::initializer_list<Entry> entries);

  bool empty() const;
  std::size_t size() const;
  Iterator begin() const;
  Iterator end() const;

  bool contains(std::string_view key) const { return find(key) != nullptr; }
  const FieldValue* find(std::string_view key) const;  ///< nullptr when absent
  FieldValue* find(std::string_view key);
  void set(std::string_view key, FieldValue value);  ///< replaces in place, or appends
  bool remove(std::string_view key);

  // Typed reading with a fallback for an absent key or null. Errors: InvalidConfig when the type is another.
  std::int64_t intAt(std::string_view key, std::int64_t fallback) const;
  double numberAt(std::string_view key, double fallback) const;
  bool boolAt(std::string_view key, bool fallback) const;
  std::string stringAt(std::string_view key, std::string_view fallback = {}) const;
  std::vector<std::int64_t> intsAt(std::string_view key, std::vector<std::int64_t> fallback = {}) const;

  friend bool operator==(const FieldMap& a, const FieldMap& b);

 private:
  std::vector<Entry> m_entries;
};

/// One value of a config: what JSON can hold, with integers kept apart from numbers. In shapes null is an unknown axis.
class FieldValue {
 public:
  using Variant = std::variant<std::monostate, bool, std::int64_t, double, std::string, FieldArray, FieldMap>;

  FieldValue() = default;
  FieldValue(std::nullptr_t) {}
  FieldValue(bool value) : m_value(value) {}
  FieldValue(int value) : m_value(std::int64_t(value)) {}
  FieldValue(std::int64_t value) : m_value(value) {}
  FieldValue(double value) : m_value(value) {}
  FieldValue(const char* value) : m_value(std::string(value)) {}
  FieldValue(std::string value) : m_value(std::move(value)) {}
  FieldValue(std::string_view value) : m_value(std::string(value)) {}
  FieldValue(FieldArray value) : m_value(std::move(value)) {}
  FieldValue(FieldMap value) : m_value(std::move(value)) {}

  static FieldValue ofInts(const std::vector<std::int64_t>& values, bool minusOneIsNull = false);

  bool isNull() const { return std::holds_alternative<std::monostate>(m_value); }
  bool isBool() const { return std::holds_alternative<bool>(m_value); }
  bool isInt() const { return std::holds_alternative<std::int64_t>(m_value); }
  bool isNumber() const { return isInt() || std::holds_alternative<double>(m_value); }
  bool isString() const { return std::holds_alternative<std::string>(m_value); }
  bool isArray() const { return std::holds_alternative<FieldArray>(m_value); }
  bool isMap() const { return std::holds_alternative<FieldMap>(m_value); }

  // Errors of all these: InvalidConfig, "expected an integer, found a string".
  bool asBool() const;
  std::int64_t asInt() const;  ///< also a double without a fraction
  double asNumber() const;
  const std::string& asString() const;
  const FieldArray& asArray() const;
  const FieldMap& asMap() const;
  std::vector<std::int64_t> asInts() const;  ///< null -> kUnknownDim; a single integer -> one element

  const Variant& variant() const { return m_value; }
  std::string typeName() const;  ///< "an integer", "null": for messages

  friend bool operator==(const FieldValue& a, const FieldValue& b) { return a.m_value == b.m_value; }

 private:
  Variant m_value;
};

// Here, because an entry is complete only now.
inline bool FieldMap::empty() const {
  return m_entries.empty();
}
inline std::size_t FieldMap::size() const {
  return m_entries.size();
}
inline FieldMap::Iterator FieldMap::begin() const {
  return m_entries.begin();
}
inline FieldMap::Iterator FieldMap::end() const {
  return m_entries.end();
}

/// Short text of a value for people: "8", "tanh", "3 × 3", "1+1 × 0+2" of pairs, "glorotNormal".
std::string toDisplayString(const FieldValue& value);

}  // namespace layersmith

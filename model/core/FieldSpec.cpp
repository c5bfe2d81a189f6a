#include "model/core/FieldSpec.h"

#include "model/core/Error.h"
#include "model/core/Shape.h"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace layersmith {

namespace {

[[noreturn]] void refuse(const FieldSpec& field, const std::string& expected, const FieldValue& found) {
  throw Error(ErrorKind::InvalidConfig,
              field.displayLabel() + " must be " + expected + "; found " +
                  (found.isNull() ? "nothing" : toDisplayString(found)) + ".",
              {}, field.key);
}

std::string plain(double value) {
  return toDisplayString(value);
}

void checkRange(const FieldSpec& field, double number, const FieldValue& found) {
  if (!std::isfinite(number)) refuse(field, "a finite number", found);
  if (field.minimum && number < *field.minimum) refuse(field, "at least " + plain(*field.minimum), found);
  if (field.maximum && number > *field.maximum) refuse(field, "at most " + plain(*field.maximum), found);
  if (field.exclusiveMaximum && number >= *field.exclusiveMaximum)
    refuse(field, "below " + plain(*field.exclusiveMaximum), found);
}

bool isWhole(const FieldValue& value) {
  return value.isInt() || (value.isNumber() && std::nearbyint(value.asNumber()) == value.asNumber());
}

void checkTuple(const FieldSpec& field, const FieldValue& value) {
  const FieldArray items = value.isArray() ? value.asArray() : FieldArray{value};
  if (items.size() != 1 && int(items.size()) != field.arity)
    refuse(field, std::to_string(field.arity) + " whole numbers", value);
  for (const FieldValue& item : items) {
    if (!isWhole(item)) refuse(field, "whole numbers", value);
    checkRange(field, item.asNumber(), value);
  }
}

void checkPairs(const FieldSpec& field, const FieldValue& value) {
  const FieldArray items = value.isArray() ? value.asArray() : FieldArray{value};
  const bool arePairs = value.isArray() && !items.empty() && items.front().isArray();
  if (value.isArray() && int(items.size()) != field.arity)
    refuse(field, std::to_string(field.arity) + " pairs of whole numbers", value);
  for (const FieldValue& item : items) {
    const FieldArray numbers = arePairs && item.isArray() ? item.asArray() : FieldArray{item};
    if (arePairs != item.isArray() || (arePairs && numbers.size() != 2)) refuse(field, "pairs of whole numbers", value);
    for (const FieldValue& number : numbers) {
      if (!isWhole(number)) refuse(field, "whole numbers", value);
      checkRange(field, number.asNumber(), value);
    }
  }
}

void checkDims(const FieldSpec& field, const FieldValue& value) {
  if (!value.isArray()) refuse(field, "a list of sizes such as 28, 28, 1", value);
  for (const FieldValue& item : value.asArray())
    if (!item.isNull() && (!isWhole(item) || item.asInt() < kUnknownDim || item.asInt() == 0))
      refuse(field, "a list of positive sizes", value);
}

FieldSpec made(std::string key, FieldKind kind, FieldValue byDefault) {
  FieldSpec spec(std::move(key), kind);
  spec.defaultValue = std::move(byDefault);
  return spec;
}

}  // namespace

std::string FieldSpec::displayLabel() const {
  if (!labelText.empty()) return labelText;
  std::string label;
  for (char c : key) {
    if (std::isupper(static_cast<unsigned char>(c)) && !label.empty()) label += ' ';
    label +=
        char(label.empty() ? std::toupper(static_cast<unsigned char>(c)) : std::tolower(static_cast<unsigned char>(c)));
  }
  return label;
}

void FieldSpec::check(const FieldValue& value) const {
  if (value.isNull()) {
    if (isNullable || (!isRequired && defaultValue.isNull())) return;
    refuse(*this, "given", value);
  }
  switch (kind) {
    case FieldKind::Integer:
      if (!isWhole(value)) refuse(*this, "a whole number", value);
      return checkRange(*this, value.asNumber(), value);
    case FieldKind::Number:
      if (!value.isNumber()) refuse(*this, "a number", value);
      return checkRange(*this, value.asNumber(), value);
    case FieldKind::Flag:
      if (!value.isBool()) refuse(*this, "yes or no", value);
      return;
    case FieldKind::Choice:
      if (!value.isString() || std::ranges::find(choices, value.asString()) == choices.end())
        refuse(*this, "one of the choices offered", value);
      return;
    case FieldKind::Text:
      if (!value.isString()) refuse(*this, "a text", value);
      return;
    case FieldKind::IntTuple: return checkTuple(*this, value);
    case FieldKind::IntPairs: return checkPairs(*this, value);
    case FieldKind::Dims: return checkDims(*this, value);
    case FieldKind::Initializer:
    case FieldKind::Regularizer:
    case FieldKind::Constraint:
      if (!value.isMap() && !value.isString()) refuse(*this, "the name of one", value);
      return;
  }
}

FieldSpec integer(std::string key) {
  return made(std::move(key), FieldKind::Integer, {});
}
FieldSpec positiveInt(std::string key) {
  return integer(std::move(key)).atLeast(1);
}
FieldSpec number(std::string key) {
  return made(std::move(key), FieldKind::Number, {});
}
FieldSpec fraction(std::string key) {
  return number(std::move(key)).atLeast(0).below(1);
}
FieldSpec flag(std::string key) {
  return made(std::move(key), FieldKind::Flag, false);
}
FieldSpec text(std::string key) {
  return made(std::move(key), FieldKind::Text, {});
}
FieldSpec dims(std::string key) {
  return made(std::move(key), FieldKind::Dims, {});
}
FieldSpec initializer(std::string key) {
  return made(std::move(key), FieldKind::Initializer, {});
}
FieldSpec regularizer(std::string key) {
  return made(std::move(key), FieldKind::Regularizer, {}).nullable();
}
FieldSpec constraint(std::string key) {
  return made(std::move(key), FieldKind::Constraint, {}).nullable();
}

FieldSpec choice(std::string key, std::vector<std::string> choices) {
  FieldSpec spec =
      made(std::move(key), FieldKind::Choice, choices.empty() ? FieldValue() : FieldValue(choices.front()));
  spec.choices = std::move(choices);
  return spec;
}

FieldSpec intTuple(std::string key, int arity) {
  FieldSpec spec = made(std::move(key), FieldKind::IntTuple, {});
  spec.arity = arity;
  return spec.atLeast(1);
}

FieldSpec intPairs(std::string key, int arity) {
  FieldSpec spec = made(std::move(key), FieldKind::IntPairs, {});
  spec.arity = arity;
  return spec.atLeast(0);
}

FieldValue allPairs(const FieldValue& value, int arity) {
  FieldArray pairs = value.isArray() ? value.asArray() : FieldArray(std::size_t(arity), value);
  for (FieldValue& pair : pairs)
    if (pair.isInt()) pair = FieldValue::ofInts({pair.asInt(), pair.asInt()});
  return pairs;
}

const FieldSpec* findField(const FieldList& fields, std::string_view key) {
  const auto it = std::ranges::find(fields, key, &FieldSpec::key);
  return it == fields.end() ? nullptr : &*it;
}

FieldValue fieldValue(const FieldList& fields, const FieldMap& config, std::string_view key) {
  if (const FieldValue* value = config.find(key)) return *value;
  const FieldSpec* field = findField(fields, key);
  return field ? field->defaultValue : FieldValue();
}

FieldMap completed(const FieldList& fields, const FieldMap& config) {
  FieldMap result;
  for (const FieldSpec& field : fields) {
    FieldValue value = fieldValue(fields, config, field.key);
    field.check(value);
    if (field.isOmittedWhenNull && value.isNull()) continue;
    if (field.kind == FieldKind::IntTuple && !value.isNull()) {
      std::vector<std::int64_t> ints = value.asInts();
      if (ints.size() == 1) ints.resize(std::size_t(field.arity), ints.front());
      value = FieldValue::ofInts(ints);
    }
    if (field.kind == FieldKind::IntPairs && !value.isNull()) value = allPairs(value, field.arity);
    result.set(field.key, std::move(value));
  }
  return result;
}

}  // namespace layersmith

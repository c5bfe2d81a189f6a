#pragma once

#include "model/core/FieldValue.h"

#include <optional>
#include <string>
#include <vector>

namespace layersmith {

/// What a field holds. Each kind is one editor in the inspector and one check here; a new layer needs no new kind.
enum class FieldKind {
  Integer,  ///< whole number
  Number,   ///< real number
  Flag,     ///< true or false
  Choice,   ///< one of choices()
  Text,
  IntTuple,     ///< `arity` integers; a single integer on disk means the same for all
  IntPairs,     ///< `arity` pairs of integers [[1, 2], [0, 0]]; one integer for all, or one per pair, means both of it
  Dims,         ///< a list of axis sizes, null or -1 where open (inputShape, targetShape)
  Initializer,  ///< {className, config} of an initializer
  Regularizer,  ///< {className, config} or null
  Constraint    ///< {className, config} or null
};

/// One field of a layer, optimizer, loss or initializer type: the single source of its JSON key, default, check,
/// inspector row, palette help and command-line help. A field that is not in fields() does not exist.
///
/// Built fluently: positiveInt("units").required().help("Size of the output's last axis.")
class FieldSpec {
 public:
  FieldSpec(std::string fieldKey, FieldKind fieldKind) : key(std::move(fieldKey)), kind(fieldKind) {}

  FieldSpec& required() {
    isRequired = true;
    return *this;
  }
  FieldSpec& byDefault(FieldValue value) {
    defaultValue = std::move(value);
    return *this;
  }
  FieldSpec& nullable() {
    isNullable = true;
    return *this;
  }
  FieldSpec& omittedWhenNull() {
    isNullable = true;
    isOmittedWhenNull = true;
    return *this;
  }
  FieldSpec& advanced() {
    isAdvanced = true;
    return *this;
  }
  FieldSpec& help(std::string text) {
    helpText = std::move(text);
    return *this;
  }
  FieldSpec& label(std::string text) {
    labelText = std::move(text);
    return *this;
  }
  FieldSpec& atLeast(double value) {
    minimum = value;
    return *this;
  }
  FieldSpec& atMost(double value) {
    maximum = value;
    return *this;
  }
  FieldSpec& below(double value) {
    exclusiveMaximum = value;
    return *this;
  }

  std::string key;  ///< camelCase, as TensorFlow.js spells it: "kernelSize"
  FieldKind kind;
  bool isRequired = false;
  bool isNullable = false;
  bool isOmittedWhenNull = false;  ///< null is written by leaving the key out (Flatten's dataFormat)
  bool isAdvanced = false;         ///< folded away in the inspector
  FieldValue defaultValue;
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::optional<double> exclusiveMaximum;
  int arity = 0;                     ///< IntTuple and IntPairs only
  std::vector<std::string> choices;  ///< Choice only, camelCase
  std::string helpText;
  std::string labelText;  ///< empty: made from the key ("kernelSize" -> "Kernel size")

  std::string displayLabel() const;

  /// Throws InvalidConfig, with `key` as its place, when the value cannot be used.
  void check(const FieldValue& value) const;
};

using FieldList = std::vector<FieldSpec>;

FieldSpec integer(std::string key);
FieldSpec positiveInt(std::string key);
FieldSpec number(std::string key);
FieldSpec fraction(std::string key);  ///< 0 <= value < 1, as Dropout's rate
FieldSpec flag(std::string key);
FieldSpec choice(std::string key, std::vector<std::string> choices);
FieldSpec text(std::string key);
FieldSpec intTuple(std::string key, int arity);
FieldSpec intPairs(std::string key, int arity);  ///< not below 0
FieldSpec dims(std::string key);
FieldSpec initializer(std::string key);
FieldSpec regularizer(std::string key);
FieldSpec constraint(std::string key);

/// A value of an IntPairs field with every pair written out. What is no integer stays as it is.
FieldValue allPairs(const FieldValue& value, int arity);

const FieldSpec* findField(const FieldList& fields, std::string_view key);

/// The value in `config`, or the schema's default when it is absent.
FieldValue fieldValue(const FieldList& fields, const FieldMap& config, std::string_view key);

/// Every field of the schema in its order, defaults filled in, tuples at full length; those omitted when null left out.
/// Errors: InvalidConfig when a required field is missing or a value fails its check.
FieldMap completed(const FieldList& fields, const FieldMap& config);

}  // namespace layersmith

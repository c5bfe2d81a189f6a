#include "model/core/Error.h"
#include "model/core/FieldSpec.h"

#include <QTest>

#include <cmath>

using namespace layersmith;

namespace {

FieldValue pairs(int a, int b, int c, int d) {
  return FieldArray{FieldValue::ofInts({a, b}), FieldValue::ofInts({c, d})};
}

}  // namespace

class TestFieldSpec : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void labelsComeFromKeys() {
    QCOMPARE(positiveInt("kernelSize").displayLabel(), std::string("Kernel size"));
    QCOMPARE(flag("useBias").label("Bias").displayLabel(), std::string("Bias"));
  }

  void checks_data() {
    QTest::addColumn<int>("index");
    QTest::addColumn<bool>("isGood");
    const std::vector<const char*> names = {"units 8",     "units 0",     "units null", "rate .5",     "rate 1",
                                            "choice",      "no choice",   "tuple",      "single",      "short tuple",
                                            "dims",        "zero dim",    "nan",        "pairs",       "pair",
                                            "one for all", "mixed pairs", "triple",     "pair below 0"};
    const std::vector<bool> good = {true, false, false, true, false, true, false, true,  true, false,
                                    true, false, false, true, true,  true, false, false, false};
    for (std::size_t i = 0; i < names.size(); ++i) QTest::newRow(names[i]) << int(i) << bool(good[i]);
  }
  void checks() {
    QFETCH(int, index);
    QFETCH(bool, isGood);
    const FieldSpec units = positiveInt("units").required();
    const FieldSpec padding = choice("padding", {"valid", "same"});
    const std::vector<std::pair<FieldSpec, FieldValue>> cases = {
        {units, 8},
        {units, 0},
        {units, nullptr},
        {fraction("rate"), 0.5},
        {fraction("rate"), 1},
        {padding, "same"},
        {padding, "causal"},
        {intTuple("k", 2), FieldValue::ofInts({3, 3})},
        {intTuple("k", 2), 3},
        {intTuple("k", 3), FieldValue::ofInts({3, 3})},
        {dims("s"), FieldValue::ofInts({-1, 28}, true)},
        {dims("s"), FieldValue::ofInts({0})},
        {number("x"), std::nan("")},
        {intPairs("p", 2), pairs(1, 2, 0, 3)},
        {intPairs("p", 2), FieldValue::ofInts({1, 2})},
        {intPairs("p", 2), 4},
        {intPairs("p", 2), FieldArray{1, FieldValue::ofInts({0, 3})}},
        {intPairs("p", 2), FieldArray{FieldValue::ofInts({1, 2, 3}), 1}},
        {intPairs("p", 2), pairs(1, 2, 0, -3)}};
    const auto& [field, value] = cases[std::size_t(index)];
    if (isGood)
      field.check(value);
    else
      QVERIFY_EXCEPTION_THROWN(field.check(value), Error);
  }

  void pairsAreWrittenOut() {
    const FieldList fields = {intPairs("padding", 2).byDefault(1)};
    QVERIFY(*completed(fields, {}).find("padding") == pairs(1, 1, 1, 1));
    QVERIFY(*completed(fields, {{"padding", FieldValue::ofInts({1, 2})}}).find("padding") == pairs(1, 1, 2, 2));
    QVERIFY(*completed(fields, {{"padding", pairs(1, 2, 0, 3)}}).find("padding") == pairs(1, 2, 0, 3));
    QCOMPARE(toDisplayString(pairs(1, 2, 0, 3)), std::string("1+2 × 0+3"));
  }

  void completedFillsDefaultsInSchemaOrder() {
    const FieldList fields = {positiveInt("filters").required(), intTuple("kernelSize", 2).required(),
                              flag("useBias").byDefault(true)};
    const FieldMap config = completed(fields, {{"kernelSize", 5}, {"filters", 4}});
    std::string keys;
    for (const auto& [key, value] : config) keys += key + " ";
    QCOMPARE(keys, std::string("filters kernelSize useBias "));
    QCOMPARE(config.intsAt("kernelSize"), (std::vector<std::int64_t>{5, 5}));
    QVERIFY(config.boolAt("useBias", false));
    QVERIFY_EXCEPTION_THROWN(completed(fields, {{"kernelSize", 5}}), Error);
  }
};

QTEST_GUILESS_MAIN(TestFieldSpec)
#include "tst_FieldSpec.moc"

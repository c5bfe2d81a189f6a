#include "model/core/Error.h"
#include "model/core/FieldSpec.h"

#include <QTest>

#include <cmath>

using namespace layersmith;

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
    const std::vector<const char*> names = {"units 8", "units 0",   "units null", "rate .5", "rate 1",
                                            "choice",  "no choice", "tuple",      "single",  "short tuple",
                                            "dims",    "zero dim",  "nan"};
    const std::vector<bool> good = {true, false, false, true, false, true, false,
                                    true, true,  false, true, false, false};
    for (std::size_t i = 0; i < names.size(); ++i) QTest::newRow(names[i]) << int(i) << bool(good[i]);
  }
  void checks() {
    QFETCH(int, index);
    QFETCH(bool, isGood);
    const FieldSpec units = positiveInt("units").required();
    const FieldSpec padding = choice("padding", {"valid", "same"});
    const std::vector<std::pair<FieldSpec, FieldValue>> cases = {{units, 8},
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
                                                                 {number("x"), std::nan("")}};
    const auto& [field, value] = cases[std::size_t(index)];
    if (isGood)
      field.check(value);
    else
      QVERIFY_EXCEPTION_THROWN(field.check(value), Error);
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

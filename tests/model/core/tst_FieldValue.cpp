#include "model/core/Error.h"
#include "model/core/FieldValue.h"

#include <QTest>

using namespace layersmith;

class TestFieldValue : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void mapKeepsItsOrder() {
    FieldMap map = {{"b", 1}, {"a", 2}};
    map.set("c", 3);
    map.set("b", 9);
    std::string keys;
    for (const auto& [key, value] : map) keys += key;
    QCOMPARE(keys, std::string("bac"));
    QCOMPARE(map.intAt("b", 0), 9);
    QVERIFY(map.remove("a"));
    QVERIFY(!map.contains("a"));
  }

  void wrongTypesNameTheirPlace() {
    const FieldMap map = {{"units", "many"}};
    try {
      map.intAt("units", 0);
      QFAIL("a text is no integer");
    } catch (const Error& error) {
      QVERIFY(error.kind() == ErrorKind::InvalidConfig);
      QCOMPARE(error.where(), std::string("units"));
      QCOMPARE(error.message(), std::string("Expected an integer, found a text."));
    }
  }

  void absentAndNullTakeTheFallback() {
    const FieldMap map = {{"seed", nullptr}};
    QCOMPARE(map.intAt("seed", 7), 7);
    QCOMPARE(map.stringAt("name", "x"), std::string("x"));
  }

  void wholeDoublesAreIntegers() {
    QCOMPARE(FieldValue(3.0).asInt(), 3);
    QVERIFY_EXCEPTION_THROWN(FieldValue(3.5).asInt(), Error);
    QCOMPARE(FieldValue(FieldArray{nullptr, 28}).asInts(), (std::vector<std::int64_t>{-1, 28}));
    QCOMPARE(FieldValue(3).asInts(), (std::vector<std::int64_t>{3}));
  }

  void showsItselfToPeople() {
    QCOMPARE(toDisplayString(FieldValue::ofInts({3, 3})), std::string("3 × 3"));
    QCOMPARE(toDisplayString(FieldValue(0.25)), std::string("0.25"));
    QCOMPARE(toDisplayString(FieldMap{{"className", "Zeros"}}), std::string("Zeros"));
  }
};

QTEST_GUILESS_MAIN(TestFieldValue)
#include "tst_FieldValue.moc"

#include "model/format/JavaScriptJson.h"

#include "model/format/ModelArtifacts.h"

#include <QTest>

#include <limits>

using namespace layersmith;

class TestJavaScriptJson : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void spellsNumbersAsJavaScript_data();
  void spellsNumbersAsJavaScript();
  void escapesAsJavaScript();
};

void TestJavaScriptJson::spellsNumbersAsJavaScript_data() {
  QTest::addColumn<double>("value");
  QTest::addColumn<QByteArray>("expected");
  // Each right column is what Node prints for JSON.stringify of the left.
  const std::pair<double, const char*> cases[] = {{1, "1"},
                                                  {-1, "-1"},
                                                  {0, "0"},
                                                  {-0.0, "0"},
                                                  {0.1, "0.1"},
                                                  {1e-7, "1e-7"},
                                                  {1.5e-7, "1.5e-7"},
                                                  {0.000001, "0.000001"},
                                                  {0.00000123, "0.00000123"},
                                                  {1e21, "1e+21"},
                                                  {1e20, "100000000000000000000"},
                                                  {123456789012345680000.0, "123456789012345680000"},
                                                  {1.2345e25, "1.2345e+25"},
                                                  {0.0010000000474974513, "0.0010000000474974513"},
                                                  {0.8999999761581421, "0.8999999761581421"},
                                                  {100.25, "100.25"},
                                                  {5e-324, "5e-324"},
                                                  {1.7976931348623157e308, "1.7976931348623157e+308"},
                                                  {-2.5e-10, "-2.5e-10"}};
  for (const auto& [value, expected] : cases) QTest::newRow(expected) << value << QByteArray(expected);
  QTest::newRow("NaN") << std::numeric_limits<double>::quiet_NaN() << QByteArray("null");
  QTest::newRow("Infinity") << std::numeric_limits<double>::infinity() << QByteArray("null");
}

void TestJavaScriptJson::spellsNumbersAsJavaScript() {
  QFETCH(double, value);
  QFETCH(QByteArray, expected);
  QCOMPARE(QByteArray::fromStdString(javaScriptNumber(value)), expected);
}

void TestJavaScriptJson::escapesAsJavaScript() {
  const Json json{{"größe ☃", "a\"b\\c\n\t\x01\x1f/é"},
                  {"list", {1, 2.5, nullptr, true, Json::object(), Json::array()}}};
  QCOMPARE(toJsonBytes(json),
           QByteArray("{\"größe ☃\":\"a\\\"b\\\\c\\n\\t\\u0001\\u001f/é\",\"list\":[1,2.5,null,true,{},[]]}"));
}

QTEST_GUILESS_MAIN(TestJavaScriptJson)
#include "tst_JavaScriptJson.moc"

// Outputs of every layer and activation, and their configs, against the real TensorFlow.js.
#include "model/nn/LayerRegistry.h"
#include "model/nn/Network.h"
#include "tests/support/EngineFixtures.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace layersmith;

namespace {

/// Equal as JavaScript sees it: 1 is 1.0, also inside of maps.
bool isSame(const FieldValue& a, const FieldValue& b) {
  if (a.isNumber() && b.isNumber()) return a.asNumber() == b.asNumber();
  if (!a.isMap() || !b.isMap()) return a == b;
  const FieldMap &left = a.asMap(), &right = b.asMap();
  return left.size() == right.size() && std::ranges::all_of(left, [&](const auto& member) {
           const FieldValue* other = right.find(member.first);
           return other && isSame(member.second, *other);
         });
}

}  // namespace

class LayerParityTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { m_cases = fixtures::load("layers.json").at("cases"); }

  void outputs_data() {
    QTest::addColumn<std::size_t>("row");
    QTest::addColumn<bool>("isFast");
    for (std::size_t i = 0; i < m_cases.size(); ++i)
      for (const bool isFast : {true, false})
        QTest::newRow((m_cases[i].at("title").get<std::string>() + (isFast ? " fast" : " reference")).c_str())
            << i << isFast;
  }

  void outputs() {
    QFETCH(std::size_t, row);
    QFETCH(bool, isFast);
    const fixtures::Json& item = m_cases[row];
    const Graph graph = fixtures::toGraph(item);
    Network network(graph, fixtures::toWeights(graph, item.at("weights")), 0,
                    isFast ? ComputePath::Fast : ComputePath::Reference);
    const std::vector<Tensor> inputs = tensors(item.at("input"));
    compare(network.predict(inputs), tensors(item.at("output")));
    if (item.contains("again")) compare(network.predict(inputs), tensors(item.at("again")));  // of a stateful model
  }

  /// The schema in its order with its defaults is what getConfig() of TensorFlow.js says.
  void configs_data() {
    QTest::addColumn<std::size_t>("row");
    for (std::size_t i = 0; i < m_cases.size(); ++i)
      QTest::newRow(m_cases[i].at("title").get<std::string>().c_str()) << i;
  }

  void configs() {
    QFETCH(std::size_t, row);
    for (const fixtures::Json& layer : m_cases[row].at("layers")) {
      const std::string className = layer.at("className");
      if (className == "InputLayer") continue;
      const LayerType* type = findLayerType(className);
      QVERIFY2(type, className.c_str());
      const FieldMap expected = fixtures::toFieldValue(layer.at("config")).asMap();
      const FieldMap ours = completed(type->fields(), expected);
      QStringList ourKeys, theirKeys;
      for (const auto& [key, value] : ours) ourKeys << QString::fromStdString(key);
      for (const auto& [key, value] : expected) theirKeys << QString::fromStdString(key);
      QCOMPARE(ourKeys, theirKeys);
      for (const auto& [key, value] : expected) QVERIFY2(isSame(*ours.find(key), value), key.c_str());

      // Defaults: the required fields alone give the same config wherever the case took the default.
      FieldMap required;
      for (const FieldSpec& field : type->fields())
        if (field.isRequired) required.set(field.key, *expected.find(field.key));
      const FieldMap defaults = completed(type->fields(), required);
      if (m_cases[row].at("title").get<std::string>() == className)
        for (const auto& [key, value] : expected) QVERIFY2(isSame(*defaults.find(key), value), key.c_str());
    }
  }

 private:
  /// One tensor, or a list where the model has several.
  static std::vector<Tensor> tensors(const fixtures::Json& json) {
    std::vector<Tensor> all;
    for (const fixtures::Json& tensor : json.is_array() ? json : fixtures::Json::array({json}))
      all.push_back(fixtures::toTensor(tensor));
    return all;
  }

  static void compare(const std::vector<Tensor>& actual, const std::vector<Tensor>& expected) {
    QCOMPARE(actual.size(), expected.size());
    for (std::size_t output = 0; output < expected.size(); ++output) {
      QCOMPARE(actual[output].shape, expected[output].shape);
      for (std::size_t i = 0; i < expected[output].values.size(); ++i) {
        const double ours = double(actual[output].values[i]), theirs = double(expected[output].values[i]);
        QVERIFY2(std::abs(ours - theirs) <= 1e-5 * (1 + std::abs(theirs)),
                 qPrintable(
                     QStringLiteral("output %1, value %2: %3, expected %4").arg(output).arg(i).arg(ours).arg(theirs)));
      }
    }
  }

  /// 1 and 1.0 are the same.
  static bool isSame(const FieldValue& a, const FieldValue& b) {
    if (a.isNumber() && b.isNumber()) return a.asNumber() == b.asNumber();
    if (!a.isMap() || !b.isMap()) return a == b;
    return std::ranges::equal(a.asMap(), b.asMap(), [](const FieldMap::Entry& one, const FieldMap::Entry& other) {
      return one.first == other.first && isSame(one.second, other.second);
    });
  }

  fixtures::Json m_cases;
};

QTEST_GUILESS_MAIN(LayerParityTest)
#include "tst_LayerParity.moc"

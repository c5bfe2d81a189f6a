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
    const Tensor expected = fixtures::toTensor(item.at("output"));
    const fixtures::Json& input = item.at("input");  // a list where the model has several
    std::vector<Tensor> inputs;
    for (const fixtures::Json& tensor : input.is_array() ? input : fixtures::Json::array({input}))
      inputs.push_back(fixtures::toTensor(tensor));
    const Tensor actual = network.predict(inputs).front();
    QCOMPARE(actual.shape, expected.shape);
    for (std::size_t i = 0; i < expected.values.size(); ++i) {
      const double error = std::abs(double(actual.values[i]) - double(expected.values[i]));
      QVERIFY2(error <= 1e-5 * (1 + std::abs(double(expected.values[i]))),
               qPrintable(QStringLiteral("value %1: %2, expected %3")
                              .arg(i)
                              .arg(double(actual.values[i]))
                              .arg(double(expected.values[i]))));
    }
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
  fixtures::Json m_cases;
};

QTEST_GUILESS_MAIN(LayerParityTest)
#include "tst_LayerParity.moc"

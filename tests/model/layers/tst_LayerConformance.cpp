// Every registered layer: registry, schema, config round trip, fast against reference kernels, errors.
#include "model/nn/ActivationType.h"
#include "model/nn/GraphAnalysis.h"
#include "model/nn/LayerRegistry.h"
#include "tests/model/layers/LayerRun.h"

#include <QTest>

#include <set>

using namespace layersmith;

namespace {

double difference(std::span<const Scalar> fast, std::span<const Scalar> reference) {
  double worst = 0, size = 1;
  for (const Scalar value : reference) size = std::max(size, double(std::abs(value)));
  for (std::size_t i = 0; i < fast.size(); ++i)
    worst = std::max(worst, double(std::abs(fast[i] - reference[i])) / size);
  return worst;
}

std::vector<LayerCase> allCases() {
  std::vector<LayerCase> cases = layerCases(activationNames());
  std::ranges::copy(largeLayerCases(), std::back_inserter(cases));
  return cases;
}

}  // namespace

class LayerConformanceTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyLayerIsTested() {
    std::set<std::string> registered, tested;
    for (const LayerType& type : layerTypes()) registered.insert(type.className);
    for (const LayerCase& layerCase : layerCases({"relu"})) tested.insert(layerCase.className);
    QCOMPARE(tested, registered);
    QCOMPARE(QString::number(layerTypes().size()), QStringLiteral(LAYERSMITH_LAYER_COUNT));
  }

  void schemasAreComplete() {
    for (const LayerType& type : layerTypes()) {
      QVERIFY2(!type.help.empty(), type.className.c_str());
      for (const std::string& key : type.summaryFields) QVERIFY2(findField(type.fields(), key), key.c_str());
      for (const FieldSpec& field : type.fields())
        if (!field.isRequired) field.check(field.defaultValue);
    }
  }

  void run_data() {
    QTest::addColumn<std::size_t>("row");
    const auto cases = allCases();
    for (std::size_t i = 0; i < cases.size(); ++i) QTest::newRow(titleOf(cases[i], i).c_str()) << i;
  }

  /// Fast kernels against the plain loops: outputs and all gradients. Shapes as analysed, weights as declared.
  void run() {
    QFETCH(std::size_t, row);
    const LayerCase layerCase = allCases()[row];
    LayerRun fast(layerCase, ComputePath::Fast), reference(layerCase, ComputePath::Reference);
    for (LayerRun* one : {&fast, &reference}) one->setInput(), one->backward();
    QVERIFY2(difference(fast.outputs(), reference.outputs()) < 1e-5, "outputs differ");
    for (const Parameter& parameter : fast.impl().parameters.parameters()) {
      if (!parameter.isTrainable) continue;
      const Parameter* other = reference.impl().parameters.find(parameter.layer, parameter.declaration.role);
      QVERIFY2(
          difference(fast.impl().parameters.gradients(parameter), reference.impl().parameters.gradients(*other)) < 1e-5,
          parameter.declaration.role.c_str());
    }

    const GraphReport report = analyse(graphOf(layerCase));
    const LayerReport& last = report.layers.at(report.order.back());
    std::size_t expected = 0;
    for (Shape shape : last.outputShapes) {
      shape[0] = 2;
      expected += std::size_t(elementCount(shape));
    }
    QCOMPARE(expected, fast.outputs().size());
  }

  void configsRoundTrip() {
    for (const LayerCase& layerCase : layerCases({"relu"})) {
      const LayerType* type = findLayerType(layerCase.className);
      const FieldMap once = completed(type->fields(), layerCase.config);
      QCOMPARE(completed(type->fields(), once), once);
    }
  }

  void badConfigsAreNamed_data() {
    QTest::addColumn<QString>("className");
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("kind");
    for (const LayerType& type : layerTypes())
      for (const FieldSpec& field : type.fields())
        QTest::addRow("%s %s", type.className.c_str(), field.key.c_str())
            << QString::fromStdString(type.className) << QString::fromStdString(field.key) << int(field.kind);
  }

  void badConfigsAreNamed() {
    QFETCH(QString, className);
    QFETCH(QString, key);
    for (LayerCase layerCase : layerCases({"relu"}))
      if (layerCase.className == className.toStdString()) {
        layerCase.config.set(key.toStdString(), FieldMap{{"not", "a value"}});
        QFETCH(int, kind);
        if (kind >= int(FieldKind::Initializer)) layerCase.config.set(key.toStdString(), 17);
        Graph graph = graphOf(layerCase);
        if (layerCase.className == "InputLayer") graph.layers.front().config = layerCase.config;
        const GraphReport report = analyse(graph);
        QVERIFY(!report.canRun);
        QVERIFY(std::ranges::any_of(report.issues, [&](const Issue& issue) {
          return issue.fieldKey == key.toStdString() && issue.severity == Severity::Error;
        }));
        return;
      }
    QFAIL("no case for this layer");
  }
};

QTEST_GUILESS_MAIN(LayerConformanceTest)
#include "tst_LayerConformance.moc"

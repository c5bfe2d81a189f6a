// measureCost(): every layer but the inputs has a cost, shares add up, and the batch is the one a training would take.
#include "model/benchmark/Workloads.h"
#include "model/core/Error.h"
#include "model/document/Templates.h"
#include "model/nn/GraphAnalysis.h"
#include "model/session/ModelCost.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace layersmith;

namespace {

const LayerCost& costOf(const ModelCost& cost, const DocumentState& state, const char* className) {
  for (const LayerSpec& layer : state.graph.layers)
    if (layer.className == className) return cost.layers.at(layer.id);
  throw Error(ErrorKind::NotFound, className);
}

}  // namespace

class TestModelCost : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyLayerHasAShare() {
    const DocumentState state = makeTemplate(QStringLiteral("digits"));
    const ModelCost cost = measureCost(state);
    QCOMPARE(cost.samples, std::int64_t(state.fit.batchSize));
    double percent = 0;
    for (const LayerSpec& layer : state.graph.layers) {
      QCOMPARE(cost.layers.contains(layer.id), layer.className != "InputLayer");
      if (layer.className == "InputLayer") continue;
      const LayerCost& own = cost.layers.at(layer.id);
      percent += own.percent;
      QCOMPARE(own.ms, own.forwardMs + own.backwardMs);
      QCOMPARE(own.hasSteps, own.ms > 0);
      QVERIFY(own.outputBytes > 0);
    }
    QVERIFY(std::abs(percent - 100) < 1e-6);
  }

  void convolutionsSayWhatTheyAre() {
    const DocumentState state = makeTemplate(QStringLiteral("digits"));
    const ModelCost cost = measureCost(state);
    const LayerCost& convolution = costOf(cost, state, "Conv2D");
    QVERIFY(convolution.forwardMs > 0 && convolution.backwardMs > 0);
    QVERIFY(convolution.gflopPerSecond > 0);
    const LayerSpec& layer = *std::ranges::find(state.graph.layers, "Conv2D", &LayerSpec::className);
    const GraphReport report = analyse(state.graph);
    QCOMPARE(convolution.weightBytes, report.layers.at(layer.id).parameters * 4);
    QCOMPARE(costOf(cost, state, "Flatten").hasSteps, false);
  }

  void outputsGrowWithTheBatch() {
    DocumentState state;
    state.graph = findWorkload("W4")->makeGraph();
    const auto costFor = [&](int batchSize) {
      state.fit.batchSize = batchSize;
      return measureCost(state);
    };
    const ModelCost one = costFor(1), many = costFor(32);
    QCOMPARE(many.samples, std::int64_t(32));
    QCOMPARE(many.layers.size(), one.layers.size());
    for (const auto& [layer, cost] : one.layers) {
      QCOMPARE(many.layers.at(layer).outputBytes, 32 * cost.outputBytes);
      QCOMPARE(many.layers.at(layer).weightBytes, cost.weightBytes);
    }
  }

  void fewRowsMakeASmallBatch() {
    DocumentState state = makeTemplate(QStringLiteral("iris"));
    state.fit.batchSize = 1'000'000;
    QCOMPARE(measureCost(state).samples, state.dataset->training.samples());
  }

  void withoutFittingDataValuesAreMade() {
    DocumentState state = makeTemplate(QStringLiteral("digits"));
    state.dataset = makeTemplate(QStringLiteral("twoMoons")).dataset;
    state.fit.batchSize = 7;
    QCOMPARE(measureCost(state).samples, std::int64_t(7));
    state.dataset.reset();
    QCOMPARE(measureCost(state).samples, std::int64_t(7));
  }

  void whatCannotRunSaysWhy() {
    QVERIFY_EXCEPTION_THROWN(measureCost({}), Error);
    DocumentState state = makeTemplate(QStringLiteral("digits"));
    state.dataset.reset();
    DocumentState unsized = state;
    unsized.graph.layers.front().config.set("batchInputShape", FieldValue::ofInts({-1, -1, -1, 1}, true));
    QVERIFY_EXCEPTION_THROWN(measureCost(unsized), Error);
    state.graph.layers.back().className = "LayerOfTheirs";
    QVERIFY_EXCEPTION_THROWN(measureCost(state), Error);
  }
};

QTEST_MAIN(TestModelCost)
#include "tst_ModelCost.moc"

#include "model/document/Edits.h"
#include "model/document/Templates.h"
#include "model/nn/Network.h"

#include <QTest>

using namespace layersmith;
using edits::InsertPlace;

namespace {

std::string chainOf(const Graph& graph) {
  std::string text;
  for (const LayerSpec& layer : graph.layers) text += (text.empty() ? "" : " ") + layer.name;
  return text;
}

LayerId idOf(const DocumentState& state, const char* name) {
  return state.graph.findByName(name)->id;
}

InsertPlace after(LayerId layer) {
  return {InsertPlace::Kind::AfterLayer, layer, 0, {}};
}
InsertPlace onEdge(LayerId layer) {
  return {InsertPlace::Kind::OnEdge, layer, 0, {}};
}

/// A Sequential is a chain: each layer but the first is called once, with the one before it; the last is the output.
void verifyChain(const Graph& graph, std::size_t length) {
  for (std::size_t i = 1; i < length; ++i) {
    QCOMPARE(graph.layers[i].calls.size(), std::size_t(1));
    QVERIFY(graph.layers[i].calls.front().inputs.front() == TensorRef{graph.layers[i - 1].id});
  }
  QVERIFY(graph.outputs == std::vector<TensorRef>{TensorRef{graph.layers[length - 1].id}});
}

DocumentState withWeights(DocumentState state) {
  state.weights = Network(state.graph, {}, 1).weights();
  return state;
}

}  // namespace

class TestEdits : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void insertOnEdgePutsTheLayerBetween() {
    const DocumentState before = makeTemplate(QStringLiteral("twoMoons"));
    LayerId inserted;
    const DocumentState state = edits::insertLayer(before, "Dropout", onEdge(idOf(before, "out")), {}, &inserted);
    QCOMPARE(chainOf(state.graph), std::string("points hidden dropout_1 out"));
    QCOMPARE(state.graph.find(inserted)->className, std::string("Dropout"));
    verifyChain(state.graph, 4);
    QVERIFY(analyse(state.graph).canRun);
  }

  void insertAfterTheLastMakesItTheOutput() {
    const DocumentState before = makeTemplate(QStringLiteral("twoMoons"));
    const DocumentState state = edits::insertLayer(before, "Dense", after(idOf(before, "out")));
    QCOMPARE(chainOf(state.graph), std::string("points hidden out dense_1"));
    verifyChain(state.graph, 4);
  }

  void looseLayerStaysOutOfTheChain() {
    const DocumentState before = makeTemplate(QStringLiteral("twoMoons"));
    LayerId loose;
    InsertPlace place;
    place.position = CardPosition{300, 20};
    const DocumentState state = edits::insertLayer(before, "Dropout", place, {}, &loose);
    verifyChain(state.graph, 3);
    QVERIFY(state.graph.find(loose)->calls.empty());
    QVERIFY(state.positions.contains(loose));
    const DocumentState joined = edits::moveLayer(state, loose, onEdge(idOf(state, "out")));
    QCOMPARE(chainOf(joined.graph), std::string("points hidden dropout_1 out"));
    verifyChain(joined.graph, 4);
    QVERIFY(!joined.positions.contains(loose));
  }

  void removeJoinsTheNeighbours() {
    const DocumentState before = withWeights(makeTemplate(QStringLiteral("twoMoons")));
    const DocumentState state = edits::removeLayers(before, {idOf(before, "hidden")});
    QCOMPARE(chainOf(state.graph), std::string("points out"));
    verifyChain(state.graph, 2);
    QVERIFY2(state.weights.find(idOf(state, "out"), "kernel") == nullptr, "a kernel for 8 inputs does not fit 2");
    QVERIFY(state.weights.find(idOf(state, "out"), "bias") != nullptr);
  }

  void theInputOfASequentialCannotBeRemoved() {
    const DocumentState before = makeTemplate(QStringLiteral("twoMoons"));
    QVERIFY(edits::removeLayers(before, {idOf(before, "points")}).graph == before.graph);
  }

  void moveReorders() {
    const DocumentState before = makeTemplate(QStringLiteral("spirals"));
    const DocumentState down = edits::shiftLayer(before, idOf(before, "hidden_1"), +1);
    QCOMPARE(chainOf(down.graph), std::string("points hidden_2 hidden_1 hidden_3 out"));
    verifyChain(down.graph, 5);
    const DocumentState up = edits::shiftLayer(down, idOf(down, "hidden_1"), -1);
    QVERIFY(up.graph == before.graph);
    QVERIFY2(edits::shiftLayer(before, idOf(before, "hidden_1"), -1).graph == before.graph,
             "nothing goes before the input");
  }

  void replaceKeepsThePlace() {
    const DocumentState before = withWeights(makeTemplate(QStringLiteral("twoMoons")));
    const LayerId hidden = idOf(before, "hidden");
    const DocumentState state = edits::insertLayer(before, "Activation", {InsertPlace::Kind::Replace, hidden, 0, {}});
    QCOMPARE(state.graph.find(hidden)->className, std::string("Activation"));
    verifyChain(state.graph, 3);
    QVERIFY(!state.weights.hasLayer(hidden));
  }

  void aFieldThatKeepsShapesKeepsWeights() {
    const DocumentState before = withWeights(makeTemplate(QStringLiteral("twoMoons")));
    const LayerId hidden = idOf(before, "hidden");
    const DocumentState same = edits::setField(before, {hidden}, "activation", "relu");
    QCOMPARE(same.weights.size(), before.weights.size());
    const DocumentState wider = edits::setField(before, {hidden}, "units", 9);
    QVERIFY(!wider.weights.hasLayer(hidden));
    QVERIFY(wider.source == nullptr);
  }

  void repairInsertsWhatIsMissing() {
    const DocumentState before = makeTemplate(QStringLiteral("digits"));
    const DocumentState broken = edits::removeLayers(before, {idOf(before, "flatten")});
    const GraphReport report = analyse(broken.graph);
    QVERIFY(!report.canRun);
    const auto issue = std::ranges::find_if(report.issues, [](const Issue& i) { return !i.repairs.empty(); });
    QVERIFY(issue != report.issues.end());
    QVERIFY(analyse(edits::applyRepair(broken, issue->repairs.front()).graph).canRun);
  }

  void copiedLayersPasteAnywhere() {
    const DocumentState source = makeTemplate(QStringLiteral("spirals"));
    const QByteArray text = edits::copyLayers(source, {idOf(source, "hidden_1"), idOf(source, "hidden_2")});
    const DocumentState target = makeTemplate(QStringLiteral("twoMoons"));
    std::vector<LayerId> pasted;
    const DocumentState state = edits::pasteLayers(target, text, idOf(target, "points"), &pasted);
    QCOMPARE(chainOf(state.graph), std::string("points dense_1 dense_2 hidden out"));
    QCOMPARE(pasted.size(), std::size_t(2));
    QCOMPARE(state.graph.find(pasted[0])->config.intAt("units", 0), 24);
    QVERIFY2(edits::pasteLayers(target, "not layers", {}).graph == target.graph, "foreign text changes nothing");
  }

  void dataFitsAnUntrainedModelAndIsReportedOnATrainedOne() {
    const DocumentState iris = makeTemplate(QStringLiteral("iris"));
    const DocumentState moons = makeTemplate(QStringLiteral("twoMoons"));
    const DocumentState fitted = edits::setDataset(moons, iris.dataset);
    QCOMPARE(fitted.graph.findByName("out")->config.intAt("units", 0), 3);
    QVERIFY(edits::dataIssues(fitted, analyse(fitted.graph)).empty());

    const DocumentState trained = edits::setDataset(withWeights(moons), iris.dataset);
    QVERIFY(trained.graph == moons.graph);
    const std::vector<Issue> issues = edits::dataIssues(trained, analyse(trained.graph));
    QVERIFY(issues.size() >= 2);
    QVERIFY(issues[0].message.find("(4)") != std::string::npos);
    DocumentState mended = trained;
    for (const Issue& issue : issues)
      if (!issue.repairs.empty()) mended = edits::applyRepair(mended, issue.repairs.front());
    QCOMPARE(mended.graph.findByName("points")->config.intsAt("batchInputShape"), (Shape{kUnknownDim, 4}));
  }

  void theLossDecidesHowTargetsAreEncoded() {
    const DocumentState iris = makeTemplate(QStringLiteral("iris"));
    QCOMPARE(iris.dataset->training.ys.front().shape.back(), 3);
    TrainingConfig config = iris.training;
    config.losses = {"sparseCategoricalCrossentropy"};
    const DocumentState sparse = edits::setTraining(iris, config, iris.fit);
    QVERIFY(sparse.recipe.targetEncoding == TargetEncoding::ClassIndex);
    QVERIFY(sparse.dataset->training.ys.front().shape.back() != 3);
    QVERIFY(sparse.dataset->trainingRows == iris.dataset->trainingRows);
  }
};

QTEST_GUILESS_MAIN(TestEdits)
#include "tst_Edits.moc"

// Shapes, parameters, issues and repairs of good and of broken graphs.
#include "model/nn/GraphAnalysis.h"
#include "tests/support/EngineFixtures.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace layersmith;
using fixtures::chain;

namespace {

const Issue* issueWith(const GraphReport& report, const std::string& text) {
  const auto it =
      std::ranges::find_if(report.issues, [&](const Issue& i) { return i.message.find(text) != std::string::npos; });
  return it == report.issues.end() ? nullptr : &*it;
}

const FieldMap kConv = {{"filters", 8}, {"kernelSize", 3}, {"activation", "relu"}};

}  // namespace

class GraphAnalysisTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void countsAGoodModel() {
    const Graph graph = chain({28, 28, 1}, {{"Conv2D", kConv},
                                            {"MaxPooling2D", {}},
                                            {"BatchNormalization", {}},
                                            {"Flatten", {}},
                                            {"Dense", {{"units", 10}}}});
    const GraphReport report = analyse(graph);
    QVERIFY(report.canRun);
    QVERIFY(report.issues.empty());
    QCOMPARE(toString(report.layers.at({2}).outputShapes[0]), std::string("(null, 26, 26, 8)"));
    QCOMPARE(toString(report.layers.at({3}).outputShapes[0]), std::string("(null, 13, 13, 8)"));
    QCOMPARE(report.parameters, std::int64_t(80 + 32 + 13 * 13 * 8 * 10 + 10));
    QCOMPARE(report.trainableParameters, report.parameters - 16);
    QCOMPARE(report.order.size(), graph.layers.size());
  }

  void frozenLayersAreCounted() {
    Graph graph = chain({4}, {{"Dense", {{"units", 3}}}});
    graph.layers[1].isTrainable = false;
    QCOMPARE(analyse(graph).parameters, std::int64_t(15));
    QCOMPARE(analyse(graph).trainableParameters, std::int64_t(0));
  }

  void denseAfterAnImageIsMended() {
    const GraphReport report = analyse(chain({28, 28, 1}, {{"Conv2D", kConv}, {"Dense", {{"units", 10}}}}));
    const Issue* issue = issueWith(report, "`dense_1` needs a flat input, but `conv2d_1` gives (26, 26, 8).");
    QVERIFY(issue);
    QVERIFY(!report.canRun);
    QCOMPARE(issue->repairs.size(), std::size_t(2));
    QCOMPARE(issue->repairs[0].className, std::string("Flatten"));
    QCOMPARE(issue->repairs[0].label, std::string("Insert Flatten"));
    QCOMPARE(issue->repairs[1].className, std::string("GlobalAveragePooling2D"));
  }

  void convolutionAfterAFlatInputIsMended() {
    const GraphReport report = analyse(chain({784}, {{"Conv2D", kConv}}));
    const Issue* issue =
        issueWith(report, "`conv2d_1` needs an image (height, width, channels), but `input` gives (784).");
    QVERIFY(issue);
    QCOMPARE(issue->repairs.at(0).className, std::string("Reshape"));
    QCOMPARE(issue->repairs.at(0).config.intsAt("targetShape"), (std::vector<std::int64_t>{28, 28, 1}));
  }

  void tooSmallImagesAreNamed() {
    const GraphReport report = analyse(chain({4, 4, 1}, {{"Conv2D", kConv}, {"MaxPooling2D", {}}, {"Conv2D", kConv}}));
    QVERIFY(issueWith(report, "`conv2d_2` needs an image of at least 3 × 3"));
    QVERIFY(!report.canRun);
  }

  void unknownLayersAreNamedOnce() {
    Graph graph = chain({80, 32}, {{"Attention", {{"units", 8}}}, {"Dense", {{"units", 1}}}});
    graph.layers[1].name = "attention_1";
    const GraphReport report = analyse(graph);
    QCOMPARE(report.issues.size(), std::size_t(1));
    QCOMPARE(report.issues[0].code, std::string("E120"));
    QCOMPARE(report.issues[0].message,
             std::string("Layer `attention_1` (Attention) is not known here. It is kept and saved as it is."));
    QVERIFY(!report.layers.at({2}).isKnown);
    QVERIFY(report.layers.at({3}).outputShapes.empty());
    QVERIFY(!report.canRun);
  }

  void badValuesPointToTheirField() {
    const GraphReport report = analyse(chain({4}, {{"Dense", {{"units", 0}, {"activation", "sparkle"}}}}));
    QVERIFY(
        std::ranges::any_of(report.issues, [](const Issue& i) { return i.fieldKey == "units" && i.repairs.empty(); }));
    QVERIFY(std::ranges::any_of(report.issues,
                                [](const Issue& i) { return i.fieldKey == "activation" && i.repairs.size() == 1; }));
  }

  void channelsFirstIsRefused() {
    FieldMap config = kConv;
    config.set("dataFormat", "channelsFirst");
    const GraphReport report = analyse(chain({1, 28, 28}, {{"Conv2D", config}}));
    QVERIFY(!report.canRun);
    QCOMPARE(report.issues.at(0).fieldKey, std::string("dataFormat"));
    QCOMPARE(report.issues.at(0).repairs.at(0).value, FieldValue("channelsLast"));
  }

  void activityRegularizersAreRefused() {
    const FieldMap l2 = {{"className", "L1L2"}, {"config", FieldMap{{"l1", 0}, {"l2", 0.1}}}};
    const GraphReport report = analyse(chain({4}, {{"Dense", {{"units", 2}, {"activityRegularizer", l2}}}}));
    QVERIFY(!report.canRun);
    QCOMPARE(report.issues.at(0).fieldKey, std::string("activityRegularizer"));
    QVERIFY(report.issues.at(0).repairs.at(0).value.isNull());
  }

  void looseLayersAreHints() {
    Graph graph = chain({4}, {{"Dense", {{"units", 2}}}});
    LayerSpec loose;
    loose.id = graph.unusedId();
    loose.className = "Dropout";
    loose.name = "dropout_1";
    loose.config = {{"rate", 0.1}};
    graph.layers.push_back(loose);
    const GraphReport report = analyse(graph);
    QVERIFY(report.canRun);
    QCOMPARE(report.issues.size(), std::size_t(1));
    QCOMPARE(report.issues[0].severity, Severity::Hint);
    QCOMPARE(report.issues[0].repairs.at(0).action, Repair::Action::ConnectToEnd);
  }

  void brokenGraphsNeverThrow() {
    QVERIFY(!analyse(Graph()).canRun);
    Graph cycle = chain({4}, {{"Dense", {{"units", 4}}}, {"Dense", {{"units", 4}}}});
    cycle.layers[1].calls[0].inputs[0].layer = {3};
    QVERIFY(issueWith(analyse(cycle), "circle"));
    Graph dangling = chain({4}, {{"Dense", {{"units", 4}}}});
    dangling.layers[1].calls[0].inputs[0].layer = {99};
    QVERIFY(!analyse(dangling).canRun);
    Graph twins = chain({4}, {{"Dense", {{"units", 4}}}, {"Dense", {{"units", 4}}}});
    twins.layers[2].name = twins.layers[1].name;
    QVERIFY(issueWith(analyse(twins), "Two layers are called `dense_1`"));
    Graph headless = chain({4}, {{"Dense", {{"units", 4}}}});
    headless.inputs.clear();
    QVERIFY(!analyse(headless).canRun);
    Graph huge =
        chain({4}, {{"Dense", {{"units", std::int64_t(1) << 40}}}, {"Dense", {{"units", std::int64_t(1) << 40}}}});
    QVERIFY(!analyse(huge).canRun);
  }

  void isQuick() {
    std::vector<std::pair<std::string, FieldMap>> layers(200, {"Dense", {{"units", 8}, {"activation", "relu"}}});
    const Graph graph = chain({8}, layers);
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 10; ++i) QVERIFY(analyse(graph).canRun);
    qInfo("200 layers: %.2f ms", double(timer.nsecsElapsed()) / 1e7);
  }
};

QTEST_GUILESS_MAIN(GraphAnalysisTest)
#include "tst_GraphAnalysis.moc"

#include "model/document/DocumentIo.h"
#include "model/document/Edits.h"
#include "model/document/ModelScore.h"
#include "model/document/Templates.h"
#include "model/nn/Network.h"

#include <QTest>

#include <cmath>

using namespace layersmith;

namespace {

std::vector<Scalar> outputs(const DocumentState& state, const Tensor& input) {
  Network network(state.graph, state.weights, 0);
  const Tensor inputs[] = {input};
  return network.predict(inputs).front().values;
}

}  // namespace

class TestDocumentIo : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aSavedModelOpensEqual_data() {
    QTest::addColumn<QString>("key");
    for (const char* key : {"twoMoons", "iris", "digits"}) QTest::newRow(key) << QString::fromLatin1(key);
  }
  void aSavedModelOpensEqual() {
    QFETCH(QString, key);
    DocumentState state = makeTemplate(key);
    state.weights = Network(state.graph, {}, 3).weights();
    const OpenedDocument opened = documentFromArtifacts(artifactsFromDocument(state));
    QVERIFY(opened.issues.empty());
    QCOMPARE(opened.state.graph.layers.size(), state.graph.layers.size());
    QCOMPARE(opened.state.training.losses, state.training.losses);
    QCOMPARE(opened.state.training.optimizer, state.training.optimizer);
    QVERIFY(opened.state.hasRecipe);
    const Tensor& input = state.dataset->validation.xs.front();
    QVERIFY(outputs(opened.state, input) == outputs(state, input));
  }

  void anUnchangedDocumentIsSavedByteForByte() {
    DocumentState state = makeTemplate(QStringLiteral("twoMoons"));
    const ModelArtifacts first = artifactsFromDocument(state);
    const OpenedDocument opened = documentFromArtifacts(first);
    const ModelArtifacts second = artifactsFromDocument(opened.state);
    QVERIFY(first.modelTopology.dump() == second.modelTopology.dump());
    QCOMPARE(*second.weightData, *first.weightData);
    QVERIFY(second.userDefinedMetadata.dump() == first.userDefinedMetadata.dump());
  }

  void missingWeightsAreMadeOnSaving() {
    const DocumentState state = makeTemplate(QStringLiteral("twoMoons"));
    const ModelArtifacts artifacts = artifactsFromDocument(state, {.includeOptimizer = false, .includeRecipe = false});
    QCOMPARE(artifacts.weightData->size(), qsizetype(33 * sizeof(float)));
    QVERIFY(artifacts.trainingConfig.is_null());
    QVERIFY(artifacts.userDefinedMetadata.is_null());
  }

  void theBestScoreTravels() {
    const auto log = [](int epoch, double loss, double accuracy) {
      return EpochLog{epoch, 0, {{"loss", loss}, {"val_acc", accuracy}}};
    };
    DocumentState state = makeTemplate(QStringLiteral("iris"));
    state.weights = Network(state.graph, {}, 3).weights();
    TrainingRun run{{log(0, 0.9, 0.5), log(1, 0.4, 0.9), log(2, 0.3, 0.8)}, state.training, state.fit, {}};
    state = edits::setWeights(state, state.weights, {}, std::make_shared<TrainingRun>(run));
    const ModelArtifacts artifacts = artifactsFromDocument(state);
    QVERIFY(scoreOf(artifacts.userDefinedMetadata) == (ModelScore{"val_acc", 0.9, 1}));
    QVERIFY(scoreOf(artifactsFromDocument(documentFromArtifacts(artifacts).state).userDefinedMetadata));

    run.history = {EpochLog{0, 0, {{"loss", std::nan("")}}}, EpochLog{1, 0, {{"loss", 0.5}}}};
    QVERIFY(bestScore(run.history) == (ModelScore{"loss", 0.5, 1}));
    run.history.pop_back();
    QVERIFY(!bestScore(run.history));
    QVERIFY(!scoreOf(Json{{"layersmith", {{"score", "good"}}}}));

    // Weights of another training keep no score of this one.
    QVERIFY(!scoreOf(artifactsFromDocument(edits::resetWeights(state)).userDefinedMetadata));
  }

  void sampleDataComesBackWithTheModel() {
    const DocumentState state = makeTemplate(QStringLiteral("twoMoons"));
    const DocumentState opened = documentFromArtifacts(artifactsFromDocument(state)).state;
    QVERIFY(opened.dataset);
    QVERIFY(opened.dataset->training.xs.front().values == state.dataset->training.xs.front().values);
    QVERIFY(opened.source != nullptr);
  }
};

QTEST_GUILESS_MAIN(TestDocumentIo)
#include "tst_DocumentIo.moc"

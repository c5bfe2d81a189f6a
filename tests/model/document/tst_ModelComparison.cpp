#include "model/document/DocumentIo.h"
#include "model/document/Edits.h"
#include "model/document/ModelComparison.h"
#include "model/document/Templates.h"

#include <QTest>

using namespace layersmith;
using Kind = LayerDifference::Kind;
using Weights = LayerDifference::Weights;

namespace {

DocumentState moons() {
  return makeTemplate(QStringLiteral("twoMoons"));
}

/// As it comes back from where it is kept.
DocumentState saved(const DocumentState& state) {
  return documentFromArtifacts(artifactsFromDocument(state)).state;
}

LayerId idOf(const DocumentState& state, const char* name) {
  return state.graph.findByName(name)->id;
}

const ValueDifference* find(const std::vector<ValueDifference>& values, const std::string& key) {
  const auto found = std::ranges::find(values, key, &ValueDifference::key);
  return found == values.end() ? nullptr : &*found;
}

const LayerDifference* find(const ModelComparison& comparison, const std::string& name) {
  const auto found = std::ranges::find(comparison.layers, name, &LayerDifference::name);
  return found == comparison.layers.end() ? nullptr : &*found;
}

}  // namespace

/// What a person is told of two versions of a model, one of them as it was saved: other layer ids, defaults spelled
/// out.
class TestModelComparison : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aSavedModelIsTheSame_data();
  void aSavedModelIsTheSame();
  void layersAddedRemovedAndChanged();
  void aRenamedLayerIsNoOtherLayer();
  void weightsByTheirLargestChange();
  void weightsOfOneSideOnly();
  void trainingSettingsAndProgress();
  void unknownLayersByTheirConfig();
  void nestedModels();
};

void TestModelComparison::aSavedModelIsTheSame_data() {
  QTest::addColumn<QString>("key");
  for (const TemplateType& type : templateTypes())
    if (type.key != QStringLiteral("empty")) QTest::newRow(qPrintable(type.key)) << type.key;
}

void TestModelComparison::aSavedModelIsTheSame() {
  QFETCH(QString, key);
  const DocumentState once = saved(makeTemplate(key));
  const ModelComparison comparison = compareModels(once, saved(once));
  QVERIFY(comparison.isSame());
}

void TestModelComparison::layersAddedRemovedAndChanged() {
  const DocumentState before = saved(moons());
  const edits::InsertPlace place{edits::InsertPlace::Kind::AfterLayer, idOf(before, "hidden"), 0, {}};
  LayerId dropout;
  DocumentState after = edits::insertLayer(before, "Dropout", place, {{"rate", 0.25}}, &dropout);
  after = edits::setField(after, {idOf(after, "hidden")}, "units", 12);
  after = edits::setTrainable(after, {idOf(after, "hidden")}, false);
  const ModelComparison comparison = compareModels(before, after);
  QVERIFY(!comparison.isSame());
  QCOMPARE(comparison.count(Kind::Added), 1);
  QCOMPARE(comparison.count(Kind::Changed), 2);
  const LayerDifference* hidden = find(comparison, "hidden");
  QVERIFY(hidden && hidden->kind == Kind::Changed);
  QCOMPARE(hidden->values.size(), std::size_t(2));
  QVERIFY(find(hidden->values, "units")->before == FieldValue(8) &&
          find(hidden->values, "units")->after == FieldValue(12));
  QCOMPARE(find(hidden->values, "units")->label, std::string("Units"));
  QVERIFY(find(hidden->values, "trainable")->after == FieldValue(false));
  const LayerDifference* out = find(comparison, "out");
  QVERIFY(out && find(out->values, "inputs"));
  QCOMPARE(find(out->values, "inputs")->before.asString(), std::string("hidden"));
  QCOMPARE(find(out->values, "inputs")->after.asString(), after.graph.find(dropout)->name);
  const ModelComparison back = compareModels(after, before);
  QCOMPARE(back.count(Kind::Removed), 1);
  QCOMPARE(back.layers.back().className, std::string("Dropout"));
}

void TestModelComparison::aRenamedLayerIsNoOtherLayer() {
  const DocumentState before = saved(moons());
  const DocumentState after = edits::renameLayer(before, idOf(before, "hidden"), "first");
  const ModelComparison comparison = compareModels(before, after);
  QCOMPARE(comparison.layers.size(), std::size_t(1));
  const LayerDifference& layer = comparison.layers.front();
  QCOMPARE(layer.name, std::string("first"));
  QCOMPARE(layer.values.size(), std::size_t(1));
  QCOMPARE(find(layer.values, "name")->before.asString(), std::string("hidden"));
  QVERIFY(layer.weights == Weights::Same);
}

void TestModelComparison::weightsByTheirLargestChange() {
  const DocumentState before = saved(moons());
  DocumentState after = before;
  const LayerId out = idOf(after, "out");
  const auto kernel = before.weights.find(out, "kernel")->buffer;
  std::vector<float> values(kernel->floats().begin(), kernel->floats().end());
  values[1] += 0.5F;
  values[2] -= 0.25F;
  after.weights.set(out, "kernel", WeightBuffer::ofFloats(kernel->shape, values));
  ModelComparison comparison = compareModels(before, after);
  QCOMPARE(comparison.layers.size(), std::size_t(1));
  QCOMPARE(comparison.layersWithOtherWeights(), 1);
  QVERIFY(comparison.layers.front().values.empty() && comparison.layers.front().weights == Weights::Changed);
  QVERIFY(std::abs(*comparison.layers.front().largestChange - 0.5) < 1e-6);
  values[0] = std::numeric_limits<float>::quiet_NaN();
  after.weights.set(out, "kernel", WeightBuffer::ofFloats(kernel->shape, values));
  QVERIFY(std::isnan(*compareModels(before, after).layers.front().largestChange));
  after.weights.set(out, "kernel", WeightBuffer::ofFloats({2}, std::vector<float>{1, 2}));
  comparison = compareModels(before, after);
  QVERIFY(comparison.layers.front().weights == Weights::Changed && !comparison.layers.front().largestChange);
}

void TestModelComparison::weightsOfOneSideOnly() {
  const DocumentState before = saved(moons());
  const DocumentState after = edits::resetWeights(before);
  const ModelComparison comparison = compareModels(before, after);
  QCOMPARE(comparison.layersWithOtherWeights(), 2);
  QVERIFY(find(comparison, "out")->weights == Weights::OnlyBefore);
  QVERIFY(find(compareModels(after, before), "out")->weights == Weights::OnlyAfter);
}

void TestModelComparison::trainingSettingsAndProgress() {
  const DocumentState before = saved(moons());
  TrainingConfig config = before.training;
  config.optimizer = "sgd";
  config.optimizerConfig = {{"learningRate", 0.5}};
  DocumentState after = edits::setTraining(before, config, before.fit);
  after.optimizer.iterations = 640;
  after.lastRun = std::make_shared<TrainingRun>(TrainingRun{
      {{0, 1, {{"loss", 0.7}, {"val_acc", 0.5}}}, {1, 1, {{"loss", 0.3}, {"val_acc", 0.9}}}}, config, {}, {}});
  const ModelComparison comparison = compareModels(before, after);
  QVERIFY(comparison.layers.empty());
  QCOMPARE(find(comparison.training, "optimizer")->after.asString(), std::string("sgd"));
  QCOMPARE(find(comparison.training, "learningRate")->label, std::string("Learning rate"));
  QCOMPARE(find(comparison.training, "iterations")->after.asInt(), std::int64_t(640));
  QVERIFY(!find(comparison.training, "loss"));
  QVERIFY(!comparison.scoreBefore);
  QVERIFY((comparison.scoreAfter == ModelScore{"val_acc", 0.9, 1}));
  after = before;
  after.optimizer.slots = {WeightBuffer::ofFloats({1}, std::vector<float>{2})};
  QVERIFY(compareModels(before, after).isOptimizerStateOther && compareModels(before, after).training.empty());
}

void TestModelComparison::unknownLayersByTheirConfig() {
  DocumentState before = moons();
  LayerSpec& layer = before.graph.layers[1];
  layer.className = "CenterLoss";
  layer.config = {{"alpha", 0.5}, {"classes", 3}};
  DocumentState after = before;
  after.graph.layers[1].config = {{"alpha", 0.25}, {"mode", "fast"}};
  const ModelComparison comparison = compareModels(before, after);
  const std::vector<ValueDifference>& values = find(comparison, layer.name)->values;
  QCOMPARE(values.size(), std::size_t(3));
  QVERIFY(find(values, "alpha")->after == FieldValue(0.25));
  QVERIFY(find(values, "mode")->before.isNull() && find(values, "classes")->after.isNull());
}

void TestModelComparison::nestedModels() {
  DocumentState before = moons();
  LayerSpec model;
  model.id = before.graph.unusedId();
  model.className = "Sequential";
  model.name = "encoder";
  Graph inner = before.graph;
  for (LayerSpec& layer : inner.layers) layer.id.value += 100;
  model.subgraph = std::make_shared<const Graph>(inner);
  before.graph.layers.push_back(model);
  DocumentState after = before;
  inner.layers[1].config.set("units", 3);
  after.graph.layers.back().subgraph = std::make_shared<const Graph>(inner);
  const ModelComparison comparison = compareModels(before, after);
  QCOMPARE(comparison.layers.size(), std::size_t(1));
  QCOMPARE(comparison.layers.front().name, "encoder/" + inner.layers[1].name);
}

QTEST_GUILESS_MAIN(TestModelComparison)
#include "tst_ModelComparison.moc"

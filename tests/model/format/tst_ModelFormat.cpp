#include "model/format/CaseConversion.h"
#include "model/format/ModelReader.h"
#include "model/format/ModelWriter.h"
#include "model/nn/GraphAnalysis.h"
#include "tests/support/ModelFixtures.h"

#include <QTest>

#include <algorithm>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Reads what TensorFlow.js 4.22 wrote, writes it again from what was understood, and compares bytes.
class TestModelFormat : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void countsAsTensorFlowJs();
  void rewritesCaptures_data();
  void rewritesCaptures();
  void rewritesModels_data();
  void rewritesModels();
  void understandsAConvnet();
  void understandsSharedAndNestedLayers();
  void namesFreshOptimizerWeights();
  void readsOldAndNewDialects_data();
  void readsOldAndNewDialects();
  void keepsLooseLayers();
  void runsNoCode();
  void namesFollowARename();
  void convertsCase();

 private:
  static void compareRewritten(const ModelArtifacts& original);
  static ModelArtifacts fixture(const std::string& title);
};

ModelArtifacts TestModelFormat::fixture(const std::string& title) {
  const Json all = jsonOf(path(QStringLiteral("models.json")));
  for (const Json& model : all.at("models")) {
    if (model.at("title") != title) continue;
    ModelArtifacts artifacts;
    for (const auto& [key, value] : model.at("artifacts").items()) {
      if (key == "modelTopology")
        artifacts.modelTopology = value;
      else if (key == "weightSpecs")
        artifacts.weightSpecs = weightSpecsFromJson(value, key);
      else
        setMember(artifacts, key, value);
    }
    artifacts.weightData = std::make_shared<const WeightBytes>(
        QByteArray::fromBase64(QByteArray::fromStdString(model.at("weights").get<std::string>())));
    return artifacts;
  }
  QTest::qFail(("no fixture " + title).c_str(), __FILE__, __LINE__);
  return {};
}

void TestModelFormat::compareRewritten(const ModelArtifacts& original) {
  const ReadModel model = readModel(original);
  WriteOptions options;
  options.includeOptimizer = !original.trainingConfig.is_null();
  const ModelArtifacts written = writeModel(model.graph, model.weights, model.trainingConfig, model.optimizerState,
                                            original.userDefinedMetadata, options);
  QCOMPARE(toJsonBytes(written.modelTopology), toJsonBytes(original.modelTopology));
  QCOMPARE(toJsonBytes(toJson(written.weightSpecs)), toJsonBytes(toJson(original.weightSpecs)));
  QCOMPARE(*written.weightData, *original.weightData);
  QCOMPARE(toJsonBytes(written.trainingConfig), toJsonBytes(original.trainingConfig));
  QCOMPARE(toJsonBytes(written.userDefinedMetadata), toJsonBytes(original.userDefinedMetadata));
  const bool isNested =
      std::ranges::any_of(model.graph.layers, [](const LayerSpec& layer) { return layer.subgraph != nullptr; });
  if (!isNested) QVERIFY(readModel(written).graph == model.graph);  // nested graphs compare by identity
}

void TestModelFormat::countsAsTensorFlowJs() {
  const Json expected = jsonOf(path(QStringLiteral("captures/expected.json")));
  for (const char* name : {"plain", "optimizer"}) {
    const ModelArtifactsInfo info = artifactsInfo(capture(QString::fromLatin1(name)), {});
    const Json& theirs = expected.at(name).at("saves").at("localstorage");
    QCOMPARE(info.modelTopologyBytes, theirs.at("modelTopologyBytes").get<std::int64_t>());
    QCOMPARE(info.weightSpecsBytes, theirs.at("weightSpecsBytes").get<std::int64_t>());
    QCOMPARE(info.weightDataBytes, theirs.at("weightDataBytes").get<std::int64_t>());
  }
  const Json all = jsonOf(path(QStringLiteral("models.json")));
  for (const Json& model : all.at("models")) {
    const ModelArtifactsInfo info = artifactsInfo(fixture(model.at("title")), {});
    QCOMPARE(info.modelTopologyBytes, model.at("info").at("modelTopologyBytes").get<std::int64_t>());
    QCOMPARE(info.weightSpecsBytes, model.at("info").at("weightSpecsBytes").get<std::int64_t>());
    QCOMPARE(info.weightDataBytes, model.at("info").at("weightDataBytes").get<std::int64_t>());
  }
}

void TestModelFormat::rewritesCaptures_data() {
  QTest::addColumn<QString>("name");
  QTest::newRow("plain") << "plain";
  QTest::newRow("optimizer") << "optimizer";
}

void TestModelFormat::rewritesCaptures() {
  QFETCH(QString, name);
  compareRewritten(capture(name));
}

void TestModelFormat::rewritesModels_data() {
  QTest::addColumn<QString>("title");
  const Json all = jsonOf(path(QStringLiteral("models.json")));
  for (const Json& model : all.at("models"))
    QTest::newRow(model.at("title").get<std::string>().c_str())
        << QString::fromStdString(model.at("title").get<std::string>());
}

void TestModelFormat::rewritesModels() {
  QFETCH(QString, title);
  compareRewritten(fixture(title.toStdString()));
}

void TestModelFormat::understandsAConvnet() {
  const ReadModel model = readModel(fixture("every layer of a convnet"));
  const Graph& graph = model.graph;
  QCOMPARE(graph.layers.size(), 12u);
  QCOMPARE(graph.layers.front().className, std::string("InputLayer"));
  QVERIFY(graph.layers.front().isImplicit);
  QCOMPARE(graph.layers.front().config.intsAt("batchInputShape"), (std::vector<std::int64_t>{kUnknownDim, 12, 12, 2}));
  const LayerSpec* convolution = graph.findByName("c1");
  QVERIFY(convolution && convolution->unknownConfig.empty());
  QCOMPARE(convolution->config.stringAt("dataFormat"), std::string("channelsLast"));
  QCOMPARE(convolution->config.find("kernelInitializer")->asMap().find("config")->asMap().stringAt("mode"),
           std::string("fanIn"));
  QVERIFY(model.issues.empty());
  const GraphReport report = analyse(graph);
  QVERIFY2(report.canRun, report.issues.empty() ? "" : report.issues.front().message.c_str());
  for (const auto& [id, layer] : report.layers)
    for (const WeightDeclaration& weight : layer.weights)
      QVERIFY2(model.weights.find(id, weight.role), weight.role.c_str());
}

void TestModelFormat::understandsSharedAndNestedLayers() {
  const ReadModel model = readModel(fixture("functional, shared and nested"));
  const LayerSpec* shared = model.graph.findByName("shared");
  QVERIFY(shared);
  QCOMPARE(shared->calls.size(), 2u);
  const LayerSpec* join = model.graph.findByName("join");
  QCOMPARE(join->calls.front().inputs.at(1).nodeIndex, 1);
  const LayerSpec* inner = model.graph.findByName("inner");
  QVERIFY(inner && inner->subgraph);
  QCOMPARE(model.graph.outputs.front().nodeIndex, 0);
  const LayerSpec* deep = inner->subgraph->findByName("in_dense");
  QVERIFY(deep && model.weights.find(deep->id, "kernel"));
  for (const LayerSpec& layer : model.graph.layers) QVERIFY(layer.id > inner->subgraph->layers.back().id);
  QVERIFY(model.issues.empty());
}

void TestModelFormat::namesFreshOptimizerWeights() {
  for (const std::string name : {"sgd", "momentum", "adam"}) {
    const ModelArtifacts original = fixture("trained with " + name);
    ReadModel model = readModel(original);
    QCOMPARE(model.trainingConfig.optimizer, name);
    QCOMPARE(model.optimizerState.iterations, 4);
    model.optimizerState.slotNames.clear();
    WriteOptions options;
    options.includeOptimizer = true;
    const ModelArtifacts written =
        writeModel(model.graph, model.weights, model.trainingConfig, model.optimizerState, nullptr, options);
    QCOMPARE(toJsonBytes(toJson(written.weightSpecs)), toJsonBytes(toJson(original.weightSpecs)));
  }
}

void TestModelFormat::readsOldAndNewDialects_data() {
  QTest::addColumn<QByteArray>("topology");
  const QByteArray dense =
      R"({"class_name":"Dense","config":{"name":"d","units":2,"batch_input_shape":[null,3],"activation":"hard_sigmoid"}})";
  QTest::newRow("bare") << QByteArray(R"({"class_name":"Sequential","config":{"name":"s","layers":[)" + dense + "]}}");
  QTest::newRow("list config") << QByteArray(R"({"class_name":"Sequential","config":[)" + dense + "]}");
  QTest::newRow("wrapped") << QByteArray(
      R"({"keras_version":"2.1.5","backend":"tensorflow","model_config":{"class_name":"Sequential","config":{"name":"s","layers":[)" +
      dense + "]}}}");
  QTest::newRow("keras 3 sequential") << QByteArray(
      R"({"model_config":{"class_name":"Sequential","config":{"name":"s","dtype":{"class_name":"DTypePolicy","config":{"name":"float32"}},"layers":[{"module":"keras.layers","class_name":"InputLayer","config":{"batch_shape":[null,3],"dtype":"float32","sparse":false,"name":"i"},"registered_name":null},{"module":"keras.layers","class_name":"Dense","config":{"name":"d","dtype":{"module":"keras","class_name":"DTypePolicy","config":{"name":"float32"},"registered_name":null},"units":2,"activation":"hard_sigmoid","kernel_initializer":{"module":"keras.initializers","class_name":"GlorotUniform","config":{"seed":null},"registered_name":null}},"build_config":{"input_shape":[null,3]}}]}}})");
  QTest::newRow("keras 3 functional") << QByteArray(
      R"({"class_name":"Functional","config":{"name":"f","layers":[{"class_name":"InputLayer","config":{"batch_shape":[null,3],"name":"i"},"name":"i","inbound_nodes":[]},{"class_name":"Dense","config":{"name":"d","units":2,"activation":"hard_sigmoid"},"name":"d","inbound_nodes":[{"args":[{"class_name":"__keras_tensor__","config":{"shape":[null,3],"dtype":"float32","keras_history":["i",0,0]}}],"kwargs":{}}]}],"input_layers":["i",0,0],"output_layers":[["d",0,0]]}})");
}

void TestModelFormat::readsOldAndNewDialects() {
  QFETCH(QByteArray, topology);
  ModelArtifacts artifacts;
  artifacts.modelTopology = Json::parse(topology.toStdString());
  const ReadModel model = readModel(artifacts);
  QCOMPARE(model.graph.layers.size(), 2u);
  QCOMPARE(model.graph.layers.front().config.intsAt("batchInputShape"), (std::vector<std::int64_t>{kUnknownDim, 3}));
  const LayerSpec* dense = model.graph.findByName("d");
  QVERIFY(dense);
  QCOMPARE(dense->config.intAt("units", 0), 2);
  QCOMPARE(dense->config.stringAt("activation"), std::string("hardSigmoid"));
  QCOMPARE(dense->calls.front().inputs.front().layer, model.graph.layers.front().id);
  QVERIFY2(analyse(model.graph).canRun,
           analyse(model.graph).issues.empty() ? "" : analyse(model.graph).issues.front().message.c_str());
  // What is written is in the form TensorFlow.js reads, and means the same.
  const ModelArtifacts written = writeModel(model.graph, {}, {}, {}, nullptr);
  const QByteArray text = toJsonBytes(written.modelTopology);
  QVERIFY2(!text.contains("batch_shape\"") && !text.contains("DTypePolicy") && text.contains("batch_input_shape"),
           text.constData());
  QCOMPARE(readModel(written).graph.layers.size(), 2u);
}

/// Python code in a Lambda layer is named, kept and never run.
void TestModelFormat::runsNoCode() {
  ModelArtifacts artifacts;
  artifacts.modelTopology = Json::parse(
      R"({"class_name":"Sequential","config":{"name":"s","layers":[{"class_name":"Lambda","config":{"name":"twice",)"
      R"("batch_input_shape":[null,3],"function":["4wEAAAA=",null,null],"function_type":"lambda"}}]}})");
  const ReadModel model = readModel(artifacts);
  QCOMPARE(model.issues.size(), std::size_t(1));
  QCOMPARE(model.issues.front().code, std::string("E120"));
  const std::string& message = model.issues.front().message;
  for (const char* words : {"`twice`", "(Lambda)", "contains code", "does not run code from files", "kept as it is"})
    QVERIFY2(message.find(words) != std::string::npos, message.c_str());
  QVERIFY(!analyse(model.graph).canRun);
}

void TestModelFormat::keepsLooseLayers() {
  ReadModel model = readModel(capture(QStringLiteral("plain")));
  LayerSpec loose;
  loose.id = model.graph.unusedId();
  loose.className = "Dropout";
  loose.name = "dropout_1";
  loose.config.set("rate", 0.5);
  model.graph.layers.push_back(loose);
  const Graph again = readModel(writeModel(model.graph, model.weights, {}, {}, nullptr)).graph;
  QCOMPARE(again.layers.size(), model.graph.layers.size());
  QVERIFY(again.findByName("dropout_1") && again.findByName("dropout_1")->calls.empty());
  QCOMPARE(again.outputs, model.graph.outputs);
}

void TestModelFormat::namesFollowARename() {
  ReadModel model = readModel(capture(QStringLiteral("plain")));
  for (LayerSpec& layer : model.graph.layers)
    if (layer.name == "hidden") layer.name = "renamed";
  const ModelArtifacts written = writeModel(model.graph, model.weights, {}, {}, nullptr);
  QCOMPARE(written.weightSpecs.front().name, std::string("renamed/kernel"));
  QVERIFY(readModel(written).weights.size() == 4);
}

void TestModelFormat::convertsCase() {
  for (const auto& [camel, snake] :
       std::initializer_list<std::pair<const char*, const char*>>{{"kernelSize", "kernel_size"},
                                                                  {"batchInputShape", "batch_input_shape"},
                                                                  {"useBias", "use_bias"},
                                                                  {"fanAvg", "fan_avg"},
                                                                  {"hardSigmoid", "hard_sigmoid"},
                                                                  {"meanSquaredError", "mean_squared_error"},
                                                                  {"l1", "l1"}}) {
    QCOMPARE(toSnakeCase(camel), std::string(snake));
    QCOMPARE(toCamelCase(snake), std::string(camel));
  }
  QCOMPARE(toCamelCase("beta_1"), std::string("beta1"));
}

QTEST_GUILESS_MAIN(TestModelFormat)
#include "tst_ModelFormat.moc"

#include "model/format/ModelReader.h"
#include "model/format/ModelWriter.h"
#include "model/nn/GraphAnalysis.h"
#include "model/nn/LayerRegistry.h"
#include "model/nn/Network.h"
#include "model/storage/ModelLibrary.h"
#include "tests/support/ModelFixtures.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Real models of other people: opened, saved again unchanged, understood, and run where every layer is known. What the
/// right numbers are was computed by TensorFlow.js (golden.json of each model).
class TestCorpus : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void savesAgainUnchanged_data() { models(); }
  void savesAgainUnchanged();
  void readsItsWeights_data() { models(); }
  void readsItsWeights();
  void meansTheSameWhenRewritten_data() { models(); }
  void meansTheSameWhenRewritten();
  void predicts_data() { models(); }
  void predicts();
  void tensorFlowJsRunsWhatWeWrite_data() { models(); }
  void tensorFlowJsRunsWhatWeWrite();
  void refusesWhatIsNoModel();

 private:
  void models() const;
  QString folder(const QString& name) const { return m_corpus + u'/' + name; }

  QString m_corpus;
  QTemporaryDir m_home;
};

namespace {

/// Layers of the outer graph that do not run yet.
std::vector<std::string> unknownLayers(const Graph& graph) {
  std::vector<std::string> names;
  for (const LayerSpec& layer : graph.layers)
    if (layer.subgraph || !findLayerType(layer.className)) names.push_back(layer.name);
  return names;
}

/// A tree, whatever the order of members.
nlohmann::json tree(const QString& file) {
  return nlohmann::json::parse(bytesOf(file).toStdString());
}

/// TensorFlow.js drops the cell from "gru/gru_cell/kernel".
bool isNamed(const std::string& manifestName, const std::string& wanted) {
  const std::size_t last = manifestName.rfind('/');
  const std::size_t before =
      last == std::string::npos || last == 0 ? std::string::npos : manifestName.rfind('/', last - 1);
  return manifestName == wanted ||
         (before != std::string::npos && manifestName.substr(0, before) + manifestName.substr(last) == wanted);
}

/// The inputs as corpus/README.md defines them.
Tensor inputOf(const Json& input, const std::string& caseId) {
  const auto shape = input.at("shape").get<Shape>();
  const auto k = input.at("k").get<std::int64_t>();
  const std::string kind = input.at("kind");
  const auto noise = [k](std::int64_t i) { return (31 * i * i + 17 * i + 7 + 101 * k) % 65521; };
  const auto wave = [&](std::int64_t i) {
    const double x = double(i), y = double(k);
    if (caseId == "A") return std::sin(0.37 * x + 0.11 * y);
    return caseId == "B" ? double(noise(i)) / 32760.5 - 1 : std::sin(0.0031 * x + 0.7 + 0.11 * y);
  };
  const auto whole = [&](std::int64_t i) {
    const std::int64_t value = caseId == "A" ? 7 * i + 3 * k + 1 : caseId == "B" ? noise(i) : i / 3 + k + 2;
    return value % input.at("N").get<std::int64_t>();
  };
  Tensor tensor(shape);
  for (std::int64_t i = 0; i < std::int64_t(tensor.values.size()); ++i) {
    float& value = tensor.values[std::size_t(i)];
    if (kind == "onehot")
      value = i % shape.back() == whole(i / shape.back()) ? 1 : 0;
    else if (kind == "int")
      value = float(whole(i));
    else
      value = float(kind == "unit" ? 0.5 + 0.5 * wave(i) : wave(i));
  }
  return tensor;
}

}  // namespace

void TestCorpus::initTestCase() {
  const QString shared = qEnvironmentVariable("LAYERSMITH_SHARED");
  if (shared.isEmpty()) QSKIP("LAYERSMITH_SHARED is not set");
  m_corpus = shared + QStringLiteral("/corpus");
  QVERIFY2(QDir(m_corpus).exists(), qPrintable(m_corpus));
}

void TestCorpus::models() const {
  QTest::addColumn<QString>("name");
  for (const QString& name : QDir(m_corpus).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
    if (!name.startsWith(QStringLiteral("neg-"))) QTest::newRow(qPrintable(name)) << name;
}

void TestCorpus::savesAgainUnchanged() {
  QFETCH(QString, name);
  ModelLibrary library(m_home.filePath(QStringLiteral("store.sqlite")));
  const ModelArtifacts artifacts = library.load(folder(name));
  const QString copy = m_home.filePath(QStringLiteral("copy/") + name);
  library.copy(folder(name), copy);
  QVERIFY(tree(copy + QStringLiteral("/model.json")) == tree(folder(name) + QStringLiteral("/model.json")));
  for (const WeightsGroup& group : artifacts.groups)
    for (const std::string& file : group.paths)
      QCOMPARE(bytesOf(copy + u'/' + QString::fromStdString(file)),
               bytesOf(folder(name) + u'/' + QString::fromStdString(file)));

  // With our hashes, through every store and back: nothing is lost on the way.
  library.save(copy + QStringLiteral("-hashed"), artifacts);
  library.copy(copy + QStringLiteral("-hashed"), QStringLiteral("indexeddb://") + name, true);
  QCOMPARE(wholeOf(library.load(QStringLiteral("indexeddb://") + name)), wholeOf(artifacts));
  const QString back = copy + QStringLiteral("-back");
  library.move(QStringLiteral("indexeddb://") + name, back);
  QVERIFY(tree(back + QStringLiteral("/model.json")) == tree(folder(name) + QStringLiteral("/model.json")));
}

void TestCorpus::readsItsWeights() {
  QFETCH(QString, name);
  ModelLibrary library(m_home.filePath(QStringLiteral("store.sqlite")));
  const ModelArtifacts artifacts = library.load(folder(name));
  const Json golden = jsonOf(folder(name) + QStringLiteral("/golden.json"));
  if (memberOf(golden, "format") == Json("graph-model")) {
    const Error error = errorOf([&] { readModel(artifacts); });
    QVERIFY(error.kind() == ErrorKind::Unsupported);
    return;
  }
  const ReadModel model = readModel(artifacts);
  for (const Issue& issue : model.issues) QVERIFY2(issue.code != "E112", issue.message.c_str());
  if (golden.at("status") != "ok") return;
  QCOMPARE(model.weights.size(), golden.at("weights").size());
  for (const Json& weight : golden.at("weights")) {
    const std::string wanted = weight.at("name");
    const auto entry = std::find_if(model.weights.begin(), model.weights.end(), [&](const WeightSet::Entry& candidate) {
      return isNamed(candidate.manifestName, wanted);
    });
    QVERIFY2(entry != model.weights.end(), wanted.c_str());
    QCOMPARE(entry->buffer->shape, weight.at("shape").get<Shape>());
    const auto values = entry->buffer->floats();
    double sum = 0, absSum = 0;
    for (const float value : values) {
      sum += double(value);
      absSum += std::abs(double(value));
    }
    const double scale = 1e-9 * (1 + weight.at("absSum").get<double>());
    QVERIFY2(std::abs(sum - weight.at("sum").get<double>()) <= scale, wanted.c_str());
    QVERIFY2(std::abs(absSum - weight.at("absSum").get<double>()) <= scale, wanted.c_str());
    for (std::size_t i = 0; i < weight.at("first").size(); ++i)
      QCOMPARE(double(values[i]), weight.at("first")[i].get<double>());
  }
}

void TestCorpus::meansTheSameWhenRewritten() {
  QFETCH(QString, name);
  ModelLibrary library(m_home.filePath(QStringLiteral("store.sqlite")));
  const ModelArtifacts artifacts = library.load(folder(name));
  if (artifacts.modelTopology.contains("node")) return;  // a graph model has no layers to write
  const ReadModel model = readModel(artifacts);
  const ModelArtifacts written =
      writeModel(model.graph, model.weights, model.trainingConfig, {}, artifacts.userDefinedMetadata);
  const ReadModel again = readModel(written);
  QCOMPARE(again.graph.layers.size(), model.graph.layers.size());
  QCOMPARE(again.weights.size(), model.weights.size());
  for (auto a = model.weights.begin(), b = again.weights.begin(); a != model.weights.end(); ++a, ++b) {
    QCOMPARE(b->role, a->role);
    QVERIFY(b->buffer->bytes == a->buffer->bytes);
  }
  const GraphReport before = analyse(model.graph), after = analyse(again.graph);
  QCOMPARE(after.parameters, before.parameters);
  QCOMPARE(after.issues.size(), before.issues.size());
  // Writing once settles the form: writing what was read from it gives the same bytes.
  QCOMPARE(toJsonBytes(writeModel(again.graph, again.weights, {}, {}, nullptr).modelTopology),
           toJsonBytes(written.modelTopology));
}

void TestCorpus::predicts() {
  QFETCH(QString, name);
  ModelLibrary library(m_home.filePath(QStringLiteral("store.sqlite")));
  const ModelArtifacts artifacts = library.load(folder(name));
  if (artifacts.modelTopology.contains("node")) return;
  const ReadModel model = readModel(artifacts);
  if (const std::vector<std::string> unknown = unknownLayers(model.graph); !unknown.empty()) {
    const Error error = errorOf([&] { Network(model.graph, model.weights); });
    qInfo("%s", error.what());
    QVERIFY2(std::ranges::any_of(unknown,
                                 [&](const std::string& layer) {
                                   return error.message().find("`" + layer + "`") != std::string::npos;
                                 }),
             error.what());
    return;
  }
  const bool isEdited = QFile::exists(folder(name) + QStringLiteral("/golden_after_edit.json"));
  const Json golden =
      jsonOf(folder(name) + (isEdited ? QStringLiteral("/golden_after_edit.json") : QStringLiteral("/golden.json")));
  Network network(model.graph, model.weights);
  double worst = 0;
  for (const Json& oneCase : golden.at("cases")) {
    std::vector<Tensor> inputs;
    for (const Json& input : golden.at("inputs")) {
      inputs.push_back(inputOf(input, oneCase.at("id")));
      const Json& first = oneCase.at("inputsFirst").at(inputs.size() - 1);
      for (std::size_t i = 0; i < first.size(); ++i)
        QVERIFY(std::abs(double(inputs.back().values[i]) - first[i].get<double>()) < 1e-6);
    }
    const std::vector<Tensor> outputs = network.predict(inputs);
    QCOMPARE(outputs.size(), oneCase.at("outputs").size());
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      const Json& expected = oneCase.at("outputs")[o];
      QCOMPARE(outputs[o].shape, expected.at("shape").get<Shape>());
      const double tolerance = expected.at("tolerance").get<double>();
      for (std::size_t i = 0; i < expected.at("first").size(); ++i) {
        const double theirs = expected.at("first")[i].get<double>();
        const double difference = std::abs(double(outputs[o].values[i]) - theirs) / (1 + std::abs(theirs));
        worst = std::max(worst, difference);
        QVERIFY2(difference <= tolerance, qPrintable(QStringLiteral("case %1, output %2, value %3: %4, not %5")
                                                         .arg(QString::fromStdString(oneCase.at("id")))
                                                         .arg(o)
                                                         .arg(i)
                                                         .arg(double(outputs[o].values[i]))
                                                         .arg(theirs)));
      }
    }
  }
  qInfo("largest difference %.2g", worst);
}

void TestCorpus::tensorFlowJsRunsWhatWeWrite() {
  const QString interop = QStringLiteral(LAYERSMITH_SOURCE_DIR "/tests/interop");
  if (!QFile::exists(interop + QStringLiteral("/node_modules/@tensorflow/tfjs")))
    QSKIP("TensorFlow.js is not installed in tests/interop");
  QFETCH(QString, name);
  ModelLibrary library(m_home.filePath(QStringLiteral("store.sqlite")));
  const ModelArtifacts artifacts = library.load(folder(name));
  if (artifacts.modelTopology.contains("node")) return;
  const ReadModel model = readModel(artifacts);
  const bool isEdited = QFile::exists(folder(name) + QStringLiteral("/golden_after_edit.json"));
  // A Keras 3 model with layers unknown here keeps their spelling, which TensorFlow.js does not read.
  if (isEdited && !unknownLayers(model.graph).empty()) return;
  const Json golden =
      jsonOf(folder(name) + (isEdited ? QStringLiteral("/golden_after_edit.json") : QStringLiteral("/golden.json")));
  for (const Json& input : golden.at("inputs"))
    if (input.at("kind") != "signed" && input.at("kind") != "unit") return;

  const QString rewritten = m_home.filePath(QStringLiteral("rewritten/") + name);
  library.save(rewritten,
               writeModel(model.graph, model.weights, model.trainingConfig, {}, artifacts.userDefinedMetadata));
  const Json& oneCase = golden.at("cases").at(0);
  Json inputs = Json::array();
  for (const Json& input : golden.at("inputs")) {
    const Tensor tensor = inputOf(input, oneCase.at("id"));
    inputs.push_back(Json{{"shape", tensor.shape}, {"dtype", "float32"}, {"values", tensor.values}});
  }
  const QString command = m_home.filePath(QStringLiteral("command.json"));
  write(command, toJsonBytes(Json{{"load", rewritten.toStdString()}, {"predict", std::move(inputs)}}));
  QProcess node;
  node.start(QStringLiteral("node"), {interop + QStringLiteral("/tfjs.mjs"), command});
  QVERIFY2(node.waitForFinished(120'000) && node.exitCode() == 0, node.readAllStandardError().constData());
  const Json outputs = Json::parse(node.readAllStandardOutput().toStdString()).at("outputs");
  QCOMPARE(outputs.size(), oneCase.at("outputs").size());
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    const Json& expected = oneCase.at("outputs")[o];
    QVERIFY(outputs[o].at("shape") == expected.at("shape"));
    for (std::size_t i = 0; i < expected.at("first").size(); ++i) {
      const double theirs = expected.at("first")[i].get<double>();
      QVERIFY(std::abs(outputs[o].at("values")[i].get<double>() - theirs) <= 1e-6 * (1 + std::abs(theirs)));
    }
  }
}

void TestCorpus::refusesWhatIsNoModel() {
  ModelLibrary library(m_home.filePath(QStringLiteral("store.sqlite")));
  COMPARE_ERROR(library.load(folder(QStringLiteral("neg-kerasjson-lstm"))), "E104");
  COMPARE_ERROR(library.load(folder(QStringLiteral("neg-tm-weights-missing"))), "E110");
  LoadOptions structure;
  structure.allowMissingWeights = true;
  const ModelArtifacts artifacts = library.load(folder(QStringLiteral("neg-tm-weights-missing")), structure);
  QCOMPARE(artifacts.missingFiles, QStringList{QStringLiteral("weights.bin")});
  QVERIFY(!readModel(artifacts).graph.layers.empty());
}

QTEST_GUILESS_MAIN(TestCorpus)
#include "tst_Corpus.moc"

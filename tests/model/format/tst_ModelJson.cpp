#include "model/format/ModelJson.h"

#include "model/core/Limits.h"
#include "model/format/BoundedJson.h"
#include "model/format/ModelReader.h"
#include "model/format/WeightDecoder.h"
#include "tests/support/ModelFixtures.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace layersmith;
using namespace layersmith::fixtures;

class TestModelJson : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void namesWhatAFileReallyIs_data();
  void namesWhatAFileReallyIs();
  void saysWhereJsonIsBroken();
  void refusesDuplicateKeys();
  void refusesWhatIsTooMuch();
  void refusesABadManifest_data();
  void refusesABadManifest();
  void keepsUnknownMembersAndTheirOrder();
  void dequantizes();
  void namesMissingWeightBytes();
  void saysThatAGraphModelIsOne();
  void namesTheMemberThatIsWrong_data();
  void namesTheMemberThatIsWrong();
};

void TestModelJson::namesWhatAFileReallyIs_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("code");
  QTest::addColumn<QString>("word");
  QTest::newRow("html") << QByteArray("\n <!DOCTYPE html><html>") << "E101"
                        << "web page";
  QTest::newRow("lfs") << QByteArray("version https://git-lfs.github.com/spec/v1\noid sha256:1") << "E102"
                       << "git-lfs";
  QTest::newRow("gzip") << QByteArray("\x1f\x8b\x08\x00", 4) << "E102"
                        << "gzip";
  QTest::newRow("zip") << QByteArray("PK\x03\x04zzzz") << "E102"
                       << "zip";
  QTest::newRow("hdf5") << QByteArray("\x89HDF\r\n\x1a\n....") << "E102"
                        << "HDF5";
  QTest::newRow("pickle") << QByteArray("\x80\x04\x95....") << "E102"
                          << "pickle";
  QTest::newRow("empty") << QByteArray("") << "E102"
                         << "without content";
  QTest::newRow("other json") << QByteArray("{\"a\": 1}") << "E104"
                              << "modelTopology";
  QTest::newRow("list") << QByteArray("[1]") << "E104"
                        << "object";
}

void TestModelJson::namesWhatAFileReallyIs() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, code);
  QFETCH(QString, word);
  const Error error = errorOf([&] { parseModelJson(bytes, QStringLiteral("model.json")); });
  QCOMPARE(QString::fromStdString(error.code()), code);
  QVERIFY2(QString::fromStdString(error.message()).contains(word), error.what());
}

void TestModelJson::saysWhereJsonIsBroken() {
  const Error error =
      errorOf([] { parseModelJson("{\n  \"modelTopology\": {\n    \"a\" 1\n}}", QStringLiteral("model.json")); });
  QCOMPARE(error.code(), std::string("E103"));
  QVERIFY2(error.message().starts_with("model.json, line 3, column 9: "), error.what());
}

void TestModelJson::refusesDuplicateKeys() {
  const Error error =
      errorOf([] { parseModelJson("{\"modelTopology\": {\"x\": 1,\n \"x\": 2}}", QStringLiteral("m.json")); });
  QCOMPARE(error.code(), std::string("E103"));
  QVERIFY2(error.message().starts_with("m.json, line 2, column 2: the key \"x\" stands twice"), error.what());
}

void TestModelJson::refusesWhatIsTooMuch() {
  const QString name = QStringLiteral("m.json");
  const QByteArray deep = QByteArray(limits::kJsonDepth + 1, '[') + QByteArray(limits::kJsonDepth + 1, ']');
  COMPARE_ERROR(parseBoundedJson(deep, name), "E130");
  const QByteArray allowed = QByteArray(limits::kJsonDepth, '[') + QByteArray(limits::kJsonDepth, ']');
  QVERIFY(parseBoundedJson(allowed, name).is_array());
  JsonLimits small;
  small.values = 3;
  QCOMPARE(parseBoundedJson("[1,2]", name, small).size(), 2u);
  COMPARE_ERROR(parseBoundedJson("[1,2,3]", name, small), "E130");
  small.stringBytes = 4;
  COMPARE_ERROR(parseBoundedJson("[\"abcde\"]", name, small), "E130");
  small.bytes = 5;
  COMPARE_ERROR(parseBoundedJson("[\"abcde\"]", name, small), "E130");
  // One object of 200,000 members: linear, not quadratic.
  QByteArray wide = "{";
  for (int i = 0; i < 200'000; ++i) wide += "\"k" + QByteArray::number(i) + "\":0,";
  wide += "\"end\":0}";
  QElapsedTimer timer;
  timer.start();
  QCOMPARE(parseBoundedJson(wide, name).size(), 200'001u);
  QVERIFY2(timer.elapsed() < 30'000, qPrintable(QString::number(timer.elapsed())));
}

void TestModelJson::refusesABadManifest_data() {
  QTest::addColumn<QByteArray>("weights");
  QTest::addColumn<QString>("code");
  QTest::addColumn<QString>("word");
  QTest::newRow("no dtype") << QByteArray(R"({"name":"a","shape":[1]})") << "E104"
                            << "weightsManifest[0].weights[0].dtype";
  QTest::newRow("dtype") << QByteArray(R"({"name":"a","shape":[1],"dtype":"float64"})") << "E104"
                         << "float64";
  QTest::newRow("shape text") << QByteArray(R"({"name":"a","shape":"x","dtype":"float32"})") << "E104"
                              << "shape";
  QTest::newRow("negative") << QByteArray(R"({"name":"a","shape":[-1],"dtype":"float32"})") << "E104"
                            << "-1";
  QTest::newRow("fraction") << QByteArray(R"({"name":"a","shape":[1.5],"dtype":"float32"})") << "E104"
                            << "1.5";
  QTest::newRow("rank") << QByteArray(R"({"name":"a","shape":[1,1,1,1,1,1,1,1,1],"dtype":"float32"})") << "E130"
                        << "rank";
  QTest::newRow("overflow") << QByteArray(R"({"name":"a","shape":[4294967296,4294967296],"dtype":"float32"})") << "E130"
                            << "";
  QTest::newRow("too big") << QByteArray(R"({"name":"a","shape":[8589934592],"dtype":"float32"})") << "E130"
                           << "";
  QTest::newRow("twice")
      << QByteArray(R"({"name":"a","shape":[1],"dtype":"float32"},{"name":"a","shape":[1],"dtype":"float32"})")
      << "E104"
      << "twice";
  QTest::newRow("scale")
      << QByteArray(R"({"name":"a","shape":[1],"dtype":"float32","quantization":{"dtype":"uint8","min":0}})") << "E104"
      << "scale";
  QTest::newRow("min infinite")
      << QByteArray(
             R"({"name":"a","shape":[1],"dtype":"float32","quantization":{"dtype":"uint8","min":"x","scale":1}})")
      << "E104"
      << "min";
}

void TestModelJson::refusesABadManifest() {
  QFETCH(QByteArray, weights);
  QFETCH(QString, code);
  QFETCH(QString, word);
  const QByteArray text =
      "{\"modelTopology\":{},\"weightsManifest\":[{\"paths\":[\"w\"],\"weights\":[" + weights + "]}]}";
  const Error error = errorOf([&] { parseModelJson(text, QStringLiteral("model.json")); });
  QVERIFY2(QString::fromStdString(error.code()) == code, error.what());
  QVERIFY2(QString::fromStdString(error.message()).contains(word), error.what());
}

void TestModelJson::keepsUnknownMembersAndTheirOrder() {
  const QByteArray text =
      R"({"format":"layers-model","weightsManifest":[{"paths":["b","a"],"weights":[{"name":"x","shape":[2],"dtype":"float32","note":7}]}],"zebra":[1,{"y":1e-7}],"modelTopology":{"k":1},"convertedBy":null,"apple":true})";
  const ModelArtifacts artifacts = parseModelJson(text, QStringLiteral("model.json"));
  QCOMPARE(artifacts.groups.front().paths, (std::vector<std::string>{"b", "a"}));
  QCOMPARE(toJsonBytes(modelJson(artifacts, artifacts.groups)), text);
}

void TestModelJson::dequantizes() {
  const auto decoded = [](const char* quantization, const QByteArray& bytes, qsizetype count) {
    WeightSpec spec = weightSpecFromJson(
        Json{{"name", "q"}, {"shape", {count}}, {"dtype", "float32"}, {"quantization", Json::parse(quantization)}},
        "q");
    const WeightBytes stored(bytes);
    const auto buffer = WeightDecoder(stored).next(spec);
    const auto floats = buffer->floats();
    return std::vector<float>(floats.begin(), floats.end());
  };
  QCOMPARE(decoded(R"({"dtype":"uint8","min":-1,"scale":0.5})", QByteArray("\x00\x02\xff", 3), 3),
           (std::vector<float>{-1, 0, 126.5}));
  QCOMPARE(decoded(R"({"dtype":"uint16","min":0,"scale":2})", QByteArray("\x01\x00\x00\x01", 4), 2),
           (std::vector<float>{2, 512}));
  const auto halves =
      decoded(R"({"dtype":"float16"})", QByteArray("\x00\x3c\x00\xc0\x01\x00\xff\x7b\x00\x7c\x00\x00", 12), 6);
  QCOMPARE(halves[0], 1.0f);
  QCOMPARE(halves[1], -2.0f);
  QCOMPARE(halves[2], 5.9604645e-8f);  // the smallest subnormal
  QCOMPARE(halves[3], 65504.0f);
  QVERIFY(std::isinf(halves[4]));
  QCOMPARE(halves[5], 0.0f);
}

void TestModelJson::namesMissingWeightBytes() {
  ModelArtifacts artifacts = capture(QStringLiteral("plain"));
  artifacts.weightData = std::make_shared<const WeightBytes>(artifacts.weightData->sliced(0, 80));
  const Error error = errorOf([&] { readModel(artifacts); });
  QCOMPARE(error.code(), std::string("E110"));
  QVERIFY2(error.message().find("80 bytes, 92 expected") != std::string::npos, error.what());
  // More bytes than named: TensorFlow.js loads them, and so do we, with a remark.
  artifacts.weightData =
      std::make_shared<const WeightBytes>(capture(QStringLiteral("plain")).weightData->joined() + "more");
  const ReadModel model = readModel(artifacts);
  QCOMPARE(model.weights.size(), 4u);
  QVERIFY(!model.issues.empty() && model.issues.back().message.find("4 bytes more") != std::string::npos);
}

void TestModelJson::saysThatAGraphModelIsOne() {
  const ModelArtifacts artifacts = parseModelJson(
      R"({"format":"graph-model","modelTopology":{"node":[]},"weightsManifest":[]})", QStringLiteral("model.json"));
  const Error error = errorOf([&] { readModel(artifacts); });
  QVERIFY(error.kind() == ErrorKind::Unsupported);
  QVERIFY(error.message().starts_with("This is a graph model"));
}

void TestModelJson::namesTheMemberThatIsWrong_data() {
  QTest::addColumn<QByteArray>("topology");
  QTest::addColumn<QString>("word");
  QTest::newRow("class") << QByteArray(R"({"config":{}})") << "class_name";
  QTest::newRow("layers") << QByteArray(R"({"class_name":"Sequential","config":{}})") << "not known here";
  QTest::newRow("layer") << QByteArray(R"({"class_name":"Sequential","config":{"layers":[7]}})") << "layers[0]";
  QTest::newRow("layer class") << QByteArray(R"({"class_name":"Sequential","config":{"layers":[{"config":{}}]}})")
                               << "layers[0].class_name";
  QTest::newRow("layer config") << QByteArray(
                                       R"({"class_name":"Sequential","config":{"layers":[{"class_name":"Dense"}]}})")
                                << "layers[0].config";
  QTest::newRow("inbound")
      << QByteArray(
             R"({"class_name":"Model","config":{"layers":[{"class_name":"Dense","name":"d","config":{},"inbound_nodes":[[["nobody",0,0]]]}],"input_layers":[],"output_layers":[]}})")
      << "`nobody`";
  QTest::newRow("inbound form")
      << QByteArray(
             R"({"class_name":"Model","config":{"layers":[{"class_name":"Dense","name":"d","config":{},"inbound_nodes":[[[1,2]]]}],"input_layers":[],"output_layers":[]}})")
      << "d.inbound_nodes";
  QTest::newRow("same name")
      << QByteArray(
             R"({"class_name":"Model","config":{"layers":[{"class_name":"Dense","name":"d","config":{}},{"class_name":"Dense","name":"d","config":{}}]}})")
      << "Two layers";
}

void TestModelJson::namesTheMemberThatIsWrong() {
  QFETCH(QByteArray, topology);
  QFETCH(QString, word);
  ModelArtifacts artifacts;
  artifacts.modelTopology = Json::parse(topology.toStdString());
  const Error error = errorOf([&] { readModel(artifacts); });
  QVERIFY2(QString::fromStdString(error.message() + " " + error.where()).contains(word), error.what());
}

QTEST_GUILESS_MAIN(TestModelJson)
#include "tst_ModelJson.moc"

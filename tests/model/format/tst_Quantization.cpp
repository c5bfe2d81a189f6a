#include "model/format/Quantization.h"

#include "model/format/WeightDecoder.h"
#include "tests/support/ModelFixtures.h"

#include <cmath>
#include <cstring>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Against what the TensorFlow.js converter itself made: tests/fixtures/format/make_quantization.py.
class TestQuantization : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void writesWhatTheConverterWrites_data();
  void writesWhatTheConverterWrites();
  void readsWhatTheConverterReads_data() { writesWhatTheConverterWrites_data(); }
  void readsWhatTheConverterReads();
  void measuresTheChange();
  void leavesTheRestAlone();
  void refusesWhatItCannotHold();
  void roundsHalves();
};

namespace {

QByteArray base64(const Json& json) {
  return QByteArray::fromBase64(QByteArray::fromStdString(json.get<std::string>()));
}

ModelArtifacts modelOf(const QByteArray& floats) {
  ModelArtifacts artifacts = sized(floats.size() / 4);
  artifacts.weightData = std::make_shared<const WeightBytes>(floats);
  return artifacts;
}

const Json& cases() {
  static const Json all = jsonOf(path(QStringLiteral("quantization.json")));
  return all;
}

}  // namespace

void TestQuantization::writesWhatTheConverterWrites_data() {
  QTest::addColumn<int>("index");
  for (int i = 0; i < int(cases().size()); ++i)
    QTest::addRow("%s as %s", cases()[i]["name"].get<std::string>().c_str(),
                  cases()[i]["dtype"].get<std::string>().c_str())
        << i;
}

void TestQuantization::writesWhatTheConverterWrites() {
  QFETCH(int, index);
  const Json& expected = cases()[index];
  QuantizeOptions options;
  options.dtype = *dtypeFromString(expected["dtype"].get<std::string>());
  const ModelArtifacts quantized = quantize(modelOf(base64(expected["values"])), options);
  QCOMPARE(quantized.weightData->joined(), base64(expected["stored"]));
  const Json written = quantized.weightSpecs.front().quantization->original;
  QVERIFY(written["dtype"] == expected["dtype"]);
  QVERIFY(written["original_dtype"] == "float32");
  for (const auto& [key, value] : expected["metadata"].items())
    QVERIFY2(written.at(key).get<double>() == value.get<double>(), key.c_str());
  QCOMPARE(written.size(), expected["metadata"].size() + 2);
}

void TestQuantization::readsWhatTheConverterReads() {
  QFETCH(int, index);
  const Json& expected = cases()[index];
  QuantizeOptions options;
  options.dtype = *dtypeFromString(expected["dtype"].get<std::string>());
  const ModelArtifacts quantized = quantize(modelOf(base64(expected["values"])), options);
  const auto read = WeightDecoder(*quantized.weightData).next(quantized.weightSpecs.front());
  QCOMPARE(QByteArray(reinterpret_cast<const char*>(read->bytes.data()), qsizetype(read->bytes.size())),
           base64(expected["read"]));
}

void TestQuantization::measuresTheChange() {
  const Json& expected = cases()[0];
  QCOMPARE(QString::fromStdString(expected["name"].get<std::string>()), QStringLiteral("normal"));
  QuantizationReport report;
  quantize(modelOf(base64(expected["values"])), {DType::UInt8, {}}, &report);
  const QByteArray before = base64(expected["values"]), after = base64(expected["read"]);
  double largest = 0, sum = 0;
  for (qsizetype i = 0; i < before.size(); i += 4) {
    float a = 0, b = 0;
    std::memcpy(&a, before.constData() + i, 4);
    std::memcpy(&b, after.constData() + i, 4);
    largest = std::max(largest, std::abs(double(a) - double(b)));
    sum += std::abs(double(a) - double(b));
  }
  QVERIFY(largest > 1e-4);
  QCOMPARE(report.largest, largest);
  QCOMPARE(report.mean, sum / double(before.size() / 4));
  QCOMPARE(report.weights.size(), 1u);
  QCOMPARE(report.weights.front().largest, largest);
  QCOMPARE(report.bytesBefore, before.size());
  QCOMPARE(report.bytesAfter, before.size() / 4);
}

void TestQuantization::leavesTheRestAlone() {
  const ModelArtifacts model = capture(QStringLiteral("optimizer"));
  QuantizationReport report;
  const ModelArtifacts all = quantize(model, {DType::UInt16, {}}, &report);
  for (std::size_t i = 0; i < model.weightSpecs.size(); ++i)
    QCOMPARE(all.weightSpecs[i].quantization.has_value(), model.weightSpecs[i].group != "optimizer");
  QCOMPARE(all.weightData->joined().right(280 - 92), model.weightData->joined().right(280 - 92));
  QCOMPARE(all.weightData->size(), 92 / 2 + 280 - 92);

  const ModelArtifacts kernels = quantize(model, {DType::UInt8, {"*/kernel"}}, &report);
  QCOMPARE(report.weights.size(), 2u);
  QCOMPARE(QString::fromStdString(report.weights[1].name), QStringLiteral("out/kernel"));
  QVERIFY(!kernels.weightSpecs[1].quantization);
  // Quantized once is enough: only the name is left to match.
  QVERIFY(errorOf([&] { quantize(kernels, {DType::UInt8, {"*/kernel"}}); }).kind() == ErrorKind::InvalidConfig);
}

void TestQuantization::refusesWhatItCannotHold() {
  const ModelArtifacts model = sized(4, 1e6f);
  const Error beyond = errorOf([&] { quantize(model, {DType::Float16, {}}); });
  QCOMPARE(beyond.code(), std::string("E121"));
  QVERIFY2(beyond.message().find("4 of 4 values in w/kernel are beyond what float16 can hold") == 0, beyond.what());
  const Error nan = errorOf([&] { quantize(sized(3, std::nanf("")), {DType::UInt8, {}}); });
  QCOMPARE(nan.code(), std::string("E121"));
  QVERIFY2(nan.message().find("3 of 3 values in w/kernel are not numbers") == 0, nan.what());
  QVERIFY(errorOf([&] { quantize(model, {DType::Int32, {}}); }).kind() == ErrorKind::InvalidConfig);
  QVERIFY(errorOf([&] { quantize(model, {DType::UInt8, {"nothing/*"}}); }).kind() == ErrorKind::InvalidConfig);
}

void TestQuantization::roundsHalves() {
  for (int half = 0; half < 0x10000; ++half) {  // every half comes back as itself
    const float value = halfToFloat(std::uint16_t(half));
    if (std::isnan(value)) continue;
    QCOMPARE(int(floatToHalf(value)), half);
  }
}

QTEST_GUILESS_MAIN(TestQuantization)
#include "tst_Quantization.moc"

#include "tests/app/CliRunner.h"

#include <QDir>
#include <QSet>

#include <cmath>

/// Models that other people made, with the outputs of the real TensorFlow.js (LAYERSMITH_SHARED/corpus): those with
/// only known layers predict within tolerance; the others open, are described, are written again, and predict names the
/// layer.
class tst_CliCorpus : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void predicts_data();
  void predicts();

 private:
  QJsonArray inputsOf(const QJsonArray& descriptions, const QString& which) const;

  CliRunner m_cli;
};

namespace {

QString s(const char* text) {
  return QString::fromUtf8(text);
}

QJsonValue readJson(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return {};
  const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
  return document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
}

/// Models among the layers are models used as layers, which no version runs yet.
const QSet<QString>& layersOfThisVersion() {
  static const QSet<QString> names = {s("InputLayer"),
                                      s("Dense"),
                                      s("Activation"),
                                      s("Dropout"),
                                      s("Flatten"),
                                      s("Reshape"),
                                      s("Conv2D"),
                                      s("MaxPooling2D"),
                                      s("GlobalAveragePooling2D"),
                                      s("BatchNormalization"),
                                      s("ReLU"),
                                      s("Add"),
                                      s("Concatenate"),
                                      s("ZeroPadding2D"),
                                      s("AveragePooling2D"),
                                      s("DepthwiseConv2D"),
                                      s("SeparableConv2D"),
                                      s("LSTM")};
  return names;
}

double noise(double i, double k) {
  return std::fmod(31 * i * i + 17 * i + 7 + 101 * k, 65521);
}

/// The formulas of the corpus' README.
double element(const QString& which, const QString& kind, double i, double k, int n) {
  const bool isWhole = kind == s("int");
  double value = 0;
  if (which == s("A")) value = isWhole ? 7 * i + 3 * k + 1 : std::sin(0.37 * i + 0.11 * k);
  if (which == s("B")) value = isWhole ? noise(i, k) : noise(i, k) / 32760.5 - 1;
  if (which == s("C")) value = isWhole ? std::floor(i / 3) + k + 2 : std::sin(0.0031 * i + 0.7 + 0.11 * k);
  if (isWhole) return std::fmod(value, n);
  return double(float(kind == s("unit") ? 0.5 + 0.5 * value : value));
}

int sizeOf(const QJsonArray& shape) {
  int size = 1;
  for (const QJsonValue& dim : shape) size *= dim.toInt();
  return size;
}

}  // namespace

QJsonArray tst_CliCorpus::inputsOf(const QJsonArray& descriptions, const QString& which) const {
  QJsonArray tensors;
  for (const QJsonValue& input : descriptions) {
    QJsonArray values;
    const QJsonArray shape = input[s("shape")].toArray();
    const int size = sizeOf(shape);
    const int n = std::max(1, input[s("N")].toInt());
    const double k = input[s("k")].toDouble();
    const QString kind = input[s("kind")].toString();
    const int width = shape.last().toInt();
    for (int i = 0; i < size; ++i)
      values.append(kind == s("onehot") ? double(i % width == int(element(which, s("int"), i / width, k, n)))
                                        : element(which, kind, i, k, n));
    tensors.append(QJsonObject{{s("shape"), shape}, {s("dtype"), input[s("dtype")]}, {s("values"), values}});
  }
  return tensors;
}

void tst_CliCorpus::predicts_data() {
  const QString shared = qEnvironmentVariable("LAYERSMITH_SHARED");
  if (shared.isEmpty()) QSKIP("LAYERSMITH_SHARED is not set");
  QTest::addColumn<QString>("folder");
  const QDir corpus(shared + s("/corpus"));
  for (const QString& name : corpus.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
    const QJsonValue golden = readJson(corpus.filePath(name + s("/golden.json")));
    if (golden[s("format")].toString() == s("layers-model") && golden[s("status")].toString() == s("ok"))
      QTest::newRow(qPrintable(name)) << corpus.filePath(name);
  }
}

void tst_CliCorpus::predicts() {
  QFETCH(QString, folder);
  const QJsonValue golden = readJson(folder + s("/golden.json"));
  QStringList unknown;
  for (const QString& name : golden[s("layerCounts")].toObject().keys())
    if (!layersOfThisVersion().contains(name)) unknown << name;

  const auto info = m_cli.json(s("info ") + folder);
  QVERIFY2(info.exitCode == 0, info.out);
  QCOMPARE(m_cli.json(s("convert %1 indexeddb://again --force").arg(folder)).exitCode, 0);

  for (const QJsonValue& test : golden[s("cases")].toArray()) {
    const QJsonArray inputs = inputsOf(golden[s("inputs")].toArray(), test[s("id")].toString());
    const QJsonArray first = test[s("inputsFirst")][0].toArray();
    for (int i = 0; i < first.size(); ++i)
      QVERIFY(std::abs(inputs[0][s("values")][i].toDouble() - first[i].toDouble()) < 1e-6);
    m_cli.write(s("in.json"), QJsonDocument(inputs).toJson(QJsonDocument::Compact));
    const auto answer = m_cli.json(s("predict %1 --input in.json").arg(folder));
    if (!unknown.isEmpty()) {
      QCOMPARE(answer.exitCode, 4);
      bool isNamed = answer.errorMessage().contains(s("a model used as a layer"));
      for (const QString& name : unknown) isNamed = isNamed || answer.errorMessage().contains(name);
      QVERIFY2(isNamed, qPrintable(answer.errorMessage()));
      return;
    }
    QVERIFY2(answer.exitCode == 0, qPrintable(answer.errorMessage()));
    const QJsonArray expected = test[s("outputs")].toArray();
    const QJsonArray found = answer.result[s("outputs")].toArray();
    QCOMPARE(found.size(), expected.size());
    double largest = 0;
    for (int o = 0; o < expected.size(); ++o) {
      QCOMPARE(found[o][s("shape")].toArray(), expected[o][s("shape")].toArray());
      const QJsonArray values = expected[o][s("first")].toArray();
      for (int i = 0; i < values.size(); ++i) {
        const double difference =
            std::abs(found[o][s("values")][i].toDouble() - values[i].toDouble()) / (1 + std::abs(values[i].toDouble()));
        largest = std::max(largest, difference);
        QVERIFY2(difference <= expected[o][s("tolerance")].toDouble(),
                 qPrintable(s("output %1, value %2: off by %3").arg(o).arg(i).arg(difference)));
      }
    }
    qInfo("case %s: largest difference %.2g", qPrintable(test[s("id")].toString()), largest);
  }
}

QTEST_GUILESS_MAIN(tst_CliCorpus)
#include "tst_CliCorpus.moc"

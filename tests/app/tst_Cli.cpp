#include "tests/app/CliRunner.h"

#include <QRegularExpression>
#include <QTcpServer>

/// The contracts of the command line: exit codes, the JSON object, and what each command over places does.
class tst_Cli : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void explainsItself();
  void isDescribedInTheManual();
  void refusesWrongUsage_data();
  void refusesWrongUsage();
  void describesAModel();
  void predictsFromEveryKindOfInput();
  void evaluatesByTheRecipe();
  void listsModels();
  void copiesAndMoves();
  void renamesRemovesAndRestores();
  void convertsLayouts();
  void namesEachFailure_data();
  void namesEachFailure();
  void refusesBeyondTheQuota();
  void keepsSecretsOffTheCommandLine();
  void refusesHeadersThatBreakTheRequest();

 private:
  CliRunner m_cli;
};

namespace {

constexpr const char* kCommands[] = {"train",   "predict", "evaluate", "info",  "verify", "repair", "diff",
                                     "convert", "list",    "copy",     "move",  "rename", "remove", "restore",
                                     "empty",   "import",  "export",   "serve", "bench"};

QString s(const char* text) {
  return QString::fromUtf8(text);
}

QJsonArray values(const CliRunner::Answer& answer) {
  return answer.result[s("outputs")][0][s("values")].toArray();
}

}  // namespace

void tst_Cli::initTestCase() {
  const auto trained = m_cli.json(s("train --template iris --epochs 60 --seed 1 --save indexeddb://iris"));
  QVERIFY2(trained.exitCode == 0, trained.out + trained.err);
  const QJsonObject info = trained.result[s("saveResult")][s("modelArtifactsInfo")].toObject();
  QCOMPARE(info.keys(), (QStringList{s("dateSaved"), s("modelTopologyBytes"), s("modelTopologyType"),
                                     s("weightDataBytes"), s("weightSpecsBytes")}));
  QCOMPARE(info[s("weightDataBytes")].toInt(), 4 * (4 * 16 + 16 + 16 * 3 + 3));
  QCOMPARE(trained.result[s("history")][s("loss")].toArray().size(), 60);
  QCOMPARE(trained.result[s("history")][s("val_acc")].toArray().size(), 60);
}

void tst_Cli::explainsItself() {
  const auto help = m_cli.text(s("--help"));
  QCOMPARE(help.exitCode, 0);
  for (const char* command : kCommands) {
    QVERIFY2(help.out.contains(QByteArray("\n  ") + command + " "), command);
    const auto own = m_cli.text(s(command) + s(" --help"));
    QCOMPARE(own.exitCode, 0);
    QVERIFY(own.out.contains("--json"));
  }
  QCOMPARE(m_cli.text(s("--version")).exitCode, 0);
  QFile completion(QStringLiteral(LAYERSMITH_SOURCE_DIR "/packaging/completions/layersmith-cli"));
  QVERIFY(completion.open(QIODevice::ReadOnly));
  const QByteArrayList words = completion.readAll().replace('"', ' ').simplified().split(' ');
  for (const char* command : kCommands) QVERIFY2(words.contains(command), command);
}

void tst_Cli::isDescribedInTheManual() {
  QFile manual(QStringLiteral(LAYERSMITH_SOURCE_DIR "/packaging/man/layersmith-cli.1"));
  QVERIFY(manual.open(QIODevice::ReadOnly));
  const QString text = QString::fromUtf8(manual.readAll()).replace(s("\\-"), s("-"));
  const QRegularExpression option(s("(--[a-z-]+)"));
  for (const char* command : kCommands) {
    QVERIFY2(text.contains(s(".SS ") + s(command)), command);
    auto found = option.globalMatch(QString::fromUtf8(m_cli.text(s(command) + s(" --help")).out));
    while (found.hasNext()) {
      const QString name = found.next().captured(1);
      QVERIFY2(text.contains(name), qPrintable(s(command) + s(" ") + name));
    }
  }
}

void tst_Cli::refusesWrongUsage_data() {
  QTest::addColumn<QString>("words");
  for (const char* words : {"", "nonsense", "info", "predict indexeddb://iris", "train", "train --template nonsense",
                            "train --template iris --optimizer nonsense", "train --template iris --loss nonsense",
                            "train --template iris --metrics nonsense", "train --template iris --epochs 0",
                            "train --template iris --epochs many", "train --template iris --learning-rate -1",
                            "train --template iris --validation-split 1.5", "info nonsense://x", "info indexeddb://",
                            "copy indexeddb://iris", "list --nonsense", "info indexeddb://iris --header nonsense"})
    QTest::newRow(words) << s(words);
}

void tst_Cli::refusesWrongUsage() {
  QFETCH(QString, words);
  const auto answer = m_cli.json(words);
  QCOMPARE(answer.exitCode, 2);
  QCOMPARE(answer.json[s("ok")].toBool(true), false);
  QVERIFY(!answer.errorMessage().isEmpty());
  const auto text = m_cli.text(words);
  QCOMPARE(text.exitCode, 2);
  QVERIFY(text.err.startsWith("error: "));
  QVERIFY(text.out.isEmpty());
}

void tst_Cli::describesAModel() {
  const auto answer = m_cli.json(s("info indexeddb://iris"));
  QCOMPARE(answer.exitCode, 0);
  const QJsonObject& info = answer.result;
  QCOMPARE(info[s("name")].toString(), s("iris"));
  QCOMPARE(info[s("format")].toString(), s("layers-model"));
  QCOMPARE(info[s("totalParams")].toInt(), 131);
  QCOMPARE(info[s("trainableParams")].toInt(), 131);
  QCOMPARE(info[s("weightBytes")].toInt(), 524);
  QCOMPARE(info[s("problems")].toArray().size(), 0);
  QVERIFY(info.contains(s("generatedBy")) && info.contains(s("trainingConfig")));
  const QJsonArray layers = info[s("layers")].toArray();
  QCOMPARE(layers.size(), 3);
  const QJsonObject dense = layers[1].toObject();
  QCOMPARE(dense[s("className")].toString(), s("Dense"));
  QCOMPARE(dense[s("config")][s("units")].toInt(), 16);
  QCOMPARE(dense[s("config")][s("activation")].toString(), s("relu"));
  QCOMPARE(dense[s("inputShapes")].toArray(), (QJsonArray{QJsonArray{QJsonValue::Null, 4}}));
  QCOMPARE(dense[s("outputShapes")].toArray(), (QJsonArray{QJsonArray{QJsonValue::Null, 16}}));
  QCOMPARE(dense[s("params")].toInt(), 80);
  QCOMPARE(dense[s("trainable")].toBool(), true);
  QCOMPARE(dense[s("inbound")].toArray(), QJsonArray{layers[0].toObject()[s("name")]});
  QCOMPARE(info[s("inputs")][0][s("shape")].toArray(), (QJsonArray{QJsonValue::Null, 4}));
  QCOMPARE(info[s("outputs")][0][s("shape")].toArray(), (QJsonArray{QJsonValue::Null, 3}));
  const QJsonValue recipe = info[s("userDefinedMetadata")][s("layersmith")][s("recipe")];
  QCOMPARE(recipe[s("classNames")].toArray().size(), 3);
  QVERIFY(m_cli.text(s("info indexeddb://iris")).out.contains("131 parameters"));
}

void tst_Cli::predictsFromEveryKindOfInput() {
  const QByteArray rows = "petalWidth,petalLength,sepalWidth,sepalLength\n0.2,1.5,3.4,5.0\n2.2,5.6,3.1,6.7\n";
  const auto csv = m_cli.json(s("predict indexeddb://iris --input ") + m_cli.write(s("rows.csv"), rows));
  QCOMPARE(csv.exitCode, 0);
  QCOMPARE(csv.result[s("outputs")][0][s("shape")].toArray(), (QJsonArray{2, 3}));
  QCOMPARE(csv.result[s("predictions")][0][s("label")].toString(), s("setosa"));
  QCOMPARE(csv.result[s("predictions")][1][s("label")].toString(), s("virginica"));
  QVERIFY(csv.result[s("predictions")][0][s("confidence")].toDouble() > 0.5);

  const auto row = m_cli.json(s("predict indexeddb://iris --row 5.0,3.4,1.5,0.2"));
  const auto plain = m_cli.json(s("predict indexeddb://iris --kernels reference --row 5.0,3.4,1.5,0.2"));
  QVERIFY(std::abs(plain.result[s("predictions")][0][s("confidence")].toDouble() -
                   row.result[s("predictions")][0][s("confidence")].toDouble()) < 1e-5);
  QCOMPARE(row.exitCode, 0);
  for (int i = 0; i < 3; ++i) QCOMPARE(values(row)[i].toDouble(), values(csv)[i].toDouble());

  // The same flower, already scaled, as tensors: read the scaling out of the recipe.
  const auto info = m_cli.json(s("info indexeddb://iris"));
  const QJsonValue recipe = info.result[s("userDefinedMetadata")][s("layersmith")][s("recipe")];
  const double flower[] = {5.0, 3.4, 1.5, 0.2};
  QJsonArray scaled;
  QByteArray npy("\x93NUMPY\x01\x00\x36\x00{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}\n", 10);
  npy = QByteArray("\x93NUMPY\x01\x00", 8);
  const QByteArray header =
      QByteArray("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4), }").leftJustified(117) + '\n';
  npy += char(header.size());
  npy += '\0';
  npy += header;
  for (int i = 0; i < 4; ++i) {
    const QJsonValue column = recipe[s("columns")][i];
    const auto value = float((flower[i] - column[s("offset")].toDouble()) / column[s("scale")].toDouble());
    scaled.append(double(value));
    npy.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  const QJsonArray tensors = {
      QJsonObject{{s("shape"), QJsonArray{1, 4}}, {s("dtype"), s("float32")}, {s("values"), scaled}}};
  const auto json =
      m_cli.json(s("predict indexeddb://iris --input ") + m_cli.write(s("in.json"), QJsonDocument(tensors).toJson()));
  QCOMPARE(json.exitCode, 0);
  const auto fromNpy = m_cli.json(s("predict indexeddb://iris --input ") + m_cli.write(s("in.npy"), npy));
  QCOMPARE(fromNpy.exitCode, 0);
  for (int i = 0; i < 3; ++i) {
    QVERIFY(qAbs(values(json)[i].toDouble() - values(csv)[i].toDouble()) < 1e-6);
    QCOMPARE(values(fromNpy)[i].toDouble(), values(json)[i].toDouble());
  }
  const QByteArray text = m_cli.text(s("predict indexeddb://iris --input rows.csv")).out;
  QVERIFY(text.contains("setosa") && text.contains("virginica") && text.contains("%"));
}

void tst_Cli::evaluatesByTheRecipe() {
  const auto own = m_cli.json(s("evaluate indexeddb://iris"));
  QCOMPARE(own.exitCode, 0);
  QCOMPARE(own.result[s("rows")].toInt(), 30);
  QVERIFY(own.result[s("accuracy")].toDouble() > 0.8);
  const auto all = m_cli.json(s("evaluate indexeddb://iris --data iris"));
  QCOMPARE(all.exitCode, 0);
  QCOMPARE(all.result[s("rows")].toInt(), 150);
  QVERIFY(all.result[s("acc")].toDouble() > 0.9);
  QVERIFY(qAbs(all.result[s("acc")].toDouble() - all.result[s("accuracy")].toDouble()) < 1e-6);
  int counted = 0;
  for (const QJsonValue& line : all.result[s("confusion")].toArray())
    for (const QJsonValue& count : line.toArray()) counted += count.toInt();
  QCOMPARE(counted, 150);
  // The same flowers without a header: columns by their place.
  const auto file = m_cli.json(s("evaluate indexeddb://iris --data ") +
                               m_cli.write(s("plain.csv"), "5.0,3.4,1.5,0.2,setosa\n6.7,3.1,5.6,2.2,virginica\n"));
  QCOMPARE(file.exitCode, 0);
  QCOMPARE(file.result[s("accuracy")].toDouble(), 1.0);
}

void tst_Cli::listsModels() {
  const auto all = m_cli.json(s("list"));
  QCOMPARE(all.exitCode, 0);
  QVERIFY(all.result.contains(s("indexeddb://iris")));
  QCOMPARE(all.result[s("indexeddb://iris")][s("weightDataBytes")].toInt(), 524);
  QVERIFY(!m_cli.json(s("list localstorage://")).result.contains(s("indexeddb://iris")));
  QVERIFY(m_cli.json(s("list indexeddb://")).result.contains(s("indexeddb://iris")));
  QVERIFY(m_cli.text(s("list")).out.contains("indexeddb://iris"));
  QCOMPARE(m_cli.json(s("list --store empty.sqlite")).result.size(), 0);
}

void tst_Cli::copiesAndMoves() {
  const auto copied = m_cli.json(s("copy indexeddb://iris localstorage://copy"));
  QVERIFY2(copied.exitCode == 0, copied.out);
  QCOMPARE(copied.result.keys(), QStringList{s("localstorage://copy")});
  QCOMPARE(copied.result[s("localstorage://copy")][s("weightDataBytes")].toInt(), 524);

  const auto taken = m_cli.json(s("copy indexeddb://iris localstorage://copy"));
  QCOMPARE(taken.exitCode, 1);
  QVERIFY(!taken.errorMessage().isEmpty());
  QCOMPARE(m_cli.json(s("copy indexeddb://iris localstorage://copy --force")).exitCode, 0);

  QCOMPARE(m_cli.json(s("copy localstorage://copy folder")).exitCode, 0);
  QVERIFY(QFile::exists(m_cli.path(s("folder/model.json"))));
  QVERIFY(m_cli.json(s("list .")).result.size() == 1);
  QCOMPARE(m_cli.json(s("move folder indexeddb://copy")).exitCode, 1 - 1);
  QVERIFY(!QFile::exists(m_cli.path(s("folder/model.json"))));
  QCOMPARE(m_cli.json(s("move localstorage://copy indexeddb://copy")).exitCode, 1);
  QCOMPARE(m_cli.json(s("move localstorage://copy indexeddb://copy --force")).exitCode, 0);
  QCOMPARE(m_cli.json(s("info localstorage://copy")).exitCode, 3);
  const auto here = m_cli.json(s("predict indexeddb://iris --row 5.0,3.4,1.5,0.2"));
  const auto there = m_cli.json(s("predict indexeddb://copy --row 5.0,3.4,1.5,0.2"));
  QCOMPARE(values(there), values(here));
}

void tst_Cli::renamesRemovesAndRestores() {
  QCOMPARE(m_cli.json(s("copy indexeddb://iris indexeddb://old --force")).exitCode, 0);
  const auto renamed = m_cli.json(s("rename indexeddb://old new"));
  QVERIFY2(renamed.exitCode == 0, renamed.out);
  QCOMPARE(renamed.result.keys(), QStringList{s("indexeddb://new")});
  QCOMPARE(m_cli.json(s("info indexeddb://old")).exitCode, 3);
  QCOMPARE(m_cli.json(s("rename indexeddb://new iris")).exitCode, 1);

  const auto removed = m_cli.json(s("remove indexeddb://new"));
  QCOMPARE(removed.exitCode, 0);
  QVERIFY(!removed.result[s("indexeddb://new")][s("trashId")].toString().isEmpty());
  QCOMPARE(m_cli.json(s("info indexeddb://new")).exitCode, 3);
  QVERIFY(m_cli.text(s("list --trash")).out.contains("indexeddb://new"));
  const auto restored = m_cli.json(s("restore indexeddb://new"));
  QVERIFY2(restored.exitCode == 0, restored.out);
  QCOMPARE(m_cli.json(s("info indexeddb://new")).exitCode, 0);

  QCOMPARE(m_cli.json(s("remove indexeddb://new --permanent")).exitCode, 0);
  QCOMPARE(m_cli.json(s("restore indexeddb://new")).exitCode, 3);
  QCOMPARE(m_cli.json(s("remove indexeddb://new")).exitCode, 3);
}

void tst_Cli::convertsLayouts() {
  QCOMPARE(m_cli.json(s("convert indexeddb://iris sharded --shard-bytes 200")).exitCode, 0);
  QFile json(m_cli.path(s("sharded/model.json")));
  QVERIFY(json.open(QIODevice::ReadOnly));
  const auto paths = QJsonDocument::fromJson(json.readAll())[s("weightsManifest")][0][s("paths")].toArray();
  QCOMPARE(paths.size(), 3);
  for (const QJsonValue& path : paths) QVERIFY(QFile::exists(m_cli.path(s("sharded/") + path.toString())));
  QCOMPARE(m_cli.json(s("convert sharded pair.json")).exitCode, 0);
  QVERIFY(QFile::exists(m_cli.path(s("pair.weights.bin"))));
  QCOMPARE(m_cli.json(s("convert sharded pair.json")).exitCode, 1);
  QCOMPARE(m_cli.json(s("convert pair.json localstorage://converted")).exitCode, 0);
  const auto start = m_cli.json(s("predict indexeddb://iris --row 6.7,3.1,5.6,2.2"));
  const auto end = m_cli.json(s("predict localstorage://converted --row 6.7,3.1,5.6,2.2"));
  QCOMPARE(values(end), values(start));
}

void tst_Cli::namesEachFailure_data() {
  QTest::addColumn<QString>("words");
  QTest::addColumn<int>("exitCode");
  QTest::addColumn<QString>("code");
  m_cli.write(s("ragged.csv"), "a,b,label\n1,2,x\n3,4\n");
  m_cli.write(s("text.csv"), "a,b,label\n1,2,x\n3,4,y\n5,six,x\n7,8,y\n");
  m_cli.write(s("page.csv"), "<!DOCTYPE html><html></html>");
  m_cli.write(s("page.json"), "<!DOCTYPE html><html></html>");
  m_cli.write(s("broken.json"), "{\"modelTopology\": ");
  m_cli.write(s("wide.json"), "[{\"shape\": [1, 5], \"dtype\": \"float32\", \"values\": [1, 2, 3, 4, 5]}]");
  m_cli.write(s("lying.json"), "[{\"shape\": [2, 4], \"dtype\": \"float32\", \"values\": [1, 2, 3, 4, 5]}]");
  QTcpServer closed;  // a port that nobody listens to any more
  closed.listen(QHostAddress::LocalHost);
  const QString nobody = s("http://127.0.0.1:%1/model.json").arg(closed.serverPort());
  closed.close();
  QTest::newRow("no such model") << s("info indexeddb://nothing") << 3 << s("");
  QTest::newRow("no such folder") << s("info nowhere") << 3 << s("");
  QTest::newRow("no such file") << s("predict indexeddb://iris --input nothing.csv") << 3 << s("");
  QTest::newRow("no such column") << s("train --data iris --target nothing") << 3 << s("");
  QTest::newRow("model is a page") << s("info page.json") << 4 << s("E101|E102");
  QTest::newRow("model is cut") << s("info broken.json") << 4 << s("E103");
  QTest::newRow("ragged row") << s("train --data ragged.csv") << 4 << s("E140");
  QTest::newRow("text among numbers") << s("train --data text.csv") << 4 << s("E140");
  QTest::newRow("table is a page") << s("train --data page.csv") << 4 << s("E102");
  QTest::newRow("wrong input shape") << s("predict indexeddb://iris --input wide.json") << 4 << s("");
  QTest::newRow("values do not fill the shape") << s("predict indexeddb://iris --input lying.json") << 4 << s("E104");
  QTest::newRow("text in a row") << s("predict indexeddb://iris --row 1,2,x,4") << 4 << s("E140");
  QTest::newRow("nobody answers") << s("info ") + nobody << 6 << s("");
  QTest::newRow("loss runs away")
      << s("train --template iris --optimizer sgd --learning-rate 1e30 --save indexeddb://lost") << 7 << s("E401");
  QTest::newRow("target is taken") << s("train --template iris --epochs 1 --save indexeddb://iris") << 1 << s("");
}

void tst_Cli::namesEachFailure() {
  QFETCH(QString, words);
  QFETCH(int, exitCode);
  QFETCH(QString, code);
  const auto answer = m_cli.json(words);
  QVERIFY2(answer.exitCode == exitCode, answer.out + answer.err);
  QCOMPARE(answer.json[s("ok")].toBool(true), false);
  if (!code.isEmpty()) QVERIFY2(code.split(QLatin1Char('|')).contains(answer.errorCode()), answer.out);
  QVERIFY(answer.errorMessage().size() > 10);
  if (words.contains(s("lost"))) QCOMPARE(m_cli.json(s("info indexeddb://lost")).exitCode, 3);
}

void tst_Cli::refusesBeyondTheQuota() {
  // 1100 x 1100 floats: 4.8 MB, 6.5 million characters in base64.
  QDir().mkpath(m_cli.path(s("big")));
  m_cli.write(
      s("big/model.json"),
      R"({"modelTopology":{"class_name":"Sequential","config":{"name":"big","layers":[{"class_name":"Dense","config":{"name":"d","units":1100,"activation":"linear","use_bias":false,"batch_input_shape":[null,1100],"dtype":"float32"}}]}},"weightsManifest":[{"paths":["weights.bin"],"weights":[{"name":"d/kernel","shape":[1100,1100],"dtype":"float32"}]}]})");
  m_cli.write(s("big/weights.bin"), QByteArray(1100 * 1100 * 4, '\0'));
  QCOMPARE(m_cli.json(s("copy big indexeddb://big")).exitCode, 0);
  const auto answer = m_cli.json(s("copy big localstorage://big"));
  QCOMPARE(answer.exitCode, 5);
  QCOMPARE(answer.errorCode(), s("E202"));
  QCOMPARE(m_cli.json(s("info localstorage://big")).exitCode, 3);
}

void tst_Cli::keepsSecretsOffTheCommandLine() {
  const auto header = m_cli.json(s("info http://127.0.0.1:9/model.json --header Authorization:secret"));
  QCOMPARE(header.exitCode, 2);
  QVERIFY(!header.out.contains("secret\""));
  QCOMPARE(m_cli.json(s("info http://me:secret@127.0.0.1:9/model.json")).exitCode, 2);
  QCOMPARE(m_cli.json(s("info http://127.0.0.1:9/model.json --auth-env NOT_SET_ANYWHERE")).exitCode, 2);
  QCOMPARE(m_cli.json(s("info http://127.0.0.1:9/model.json --auth-env TEST_TOKEN")).exitCode, 6);
}

/// Nobody listens there: what gets as far as the network gives 6.
void tst_Cli::refusesHeadersThatBreakTheRequest() {
  const QString info = s("info http://127.0.0.1:9/model.json ");
  QCOMPARE(m_cli.json(info + s("--header X-Lab:one")).exitCode, 6);
  for (const char* words :
       {"--header A:b\r\nEvil:x", "--header A:b\n", "--header Content-Length:3", "--header transfer-encoding:chunked",
        "--header Host:other", "--header Connection:close", "--header Content-Type:text/plain", "--header A(:b",
        "--auth basic", "--auth X-Api-Key", "--auth-env TEST_TOKEN --auth Host"}) {
    const auto answer = m_cli.json(info + s(words));
    QVERIFY2(answer.exitCode == 2, words);
  }
}

QTEST_GUILESS_MAIN(tst_Cli)
#include "tst_Cli.moc"

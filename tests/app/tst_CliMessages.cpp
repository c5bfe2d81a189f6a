#include "tests/app/CliRunner.h"
#include "tests/support/Patience.h"
#include "tests/support/ServerFixture.h"

#include <QDir>

using namespace layersmith;

/// What the command line says when it refuses, when it can do a part alone, and how to go on.
class tst_CliMessages : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void renamesPairs();
  void renamesFoldersOfAnyName();
  void renamesAndRestoresTheDamaged();
  void importsAllOrNothing();
  void importsDumpsAlone();
  void saysWhatWasImported();
  void namesTheOptionThatReplaces();
  void opensChangedFilesWhenAsked();
  void tellsOfOutputThatIsCutOff();
  void callsWeightsThatAreNoNumbersFaulty();
  void verifiesAServer();
  void foretellsTheRefusal();
  void saysWhatQuantizingLeaves();
  void listsWithoutMakingAStore();
  void foretellsThatItDoesNotFit();
  void tellsWhatLiesOnDisk();
  void exportsNothingWithoutItsWeights();
  void refusesStandardOutput();
  void takesOtherLimits();

 private:
  CliRunner m_cli;
};

namespace {

QString s(const char* text) {
  return QString::fromUtf8(text);
}

QString hintOf(const CliRunner::Answer& answer) {
  return answer.json[s("error")][s("hint")].toString();
}

QString onlyKey(const CliRunner::Answer& answer) {
  return answer.result.size() == 1 ? answer.result.keys().front() : QString();
}

}  // namespace

void tst_CliMessages::initTestCase() {
  const auto trained = m_cli.json(s("train --template iris --epochs 2 --seed 1 --save indexeddb://iris"));
  QVERIFY2(trained.exitCode == 0, trained.out + trained.err);
}

void tst_CliMessages::renamesPairs() {
  QDir().mkpath(m_cli.path(s("dl")));
  QCOMPARE(m_cli.json(s("convert indexeddb://iris dl/iris.json")).exitCode, 0);
  const auto named = m_cli.json(s("rename dl/iris.json zed.json"));
  QVERIFY2(named.exitCode == 0, named.out);
  QVERIFY(onlyKey(named).endsWith(s("/dl/zed.json")));
  QVERIFY(named.result[onlyKey(named)][s("weightDataBytes")].toInt() > 0);
  const auto plain = m_cli.text(s("rename dl/zed.json why"));
  QVERIFY2(plain.exitCode == 0 && plain.out == "Renamed dl/zed.json to why.json.\n", plain.out + plain.err);
  QCOMPARE(m_cli.json(s("convert indexeddb://iris dl/taken.json")).exitCode, 0);
  const auto taken = m_cli.json(s("rename dl/why.json taken"));
  QCOMPARE(taken.exitCode, 1);
  QVERIFY2(taken.errorMessage().startsWith(s("\"taken.json\" exists already")), taken.out);
}

void tst_CliMessages::renamesFoldersOfAnyName() {
  QCOMPARE(m_cli.json(s("copy indexeddb://iris w/f1")).exitCode, 0);
  QDir().rename(m_cli.path(s("w/f1")), m_cli.path(s("w/f.zip")));
  const auto renamed = m_cli.json(s("rename w/f.zip f2"));
  QVERIFY2(renamed.exitCode == 0, renamed.out);
  QVERIFY(onlyKey(renamed).startsWith(s("file://")) && onlyKey(renamed).endsWith(s("/w/f2")));
  const auto refused = m_cli.json(s("rename w/f2 f3.json"));
  QCOMPARE(refused.exitCode, 2);
  QVERIFY2(refused.errorMessage().contains(s("f3.json")), refused.out);
}

void tst_CliMessages::renamesAndRestoresTheDamaged() {
  QCOMPARE(m_cli.json(s("copy indexeddb://iris s/miss")).exitCode, 0);
  QVERIFY(QFile::remove(m_cli.path(s("s/miss/weights.bin"))));
  const auto renamed = m_cli.json(s("rename s/miss lost"));
  QVERIFY2(renamed.exitCode == 0, renamed.out);
  QCOMPARE(m_cli.json(s("remove s/lost")).exitCode, 0);
  const auto back = m_cli.json(s("restore s/lost"));
  QVERIFY2(back.exitCode == 0, back.out);
  m_cli.write(s("s/lost/model.json"), "{");
  const auto broken = m_cli.json(s("rename s/lost cut"));
  QVERIFY2(broken.exitCode == 0 && broken.result[onlyKey(broken)].toObject().isEmpty(), broken.out);
}

void tst_CliMessages::importsAllOrNothing() {
  for (const char* name : {"a", "b"})
    QCOMPARE(m_cli.json(s("copy indexeddb://iris localstorage://") + s(name)).exitCode, 0);
  QCOMPARE(m_cli.json(s("export two.json localstorage://a localstorage://b")).exitCode, 0);
  QFile dump(m_cli.path(s("two.json")));
  QVERIFY(dump.open(QIODevice::ReadOnly));
  QJsonObject texts = QJsonDocument::fromJson(dump.readAll()).object();
  const QString key = s("tensorflowjs_models/b/weight_data");
  texts[key] = s("!!!") + texts[key].toString();
  m_cli.write(s("half.json"), QJsonDocument(texts).toJson());
  for (const char* name : {"a", "b"}) QCOMPARE(m_cli.json(s("remove localstorage://") + s(name)).exitCode, 0);
  const auto refused = m_cli.json(s("import half.json"));
  QCOMPARE(refused.exitCode, 4);
  QVERIFY2(refused.errorMessage().startsWith(s("localstorage://b: weight_data is not base64")), refused.out);
  QVERIFY2(refused.errorMessage().endsWith(s("Nothing was imported.")), refused.out);
  QVERIFY(m_cli.json(s("list localstorage://")).result.isEmpty());
  const auto one = m_cli.json(s("import half.json localstorage://a"));
  QVERIFY2(one.exitCode == 0, one.out);
  const QString key2 = s("localstorage://a");
  const QJsonObject listed = m_cli.json(s("list localstorage://")).result[key2].toObject();
  QCOMPARE(one.result[key2][s("dateSaved")], listed[s("dateSaved")]);
  QVERIFY(!listed[s("dateSaved")].toString().isEmpty());
  const auto taken = m_cli.json(s("import two.json"));
  QCOMPARE(taken.exitCode, 1);
  QCOMPARE(taken.errorMessage(), s("localstorage://a exists already. Nothing was imported."));
  QCOMPARE(m_cli.json(s("list localstorage://")).result.size(), 1);
}

void tst_CliMessages::importsDumpsAlone() {
  QCOMPARE(m_cli.json(s("copy indexeddb://iris own")).exitCode, 0);
  const auto refused = m_cli.json(s("import own/model.json"));
  QCOMPARE(refused.exitCode, 4);
  QVERIFY2(refused.errorMessage().contains(s("is no dump")), refused.out);
  QVERIFY2(refused.json[s("error")][s("hint")].toString().contains(s("convert own/model.json")), refused.out);
  QCOMPARE(m_cli.json(s("import ") + m_cli.write(s("list.json"), "[1, 2]")).exitCode, 4);
  QCOMPARE(m_cli.json(s("import ") + m_cli.write(s("other.json"), "{\"theme\": \"dark\"}")).exitCode, 0);
}

void tst_CliMessages::saysWhatWasImported() {
  QJsonObject texts;
  QFile dump(m_cli.path(s("two.json")));
  QVERIFY(dump.open(QIODevice::ReadOnly));
  texts = QJsonDocument::fromJson(dump.readAll()).object();
  const QString metadata = s("tensorflowjs_models/b/model_metadata");
  texts[metadata] = s("{\"userDefinedMetadata\":{\"x\":[\"") +
                    QStringList(6, QString(900'000, QLatin1Char('x'))).join(s("\",\"")) + s("\"]}}");
  m_cli.write(s("large.json"), QJsonDocument(texts).toJson());
  const auto full = m_cli.json(s("import large.json --force"));
  QCOMPARE(full.exitCode, 5);
  QVERIFY2(full.errorMessage().endsWith(s("1 of 2 were imported: localstorage://a.")), full.out);
}

void tst_CliMessages::namesTheOptionThatReplaces() {
  for (const char* name : {"x", "y"}) QCOMPARE(m_cli.json(s("copy indexeddb://iris ") + s(name)).exitCode, 0);
  for (const char* words : {"copy x y", "move x y", "convert x y", "train x --epochs 1 --save y", "import two.json"}) {
    const auto refused = m_cli.json(s(words));
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(hintOf(refused).contains(s("--force")), refused.out);
  }
  const auto same = m_cli.json(s("copy x x"));
  QVERIFY2(same.exitCode == 1 && !hintOf(same).contains(s("--force")), same.out);
  QVERIFY(hintOf(m_cli.json(s("rename x y"))).startsWith(s("Rename the one that is there")));
  QCOMPARE(m_cli.json(s("remove y")).exitCode, 0);
  QCOMPARE(m_cli.json(s("convert x y --quantize uint8")).exitCode, 0);  // another one: an equal one is no obstacle
  QVERIFY(hintOf(m_cli.json(s("restore y"))).startsWith(s("Rename the one that is there")));
}

void tst_CliMessages::tellsOfOutputThatIsCutOff() {
  for (const char* words : {"info indexeddb://iris", "info indexeddb://iris --json", "list --json"}) {
    QProcess process;
    m_cli.prepare(process);
    process.setArguments(s(words).split(u' '));
    process.setStandardOutputFile(s("/dev/full"));
    process.start();
    QVERIFY(process.waitForFinished(kPatienceMs));
    QCOMPARE(process.exitCode(), 5);
    const QByteArray said = process.readAllStandardError();
    QVERIFY2(said.contains("Standard output is cut off: No space left on device."), said);
  }
}

void tst_CliMessages::opensChangedFilesWhenAsked() {
  QCOMPARE(m_cli.json(s("convert indexeddb://iris hashed")).exitCode, 0);
  QFile weights(m_cli.path(s("hashed/weights.bin")));
  char first = 0;
  QVERIFY(weights.open(QIODevice::ReadWrite) && weights.getChar(&first) && weights.seek(0));
  QVERIFY(weights.putChar(char(~first)));
  weights.close();
  const auto refused = m_cli.json(s("copy hashed to"));
  QCOMPARE(refused.errorCode(), s("E111"));
  QVERIFY2(!refused.errorMessage().contains(u'?') && hintOf(refused).contains(s("--accept-changed")), refused.out);
  QVERIFY(hintOf(m_cli.json(s("move hashed to"))).contains(s("copy")));
  QCOMPARE(m_cli.json(s("copy hashed to --accept-changed")).exitCode, 0);
  QCOMPARE(m_cli.json(s("info hashed --accept-changed")).exitCode, 0);
  QCOMPARE(m_cli.json(s("verify hashed --accept-changed")).exitCode, 1);
}

void tst_CliMessages::callsWeightsThatAreNoNumbersFaulty() {
  QCOMPARE(m_cli.json(s("copy indexeddb://iris nan")).exitCode, 0);
  QFile weights(m_cli.path(s("nan/weights.bin")));
  QVERIFY(weights.open(QIODevice::ReadWrite) && weights.write("\0\0\xc0\x7f", 4) == 4);
  weights.close();
  const auto answer = m_cli.json(s("verify nan"));
  QCOMPARE(answer.exitCode, 1);
  QCOMPARE(answer.result[s("faulty")].toInt(), 1);
  QVERIFY(m_cli.text(s("verify nan")).out.startsWith("faulty"));
}

void tst_CliMessages::verifiesAServer() {
  layersmith::testing::StoreServer server(m_cli.path(s("server")));
  qputenv("LAB_TOKEN", server.token().toUtf8());
  const QString access = s(" --auth-env LAB_TOKEN");
  for (const char* name : {"a", "b"})
    QCOMPARE(m_cli.json(s("copy indexeddb://iris ") + server.address() + s("/upload/") + s(name) + access).exitCode, 0);
  for (const char* path : {"", "/", "/models"}) {
    const auto answer = m_cli.json(s("verify ") + server.address() + s(path) + access);
    QVERIFY2(answer.exitCode == 0, answer.out);
    QCOMPARE(answer.result[s("models")].toArray().size(), 2);
  }
}

void tst_CliMessages::foretellsTheRefusal() {
  QCOMPARE(m_cli.json(s("copy indexeddb://iris there")).exitCode, 0);
  for (const char* command : {"copy", "convert"}) {
    const QString words = s(command) + s(" indexeddb://iris there --dry-run");
    const auto refused = m_cli.json(words);
    QCOMPARE(refused.exitCode, 1);
    QVERIFY(refused.result[s("exists")].toBool());
    QVERIFY(m_cli.text(words).err.contains("without --force"));
    QVERIFY(m_cli.text(words + s(" --force")).out.contains("would replace"));
    QCOMPARE(m_cli.json(words + s(" --force")).exitCode, 0);
  }
}

void tst_CliMessages::saysWhatQuantizingLeaves() {
  QCOMPARE(m_cli.json(s("convert indexeddb://iris q8 --quantize uint8 --no-optimizer")).exitCode, 0);
  const auto again = m_cli.text(s("convert q8 q16 --quantize float16"));
  QVERIFY2(again.err.contains("4 of 4 weights are quantized already"), again.err);
  QVERIFY(m_cli.text(s("convert q8 q32 --trainable-only")).err.contains("float32 again"));
  QCOMPARE(m_cli.json(s("convert nan qnan --quantize uint8")).exitCode, 4);
  QVERIFY(m_cli.text(s("convert q8 pair.json --shard-bytes 100")).err.contains("--shard-bytes"));
}

void tst_CliMessages::listsWithoutMakingAStore() {
  const QString store = m_cli.path(s("none/x.sqlite"));
  const auto listed = m_cli.json(s("list --store ") + store);
  QVERIFY(listed.exitCode == 0 && listed.result.isEmpty());
  QCOMPARE(listed.json[s("warnings")].toArray().size(), 1);
  QVERIFY(!QFile::exists(m_cli.path(s("none"))));
}

void tst_CliMessages::foretellsThatItDoesNotFit() {
  QCOMPARE(m_cli.json(s("copy indexeddb://iris roomy")).exitCode, 0);
  QFile file(m_cli.path(s("roomy/model.json")));
  QVERIFY(file.open(QIODevice::ReadOnly));
  QJsonObject model = QJsonDocument::fromJson(file.readAll()).object();
  QJsonArray texts;
  for (int i = 0; i < 6; ++i) texts.append(QString(900'000, QLatin1Char('x')));
  model[s("userDefinedMetadata")] = QJsonObject{{s("x"), texts}};
  m_cli.write(s("roomy/model.json"), QJsonDocument(model).toJson());
  const auto full = m_cli.json(s("copy roomy localstorage://roomy --dry-run"));
  QCOMPARE(full.exitCode, 5);
  QVERIFY(!full.result[s("fits")].toBool(true));
}

void tst_CliMessages::tellsWhatLiesOnDisk() {
  const auto written = m_cli.text(s("convert indexeddb://iris disk"));
  qint64 bytes = 0;
  for (const QFileInfo& file : QDir(m_cli.path(s("disk"))).entryInfoList(QDir::Files)) bytes += file.size();
  QCOMPARE(written.out, s("Wrote disk (%1 KB).\n").arg(double(bytes) / 1000, 0, 'f', 1).toUtf8());
}

void tst_CliMessages::exportsNothingWithoutItsWeights() {
  QDir().mkpath(m_cli.path(s("large")));
  m_cli.write(
      s("large/model.json"),
      R"({"modelTopology":{"class_name":"Sequential","config":{"name":"m","layers":[{"class_name":"Dense","config":{"name":"d","units":600,"activation":"linear","use_bias":false,"batch_input_shape":[null,600],"dtype":"float32"}}]}},"weightsManifest":[{"paths":["weights.bin"],"weights":[{"name":"d/kernel","shape":[600,600],"dtype":"float32"}]}]})");
  m_cli.write(s("large/weights.bin"), QByteArray(600 * 600 * 4, '\0'));
  QCOMPARE(m_cli.json(s("copy large indexeddb://large")).exitCode, 0);
  QDir files(m_cli.path(s("home/store.sqlite.weights")));
  const QStringList names = files.entryList(QDir::Files);
  QCOMPARE(names.size(), 1);
  QVERIFY(files.remove(names.front()));
  const auto refused = m_cli.json(s("export all.json"));
  QCOMPARE(refused.exitCode, 4);
  QVERIFY2(refused.errorMessage().startsWith(s("indexeddb://large: ")), refused.out);
  QVERIFY2(refused.errorMessage().endsWith(s("Nothing was exported.")) && !hintOf(refused).isEmpty(), refused.out);
  QCOMPARE(m_cli.json(s("export one.json indexeddb://iris")).exitCode, 0);
}

void tst_CliMessages::refusesStandardOutput() {
  QCOMPARE(m_cli.json(s("copy indexeddb://iris -")).exitCode, 2);
  QVERIFY(!QFile::exists(m_cli.path(s("-"))));
}

void tst_CliMessages::takesOtherLimits() {
  QCOMPARE(m_cli.json(s("copy indexeddb://iris limited")).exitCode, 0);
  m_cli.setVariable(s("LAYERSMITH_LIMITS"), s("json.bytes=1K"));
  const auto refused = m_cli.json(s("info limited"));
  QCOMPARE(refused.exitCode, 9);
  QVERIFY2(refused.errorMessage().contains(s("the limit is 1024 (setting json.bytes)")), refused.out);
  m_cli.setVariable(s("LAYERSMITH_LIMITS"), s("json.bytes=2M"));
  QCOMPARE(m_cli.json(s("info limited")).exitCode, 0);
  m_cli.setVariable(s("LAYERSMITH_LIMITS"), s("json.bytes=1G"));
  const auto wrong = m_cli.json(s("info limited"));
  QCOMPARE(wrong.exitCode, 2);
  QVERIFY2(wrong.errorMessage().contains(s("needs a number from 1 to 134217728")), wrong.out);
  m_cli.setVariable(s("LAYERSMITH_LIMITS"), {});
}

QTEST_GUILESS_MAIN(tst_CliMessages)
#include "tst_CliMessages.moc"

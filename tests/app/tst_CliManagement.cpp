#include "tests/app/CliRunner.h"
#include "tests/support/ServerFixture.h"

#include <QDir>

using layersmith::testing::StoreServer;

/// The command line: models checked, compared, and moved to, from and between store servers.
class tst_CliManagement : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void verifiesWhatIsWhole();
  void verifiesAllOfAPlace();
  void verifiesPastWhatCannotBeRead();
  void namesWhatIsDamaged_data();
  void namesWhatIsDamaged();
  void noticesOneChangedByte();
  void verifiesWhatIsThereAlone();
  void tellsThatNothingDiffers();
  void tellsWhatDiffers();
  void tellsWhatTrainingChanged();
  void movesToAServerAndBack();
  void movesOnAServer();
  void reachesTheTrashOfAServer();
  void movesBetweenServersWithASecretForEach();
  void mendsWhatHindersAModel();

 private:
  QString place(const StoreServer& server, const char* name) const;

  CliRunner m_cli;
};

namespace {

QString s(const char* text) {
  return QString::fromUtf8(text);
}

QStringList names(const std::vector<layersmith::ModelEntry>& entries) {
  QStringList found;
  for (const layersmith::ModelEntry& entry : entries) found << entry.name;
  found.sort();
  return found;
}

QJsonObject memberOf(const QJsonArray& values, const char* key, const QString& value) {
  for (const QJsonValue& one : values)
    if (one.toObject()[s(key)] == value) return one.toObject();
  return {};
}

QByteArray bytesOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

QString tst_CliManagement::place(const StoreServer& server, const char* name) const {
  return server.address() + s("/models/") + s(name) + s("/model.json");
}

void tst_CliManagement::initTestCase() {
  const auto trained = m_cli.json(s("train --template iris --epochs 5 --seed 1 --save indexeddb://iris"));
  QVERIFY2(trained.exitCode == 0, trained.out + trained.err);
}

void tst_CliManagement::verifiesWhatIsWhole() {
  const auto answer = m_cli.json(s("verify indexeddb://iris"));
  QCOMPARE(answer.exitCode, 0);
  QCOMPARE(answer.result[s("faulty")].toInt(-1), 0);
  const QJsonObject model = answer.result[s("models")].toArray().first().toObject();
  QCOMPARE(model[s("url")].toString(), s("indexeddb://iris"));
  QVERIFY(model[s("ok")].toBool());
  const auto text = m_cli.text(s("verify indexeddb://iris"));
  QVERIFY2(text.out.startsWith("good"), text.out);
}

void tst_CliManagement::verifiesAllOfAPlace() {
  for (const char* name : {"many/a", "many/b", "many/c"})
    QCOMPARE(m_cli.text(s("copy indexeddb://iris ") + s(name)).exitCode, 0);
  QVERIFY(QFile::resize(m_cli.path(s("many/b/weights.bin")), 8));
  const auto answer = m_cli.json(s("verify many"));
  QCOMPARE(answer.exitCode, 1);
  QVERIFY(answer.json[s("ok")].toBool());  // the command did its work
  QCOMPARE(answer.result[s("models")].toArray().size(), 3);
  QCOMPARE(answer.result[s("faulty")].toInt(), 1);
  const auto text = m_cli.text(s("verify many"));
  QVERIFY2(text.out.contains("3 models checked, 1 faulty."), text.out);
  QCOMPARE(m_cli.json(s("verify")).result[s("models")].toArray().size(), 1);  // of the stores
}

/// A folder where the weights should be reads as a disk error does.
void tst_CliManagement::verifiesPastWhatCannotBeRead() {
  for (const char* name : {"some/a", "some/b", "some/c"})
    QCOMPARE(m_cli.text(s("copy indexeddb://iris ") + s(name)).exitCode, 0);
  const QString weights = m_cli.path(s("some/b/weights.bin"));
  QVERIFY(QFile::remove(weights) && QFile::link(s("weights.bin"), weights));  // a link to itself: ELOOP
  const auto answer = m_cli.json(s("verify some"));
  QCOMPARE(answer.exitCode, 1);
  QCOMPARE(answer.result[s("models")].toArray().size(), 3);
  QCOMPARE(answer.result[s("faulty")].toInt(), 1);
  m_cli.write(s("home/archive.lsarch"), "no archive");
  const auto all = m_cli.json(s("verify"));
  QCOMPARE(all.exitCode, 1);
  QCOMPARE(all.result[s("faulty")].toInt(), 1);
  const QJsonObject last = all.result[s("models")].toArray().last().toObject();
  QCOMPARE(last[s("url")].toString(), s("archive://"));
  QVERIFY(last[s("problems")].toArray()[0][s("message")].toString().contains(s("is no archive of models")));
  QVERIFY(QFile::remove(m_cli.path(s("home/archive.lsarch"))));
}

void tst_CliManagement::namesWhatIsDamaged_data() {
  QTest::addColumn<QString>("file");
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("code");
  QTest::addColumn<QString>("words");
  QTest::newRow("weights missing") << "weights.bin" << QByteArray("-") << "E110"
                                   << "is missing";
  QTest::newRow("weights short") << "weights.bin" << QByteArray("abc") << "E110"
                                 << "3 bytes";
  QTest::newRow("no JSON") << "model.json" << QByteArray("{\"modelTopology\":") << "E103"
                           << "model.json";
}

void tst_CliManagement::namesWhatIsDamaged() {
  QFETCH(QString, file);
  QFETCH(QByteArray, bytes);
  QFETCH(QString, code);
  QFETCH(QString, words);
  QCOMPARE(m_cli.text(s("copy indexeddb://iris bad --force")).exitCode, 0);
  if (bytes == "-")
    QVERIFY(QFile::remove(m_cli.path(s("bad/") + file)));
  else
    m_cli.write(s("bad/") + file, bytes);
  const auto answer = m_cli.json(s("verify bad"));
  QCOMPARE(answer.exitCode, 1);
  const QJsonObject problem = answer.result[s("models")].toArray().first()[s("problems")].toArray().first().toObject();
  QCOMPARE(problem[s("severity")].toString(), s("error"));
  QCOMPARE(problem[s("code")].toString(), code);
  QVERIFY2(problem[s("message")].toString().contains(words), qPrintable(problem[s("message")].toString()));
}

void tst_CliManagement::noticesOneChangedByte() {
  QCOMPARE(m_cli.text(s("convert indexeddb://iris hashed")).exitCode, 0);
  QCOMPARE(m_cli.text(s("verify hashed")).exitCode, 0);
  QFile weights(m_cli.path(s("hashed/weights.bin")));
  QVERIFY(weights.open(QIODevice::ReadWrite));
  weights.seek(8);
  char byte = 0;
  QVERIFY(weights.getChar(&byte));
  weights.seek(8);
  weights.putChar(char(byte ^ 1));
  weights.close();
  const auto answer = m_cli.json(s("verify hashed"));
  QCOMPARE(answer.exitCode, 1);
  QCOMPARE(answer.result[s("models")].toArray().first()[s("problems")].toArray().first()[s("code")].toString(),
           s("E111"));
}

void tst_CliManagement::verifiesWhatIsThereAlone() {
  QCOMPARE(m_cli.json(s("verify indexeddb://nonsense")).exitCode, 3);
  QCOMPARE(m_cli.json(s("verify nonsense")).exitCode, 3);
  QCOMPARE(m_cli.json(s("diff indexeddb://iris indexeddb://nonsense")).exitCode, 3);
}

void tst_CliManagement::tellsThatNothingDiffers() {
  QCOMPARE(m_cli.text(s("copy indexeddb://iris same --force")).exitCode, 0);
  const auto answer = m_cli.json(s("diff indexeddb://iris same"));
  QCOMPARE(answer.exitCode, 0);
  QVERIFY(answer.result[s("same")].toBool());
  QCOMPARE(m_cli.text(s("diff indexeddb://iris same")).out, QByteArray("Nothing differs.\n"));
}

void tst_CliManagement::tellsWhatDiffers() {
  QCOMPARE(m_cli.text(s("copy indexeddb://iris other --force")).exitCode, 0);
  QFile file(m_cli.path(s("other/model.json")));
  QVERIFY(file.open(QIODevice::ReadOnly));
  const QByteArray json = file.readAll();
  QVERIFY(json.contains("\"activation\":\"relu\""));
  m_cli.write(s("other/model.json"), QByteArray(json).replace("\"activation\":\"relu\"", "\"activation\":\"tanh\""));
  const auto answer = m_cli.json(s("diff indexeddb://iris other"));
  QCOMPARE(answer.exitCode, 1);
  QVERIFY(!answer.result[s("same")].toBool(true));
  const QJsonArray layers = answer.result[s("layers")].toArray();
  QVERIFY(!layers.isEmpty());
  const QJsonObject layer = layers.first().toObject();
  QCOMPARE(layer[s("change")].toString(), s("changed"));
  QCOMPARE(layer[s("weights")].toString(), s("same"));
  const QJsonObject value = memberOf(layer[s("values")].toArray(), "key", s("activation"));
  QCOMPARE(value[s("before")].toString(), s("relu"));
  QCOMPARE(value[s("after")].toString(), s("tanh"));
  const auto text = m_cli.text(s("diff indexeddb://iris other"));
  QVERIFY2(text.out.contains("activation") && text.out.contains("relu") && text.out.contains("tanh"), text.out);
}

void tst_CliManagement::tellsWhatTrainingChanged() {
  const auto trained = m_cli.json(s("train indexeddb://iris --epochs 1 --seed 2 --save trained --force"));
  QVERIFY2(trained.exitCode == 0, trained.out + trained.err);
  const auto answer = m_cli.json(s("diff indexeddb://iris trained"));
  QCOMPARE(answer.exitCode, 1);
  const QJsonArray layers = answer.result[s("layers")].toArray();
  QVERIFY(!layers.isEmpty());
  for (const QJsonValue& layer : layers) {
    QCOMPARE(layer[s("weights")].toString(), s("changed"));
    QVERIFY(layer[s("largestChange")].toDouble() > 0);
  }
}

void tst_CliManagement::movesToAServerAndBack() {
  StoreServer server(m_cli.path(s("server")));
  qputenv("LAB_TOKEN", server.token().toUtf8());
  const QString access = s(" --auth-env LAB_TOKEN");
  QCOMPARE(m_cli.text(s("copy indexeddb://iris moving --force")).exitCode, 0);
  const auto sent = m_cli.json(s("move moving ") + place(server, "moons") + access);
  QVERIFY2(sent.exitCode == 0, sent.out);
  QVERIFY(!QFile::exists(m_cli.path(s("moving/model.json"))));
  QCOMPARE(names(server.models().list()), QStringList{s("moons")});

  const auto fetched = m_cli.json(s("move ") + place(server, "moons") + s(" back") + access);
  QVERIFY2(fetched.exitCode == 0, fetched.out);
  QVERIFY(server.models().list().empty());
  QCOMPARE(m_cli.text(s("diff indexeddb://iris back")).exitCode, 0);
  QVERIFY(!sent.out.contains(server.token().toUtf8()) && !fetched.out.contains(server.token().toUtf8()));

  const auto refused = m_cli.json(s("copy back ") + place(server, "moons"));
  QCOMPARE(refused.errorCode(), s("E303"));
  QVERIFY2(refused.errorHint().startsWith(s("--auth-env names")) && refused.errorHint().contains(s("--to-auth-env")),
           refused.out);
  QVERIFY(!refused.errorMessage().contains(s("studio")));
}

void tst_CliManagement::movesOnAServer() {
  StoreServer server(m_cli.path(s("one-server")));
  qputenv("LAB_TOKEN", server.token().toUtf8());
  const QString access = s(" --auth-env LAB_TOKEN");
  for (const char* name : {"a", "taken"})
    QCOMPARE(m_cli.json(s("copy indexeddb://iris ") + server.address() + s("/upload/") + s(name) + access).exitCode, 0);
  const auto refused = m_cli.json(s("move ") + place(server, "a") + s(" ") + place(server, "taken") + access);
  QCOMPARE(refused.exitCode, 1);
  QCOMPARE(names(server.models().list()), (QStringList{s("a"), s("taken")}));
  const auto moved = m_cli.json(s("move ") + place(server, "a") + s(" ") + place(server, "b") + access);
  QVERIFY2(moved.exitCode == 0, moved.out);
  QCOMPARE(names(server.models().list()), (QStringList{s("b"), s("taken")}));
}

void tst_CliManagement::reachesTheTrashOfAServer() {
  const QString root = m_cli.path(s("trash-server"));
  {
    StoreServer server(root);
    qputenv("LAB_TOKEN", server.token().toUtf8());
    const QString to = server.address() + s("/upload/moons --auth-env LAB_TOKEN");
    QCOMPARE(m_cli.json(s("copy indexeddb://iris ") + to).exitCode, 0);
    QCOMPARE(m_cli.json(s("copy indexeddb://iris ") + to).exitCode, 1);
    QCOMPARE(m_cli.json(s("copy indexeddb://iris ") + to + s(" --force")).exitCode, 0);
  }
  const auto trash = [&] { return m_cli.json(s("list --trash --root ") + root).json[s("result")].toArray(); };
  QCOMPARE(trash().size(), 1);
  QVERIFY(QDir(root + s("/moons")).removeRecursively());
  const auto restored = m_cli.json(s("restore ") + trash().first()[s("id")].toString() + s(" --root ") + root);
  QVERIFY2(restored.exitCode == 0, restored.out);
  QCOMPARE(m_cli.text(s("diff indexeddb://iris ") + root + s("/moons")).exitCode, 0);
  QVERIFY(trash().isEmpty());
  const QString damaged = s("5ab5aa05-4d5a-4d25-9d57-9e44ea7b5a9f");  // an entry whose info.json was cut
  QVERIFY(QDir().mkpath(root + s("/.trash/") + damaged));
  m_cli.write(s("trash-server/.trash/") + damaged + s("/info.json"), "{");
  QCOMPARE(m_cli.json(s("empty ") + damaged + s(" --root ") + root).result[s("removed")].toInt(-1), 1);
  QVERIFY(!QFileInfo::exists(root + s("/.trash/") + damaged));
  QCOMPARE(m_cli.json(s("empty --root ") + root).result[s("removed")].toInt(-1), 0);
  QCOMPARE(m_cli.json(s("list --trash --root /nonexistent")).exitCode, 3);
}

void tst_CliManagement::movesBetweenServersWithASecretForEach() {
  StoreServer first(m_cli.path(s("first"))), second(m_cli.path(s("second")));
  m_cli.setVariable(s("FIRST_TOKEN"), first.token());
  m_cli.setVariable(s("SECOND_TOKEN"), second.token());
  const QString access = s(" --auth-env FIRST_TOKEN");
  QCOMPARE(m_cli.json(s("copy indexeddb://iris ") + first.address() + s("/upload/a") + access).exitCode, 0);
  const QString move = s("move ") + place(first, "a") + s(" ") + place(second, "a") + access;
  const auto refused = m_cli.json(move);
  QCOMPARE(refused.exitCode, 2);
  QVERIFY2(refused.errorMessage().contains(s("both servers")), refused.out);
  QVERIFY2(refused.errorHint().contains(s("--to-auth-env")), refused.out);
  QCOMPARE(names(first.models().list()), QStringList{s("a")});
  QVERIFY(second.models().list().empty());
  const auto moved = m_cli.json(move + s(" --to-auth-env SECOND_TOKEN"));
  QVERIFY2(moved.exitCode == 0, moved.out);
  QVERIFY(first.models().list().empty());
  QCOMPARE(names(second.models().list()), QStringList{s("a")});
}

void tst_CliManagement::mendsWhatHindersAModel() {
  QDir().mkpath(m_cli.path(s("images")));
  m_cli.write(s("images/model.json"), R"({"format": "layers-model", "modelTopology": {"class_name": "Sequential",
    "config": {"name": "m", "layers": [
      {"class_name": "Conv2D", "config": {"name": "c", "filters": 2, "kernel_size": [3, 3],
        "batch_input_shape": [null, 8, 8, 1]}},
      {"class_name": "Dense", "config": {"name": "d", "units": 3}}]}}})");
  const QByteArray before = bytesOf(m_cli.path(s("images/model.json")));
  const auto foretold = m_cli.json(s("repair images --dry-run"));
  QVERIFY2(foretold.exitCode == 0, foretold.out);
  const QJsonArray mended = foretold.result[s("mended")].toArray();
  QCOMPARE(mended.size(), 1);
  QCOMPARE(mended[0][s("layer")].toString(), s("d"));
  QCOMPARE(mended[0][s("repair")].toString(), s("Insert Flatten"));
  QVERIFY(foretold.result[s("saveResult")].isNull());
  QCOMPARE(bytesOf(m_cli.path(s("images/model.json"))), before);
  QVERIFY(m_cli.text(s("repair images --save mended")).out.contains("Insert Flatten: `d` needs a flat input"));
  QCOMPARE(bytesOf(m_cli.path(s("images/model.json"))), before);
  QCOMPARE(m_cli.json(s("info mended")).result[s("layers")].toArray().size(), 4);
  QCOMPARE(m_cli.json(s("repair images --save mended")).exitCode, 1);  // it is there already
  QCOMPARE(m_cli.json(s("repair images")).exitCode, 0);
  QVERIFY(bytesOf(m_cli.path(s("images/model.json"))) != before);
  QVERIFY(m_cli.text(s("repair images")).out.contains("There is nothing to mend."));
  QCOMPARE(m_cli.json(s("verify images")).exitCode, 0);
}

QTEST_GUILESS_MAIN(tst_CliManagement)
#include "tst_CliManagement.moc"

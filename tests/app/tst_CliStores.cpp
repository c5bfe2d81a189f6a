#include "tests/app/CliRunner.h"
#include "tests/support/Patience.h"

#include <QDirIterator>
#include <QTcpServer>
#include <QTcpSocket>

#include <csignal>

using namespace layersmith;

/// The command line over stores: dumps, quantizing, previews, archives, plug-ins, and secrets that stay secret.
class tst_CliStores : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void quantizes();
  void savesTheTrainableWeightsAlone();
  void takesFilesInAnyOrder();
  void showsWhatItWouldWrite();
  void goesThroughDumps();
  void exportsOntoTheDisk();
  void emptiesTheTrash();
  void deletesOneOfTheTrash();
  void theTrashOfFoldersNeedsNoStore();
  void knowsPlugins();
  void isStrict();
  void sendsSecretsAsAsked_data();
  void sendsSecretsAsAsked();
  void leavesNoSecretBehind();
  void eachServerGetsItsOwnSecret();
  void stopsAndTellsBytes();

 private:
  CliRunner m_cli;
};

namespace {

QString s(const char* text) {
  return QString::fromUtf8(text);
}

/// Answers every request the same, and remembers them.
class Listener : public QTcpServer {
 public:
  explicit Listener(QByteArray answer) {
    listen(QHostAddress::LocalHost);
    connect(this, &QTcpServer::newConnection, this, [this, answer] {
      QTcpSocket* socket = nextPendingConnection();
      connect(socket, &QTcpSocket::readyRead, socket, [this, socket, answer] {
        m_partial += socket->readAll();
        const qsizetype end = m_partial.indexOf("\r\n\r\n");
        const qsizetype mark = m_partial.indexOf("Content-Length: ");
        const qsizetype length =
            mark < 0 ? 0 : m_partial.mid(mark + 16, m_partial.indexOf("\r\n", mark) - mark - 16).toLongLong();
        if (end < 0 || m_partial.size() < end + 4 + length) return;
        requests.append(m_partial);
        m_partial.clear();
        if (answer.isEmpty()) return;
        socket->write(answer);
        socket->disconnectFromHost();
      });
    });
  }
  QString url(const char* path) const { return s("http://127.0.0.1:%1%2").arg(serverPort()).arg(s(path)); }
  QByteArrayList requests;

 private:
  QByteArray m_partial;
};

}  // namespace

void tst_CliStores::initTestCase() {
  const auto trained =
      m_cli.json(s("train --template iris --epochs 20 --seed 1 --save indexeddb://iris --include-optimizer"));
  QVERIFY2(trained.exitCode == 0, trained.out + trained.err);
}

void tst_CliStores::quantizes() {
  const auto plain = m_cli.json(s("convert indexeddb://iris plain --no-optimizer"));
  QCOMPARE(plain.exitCode, 0);
  const auto whole = m_cli.json(s("predict plain --row 6.7,3.1,5.6,2.2"));
  double last = 0;
  for (const auto& [kind, size] :
       {std::pair{"float16", 524 / 2}, std::pair{"uint16", 524 / 2}, std::pair{"uint8", 524 / 4}}) {
    const auto answer = m_cli.json(s("convert plain %1 --quantize %1").arg(s(kind)));
    QVERIFY2(answer.exitCode == 0, answer.out);
    const QJsonObject report = answer.result[s("quantization")].toObject();
    QCOMPARE(report[s("bytesAfter")].toInt(), size);
    QCOMPARE(report[s("weights")].toArray().size(), 4);
    const double largest = report[s("largestChange")].toDouble();
    QVERIFY(largest > 0 && largest < 0.02 && report[s("meanChange")].toDouble() < largest);
    last = largest;
    const auto small = m_cli.json(s("predict %1 --row 6.7,3.1,5.6,2.2").arg(s(kind)));
    const double difference = qAbs(small.result[s("outputs")][0][s("values")][2].toDouble() -
                                   whole.result[s("outputs")][0][s("values")][2].toDouble());
    QVERIFY(difference < 0.05);
  }
  QVERIFY(last > 1e-4);
  QVERIFY(
      m_cli.text(s("convert plain uint8 --force --quantize uint8")).out.contains("the largest change of a value is"));
  const auto kernels = m_cli.json(s("convert plain kernels --quantize uint8 --weights */kernel"));
  QCOMPARE(kernels.result[s("quantization")][s("weights")].toArray().size(), 2);
  QCOMPARE(m_cli.json(s("convert plain x --quantize uint8 --weights nothing*")).exitCode, 2);
  QCOMPARE(m_cli.json(s("convert plain x --weights *")).exitCode, 2);
  QCOMPARE(m_cli.json(s("convert plain x --quantize uint4")).exitCode, 2);
  QVERIFY(!QFile::exists(m_cli.path(s("x"))));
}

void tst_CliStores::savesTheTrainableWeightsAlone() {
  QCOMPARE(m_cli.json(s("convert indexeddb://iris trainable --trainable-only --no-optimizer")).exitCode, 0);
  QCOMPARE(QFileInfo(m_cli.path(s("trainable/weights.bin"))).size(), 524);
  QCOMPARE(m_cli.json(s("convert indexeddb://iris with --trainable-only")).exitCode, 0);
  QVERIFY(QFileInfo(m_cli.path(s("with/weights.bin"))).size() > 2 * 524);
}

void tst_CliStores::takesFilesInAnyOrder() {
  QCOMPARE(m_cli.json(s("convert indexeddb://iris sharded --shard-bytes 400")).exitCode, 0);
  QStringList files;
  for (const QFileInfo& file : QDir(m_cli.path(s("sharded"))).entryInfoList(QDir::Files, QDir::Name | QDir::Reversed))
    files.append(file.filePath());
  QVERIFY(files.size() > 3);
  QCOMPARE(m_cli.json(s("convert %1 joined").arg(files.join(u' '))).exitCode, 0);
  QCOMPARE(m_cli.json(s("convert %1 lacking").arg(files.mid(0, files.size() - 1).join(u' '))).errorCode(), s("E110"));
}

void tst_CliStores::showsWhatItWouldWrite() {
  const auto fits = m_cli.json(s("copy indexeddb://iris localstorage://iris --dry-run"));
  QVERIFY2(fits.exitCode == 0, fits.out);
  QCOMPARE(fits.result[s("items")].toArray().size(), 5);
  QCOMPARE(fits.result[s("quota")].toInt(), 5'242'880);
  QCOMPARE(fits.result[s("left")].toInt(), 5'242'880);
  QCOMPARE(fits.result[s("fits")].toBool(), true);
  QCOMPARE(m_cli.json(s("info localstorage://iris")).exitCode, 3);
  QCOMPARE(m_cli.json(s("copy indexeddb://iris localstorage://iris")).exitCode, 0);
  const auto again = m_cli.json(s("copy indexeddb://iris localstorage://iris --dry-run"));
  QCOMPARE(again.result[s("left")].toInt(), 5'242'880);  // what it replaces counts as free
  const auto other = m_cli.json(s("copy indexeddb://iris localstorage://other --dry-run"));
  QCOMPARE(other.result[s("left")].toInt(), 5'242'880 - fits.result[s("total")].toInt());
  const auto files = m_cli.json(s("convert indexeddb://iris dry --dry-run --shard-bytes 1000"));
  QVERIFY(files.result[s("items")].toArray().size() > 2);
  QVERIFY(!QFile::exists(m_cli.path(s("dry"))));
}

void tst_CliStores::goesThroughDumps() {
  const QString capture = QStringLiteral(LAYERSMITH_SOURCE_DIR "/tests/fixtures/format/captures/indexeddb.json");
  const auto imported = m_cli.json(s("import ") + capture);
  QVERIFY2(imported.exitCode == 0, imported.out);
  QCOMPARE(imported.result.keys(), (QStringList{s("indexeddb://optimizer"), s("indexeddb://plain")}));
  QCOMPARE(m_cli.json(s("import ") + capture).exitCode, 1);
  QCOMPARE(m_cli.json(s("import --force ") + capture).exitCode, 0);
  QCOMPARE(m_cli.json(s("import --force ") + capture + s(" indexeddb://nothing")).exitCode, 3);
  QCOMPARE(m_cli.json(s("export dump.json indexeddb://plain indexeddb://optimizer")).exitCode, 0);
  QCOMPARE(m_cli.json(s("export dump.json")).exitCode, 1);
  QFile ours(m_cli.path(s("dump.json"))), theirs(capture);
  QVERIFY(ours.open(QIODevice::ReadOnly) && theirs.open(QIODevice::ReadOnly));
  const auto stores = [](QFile& file) { return QJsonDocument::fromJson(file.readAll())[0][s("stores")].toArray(); };
  const QJsonArray here = stores(ours), there = stores(theirs);
  for (int store = 0; store < 2; ++store) {
    QCOMPARE(here[store][s("records")].toArray().size(), 2);
    for (const QJsonValue& record : here[store][s("records")].toArray())
      QVERIFY(there[store][s("records")].toArray().contains(record));
  }
  QVERIFY(QFile::link(s("nowhere"), m_cli.path(s("taken.json"))));
  QCOMPARE(m_cli.json(s("export taken.json indexeddb://plain")).exitCode, 1);  // a name that only a rename finds taken
  QVERIFY(QFileInfo(m_cli.path(s("taken.json"))).isSymLink() && !QFile::exists(m_cli.path(s("nowhere"))));
  QCOMPARE(m_cli.json(s("export other.json folder")).exitCode, 2);
  QVERIFY(m_cli.text(s("import --script")).out.contains("indexedDB.open"));
  QVERIFY(m_cli.text(s("export --script")).out.contains("localStorage.setItem"));
  QCOMPARE(m_cli.json(s("import")).exitCode, 2);
  QCOMPARE(m_cli.json(s("import nothing.json")).exitCode, 3);
  QCOMPARE(m_cli.json(s("import ") + m_cli.write(s("cut.json"), "{\"a\": ")).errorCode(), s("E103"));
}

/// Each system call fails once: "Wrote" is said only of what is on the disk, and else the old file is there.
void tst_CliStores::exportsOntoTheDisk() {
  QCOMPARE(m_cli.json(s("export whole.json indexeddb://iris")).exitCode, 0);
  const auto bytesOf = [&](const QString& name) {
    QFile file(m_cli.path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  };
  const QByteArray whole = bytesOf(s("whole.json"));
  QVERIFY(!whole.isEmpty() && QDir(m_cli.path({})).mkpath(s("out")));
  m_cli.setVariable(s("LD_PRELOAD"), QStringLiteral(LAYERSMITH_FAULT_SHIM));
  m_cli.setVariable(s("FAULT_BELOW"), m_cli.path(s("out")));
  m_cli.setVariable(s("FAULT_LOG"), m_cli.path(s("log")));
  QStringList struck;
  for (int k = 1; k < 100; ++k) {
    m_cli.write(s("out/dump.json"), "old");
    QFile::remove(m_cli.path(s("log")));
    m_cli.setVariable(s("FAULT"), QStringLiteral("EIO:%1").arg(k));
    const auto answer = m_cli.json(s("export --force out/dump.json indexeddb://iris"));
    const QByteArray log = bytesOf(s("log")), found = bytesOf(s("out/dump.json"));
    if (log.isEmpty()) break;
    struck.append(QString::fromUtf8(log.trimmed()).section(u' ', 1));
    QVERIFY2(answer.exitCode == 0 ? found == whole : answer.errorCode() == s("E201"), answer.out);
    QVERIFY2(found == whole || found == "old", log);
    if (struck.back().endsWith(s("sync"))) QVERIFY2(answer.exitCode != 0, log);
    QCOMPARE(QDir(m_cli.path(s("out"))).entryList(QDir::Files | QDir::Hidden), QStringList{s("dump.json")});
  }
  for (const char* name : {"LD_PRELOAD", "FAULT_BELOW", "FAULT_LOG", "FAULT"}) m_cli.setVariable(s(name), {});
  QCOMPARE(struck.count(s("fsync")), 2);  // the file and its folder
}

void tst_CliStores::emptiesTheTrash() {
  QCOMPARE(m_cli.json(s("copy indexeddb://iris indexeddb://gone")).exitCode, 0);
  QCOMPARE(m_cli.json(s("remove indexeddb://gone")).exitCode, 0);
  const auto emptied = m_cli.json(s("empty"));
  QVERIFY(emptied.result[s("removed")].toInt() >= 1);
  QCOMPARE(m_cli.json(s("restore indexeddb://gone")).exitCode, 3);
  QCOMPARE(m_cli.json(s("empty")).result[s("removed")].toInt(), 0);
}

/// By its id: of two that were at one place the other stays.
void tst_CliStores::deletesOneOfTheTrash() {
  QStringList ids;
  for (int i = 0; i < 2; ++i) {
    QCOMPARE(m_cli.json(s("copy indexeddb://iris indexeddb://twin")).exitCode, 0);
    ids << m_cli.json(s("remove indexeddb://twin")).result[s("indexeddb://twin")][s("trashId")].toString();
  }
  const auto purged = m_cli.json(s("empty ") + ids[0]);
  QVERIFY2(purged.exitCode == 0, purged.out);
  QCOMPARE(purged.result[s("removed")].toInt(), 1);
  QVERIFY(purged.result[s("bytes")].toInt() > 0);
  const QByteArray left = m_cli.text(s("list --trash")).out;
  QVERIFY(!left.contains(ids[0].toLatin1()) && left.contains(ids[1].toLatin1()));
  QCOMPARE(m_cli.json(s("empty ") + ids[0]).exitCode, 3);
  QCOMPARE(m_cli.json(s("empty indexeddb://twin")).exitCode, 3);  // which of them nobody said
  QCOMPARE(m_cli.json(s("restore ") + ids[1]).exitCode, 0);
  QCOMPARE(m_cli.json(s("remove indexeddb://twin --permanent")).exitCode, 0);
}

void tst_CliStores::theTrashOfFoldersNeedsNoStore() {
  CliRunner cli;
  QVERIFY(QDir(cli.path({})).mkpath(s("home")));
  cli.write(s("home/store.sqlite"), QByteArray(4096, 'x'));
  const QString pair = QStringLiteral(LAYERSMITH_SOURCE_DIR "/tests/fixtures/format/captures/downloads/plain.json");
  QCOMPARE(cli.json(s("copy ") + pair + s(" kept")).exitCode, 0);
  QCOMPARE(cli.json(s("remove kept")).exitCode, 0);
  const auto listed = cli.json(s("list --trash"));
  QCOMPARE(listed.exitCode, 0);
  QCOMPARE(listed.json[s("result")].toArray().size(), 1);
  const QJsonArray warnings = listed.json[s("warnings")].toArray();
  QVERIFY2(!warnings.isEmpty() && listed.out.contains("store.sqlite is damaged"), listed.out);
  QCOMPARE(cli.json(s("restore indexeddb://another")).errorCode(), s("E205"));
  QCOMPARE(cli.json(s("restore kept")).exitCode, 0);
  QCOMPARE(cli.json(s("remove kept")).exitCode, 0);
  QCOMPARE(cli.json(s("empty")).errorCode(), s("E205"));
  QVERIFY(cli.json(s("list --trash")).json[s("result")].toArray().isEmpty());
}

void tst_CliStores::knowsPlugins() {
  const auto listed = m_cli.json(s("list --plugins"));
  QCOMPARE(listed.json[s("result")][0][s("scheme")].toString(), s("archive"));
  QCOMPARE(m_cli.json(s("copy indexeddb://iris archive://iris")).exitCode, 0);
  QVERIFY(m_cli.json(s("list")).result.contains(s("archive://iris")));
  QVERIFY(m_cli.json(s("list archive://")).result.contains(s("archive://iris")));
  const QString file = s("archive://") + m_cli.path(s("models.lsarch"));
  QCOMPARE(m_cli.json(s("move archive://iris %1#iris").arg(file)).exitCode, 0);
  QVERIFY(m_cli.json(s("list ") + file).result.contains(file + s("#iris")));
  QCOMPARE(m_cli.json(s("rename %1#iris flowers").arg(file)).result.keys(), QStringList{file + s("#flowers")});
  QCOMPARE(m_cli.json(s("rename %1#flowers iris").arg(file)).exitCode, 0);
  QCOMPARE(m_cli.json(s("info archive://iris")).exitCode, 3);
  QCOMPARE(m_cli.json(s("predict %1#iris --row 6.7,3.1,5.6,2.2").arg(file)).result[s("outputs")],
           m_cli.json(s("predict indexeddb://iris --row 6.7,3.1,5.6,2.2")).result[s("outputs")]);
}

void tst_CliStores::isStrict() {
  QDir().mkpath(m_cli.path(s("extra")));
  m_cli.write(
      s("extra/model.json"),
      R"({"modelTopology":{"class_name":"Sequential","config":{"name":"m","layers":[{"class_name":"Dense","config":{"name":"d","units":1,"activation":"linear","use_bias":true,"batch_input_shape":[null,1],"dtype":"float32"}}]}},"weightsManifest":[{"paths":["weights.bin"],"weights":[{"name":"d/kernel","shape":[1,1],"dtype":"float32"},{"name":"x/kernel","shape":[1],"dtype":"float32"}]}]})");
  m_cli.write(s("extra/weights.bin"), QByteArray("\0\0\0\x40\0\0\0\0", 8));
  const auto strict = m_cli.json(s("predict extra --row 3"));
  QCOMPARE(strict.exitCode, 4);
  QCOMPARE(strict.errorCode(), s("E112"));
  QVERIFY2(strict.errorMessage().contains(
               s("1 weight has no place in the model (x/kernel), 1 place has no weight (d/bias)")),
           strict.out);
  const auto lenient = m_cli.json(s("predict extra --row 3 --no-strict"));
  QVERIFY2(lenient.exitCode == 0, lenient.out);
  QCOMPARE(lenient.json[s("warnings")].toArray().size(), 1);
  QDir().mkpath(m_cli.path(s("weights")));
  QFile::rename(m_cli.path(s("extra/weights.bin")), m_cli.path(s("weights/weights.bin")));
  QCOMPARE(m_cli.json(s("predict extra --row 3 --no-strict")).errorCode(), s("E110"));
  QCOMPARE(m_cli.json(s("predict extra --row 3 --no-strict --weight-path-prefix ") + m_cli.path(s("weights"))).exitCode,
           0);
}

void tst_CliStores::sendsSecretsAsAsked_data() {
  QTest::addColumn<QString>("options");
  QTest::addColumn<QByteArray>("header");
  QTest::newRow("bearer") << s("--auth-env TEST_TOKEN") << QByteArray("Authorization: Bearer secret-token");
  QTest::newRow("basic") << s("--auth-env TEST_PAIR --auth basic")
                         << "Authorization: Basic " + QByteArray("me:p:w").toBase64();
  QTest::newRow("whole") << s("--auth-env TEST_WHOLE") << QByteArray("Authorization: Digest abc");
  QTest::newRow("own header") << s("--auth-env TEST_TOKEN --auth X-Api-Key") << QByteArray("X-Api-Key: secret-token");
}

void tst_CliStores::sendsSecretsAsAsked() {
  QFETCH(QString, options);
  QFETCH(QByteArray, header);
  Listener server("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
  QProcess process;
  m_cli.prepare(process);
  QProcessEnvironment environment = process.processEnvironment();
  environment.insert(s("TEST_PAIR"), s("me:p:w"));
  environment.insert(s("TEST_WHOLE"), s("Digest abc"));
  process.setProcessEnvironment(environment);
  process.setArguments(
      (s("copy indexeddb://iris %1 --json ").arg(server.url("/upload?key=hidden")) + options).split(u' '));
  process.start();
  QTRY_VERIFY_WITH_TIMEOUT(process.state() == QProcess::NotRunning, kPatienceMs);
  QCOMPARE(process.exitCode(), 6);
  QCOMPARE(server.requests.size(), 1);
  QVERIFY2(server.requests.front().contains("\r\n" + header + "\r\n"), server.requests.front().left(600).constData());
  const QByteArray said = process.readAllStandardOutput() + process.readAllStandardError();
  QVERIFY(said.contains("E303"));
  QVERIFY(!said.contains("secret-token") && !said.contains("hidden") && !said.contains("p:w"));
}

/// A marked token: not in the home folder, not in what was said, not in the list of processes.
void tst_CliStores::leavesNoSecretBehind() {
  const QByteArray marker = "MARKED-7f3a9c-SECRET";
  Listener silent("");
  QProcess process;
  m_cli.prepare(process);
  QProcessEnvironment environment = process.processEnvironment();
  environment.insert(s("TEST_TOKEN"), QString::fromLatin1(marker));
  process.setProcessEnvironment(environment);
  process.setArguments(
      s("copy indexeddb://iris %1 --json --auth-env TEST_TOKEN --timeout 1500").arg(silent.url("/up")).split(u' '));
  process.start();
  QTRY_VERIFY_WITH_TIMEOUT(!silent.requests.isEmpty(), kPatienceMs);
  QVERIFY(silent.requests.front().contains(marker));
  QFile commandLine(s("/proc/%1/cmdline").arg(process.processId()));
  QVERIFY(commandLine.open(QIODevice::ReadOnly));
  QVERIFY(!commandLine.readAll().contains(marker));
  QTRY_VERIFY_WITH_TIMEOUT(process.state() == QProcess::NotRunning, kPatienceMs);
  QCOMPARE(process.exitCode(), 6);
  QVERIFY(!(process.readAllStandardOutput() + process.readAllStandardError()).contains(marker));
  int looked = 0;
  for (QDirIterator it(m_cli.path(s(".")), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); it.hasNext();
       ++looked) {
    QFile file(it.next());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY2(!file.readAll().contains(marker), qPrintable(file.fileName()));
  }
  QVERIFY(looked > 5);
}

void tst_CliStores::eachServerGetsItsOwnSecret() {
  const QByteArray json = R"({"format": "layers-model", "modelTopology": {"class_name": "Sequential", "config": []}})";
  const QByteArray answer = "HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(json.size()) + "\r\n\r\n" + json;
  Listener from(answer), to(answer);
  const QString places = s(" %1 %2").arg(from.url("/model.json"), to.url("/up"));
  m_cli.setVariable(s("FROM_TOKEN"), s("first-secret"));
  m_cli.setVariable(s("TO_TOKEN"), s("second-secret"));
  for (const char* command : {"copy", "convert"}) {
    const auto refused = m_cli.json(s(command) + places + s(" --auth-env FROM_TOKEN"));
    QCOMPARE(refused.exitCode, 2);
    QCOMPARE(refused.errorMessage(),
             s("Headers would go to both servers, and they may hold the secret of one. Nothing was sent."));
    QVERIFY(refused.errorHint().contains(s("--to-auth-env")));
    QVERIFY(from.requests.isEmpty() && to.requests.isEmpty());
    const auto done =
        m_cli.json(s(command) + places + s(" --auth-env FROM_TOKEN --to-auth-env TO_TOKEN --to-auth X-Key"));
    QVERIFY2(done.exitCode == 0, done.err);
    QCOMPARE(from.requests.size(), 1);
    QVERIFY(from.requests.front().contains("Authorization: Bearer first-secret"));
    QVERIFY(!from.requests.front().contains("second-secret"));
    QCOMPARE(to.requests.size(), 1);
    QVERIFY(to.requests.front().contains("X-Key: second-secret"));
    QVERIFY(!to.requests.front().contains("first-secret"));
    from.requests.clear();
    to.requests.clear();
  }
  const auto kept = m_cli.json(s("copy %1 httpfolder --auth-env FROM_TOKEN").arg(from.url("/model.json")));
  QVERIFY2(kept.exitCode == 0, kept.err);  // a folder is no server, whatever its name
  from.requests.clear();
  const auto compared = m_cli.json(s("diff") + places + s(" --auth-env FROM_TOKEN"));
  QCOMPARE(compared.exitCode, 2);
  QVERIFY(from.requests.isEmpty() && to.requests.isEmpty());
  const auto key = m_cli.json(s("info %1 --header X-Api-Key:abc").arg(from.url("/model.json")));
  QCOMPARE(key.exitCode, 2);
  QVERIFY(key.errorHint().contains(s("--auth-env VARIABLE --auth X-Api-Key")));
}

void tst_CliStores::stopsAndTellsBytes() {
  const auto told = m_cli.text(s("copy indexeddb://iris told --progress json"));
  QVERIFY2(told.err.contains("\"what\":\"Copying\",\"bytes\":"), told.err);
  Listener silent("");
  QProcess process;
  m_cli.prepare(process);
  process.setArguments(s("info %1 --json").arg(silent.url("/model.json")).split(u' '));
  process.start();
  QTRY_VERIFY_WITH_TIMEOUT(!silent.requests.isEmpty(), kPatienceMs);
  ::kill(pid_t(process.processId()), SIGINT);
  QTRY_VERIFY_WITH_TIMEOUT(process.state() == QProcess::NotRunning, kPatienceMs);
  QCOMPARE(process.exitCode(), 130);
}

QTEST_GUILESS_MAIN(tst_CliStores)
#include "tst_CliStores.moc"

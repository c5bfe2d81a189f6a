#include "model/session/BrowserBridge.h"
#include "model/storage/ModelLibrary.h"
#include "tests/support/ModelFixtures.h"
#include "tests/support/Patience.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace layersmith;
using namespace layersmith::fixtures;
using State = BrowserBridge::State;

class TestBrowserBridge : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void receivesModels();
  void keepsItsTokenToItself();
  void startsAndStopsAgain();
  void saysWhyItFailed();
  void takesThePagesOfChromium();

 private:
  BrowserBridge::Settings settings() const {
    return {QStringLiteral(LAYERSMITH_BIN_DIR "/layersmith-server"), store(), 0};
  }
  QString store() const { return m_folder.filePath(QStringLiteral("store.sqlite")); }
  static SaveOptions withToken(const QString& token) {
    SaveOptions options;
    options.http.headers = {{QStringLiteral("Authorization"), QStringLiteral("Bearer ") + token}};
    return options;
  }

  QTemporaryDir m_folder;
};

void TestBrowserBridge::receivesModels() {
  BrowserBridge bridge;
  QSignalSpy arrived(&bridge, &BrowserBridge::modelArrived);
  bridge.start(settings());
  QTRY_COMPARE_WITH_TIMEOUT(int(bridge.state()), int(State::Listening), kPatienceMs);
  QVERIFY(bridge.address().startsWith(QStringLiteral("http://127.0.0.1:")));
  ModelLibrary library(store());
  const ModelArtifacts model = capture(QStringLiteral("optimizer"));
  library.save(bridge.address() + QStringLiteral("/upload/page"), model, withToken(bridge.token()));
  QTRY_COMPARE_WITH_TIMEOUT(arrived.size(), 1, kPatienceMs);
  QVERIFY(*library.load(QStringLiteral("indexeddb://page")).weightData == *model.weightData);
  COMPARE_ERROR(library.save(bridge.address() + QStringLiteral("/upload/page"), model, withToken(QStringLiteral("x"))),
                "E303");
  QTest::qWait(200);
  QCOMPARE(arrived.size(), 1);
}

/// Its hash is in no place where others could read it, and it is another one each time.
void TestBrowserBridge::keepsItsTokenToItself() {
  QStringList tokens;
  for (int run = 0; run < 2; ++run) {
    BrowserBridge bridge;
    bridge.start(settings());
    QTRY_COMPARE_WITH_TIMEOUT(int(bridge.state()), int(State::Listening), kPatienceMs);
    tokens.append(bridge.token());
    QCOMPARE(bridge.token().size(), 43);
    QVERIFY(!bridge.address().contains(bridge.token()));
    QProcess processes;
    processes.start(QStringLiteral("ps"), {QStringLiteral("-eo"), QStringLiteral("args")});
    QVERIFY(processes.waitForFinished());
    const QByteArray all = processes.readAllStandardOutput();
    QVERIFY(all.contains("layersmith-server"));
    QVERIFY(!all.contains(bridge.token().toLatin1()));
  }
  QVERIFY(tokens[0] != tokens[1]);
}

void TestBrowserBridge::startsAndStopsAgain() {
  BrowserBridge bridge;
  QSignalSpy changes(&bridge, &BrowserBridge::stateChanged);
  for (int round = 1; round <= 2; ++round) {
    bridge.start(settings());
    bridge.start(settings());  // once is enough
    QTRY_COMPARE_WITH_TIMEOUT(int(bridge.state()), int(State::Listening), kPatienceMs);
    const QString address = bridge.address();
    bridge.stop();
    QCOMPARE(int(bridge.state()), int(State::Stopped));
    QVERIFY(bridge.token().isEmpty() && bridge.address().isEmpty());
    QCOMPARE(changes.size(), 3 * round);
    const auto isGone = [&] {
      QTcpSocket socket;
      socket.connectToHost(QHostAddress::LocalHost, quint16(address.section(u':', -1).toInt()));
      return !socket.waitForConnected(1000);
    };
    QTRY_VERIFY_WITH_TIMEOUT(isGone(), kPatienceMs);
  }
}

void TestBrowserBridge::saysWhyItFailed() {
  BrowserBridge bridge;
  BrowserBridge::Settings wrong = settings();
  wrong.program = QStringLiteral("/nowhere/layersmith-server");
  bridge.start(wrong);
  QTRY_COMPARE_WITH_TIMEOUT(int(bridge.state()), int(State::Failed), kPatienceMs);
  QVERIFY(!bridge.problem().isEmpty());

  QTcpServer taken;
  QVERIFY(taken.listen(QHostAddress::LocalHost));
  wrong = settings();
  wrong.port = taken.serverPort();
  bridge.start(wrong);
  QTRY_COMPARE_WITH_TIMEOUT(int(bridge.state()), int(State::Failed), kPatienceMs);
  QVERIFY2(bridge.problem().contains(QString::number(wrong.port)), qPrintable(bridge.problem()));

  bridge.start(settings());
  QTRY_COMPARE_WITH_TIMEOUT(int(bridge.state()), int(State::Listening), kPatienceMs);
  QVERIFY(bridge.problem().isEmpty());
}

/// The snippets, in a page of the real TensorFlow.js: one model, all that the page keeps, and back again.
void TestBrowserBridge::takesThePagesOfChromium() {
  BrowserBridge bridge;
  bridge.start(settings());
  QTRY_COMPARE_WITH_TIMEOUT(int(bridge.state()), int(State::Listening), kPatienceMs);
  const QString make = QStringLiteral(
      "const model = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3]})]});"
      "model.compile({optimizer: 'adam', loss: 'meanSquaredError'});");
  const QString keep =
      QStringLiteral("await model.save('localstorage://of page'); await model.save('indexeddb://two');");
  const QString predict = QStringLiteral("return Array.from(model.predict(tf.ones([1, 3])).dataSync());");
  Json scripts = Json::array();
  scripts.push_back((make + bridge.modelSnippet() + keep + predict).toStdString());
  scripts.push_back(bridge.storesSnippet().toStdString());
  for (const char* name : {"my-model", "of-page", "two"})
    scripts.push_back((bridge.loadSnippet(QString::fromLatin1(name)) + predict).toStdString());
  write(m_folder.filePath(QStringLiteral("scripts.json")), toJsonBytes(scripts));
  QProcess browser;
  browser.start(QStringLiteral("node"),
                {QStringLiteral(LAYERSMITH_SOURCE_DIR "/tests/interop/run_scripts.mjs"), QStringLiteral("chromium"),
                 m_folder.filePath(QStringLiteral("scripts.json"))});
  QVERIFY2(browser.waitForFinished(120'000) && browser.exitCode() == 0, browser.readAllStandardError().constData());
  const QByteArray out = browser.readAllStandardOutput();
  const Json answers = Json::parse(out.toStdString());
  QCOMPARE(answers.size(), std::size_t(5));
  for (const Json& answer : answers) QVERIFY2(!answer.contains("error"), out.constData());
  QCOMPARE(answers[0].at("value").size(), std::size_t(2));
  for (const std::size_t loaded : {2, 3, 4}) QVERIFY2(answers[loaded] == answers[0], out.constData());
}

QTEST_GUILESS_MAIN(TestBrowserBridge)
#include "tst_BrowserBridge.moc"

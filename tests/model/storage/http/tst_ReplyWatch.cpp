#include "model/storage/http/ReplyWatch.h"

#include "tests/support/QuickStore.h"
#include "tests/support/RawPeer.h"

#include <QRegularExpression>
#include <QTest>
#include <QTimer>

#include <sys/socket.h>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Every wait has an end: silence, drips, peers that are not there.
class TestReplyWatch : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void silenceEnds();
  void drippingEnds_data();
  void drippingEnds();
  void uploadsThatCreepEnd();
  void anUploadThatIsCutIsNotStored();
  void waitsForAFirstByteLongerThanForAConnection();
  void saysThatAnUploadMayBeStored_data();
  void saysThatAnUploadMayBeStored();
  void unreachable();
};

void TestReplyWatch::silenceEnds() {
  RawPeer peer([](const QByteArray&) { return QByteArray("silence"); });
  LoadOptions options;
  options.http.timeoutMs = 300;
  QElapsedTimer timer;
  timer.start();
  COMPARE_ERROR(HttpStore().load(peer.url(), options), "E301");
  QVERIFY(timer.elapsed() < 20'000);
}

void TestReplyWatch::drippingEnds_data() {
  QTest::addColumn<QByteArray>("head");
  QTest::addColumn<QByteArray>("method");
  for (const char* method : {"GET", "POST"}) {
    QTest::addRow("%s, with length", method)
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n") << QByteArray(method);
    QTest::addRow("%s, neither", method) << QByteArray("HTTP/1.1 200 OK\r\n\r\n") << QByteArray(method);
  }
}

/// Never silent, and never done: 50 bytes a second where 10,000 are asked for.
void TestReplyWatch::drippingEnds() {
  QFETCH(QByteArray, head);
  QFETCH(QByteArray, method);
  QTcpServer peer;
  int connections = 0;
  QObject::connect(&peer, &QTcpServer::newConnection, &peer, [&] {
    QTcpSocket* socket = peer.nextPendingConnection();
    ++connections;
    auto* drip = new QTimer(socket);
    QObject::connect(drip, &QTimer::timeout, socket, [socket] { socket->write("{"); });
    QObject::connect(socket, &QTcpSocket::readyRead, drip, [socket, drip, head] {
      socket->readAll();
      if (drip->isActive()) return;
      socket->write(head);
      drip->start(20);
    });
  });
  QVERIFY(peer.listen(QHostAddress::LocalHost));
  QuickStore store;
  store.store.transfer().setLimits({.bytesPerSecond = 10'000, .graceMs = 300});
  const QString url = QStringLiteral("http://127.0.0.1:%1/model.json").arg(peer.serverPort());
  const Error error = errorOf([&] {
    if (method == "GET")
      store.load(url);
    else
      store.save(url, capture(QStringLiteral("plain")));
  });
  QCOMPARE(error.code(), std::string("E301"));
  const QString said = QString::fromStdString(error.message());
  static const QRegularExpression words(QStringLiteral(
      "^127\\.0\\.0\\.1:\\d+ is too slow: \\d+ bytes in [0-9.]+ s\\. Nothing was changed\\. Try again\\.$"));
  if (method == "GET")
    QVERIFY2(said.contains(words), error.what());
  else
    QVERIFY2(said.contains(QStringLiteral("answered with status 200, but its reply broke off")), error.what());
  QCOMPARE(connections, 1);  // another try would be as slow
}

/// A peer that takes a piece now and then.
void TestReplyWatch::uploadsThatCreepEnd() {
  QTcpServer peer;
  QObject::connect(&peer, &QTcpServer::newConnection, &peer, [&] {
    QTcpSocket* socket = peer.nextPendingConnection();
    socket->setReadBufferSize(64 * 1024);
    auto* sip = new QTimer(socket);
    QObject::connect(sip, &QTimer::timeout, socket, [socket] { socket->read(16 * 1024); });
    sip->start(20);
  });
  QVERIFY(peer.listen(QHostAddress::LocalHost));
  const int bytes = 64 * 1024;  // or the system takes it all in
  QCOMPARE(::setsockopt(int(peer.socketDescriptor()), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes), 0);
  QuickStore store;
  store.store.transfer().setLimits({.bytesPerSecond = 1'000'000'000, .graceMs = 1'000});
  const QString url = QStringLiteral("http://127.0.0.1:%1/up").arg(peer.serverPort());
  const Error error = errorOf([&] { store.save(url, sized(10'000'000)); });
  QCOMPARE(error.code(), std::string("E301"));
  const QString said = QString::fromStdString(error.message());
  static const QRegularExpression words(QStringLiteral(
      "is too slow: it took [0-9.]+ ([KM]iB|bytes) of 38\\.\\d\\d MiB in [0-9.]+ s\\. Nothing was changed\\. Try "
      "again later\\.$"));
  QVERIFY2(said.contains(words), error.what());
}

/// Not all of it went out: no server has it.
void TestReplyWatch::anUploadThatIsCutIsNotStored() {
  QTcpServer peer;
  QObject::connect(&peer, &QTcpServer::newConnection, &peer, [&] {
    QTcpSocket* socket = peer.nextPendingConnection();
    socket->setReadBufferSize(64 * 1024);
    QObject::connect(socket, &QTcpSocket::readyRead, socket, &QTcpSocket::abort);
  });
  QVERIFY(peer.listen(QHostAddress::LocalHost));
  const int bytes = 64 * 1024;
  QCOMPARE(::setsockopt(int(peer.socketDescriptor()), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes), 0);
  QuickStore store;
  const QString url = QStringLiteral("http://127.0.0.1:%1/up").arg(peer.serverPort());
  const Error error = errorOf([&] { store.save(url, sized(10'000'000)); });
  QCOMPARE(error.code(), std::string("E301"));
  static const QRegularExpression words(
      QStringLiteral("lost after [0-9.]+ ([KM]iB|bytes) of 38\\.\\d\\d MiB\\. Nothing was changed\\. Try again\\.$"));
  QVERIFY2(QString::fromStdString(error.message()).contains(words), error.what());
}

/// A server may think for long; who does not even finish the handshake is not there.
void TestReplyWatch::waitsForAFirstByteLongerThanForAConnection() {
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  QTcpServer slow;
  QObject::connect(&slow, &QTcpServer::newConnection, &slow, [&] {
    QTcpSocket* socket = slow.nextPendingConnection();
    QObject::connect(socket, &QTcpSocket::readyRead, socket, [&, socket] {
      const bool isJson = socket->readAll().startsWith("GET /model.json");
      QTimer::singleShot(700, socket, [=] { socket->write(reply("200 OK", isJson ? modelJsonText("w") : weights)); });
    });
  });
  QVERIFY(slow.listen(QHostAddress::LocalHost));
  QuickStore store;
  store.store.transfer().setLimits({.connectMs = 300});
  LoadOptions options;
  options.http.timeoutMs = 10'000;
  const QString address = QStringLiteral("://127.0.0.1:%1/model.json").arg(slow.serverPort());
  QCOMPARE(store.load(QStringLiteral("http") + address, options).weightData->joined(), weights);  // one connection
  QCOMPARE(store.pauses.size(), 0u);
  QTcpServer dumb;
  QVERIFY(dumb.listen(QHostAddress::LocalHost));
  QElapsedTimer timer;
  timer.start();
  const Error error =
      errorOf([&] { store.load(QStringLiteral("https://127.0.0.1:%1/model.json").arg(dumb.serverPort()), options); });
  QVERIFY2(error.message().find("could not be reached: no answer in time. Nothing was changed.") != std::string::npos,
           error.what());
  QVERIFY(timer.elapsed() < 20'000);
}

void TestReplyWatch::saysThatAnUploadMayBeStored_data() {
  QTest::addColumn<QByteArray>("answer");
  QTest::addColumn<QString>("words");
  QTest::newRow("silence") << QByteArray("silence") << "stopped answering for 0.3 s after";
  QTest::newRow("cut") << QByteArray() << "lost after";
}

/// However small the model: all of it went out.
void TestReplyWatch::saysThatAnUploadMayBeStored() {
  QFETCH(QByteArray, answer);
  QFETCH(QString, words);
  RawPeer peer([&](const QByteArray&) { return answer; });
  for (const char* method : {"POST", "PUT"}) {
    QuickStore store;
    SaveOptions options;
    options.http.timeoutMs = 300;
    options.http.method = QString::fromLatin1(method);
    const Error error = errorOf([&] { store.save(peer.url("/up"), capture(QStringLiteral("plain")), options); });
    QCOMPARE(error.code(), std::string("E301"));
    const QString said = QString::fromStdString(error.message());
    static const QRegularExpression amounts(QStringLiteral("after ([0-9.]+ KiB) of \\1 were sent"));
    QVERIFY2(said.contains(words) && said.contains(amounts), error.what());
    QVERIFY2(said.contains(QStringLiteral("Whether the model was stored is not known: look there before")),
             error.what());
    QVERIFY2(!said.contains(QStringLiteral("Nothing was changed")), error.what());
  }
}

void TestReplyWatch::unreachable() {
  quint16 port = 0;
  {
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    port = server.serverPort();
  }
  const QString url = QStringLiteral("http://127.0.0.1:%1/model.json").arg(port);
  const Error load = errorOf([&] { HttpStore().load(url); });
  QCOMPARE(load.code(), std::string("E301"));
  QVERIFY2(load.message().find("could not be reached") != std::string::npos &&
               load.message().find("Nothing was changed") != std::string::npos,
           load.what());
  COMPARE_ERROR(HttpStore().save(url, capture(QStringLiteral("plain"))), "E301");
  COMPARE_ERROR(HttpStore().load(QStringLiteral("http://no-such-host.invalid/model.json")), "E301");
}

QTEST_GUILESS_MAIN(TestReplyWatch)
#include "tst_ReplyWatch.moc"

#include "model/storage/HttpStore.h"

#include "model/storage/ModelLibrary.h"
#include "model/storage/MultipartBody.h"
#include "tests/support/ModelFixtures.h"

#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

/// A server that says exactly what a test wants it to say, and closes.
class RawPeer : public QTcpServer {
  Q_OBJECT

 public:
  using Answer = std::function<QByteArray(const QByteArray& request)>;
  explicit RawPeer(Answer answer) : m_answer(std::move(answer)) {
    listen(QHostAddress::LocalHost);
    connect(this, &QTcpServer::newConnection, this, [this] {
      QTcpSocket* socket = nextPendingConnection();
      connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
        QByteArray& request = m_partial[socket];
        request += socket->readAll();
        const qsizetype head = request.indexOf("\r\n\r\n");
        const qsizetype mark = request.toLower().indexOf("content-length: ");
        const qsizetype length =
            mark < 0 ? 0 : request.mid(mark + 16, request.indexOf("\r\n", mark) - mark - 16).toLongLong();
        if (head < 0 || request.size() < head + 4 + length) return;
        requests.push_back(request);
        const QByteArray reply = m_answer(request);
        if (reply == "silence") return;
        socket->write(reply);
        socket->disconnectFromHost();
      });
    });
  }
  QString url(const char* path = "/model.json") const {
    return QStringLiteral("http://127.0.0.1:%1%2").arg(serverPort()).arg(QLatin1String(path));
  }
  std::vector<QByteArray> requests;

 private:
  Answer m_answer;
  QHash<QTcpSocket*, QByteArray> m_partial;
};

QByteArray reply(const char* status, const QByteArray& body, const QByteArray& headers = {}) {
  return "HTTP/1.1 " + QByteArray(status) + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

QByteArray modelJsonText(const QByteArray& weightPath) {
  return toJsonBytes(modelJson(capture(QStringLiteral("plain")),
                               singleGroup(capture(QStringLiteral("plain")), weightPath.toStdString())));
}

}  // namespace

class TestHttpStore : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void bodiesAreThoseOfTheBrowser_data();
  void bodiesAreThoseOfTheBrowser();
  void sendsMethodAndHeaders();
  void saysWhatTheServerAnswered_data();
  void saysWhatTheServerAnswered();
  void weightFilesKeepTheQuery();
  void redirectsEnd();
  void secretsStayWithTheirOrigin();
  void staysWithinItsOrigin();
  void cutConnections();
  void silenceEnds();
  void unreachable();
  void worksOnAPlainThread();
  void goesRoundWithFlask();
};

void TestHttpStore::bodiesAreThoseOfTheBrowser_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("suffix");
  QTest::newRow("plain") << "plain"
                         << "";
  QTest::newRow("optimizer") << "optimizer"
                             << "_optimizer";
}

void TestHttpStore::bodiesAreThoseOfTheBrowser() {
  QFETCH(QString, name);
  QFETCH(QString, suffix);
  const QByteArray body = bytesOf(path(QStringLiteral("captures/multipart_body%1.bin").arg(suffix)));
  const QByteArray boundary = body.mid(2, body.indexOf("\r\n") - 2);
  QVERIFY(boundary.startsWith("----WebKit"));
  QCOMPARE(multipartBody(uploadParts(capture(name)), boundary).joined(), body);
}

void TestHttpStore::sendsMethodAndHeaders() {
  RawPeer peer([](const QByteArray&) { return reply("201 Created", "stored", "X-Where: here\r\n"); });
  SaveOptions options;
  options.http.method = QStringLiteral("PUT");
  options.http.headers = {{QStringLiteral("Authorization"), QStringLiteral("Bearer abc")}};
  const SaveResult result = HttpStore().save(peer.url("/up?x=1"), capture(QStringLiteral("plain")), options);
  QCOMPARE(result.httpStatus, 201);
  QCOMPARE(result.replyBody, QByteArray("stored"));
  QVERIFY(result.replyHeaders.contains({QStringLiteral("X-Where"), QStringLiteral("here")}));
  QVERIFY2(peer.requests.front().startsWith("PUT /up?x=1 HTTP/1.1\r\n"), peer.requests.front().left(80).constData());
  QVERIFY(peer.requests.front().contains("\r\nAuthorization: Bearer abc\r\n"));
  QVERIFY(peer.requests.front().contains(
      "name=\"model.weights.bin\"; filename=\"model.weights.bin\"\r\nContent-Type: application/octet-stream"));
  QCOMPARE(result.info.weightDataBytes, 92);
  QVERIFY(!result.url.contains(QStringLiteral("x=1")));
}

void TestHttpStore::saysWhatTheServerAnswered_data() {
  QTest::addColumn<QByteArray>("status");
  QTest::addColumn<QString>("code");
  QTest::addColumn<QString>("words");
  QTest::newRow("401") << QByteArray("401 Unauthorized") << "E303"
                       << "token";
  QTest::newRow("403") << QByteArray("403 Forbidden") << "E303"
                       << "refused access";
  QTest::newRow("404") << QByteArray("404 Not Found") << "E305"
                       << "typing mistakes";
  QTest::newRow("413") << QByteArray("413 Too Large") << "E304"
                       << "too large";
  QTest::newRow("500") << QByteArray("500 Oops") << "E305"
                       << "server's side";
  QTest::newRow("302") << QByteArray("302 Found") << "E305"
                       << "redirects";
}

void TestHttpStore::saysWhatTheServerAnswered() {
  QFETCH(QByteArray, status);
  QFETCH(QString, code);
  QFETCH(QString, words);
  RawPeer peer([&](const QByteArray&) { return reply(status.constData(), "no", "Location: /elsewhere\r\n"); });
  const Error error = errorOf([&] { HttpStore().save(peer.url("/up?secret=1"), capture(QStringLiteral("plain"))); });
  QCOMPARE(QString::fromStdString(error.code()), code);
  QVERIFY2(QString::fromStdString(error.message()).contains(words), error.what());
  QVERIFY(!QString::fromStdString(error.message() + error.where()).contains(QStringLiteral("secret")));
  QVERIFY(QString::fromStdString(error.message()).contains(QStringLiteral("Nothing was changed")));
}

void TestHttpStore::weightFilesKeepTheQuery() {
  RawPeer peer([](const QByteArray& request) {
    return request.startsWith("GET /a/model.json")
               ? reply("200 OK", modelJsonText("w.bin"))
               : reply("200 OK", capture(QStringLiteral("plain")).weightData->joined());
  });
  const ModelArtifacts artifacts = HttpStore().load(peer.url("/a/model.json?key=1%2F2"));
  QCOMPARE(*artifacts.weightData, *capture(QStringLiteral("plain")).weightData);
  QVERIFY2(peer.requests.at(1).startsWith("GET /a/w.bin?key=1%2F2 HTTP/1.1"), peer.requests.at(1).left(60).constData());
}

void TestHttpStore::redirectsEnd() {
  RawPeer round([](const QByteArray&) { return reply("302 Found", "", "Location: /model.json\r\n"); });
  const Error error = errorOf([&] { HttpStore().load(round.url()); });
  QVERIFY2(error.message().find("more than 5 times") != std::string::npos, error.what());
  QCOMPARE(round.requests.size(), 6u);
  RawPeer file([](const QByteArray&) { return reply("302 Found", "", "Location: file:///etc/passwd\r\n"); });
  COMPARE_ERROR(HttpStore().load(file.url()), "E131");
  RawPeer good([](const QByteArray& request) {
    if (request.startsWith("GET /model.json")) return reply("302 Found", "", "Location: /real/model.json\r\n");
    return request.startsWith("GET /real/model.json")
               ? reply("200 OK", modelJsonText("./w"))
               : reply("200 OK", capture(QStringLiteral("plain")).weightData->joined());
  });
  HttpStore().load(good.url());
  QVERIFY(good.requests.at(2).startsWith("GET /real/w "));
}

void TestHttpStore::secretsStayWithTheirOrigin() {
  RawPeer other([](const QByteArray& request) {
    return request.startsWith("GET /model.json")
               ? reply("200 OK", modelJsonText("w"))
               : reply("200 OK", capture(QStringLiteral("plain")).weightData->joined());
  });
  RawPeer first(
      [&](const QByteArray&) { return reply("302 Found", "", "Location: " + other.url().toLatin1() + "\r\n"); });
  LoadOptions options;
  options.http.headers = {{QStringLiteral("Authorization"), QStringLiteral("Bearer abc")}};
  HttpStore().load(first.url(), options);
  QVERIFY(first.requests.front().contains("Bearer abc"));
  for (const QByteArray& request : other.requests) QVERIFY(!request.contains("Bearer"));
}

void TestHttpStore::staysWithinItsOrigin() {
  for (const QByteArray path : {"http://127.0.0.2/w", "//example.org/w", "file:///etc/passwd"}) {
    RawPeer peer([&](const QByteArray&) { return reply("200 OK", modelJsonText(path)); });
    COMPARE_ERROR(HttpStore().load(peer.url()), "E131");
    QCOMPARE(peer.requests.size(), 1u);
  }
}

void TestHttpStore::cutConnections() {
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  for (int cut = 0; cut < int(weights.size()); cut += 7) {
    for (const bool withLength : {true, false}) {
      RawPeer peer([&](const QByteArray& request) {
        if (request.startsWith("GET /model.json")) return reply("200 OK", modelJsonText("w"));
        if (withLength) return reply("200 OK", weights).chopped(weights.size() - cut);
        return "HTTP/1.1 200 OK\r\n\r\n" + weights.left(cut);
      });
      const Error error = errorOf([&] { HttpStore().load(peer.url()); });
      QVERIFY2(error.code() == "E301" || error.code() == "E110", error.what());
    }
  }
  RawPeer page([](const QByteArray& request) {
    return request.startsWith("GET /model.json") ? reply("200 OK", modelJsonText("w"))
                                                 : reply("200 OK", "<!DOCTYPE html><p>404");
  });
  COMPARE_ERROR(HttpStore().load(page.url()), "E101");
  RawPeer html([](const QByteArray&) { return reply("200 OK", "<html>Sign in</html>"); });
  const Error error = errorOf([&] { HttpStore().load(html.url("/model.json?token=s3cret")); });
  QCOMPARE(error.code(), std::string("E101"));
  QVERIFY2(
      error.message().find("returned a web page (status 200), not a model. Check the address; open it in a browser.") !=
          std::string::npos,
      error.what());
  QVERIFY(error.message().find("s3cret") == std::string::npos);
}

void TestHttpStore::silenceEnds() {
  RawPeer peer([](const QByteArray&) { return QByteArray("silence"); });
  LoadOptions options;
  options.http.timeoutMs = 300;
  QElapsedTimer timer;
  timer.start();
  COMPARE_ERROR(HttpStore().load(peer.url(), options), "E301");
  QVERIFY(timer.elapsed() < 5000);
}

void TestHttpStore::unreachable() {
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

void TestHttpStore::worksOnAPlainThread() {
  RawPeer peer([](const QByteArray& request) {
    return request.startsWith("GET /model.json")
               ? reply("200 OK", modelJsonText("w"))
               : reply("200 OK", capture(QStringLiteral("plain")).weightData->joined());
  });
  const QString url = peer.url();
  std::atomic<bool> done = false, isRight = false;
  std::thread worker([&] {
    QTemporaryDir home;
    ModelLibrary library(home.filePath(QStringLiteral("store.sqlite")));
    isRight = *library.load(url).weightData == *capture(QStringLiteral("plain")).weightData;
    done = true;
  });
  QTRY_VERIFY_WITH_TIMEOUT(done.load(), 10'000);
  worker.join();
  QVERIFY(isRight);
}

void TestHttpStore::goesRoundWithFlask() {
  QProcess hasFlask;
  hasFlask.start(QStringLiteral("/usr/bin/python3"), {QStringLiteral("-c"), QStringLiteral("import flask")});
  if (!hasFlask.waitForFinished() || hasFlask.exitCode() != 0) QSKIP("python3-flask is not installed");
  QTemporaryDir served;
  QProcess server;
  server.start(QStringLiteral("/usr/bin/python3"),
               {QStringLiteral(LAYERSMITH_SOURCE_DIR "/tests/interop/model_server.py"), served.path()});
  QVERIFY(server.waitForReadyRead(20'000));
  const QString address = QString::fromUtf8(server.readLine()).trimmed();
  QVERIFY2(address.startsWith(QStringLiteral("http://127.0.0.1:")), qPrintable(address));
  QTemporaryDir home;
  ModelLibrary library(home.filePath(QStringLiteral("store.sqlite")));
  const SaveResult result = library.save(address + QStringLiteral("/upload"), capture(QStringLiteral("optimizer")));
  QCOMPARE(result.httpStatus, 200);
  QVERIFY(result.replyBody.contains("stored"));
  QCOMPARE(wholeOf(library.load(address + QStringLiteral("/models/model.json"))),
           wholeOf(capture(QStringLiteral("optimizer"))));
  COMPARE_ERROR(library.load(address + QStringLiteral("/models/nothing.json")), "E305");
  COMPARE_ERROR(library.load(address + QStringLiteral("/page")), "E101");
  const auto big = sized(3'000'000, 2);  // 12 MB both ways
  library.save(address + QStringLiteral("/upload"), big);
  QCOMPARE(*library.load(address + QStringLiteral("/models/model.json")).weightData, *big.weightData);
  server.kill();
  server.waitForFinished();
}

QTEST_GUILESS_MAIN(TestHttpStore)
#include "tst_HttpStore.moc"

#include "model/storage/HttpStore.h"

#include "model/core/Limits.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/MultipartBody.h"
#include "tests/support/RawPeer.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace layersmith;
using namespace layersmith::fixtures;

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
  void refusesWhatIsNoModel();
  void takesWeightsFromElsewhere();
  void putsFilesInTheirPlaces();
  void keepsWhatIsLongerThanTheManifest();
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
  QCOMPARE(artifacts.weightData->joined(), capture(QStringLiteral("plain")).weightData->joined());
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

void TestHttpStore::takesWeightsFromElsewhere() {
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  RawPeer other([&](const QByteArray&) { return reply("200 OK", weights); });
  RawPeer peer([&](const QByteArray&) { return reply("200 OK", modelJsonText("w.bin")); });
  LoadOptions options;
  options.http.setBearerToken(QStringLiteral("abc"));
  options.weightPathPrefix = other.url("/files/v2-");
  QCOMPARE(HttpStore().load(peer.url("/model.json?k=1"), options).weightData->joined(), weights);
  QVERIFY2(other.requests.front().startsWith("GET /files/v2-w.bin?k=1 HTTP/1.1"), other.requests.front().constData());
  QVERIFY(!other.requests.front().contains("Bearer"));
  QVERIFY(peer.requests.front().contains("Authorization: Bearer abc"));
  options.weightPathPrefix = QStringLiteral("file:///etc/");
  QVERIFY(errorOf([&] { HttpStore().load(peer.url(), options); }).kind() == ErrorKind::InvalidConfig);
}

void TestHttpStore::refusesWhatIsNoModel() {
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

/// Files of any length within a group: one block, in the order of the manifest.
void TestHttpStore::putsFilesInTheirPlaces() {
  ModelArtifacts model = capture(QStringLiteral("plain"));
  const QByteArray weights = model.weightData->joined();
  std::vector<WeightsGroup> groups = singleGroup(model, "");
  groups[0].paths = {"a", "b", "c"};
  const QByteArray json = toJsonBytes(modelJson(model, groups));
  const QList<std::pair<QByteArray, QByteArray>> files{
      {"/a", weights.left(1)}, {"/b", weights.mid(1, 70)}, {"/c", weights.mid(71)}};
  RawPeer peer([&](const QByteArray& request) {
    for (const auto& [name, bytes] : files)
      if (request.startsWith("GET " + name + ' ')) return reply("200 OK", bytes);
    return reply("200 OK", json);
  });
  const ModelArtifacts loaded = HttpStore().load(peer.url());
  QCOMPARE(loaded.weightData->joined(), weights);
  QCOMPARE(loaded.weightData->pieces().size(), 1u);
  QCOMPARE(loaded.groups[0].bytes, (std::vector<std::int64_t>{1, 70, 21}));
}

/// TensorFlow.js takes such files too. What is far longer is cut off.
void TestHttpStore::keepsWhatIsLongerThanTheManifest() {
  ModelArtifacts model = capture(QStringLiteral("plain"));
  const QByteArray weights = model.weightData->joined();
  std::vector<WeightsGroup> groups = singleGroup(model, "a");
  const std::int64_t first = 12 * 4;  // hidden/kernel
  groups.push_back({{"b"}, groups[0].weights - 1, {}});
  groups[0].weights = 1;
  const QByteArray json = toJsonBytes(modelJson(model, groups));
  QByteArray surplus(5, 'x');
  RawPeer peer([&](const QByteArray& request) {
    if (request.startsWith("GET /a ")) return reply("200 OK", weights.left(first) + surplus);
    return request.startsWith("GET /b ") ? reply("200 OK", weights.mid(first)) : reply("200 OK", json);
  });
  const ModelArtifacts loaded = HttpStore().load(peer.url());
  QCOMPARE(loaded.weightData->joined(), weights.left(first) + surplus + weights.mid(first));
  QCOMPARE(loaded.groups[0].bytes, std::vector<std::int64_t>{first + 5});
  QCOMPARE(loaded.groups[1].bytes, std::vector<std::int64_t>{weights.size() - first});
  surplus = QByteArray(limits::kMiB + 1, 'x');
  const Error error = errorOf([&] { HttpStore().load(peer.url()); });
  QCOMPARE(error.code(), std::string("E130"));
  QVERIFY2(error.message().find("/a is longer than 1.00 MiB. Refused. Nothing was changed.") != std::string::npos,
           error.what());
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
    isRight = library.load(url).weightData->joined() == capture(QStringLiteral("plain")).weightData->joined();
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
  QCOMPARE(library.load(address + QStringLiteral("/models/model.json")).weightData->joined(), big.weightData->joined());
  server.kill();
  server.waitForFinished();
}

QTEST_GUILESS_MAIN(TestHttpStore)
#include "tst_HttpStore.moc"

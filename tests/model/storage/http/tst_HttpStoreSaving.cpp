// What goes to a server, and what its answer means.
#include "model/storage/http/HttpStore.h"

#include "model/storage/ModelLibrary.h"
#include "model/storage/http/MultipartBody.h"
#include "tests/support/Patience.h"
#include "tests/support/RawPeer.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace layersmith;
using namespace layersmith::fixtures;

class TestHttpStoreSaving : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void bodiesAreThoseOfTheBrowser_data();
  void bodiesAreThoseOfTheBrowser();
  void sendsMethodAndHeaders();
  void saysWhatTheServerAnswered_data();
  void saysWhatTheServerAnswered();
  void replacesOnlyWhenAsked();
  void replacesOnlyWhatItKnows();
  void doesNotKnowWhatAProxyKnows();
  void goesRoundWithFlask();
};

void TestHttpStoreSaving::bodiesAreThoseOfTheBrowser_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("suffix");
  QTest::newRow("plain") << "plain"
                         << "";
  QTest::newRow("optimizer") << "optimizer"
                             << "_optimizer";
}

void TestHttpStoreSaving::bodiesAreThoseOfTheBrowser() {
  QFETCH(QString, name);
  QFETCH(QString, suffix);
  const QByteArray body = bytesOf(path(QStringLiteral("captures/multipart_body%1.bin").arg(suffix)));
  const QByteArray boundary = body.mid(2, body.indexOf("\r\n") - 2);
  QVERIFY(boundary.startsWith("----WebKit"));
  QCOMPARE(multipartBody(uploadParts(capture(name)), boundary).joined(), body);
}

void TestHttpStoreSaving::sendsMethodAndHeaders() {
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

void TestHttpStoreSaving::saysWhatTheServerAnswered_data() {
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

void TestHttpStoreSaving::saysWhatTheServerAnswered() {
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

void TestHttpStoreSaving::replacesOnlyWhenAsked() {
  RawPeer peer([](const QByteArray& request) {
    return request.contains("\r\nIf-None-Match: *\r\n") ? reply("412 Precondition Failed", "{}")
                                                        : reply("200 OK", "stored");
  });
  SaveOptions options;
  const Error taken = errorOf([&] { HttpStore().save(peer.url("/up"), capture(QStringLiteral("plain")), options); });
  QVERIFY2(taken.kind() == ErrorKind::AlreadyExists, taken.what());
  options.overwrite = true;
  QCOMPARE(HttpStore().save(peer.url("/up"), capture(QStringLiteral("plain")), options).httpStatus, 200);
}

void TestHttpStoreSaving::replacesOnlyWhatItKnows() {
  RawPeer peer([](const QByteArray&) { return reply("412 Precondition Failed", ""); });
  SaveOptions options;
  options.base = QStringLiteral("\"one\"");
  const auto save = [&] {
    return errorOf([&] { HttpStore().save(peer.url("/up"), capture(QStringLiteral("plain")), options); });
  };
  QVERIFY(save().kind() == ErrorKind::AlreadyExists);
  QVERIFY(!peer.requests.back().contains("\r\nIf-Match:"));
  options.overwrite = true;
  const Error changed = save();
  QCOMPARE(changed.code(), std::string("E203"));
  QVERIFY2(changed.message().find("/up was changed by another program. Nothing was changed") != std::string::npos,
           changed.what());
  QVERIFY(peer.requests.back().contains("\r\nIf-Match: \"one\"\r\n"));
  QVERIFY(peer.requests.back().contains("\r\nPrefer: keep-replaced\r\n"));
  options.base.clear();
  QVERIFY(save().kind() == ErrorKind::AlreadyExists);
  QVERIFY(!peer.requests.back().contains("\r\nIf-Match:") && !peer.requests.back().contains("\r\nPrefer:"));
}

/// What became of an upload behind a proxy, or of one sent again to a server that knows no keys.
void TestHttpStoreSaving::doesNotKnowWhatAProxyKnows() {
  RawPeer proxy([](const QByteArray&) { return reply("504 Gateway Timeout", "<html>"); });
  const Error post = errorOf([&] { HttpStore().save(proxy.url("/up"), capture(QStringLiteral("plain"))); });
  QVERIFY2(post.message().find("answered with status 504. Whether the model was stored is not known: look there") !=
               std::string::npos,
           post.what());
  int asked = 0;
  RawPeer stores([&](const QByteArray&) { return ++asked == 1 ? QByteArray() : reply("412 Precondition Failed", ""); });
  for (const bool hasBase : {false, true}) {
    asked = 0;
    SaveOptions options;
    options.http.method = QStringLiteral("PUT");
    options.overwrite = hasBase;
    if (hasBase) options.base = QStringLiteral("\"one\"");
    HttpStore store;
    store.transfer().setPause([](int, const std::function<bool()>&) { return true; });
    const Error put = errorOf([&] { store.save(stores.url("/up"), capture(QStringLiteral("plain")), options); });
    QVERIFY2(put.message().find("answered with status 412. Whether the model was stored is not known: look there") !=
                 std::string::npos,
             put.what());
  }
}

void TestHttpStoreSaving::goesRoundWithFlask() {
  QProcess hasFlask;
  hasFlask.start(QStringLiteral("/usr/bin/python3"), {QStringLiteral("-c"), QStringLiteral("import flask")});
  QVERIFY(hasFlask.waitForFinished(kPatienceMs));
  if (hasFlask.exitCode() != 0) QSKIP("python3-flask is not installed");
  QTemporaryDir served;
  QProcess server;
  server.start(QStringLiteral("/usr/bin/python3"),
               {QStringLiteral(LAYERSMITH_SOURCE_DIR "/tests/interop/model_server.py"), served.path()});
  QVERIFY(server.waitForReadyRead(kPatienceMs));
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

QTEST_GUILESS_MAIN(TestHttpStoreSaving)
#include "tst_HttpStoreSaving.moc"

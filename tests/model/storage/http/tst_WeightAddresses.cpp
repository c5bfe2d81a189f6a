#include "model/storage/http/WeightAddresses.h"

#include "model/core/Error.h"
#include "model/storage/http/HttpStore.h"
#include "tests/support/RawPeer.h"

#include <QTest>

using namespace layersmith;
using namespace layersmith::fixtures;

class TestWeightAddresses : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void weightFilesKeepTheQuery();
  void weightsLieBesideTheAddressGiven();
  void weightsMayLieWhereARedirectLed_data();
  void weightsMayLieWhereARedirectLed();
  void filesOfTwoPlacesNeverMix();
  void secretsStayWithTheirOrigin();
  void staysWithinItsOrigin_data();
  void staysWithinItsOrigin();
  void takesWeightsFromElsewhere();
  void prefixesTakeTheQueryGiven();
};

void TestWeightAddresses::weightFilesKeepTheQuery() {
  RawPeer peer([](const QByteArray& request) {
    return request.startsWith("GET /a/model.json")
               ? reply("200 OK", modelJsonText("w.bin"))
               : reply("200 OK", capture(QStringLiteral("plain")).weightData->joined());
  });
  const ModelArtifacts artifacts = HttpStore().load(peer.url("/a/model.json?key=1%2F2"));
  QCOMPARE(artifacts.weightData->joined(), capture(QStringLiteral("plain")).weightData->joined());
  QVERIFY2(peer.requests.at(1).startsWith("GET /a/w.bin?key=1%2F2 HTTP/1.1"), peer.requests.at(1).left(60).constData());
}

/// As TensorFlow.js takes them (getWeightUrls uses the path that was given): a hub redirects every file to an address
/// signed for that file alone, whose query is wrong for any other.
void TestWeightAddresses::weightsLieBesideTheAddressGiven() {
  RawPeer hub([](const QByteArray& request) {
    if (request.startsWith("GET /hub/model.json?k=1 "))
      return reply("302 Found", "", "Location: /signed/1/model.json?sig=json\r\n");
    if (request.startsWith("GET /hub/w?k=1 ")) return reply("302 Found", "", "Location: /signed/2/w?sig=w\r\n");
    if (request.startsWith("GET /signed/1/model.json?sig=json ")) return reply("200 OK", modelJsonText("./w"));
    return request.startsWith("GET /signed/2/w?sig=w ")
               ? reply("200 OK", capture(QStringLiteral("plain")).weightData->joined())
               : reply("403 Forbidden", "");
  });
  QCOMPARE(HttpStore().load(hub.url("/hub/model.json?k=1")).weightData->joined(),
           capture(QStringLiteral("plain")).weightData->joined());
  QCOMPARE(hub.requests.size(), 4u);
}

void TestWeightAddresses::weightsMayLieWhereARedirectLed_data() {
  QTest::addColumn<QByteArray>("atTheAddressGiven");
  for (const char* status : {"401 No", "403 Forbidden", "404 Not Found", "410 Gone"})
    QTest::newRow(status) << reply(status, "");
  QTest::newRow("a web page") << reply("200 OK", "<!doctype html><p>Welcome");
}

/// Which TensorFlow.js does not find, but this program always did. What a person set stays with the origin they named.
void TestWeightAddresses::weightsMayLieWhereARedirectLed() {
  QFETCH(QByteArray, atTheAddressGiven);
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  std::vector<WeightsGroup> groups = singleGroup(capture(QStringLiteral("plain")), "");
  groups[0].paths = {"v", "w"};
  const QByteArray json = toJsonBytes(modelJson(capture(QStringLiteral("plain")), groups));
  RawPeer real([&](const QByteArray& request) {
    if (request.startsWith("GET /real/v?k=2 ")) return reply("200 OK", weights.left(9));
    return request.startsWith("GET /real/w?k=2 ") ? reply("200 OK", weights.mid(9)) : reply("200 OK", json);
  });
  RawPeer first([&](const QByteArray& request) {
    return request.startsWith("GET /model.json")
               ? reply("302 Found", "", "Location: " + real.url("/real/model.json?k=2").toLatin1() + "\r\n")
               : atTheAddressGiven;
  });
  LoadOptions options;
  options.http.setBearerToken(QStringLiteral("abc"));
  QCOMPARE(HttpStore().load(first.url(), options).weightData->joined(), weights);
  QCOMPARE(first.requests.size(), 2u);  // the second file is not asked for there
  for (const QByteArray& request : first.requests) QVERIFY(request.contains("Bearer abc"));
  QCOMPARE(real.requests.size(), 3u);
  for (const QByteArray& request : real.requests) QVERIFY(!request.contains("Bearer"));
}

/// The first file is beside the address given, the second only where it redirects: another version, perhaps.
void TestWeightAddresses::filesOfTwoPlacesNeverMix() {
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  std::vector<WeightsGroup> groups = singleGroup(capture(QStringLiteral("plain")), "");
  groups[0].paths = {"v", "w"};
  const QByteArray json = toJsonBytes(modelJson(capture(QStringLiteral("plain")), groups));
  RawPeer peer([&](const QByteArray& request) {
    if (request.startsWith("GET /model.json")) return reply("302 Found", "", "Location: /2/model.json\r\n");
    if (request.startsWith("GET /2/model.json")) return reply("200 OK", json);
    if (request.startsWith("GET /w")) return reply("404 Not Found", "");
    return reply("200 OK", request.contains("/v ") ? weights.left(9) : weights.mid(9));
  });
  COMPARE_ERROR(HttpStore().load(peer.url()), "E305");
  QVERIFY(peer.requests.back().startsWith("GET /w "));
}

void TestWeightAddresses::secretsStayWithTheirOrigin() {
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

void TestWeightAddresses::staysWithinItsOrigin_data() {
  QTest::addColumn<QByteArray>("path");       // PORT: of the model's own server
  QTest::addColumn<QByteArray>("requested");  // empty: refused
  const auto row = [](const char* path, const char* requested) {
    QTest::newRow(path) << QByteArray(path) << QByteArray(requested);
  };
  for (const char* path :
       {"http://127.0.0.2/w", "//example.org/w", "file:///etc/passwd", "//127.0.0.1:1/w", "https://127.0.0.1:PORT/w",
        "ftp://127.0.0.1:PORT/w", "data:,w", "http:///w", "//127.0.0.1:PORT@example.org/w",
        "http://user:pass@127.0.0.1:PORT/w", "//user@127.0.0.1:PORT/w", "///example.org/w"})
    row(path, "");
  // Of the same origin, whatever they try.
  row("../../w", "/w");
  row("%2e%2e/%2e%2e/w", "/w");
  row("..%2f..%2fw", "/a/b/..%2F..%2Fw");
  row("..\\..\\w", "/a/b/..%5C..%5Cw");
  row("\\\\example.org\\w", "/a/b/%5C%5Cexample.org%5Cw");
  row("//127.0.0.1:PORT/w", "/w");
  row("w%00.bin", "/a/b/w%00.bin");
}

void TestWeightAddresses::staysWithinItsOrigin() {
  QFETCH(QByteArray, path);
  QFETCH(QByteArray, requested);
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  RawPeer peer([&](const QByteArray& request) {
    return request.startsWith("GET /a/b/model.json ") ? reply("200 OK", modelJsonText(path)) : reply("200 OK", weights);
  });
  path.replace("PORT", QByteArray::number(peer.serverPort()));
  if (!requested.isEmpty()) {
    HttpStore().load(peer.url("/a/b/model.json"));
    QCOMPARE(peer.requests.size(), 2u);
    const QByteArray line = peer.requests[1].left(peer.requests[1].indexOf("\r\n"));
    QVERIFY2(line.toLower() == "get " + requested.toLower() + " http/1.1", line.constData());
    return;
  }
  const Error error = errorOf([&] { HttpStore().load(peer.url("/a/b/model.json")); });
  QCOMPARE(error.code(), std::string("E131"));
  QVERIFY2(error.message() == path.toStdString() + " points outside the model's origin. Refused.", error.what());
  QCOMPARE(peer.requests.size(), 1u);
}

void TestWeightAddresses::takesWeightsFromElsewhere() {
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

/// Where a person says that the files lie there is one place, and the query is that of the address given.
void TestWeightAddresses::prefixesTakeTheQueryGiven() {
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  RawPeer peer([&](const QByteArray& request) {
    if (request.startsWith("GET /model.json?k=1 "))
      return reply("302 Found", "", "Location: /signed/model.json?sig=json\r\n");
    if (request.startsWith("GET /signed/model.json?sig=json ")) return reply("200 OK", modelJsonText("w"));
    return request.startsWith("GET /files/w?k=1 ") ? reply("200 OK", weights) : reply("403 Forbidden", "");
  });
  LoadOptions options;
  options.weightPathPrefix = peer.url("/files/");
  QCOMPARE(HttpStore().load(peer.url("/model.json?k=1"), options).weightData->joined(), weights);
  options.weightPathPrefix = peer.url("/nowhere/");
  COMPARE_ERROR(HttpStore().load(peer.url("/model.json?k=1"), options), "E303");
  QVERIFY(peer.requests.back().startsWith("GET /nowhere/w?k=1 "));
}

QTEST_GUILESS_MAIN(TestWeightAddresses)
#include "tst_WeightAddresses.moc"

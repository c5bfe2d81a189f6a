#include "model/server/OriginRules.h"

#include <QTest>

using namespace layersmith;

class TestOriginRules : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void hosts_data();
  void hosts();
  void loopback();
  void origins_data();
  void origins();
  void preflight();
};

void TestOriginRules::hosts_data() {
  QTest::addColumn<QByteArray>("host");
  QTest::addColumn<bool>("isOurs");
  for (const char* host : {"localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:8080",
                           "10.1.2.3:5", "models.example", "Models.Example:443"})
    QTest::newRow(host) << QByteArray(host) << true;
  for (const char* host : {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:80:80",
                           "localhost@evil", "127.0.0.1x", "[::1", "models.example.", "a models.example"})
    QTest::newRow(host) << QByteArray(host) << false;
}

void TestOriginRules::hosts() {
  QFETCH(QByteArray, host);
  QFETCH(bool, isOurs);
  const OriginRules rules{{}, {"models.example"}};
  QCOMPARE(rules.isOurHost(host.toStdString()), isOurs);
}

void TestOriginRules::loopback() {
  for (const char* address : {"127.0.0.1", "127.1.2.3", "::1", "localhost"}) QVERIFY(isLoopback(address));
  for (const char* address : {"0.0.0.0", "128.0.0.1", "::", "10.0.0.1", "", "127.0.0.1.example"})
    QVERIFY(!isLoopback(address));
}

void TestOriginRules::origins_data() {
  QTest::addColumn<QByteArray>("listed");
  QTest::addColumn<QByteArray>("origin");
  QTest::addColumn<bool>("mayAsk");
  QTest::addColumn<QByteArray>("allowOrigin");
  const QByteArray page = "http://localhost:1234";
  QTest::newRow("no page") << page << QByteArray() << true << QByteArray();
  QTest::newRow("the server's own") << QByteArray() << QByteArray("http://127.0.0.1:8080") << true << QByteArray();
  QTest::newRow("listed") << page << page << true << page;
  QTest::newRow("not listed") << page << QByteArray("http://localhost:12345") << false << QByteArray();
  QTest::newRow("none listed") << QByteArray() << page << false << QByteArray();
  QTest::newRow("every") << QByteArray("*") << page << true << page;
  QTest::newRow("a file") << page << QByteArray("null") << false << QByteArray();
}

void TestOriginRules::origins() {
  QFETCH(QByteArray, listed);
  QFETCH(QByteArray, origin);
  QFETCH(bool, mayAsk);
  QFETCH(QByteArray, allowOrigin);
  OriginRules rules;
  if (!listed.isEmpty()) rules.origins = {listed.toStdString()};
  HttpRequest request;
  request.fields = {{"Host", "127.0.0.1:8080"}};
  if (!origin.isEmpty()) request.fields.emplace_back("Origin", origin.toStdString());
  QCOMPARE(rules.mayAsk(request), mayAsk);
  HttpResponse response;
  rules.complete(request, response);
  QCOMPARE(QByteArray::fromStdString(std::string(fieldOf(response.fields, "Access-Control-Allow-Origin"))),
           allowOrigin);
  // What is cached for one page must not be given to another.
  QCOMPARE(!fieldOf(response.fields, "Vary").empty(), !listed.isEmpty());
}

void TestOriginRules::preflight() {
  const OriginRules rules{{"http://a.example"}, {}};
  HttpRequest request;
  request.fields = {{"Origin", "http://a.example"}, {"Access-Control-Request-Private-Network", "true"}};
  const HttpResponse response = rules.preflight(request);
  QCOMPARE(response.status, 204);
  for (const char* field : {"Authorization", "If-Match", "Prefer"})
    QVERIFY(fieldOf(response.fields, "Access-Control-Allow-Headers").find(field) != std::string_view::npos);
  QVERIFY(fieldOf(response.fields, "Access-Control-Allow-Methods").find("PUT") != std::string_view::npos);
  QCOMPARE(std::string(fieldOf(response.fields, "Access-Control-Allow-Private-Network")), std::string("true"));
  request.fields[0].second = "http://b.example";
  QVERIFY(rules.preflight(request).fields.empty());
}

QTEST_GUILESS_MAIN(TestOriginRules)
#include "tst_OriginRules.moc"

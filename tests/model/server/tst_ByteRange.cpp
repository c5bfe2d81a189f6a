#include "model/server/ByteRange.h"

#include <QTest>

using namespace layersmith;

namespace {

class Letters final : public ByteSource {
 public:
  std::int64_t size() const override { return 10; }
  std::string read(std::int64_t offset, std::int64_t count) override {
    return std::string("abcdefghij").substr(std::size_t(offset), std::size_t(count));
  }
};

}  // namespace

class TestByteRange : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void answers_data();
  void answers();
  void headKnowsNoRanges();
  void linesAreOneList();
};

void TestByteRange::answers_data() {
  QTest::addColumn<QByteArray>("field");
  QTest::addColumn<QByteArray>("value");
  QTest::addColumn<int>("status");
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QByteArray>("contentRange");
  const QByteArray all = "abcdefghij";
  QTest::newRow("plain") << QByteArray("X") << QByteArray() << 200 << all << QByteArray();
  QTest::newRow("first") << QByteArray("Range") << QByteArray("bytes=0-0") << 206 << QByteArray("a")
                         << QByteArray("bytes 0-0/10");
  QTest::newRow("middle") << QByteArray("Range") << QByteArray("bytes=3-5") << 206 << QByteArray("def")
                          << QByteArray("bytes 3-5/10");
  QTest::newRow("from") << QByteArray("Range") << QByteArray("bytes=7-") << 206 << QByteArray("hij")
                        << QByteArray("bytes 7-9/10");
  QTest::newRow("last") << QByteArray("Range") << QByteArray("bytes=-2") << 206 << QByteArray("ij")
                        << QByteArray("bytes 8-9/10");
  QTest::newRow("last more") << QByteArray("Range") << QByteArray("bytes=-20") << 206 << all
                             << QByteArray("bytes 0-9/10");
  QTest::newRow("to beyond") << QByteArray("Range") << QByteArray("bytes=8-99999999999") << 206 << QByteArray("ij")
                             << QByteArray("bytes 8-9/10");
  QTest::newRow("beyond") << QByteArray("Range") << QByteArray("bytes=10-") << 416 << QByteArray()
                          << QByteArray("bytes */10");
  QTest::newRow("none of the last") << QByteArray("Range") << QByteArray("bytes=-0") << 416 << QByteArray()
                                    << QByteArray("bytes */10");
  for (const char* odd : {"bytes=5-3", "bytes=a-b", "bytes=1-2,4-5", "bytes=", "bytes=-", "lines=1-2", "bytes=1",
                          "bytes=--5", "bytes=99999999999999999999-", "bytes=+1-2", "bytes=1-+2"})
    QTest::newRow(odd) << QByteArray("Range") << QByteArray(odd) << 200 << all << QByteArray();
  QTest::newRow("known") << QByteArray("If-None-Match") << QByteArray("\"x\", W/\"tag\"") << 304 << QByteArray()
                         << QByteArray();
  QTest::newRow("any") << QByteArray("If-None-Match") << QByteArray("*") << 304 << QByteArray() << QByteArray();
  QTest::newRow("another") << QByteArray("If-None-Match") << QByteArray("\"x\"") << 200 << all << QByteArray();
  QTest::newRow("match") << QByteArray("If-Match") << QByteArray("\"tag\"") << 200 << all << QByteArray();
  QTest::newRow("weak match") << QByteArray("If-Match") << QByteArray("W/\"tag\"") << 412 << QByteArray()
                              << QByteArray();
  QTest::newRow("empty match") << QByteArray("If-Match") << QByteArray() << 412 << QByteArray() << QByteArray();
  QTest::newRow("no match") << QByteArray("If-Match") << QByteArray("\"x\"") << 412 << QByteArray() << QByteArray();
}

void TestByteRange::answers() {
  QFETCH(QByteArray, field);
  QFETCH(QByteArray, value);
  QFETCH(int, status);
  QFETCH(QByteArray, bytes);
  QFETCH(QByteArray, contentRange);
  HttpRequest request;
  request.fields = {{field.toStdString(), value.toStdString()}};
  HttpResponse response = serveBytes(request, std::make_unique<Letters>(), "\"tag\"", "a/b");
  QCOMPARE(response.status, status);
  QCOMPARE(QByteArray::fromStdString(std::string(fieldOf(response.fields, "Content-Range"))), contentRange);
  const std::string sent = response.source ? response.source->read(response.first, response.count) : std::string();
  QCOMPARE(QByteArray::fromStdString(sent), bytes);
  // A range of a file that changed meanwhile is not joined to the old one.
  if (status == 206) {
    request.fields.emplace_back("If-Range", "\"old\"");
    response = serveBytes(request, std::make_unique<Letters>(), "\"tag\"", "a/b");
    QCOMPARE(response.status, 200);
    QCOMPARE(response.count, 10);
  }
}

/// RFC 9110 section 14.2: of GET alone.
void TestByteRange::headKnowsNoRanges() {
  for (const char* range : {"bytes=3-5", "bytes=10-"}) {
    HttpRequest request;
    request.method = "HEAD";
    request.fields = {{"Range", range}};
    const HttpResponse response = serveBytes(request, std::make_unique<Letters>(), "\"tag\"", "a/b");
    QCOMPARE(response.status, 200);
    QCOMPARE(response.length(), 10);
    QVERIFY(fieldOf(response.fields, "Content-Range").empty());
  }
}

void TestByteRange::linesAreOneList() {
  const auto statusOf = [](const char* field) {
    HttpRequest request;
    request.fields = {{field, "\"x\""}, {"Other", "y"}, {field, "\"tag\""}};
    return serveBytes(request, std::make_unique<Letters>(), "\"tag\"", "a/b").status;
  };
  QCOMPARE(statusOf("If-Match"), 200);
  QCOMPARE(statusOf("If-None-Match"), 304);
}

QTEST_GUILESS_MAIN(TestByteRange)
#include "tst_ByteRange.moc"

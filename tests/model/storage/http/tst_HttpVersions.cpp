// Models that are saved on a server while they are read from it: two versions never mix.
#include "model/core/Error.h"
#include "model/storage/http/HttpStore.h"
#include "tests/support/RawPeer.h"

#include <QTest>

#include <algorithm>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

/// A web server with one model, of which each version has other weights.
class VersionedPeer : public RawPeer {
 public:
  VersionedPeer() : RawPeer([this](const QByteArray& request) { return answer(request); }) {}

  static QByteArray weightsOf(int version) {
    QByteArray bytes = capture(QStringLiteral("plain")).weightData->joined();
    bytes[0] = char(version);
    return bytes;
  }
  int countOf(const char* start) const {
    return int(std::ranges::count_if(requests, [&](const QByteArray& one) { return one.startsWith(start); }));
  }

  int version = 1;
  int savesToCome = 0;  ///< each between a model.json and its weights
  bool hasTag = true;
  bool hasDate = false;
  bool isTagNew = false;   ///< a tag that is never the same
  bool namesVary = false;  ///< each version names its weights otherwise
  bool isJsonNew = false;  ///< each version has a model.json of its own

 private:
  QByteArray pathOf(int which) const { return namesVary ? "w" + QByteArray::number(which) : QByteArray("w"); }

  QByteArray json() const {
    QByteArray text = modelJsonText(pathOf(version));
    if (isJsonNew) text.replace("\"format\"", "\"was" + QByteArray::number(version) + "\":1,\"format\"");
    return text;
  }

  QByteArray answer(const QByteArray& request) {
    if (!request.startsWith("GET /model.json ")) {
      if (savesToCome > 0) {
        --savesToCome;
        ++version;
      }
      if (!request.startsWith("GET /" + pathOf(version) + ' ')) return reply("404 Not Found", "gone");
      return reply("200 OK", weightsOf(version));
    }
    const int tag = isTagNew ? int(requests.size()) : version;
    const QByteArray etag = "\"v" + QByteArray::number(tag) + '"';
    const QByteArray date = "Fri, 0" + QByteArray::number(version) + " May 2026 10:00:00 GMT";
    QByteArray headers;
    if (hasTag) headers += "ETag: " + etag + "\r\n";
    if (hasDate) headers += "Last-Modified: " + date + "\r\n";
    if (hasTag && request.contains(": " + etag)) return reply("304 Not Modified", {}, headers);
    return reply("200 OK", json(), headers);
  }
};

}  // namespace

class TestHttpVersions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void readsANewVersionWhole_data();
  void readsANewVersionWhole();
  void givesUpWhenItChangesAgain();
  void asksOnceMoreWhetherItIsTheSame();
  void asksNothingOfAServerWithoutVersions();
  void loadsFromAServerWhoseTagsSayNothing();
  void goesByTheDateWhereTagsDiffer();
  void asksTheAddressGiven();
  void believesWhenItIsRefused_data();
  void believesWhenItIsRefused();
  void readsOnceMoreWhatIsGone();
};

void TestHttpVersions::readsANewVersionWhole_data() {
  QTest::addColumn<bool>("hasTag");
  QTest::addColumn<bool>("namesVary");
  QTest::addColumn<bool>("isJsonNew");
  QTest::newRow("by its tag") << true << false << false;
  QTest::newRow("by its date") << false << false << false;
  QTest::newRow("by its contents") << true << false << true;
  QTest::newRow("whose old weights are gone") << true << true << false;
}

void TestHttpVersions::readsANewVersionWhole() {
  QFETCH(bool, hasTag);
  QFETCH(bool, namesVary);
  QFETCH(bool, isJsonNew);
  VersionedPeer peer;
  peer.savesToCome = 1;
  peer.hasTag = hasTag;
  peer.hasDate = !hasTag;
  peer.namesVary = namesVary;
  peer.isJsonNew = isJsonNew;
  QString stamp;
  LoadOptions options;
  options.stamp = &stamp;
  const ModelArtifacts loaded = HttpStore().load(peer.url(), options);
  QCOMPARE(loaded.weightData->joined(), VersionedPeer::weightsOf(2));
  QCOMPARE(stamp, hasTag ? QStringLiteral("\"v2\"") : QString());
  QCOMPARE(peer.countOf("GET /w"), 2);
}

void TestHttpVersions::givesUpWhenItChangesAgain() {
  VersionedPeer peer;
  peer.savesToCome = 2;
  peer.isJsonNew = true;
  const Error error = errorOf([&] { HttpStore().load(peer.url()); });
  QCOMPARE(error.code(), std::string("E203"));
  QVERIFY(error.kind() == ErrorKind::Changed);
  QVERIFY2(error.message().find("/model.json was saved anew, twice, while it was read. Nothing was opened.") !=
               std::string::npos,
           error.what());
  QCOMPARE(HttpStore().load(peer.url()).weightData->joined(), VersionedPeer::weightsOf(3));
}

void TestHttpVersions::asksOnceMoreWhetherItIsTheSame() {
  VersionedPeer peer;
  QCOMPARE(HttpStore().load(peer.url()).weightData->joined(), VersionedPeer::weightsOf(1));
  QCOMPARE(int(peer.requests.size()), 3);
  QVERIFY(peer.requests.back().contains("If-None-Match: \"v1\""));
}

void TestHttpVersions::asksNothingOfAServerWithoutVersions() {
  VersionedPeer peer;
  peer.hasTag = false;
  QCOMPARE(HttpStore().load(peer.url()).weightData->joined(), VersionedPeer::weightsOf(1));
  QCOMPARE(int(peer.requests.size()), 2);
}

void TestHttpVersions::loadsFromAServerWhoseTagsSayNothing() {
  VersionedPeer peer;
  peer.isTagNew = true;
  QCOMPARE(HttpStore().load(peer.url()).weightData->joined(), VersionedPeer::weightsOf(1));
  QCOMPARE(peer.countOf("GET /w"), 2);
}

/// Several machines that serve one file may have a tag each.
void TestHttpVersions::goesByTheDateWhereTagsDiffer() {
  VersionedPeer peer;
  peer.isTagNew = true;
  peer.hasDate = true;
  QCOMPARE(HttpStore().load(peer.url()).weightData->joined(), VersionedPeer::weightsOf(1));
  QCOMPARE(peer.countOf("GET /w"), 1);
}

/// "latest" leads to another version now; the one that was read stays where it was.
void TestHttpVersions::asksTheAddressGiven() {
  VersionedPeer first, second;
  second.version = 2;
  const VersionedPeer* latest = &first;
  RawPeer given([&](const QByteArray& request) {
    const QByteArray name = request.mid(4, request.indexOf(" HTTP") - 4);
    const QByteArray answer = reply("302 Found", "", "Location: " + latest->url(name.constData()).toLatin1() + "\r\n");
    latest = &second;
    return answer;
  });
  const ModelArtifacts loaded = HttpStore().load(given.url());
  QCOMPARE(loaded.weightData->joined(), VersionedPeer::weightsOf(2));
  QCOMPARE(first.countOf("GET /model.json"), 1);
}

void TestHttpVersions::believesWhenItIsRefused_data() {
  QTest::addColumn<QByteArray>("status");
  for (const char* status : {"400 ExpiredToken", "401 No", "403 Expired", "418 Teapot"})
    QTest::newRow(status) << QByteArray(status);
}

/// A link or a token that ran out while the weights came.
void TestHttpVersions::believesWhenItIsRefused() {
  QFETCH(QByteArray, status);
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  int asked = 0;
  RawPeer peer([&](const QByteArray& request) {
    if (!request.startsWith("GET /model.json")) return reply("200 OK", weights);
    return asked++ == 0 ? reply("200 OK", modelJsonText("w"), "ETag: \"one\"\r\n") : reply(status.constData(), "");
  });
  QCOMPARE(HttpStore().load(peer.url()).weightData->joined(), weights);
  QCOMPARE(asked, 2);
}

/// Removed and saved anew by a program that does not do so in one step.
void TestHttpVersions::readsOnceMoreWhatIsGone() {
  int asked = 0, version = 1;
  RawPeer peer([&](const QByteArray& request) {
    if (!request.startsWith("GET /model.json")) return reply("200 OK", VersionedPeer::weightsOf(version));
    if (++asked == 2) {
      version = 2;
      return reply("404 Not Found", "");
    }
    return reply("200 OK", modelJsonText("w"), "ETag: \"v" + QByteArray::number(version) + "\"\r\n");
  });
  QCOMPARE(HttpStore().load(peer.url()).weightData->joined(), VersionedPeer::weightsOf(2));
}

QTEST_GUILESS_MAIN(TestHttpVersions)
#include "tst_HttpVersions.moc"

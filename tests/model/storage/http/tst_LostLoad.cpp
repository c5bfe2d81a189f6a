#include "model/storage/http/LostLoad.h"

#include "model/core/Error.h"
#include "tests/support/Patience.h"
#include "tests/support/QuickStore.h"
#include "tests/support/RawPeer.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace layersmith;
using namespace layersmith::fixtures;

class TestLostLoad : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void keepsOneModel();
  void anotherStoreGoesOn();
};

void TestLostLoad::keepsOneModel() {
  const auto part = [](const char* address, const char* version) {
    LostLoad::Part made;
    made.address = QLatin1String(address);
    made.json = "{}";
    made.version = version;
    return made;
  };
  LostLoad lost;
  QVERIFY(!lost.take(part("a", "1")));
  lost.keep(part("a", "1"));
  QVERIFY(!lost.take(part("b", "1")));  // and leaves it
  QVERIFY(lost.take(part("a", "1")));
  QVERIFY(!lost.take(part("a", "1")));  // one load goes on with it, no two
  lost.keep(part("a", "1"));
  QVERIFY(!lost.take(part("a", "2")));
  QVERIFY(!lost.take(part("a", "1")));  // nobody wants the old version any more
  lost.keep(part("a", "1"));
  lost.keep(part("b", "1"));
  QVERIFY(!lost.take(part("a", "1")) && lost.take(part("b", "1")));
}

/// The studio's next try runs on another thread, with a store of its own; what other loads do meanwhile takes nothing
/// from it.
void TestLostLoad::anotherStoreGoesOn() {
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  bool isCutting = true;
  RawPeer peer([&](const QByteArray& request) {
    const QByteArray tag = "ETag: \"one\"\r\n";
    if (request.startsWith("GET /model.json ")) return reply("200 OK", modelJsonText("w"), tag);
    if (request.startsWith("GET /other.json ")) return reply("200 OK", modelJsonText("x"), tag);
    if (request.startsWith("GET /x ")) return reply("200 OK", weights, tag);
    const QByteArray range = "Content-Range: bytes 40-91/92\r\n";
    const QByteArray whole = rangeOf(request) == 40 ? reply("206 Partial Content", weights.mid(40), tag + range)
                                                    : reply("200 OK", weights, tag);
    return isCutting ? whole.chopped(52) : whole;
  });
  const auto lost = std::make_shared<LostLoad>();
  LoadOptions options;
  options.keepsUnfinished = true;
  HttpStore first(lost);
  first.transfer().setPause([&](int, const auto&) { return false; });
  QVERIFY(errorOf([&] { first.load(peer.url(), options); }).kind() == ErrorKind::Cancelled);  // nothing is kept of it
  const auto lose = [&](HttpStore& store) {
    store.transfer().setPause(dontWait);
    isCutting = true;
    const Error error = errorOf([&] { store.load(peer.url(), options); });
    isCutting = false;
    peer.requests.clear();
    return error;
  };
  QCOMPARE(lose(first).code(), std::string("E301"));
  QCOMPARE(HttpStore(lost).load(peer.url("/other.json"), options).weightData->joined(), weights);
  QCOMPARE(HttpStore(lost).load(peer.url("/other.json")).weightData->joined(), weights);
  QVERIFY(!HttpStore(lost).loadStructure(peer.url(), options).weightSpecs.empty());
  peer.requests.clear();

  std::atomic<bool> isDone = false;
  QByteArray loaded;
  const QString url = peer.url();
  std::thread worker([&] {
    loaded = HttpStore(lost).load(url, options).weightData->joined();
    isDone = true;
  });
  QTRY_VERIFY_WITH_TIMEOUT(isDone.load(), kPatienceMs);
  worker.join();
  QCOMPARE(loaded, weights);
  QCOMPARE(rangesAsked(peer), std::vector<qsizetype>{40});
}

QTEST_GUILESS_MAIN(TestLostLoad)
#include "tst_LostLoad.moc"

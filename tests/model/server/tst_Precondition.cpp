#include "model/server/Precondition.h"

#include "model/core/Error.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/folder/FolderTrash.h"
#include "tests/support/ServiceBench.h"

#include <QTest>

using namespace layersmith;
using namespace layersmith::fixtures;

/// If-Match of what changes models, while other programs write to the same place.
class TestPrecondition : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void removesWhatIsUnchanged_data() { places(); }
  void removesWhatIsUnchanged();
  void keepsWhatOvertookARemoval_data() { places(); }
  void keepsWhatOvertookARemoval();
  void tellsTheEtagOfWhatItStored_data() { places(); }
  void tellsTheEtagOfWhatItStored();
  void replacesWhatIsUnchanged_data() { places(); }
  void replacesWhatIsUnchanged();
  void keepsWhatOvertookAnUpload_data() { places(); }
  void keepsWhatOvertookAnUpload();
  void readsLinesAsOneList();
  void emptyConditionsAreNotAbsent();
  void aStoredModelIsNoFailure_data() { places(); }
  void aStoredModelIsNoFailure();

 private:
  static void places() {
    QTest::addColumn<bool>("isStore");
    QTest::newRow("folder") << false;
    QTest::newRow("store") << true;
  }
};

void TestPrecondition::removesWhatIsUnchanged() {
  QFETCH(bool, isStore);
  Bench bench(isStore);
  bench.upload("/upload/moons", partsOf(QStringLiteral("plain")));
  const auto etag = [&] { return std::string(fieldOf(bench.ask("GET", "/models/moons/model.json").fields, "ETag")); };
  const std::string before = etag();
  bench.upload("/upload/moons", partsOf(QStringLiteral("optimizer")));
  const Answer refused = bench.ask("DELETE", "/models/moons", {{"If-Match", before}});
  QCOMPARE(refused.status, 412);
  QCOMPARE(refused.code(), QByteArray("E203"));
  QCOMPARE(bench.ask("DELETE", "/models/moons", {{"If-Match", etag()}}).status, 200);
  QCOMPARE(bench.ask("DELETE", "/models/moons", {{"If-Match", before}}).status, 412);
}

void TestPrecondition::keepsWhatOvertookARemoval() {
  QFETCH(bool, isStore);
  Bench bench(isStore);
  bench.upload("/upload/moons", partsOf(QStringLiteral("plain")));
  const std::string etag(fieldOf(bench.ask("GET", "/models/moons/model.json").fields, "ETag"));
  bench.repository().overtake = [&] { bench.upload("/upload/moons", partsOf(QStringLiteral("optimizer"))); };
  const Answer refused = bench.ask("DELETE", "/models/moons", {{"If-Match", etag}});
  QCOMPARE(refused.status, 412);
  QCOMPARE(refused.code(), QByteArray("E203"));
  QCOMPARE(bench.ask("GET", "/models/moons/model.weights.bin").body,
           capture(QStringLiteral("optimizer")).weightData->joined());

  const std::string now(fieldOf(bench.ask("GET", "/models/moons/model.json").fields, "ETag"));
  bench.repository().overtake = [&] { bench.repository().remove(QStringLiteral("moons"), {}); };
  QCOMPARE(bench.ask("DELETE", "/models/moons", {{"If-Match", now}}).status, 412);
}

/// So that the next save knows what it replaces. Written over in between, it is an ETag that nothing has.
void TestPrecondition::tellsTheEtagOfWhatItStored() {
  QFETCH(bool, isStore);
  Bench bench(isStore);
  const auto served = [&] { return bench.ask("GET", "/models/moons/model.json").etag(); };
  const Answer first = bench.upload("/upload/moons", partsOf(QStringLiteral("plain")));
  QVERIFY(!first.etag().empty());
  QCOMPARE(first.etag(), served());
  bench.repository().overtake = [&] { bench.upload("/upload/moons", partsOf(QStringLiteral("optimizer"))); };
  const Answer overtaken = bench.upload("/upload/moons", partsOf(QStringLiteral("plain")));
  QCOMPARE(overtaken.status, 200);
  QVERIFY(overtaken.etag().size() > 2 && overtaken.etag() != first.etag() && overtaken.etag() != served());
}

void TestPrecondition::replacesWhatIsUnchanged() {
  QFETCH(bool, isStore);
  Bench bench(isStore);
  const auto plain = partsOf(QStringLiteral("plain")), other = partsOf(QStringLiteral("optimizer"));
  const QByteArray first = capture(QStringLiteral("plain")).weightData->joined();
  const auto stored = [&] { return bench.ask("GET", "/models/moons/model.weights.bin").body; };
  QCOMPARE(bench.upload("/upload/moons", plain, {{"If-Match", "\"none\""}}).status, 412);
  QCOMPARE(bench.upload("/upload/moons", plain, {{"If-Match", "*"}}).status, 412);
  const std::string etag = bench.upload("/upload/moons", plain).etag();

  const Answer refused = bench.upload("/upload/moons", other, {{"If-Match", "\"another\""}});
  QCOMPARE(refused.status, 412);
  QCOMPARE(refused.code(), QByteArray("E203"));
  QVERIFY2(refused.body.contains("Nothing was changed."), refused.body.constData());
  QCOMPARE(stored(), first);
  QCOMPARE(bench.staged(), QStringList());

  const Answer replaced = bench.upload("/upload/moons", other, {{"If-Match", etag}, {"Prefer", "keep-replaced"}});
  QCOMPARE(replaced.status, 200);
  QVERIFY(stored() != first);
  QCOMPARE(bench.upload("/upload/moons", plain, {{"If-Match", etag}}).status, 412);
  QCOMPARE(bench.upload("/upload/moons", plain, {{"If-Match", "\"x\", " + replaced.etag()}}).status, 200);
  QCOMPARE(bench.upload("/upload/moons", plain, {{"If-Match", "*"}}).status, 200);
  const auto trashed = isStore ? ModelLibrary(bench.path("store.sqlite")).trash().size()
                               : FolderTrash(bench.path("models/.trash")).list().size();
  QCOMPARE(trashed, 1u);
}

/// Another program writes between the check and the publishing: the two are one step.
void TestPrecondition::keepsWhatOvertookAnUpload() {
  QFETCH(bool, isStore);
  Bench bench(isStore);
  const std::string etag = bench.upload("/upload/moons", partsOf(QStringLiteral("plain"))).etag();
  bench.repository().overtake = [&] { bench.upload("/upload/moons", partsOf(QStringLiteral("optimizer"))); };
  const Answer refused = bench.upload("/upload/moons", partsOf(QStringLiteral("plain")), {{"If-Match", etag}});
  QCOMPARE(refused.status, 412);
  QCOMPARE(refused.code(), QByteArray("E203"));
  QCOMPARE(bench.ask("GET", "/models/moons/model.weights.bin").body,
           capture(QStringLiteral("optimizer")).weightData->joined());
}

void TestPrecondition::readsLinesAsOneList() {
  Bench bench(false);
  const auto plain = partsOf(QStringLiteral("plain"));
  const std::string etag = bench.upload("/upload/moons", plain).etag();
  QCOMPARE(bench.ask("DELETE", "/models/moons", {{"If-Match", "W/" + etag}}).status, 412);
  const Answer replaced = bench.upload("/upload/moons", plain, {{"If-Match", "\"x\""}, {"If-Match", etag}});
  QCOMPARE(replaced.status, 200);
  QCOMPARE(bench.upload("/upload/moons", plain, {{"If-None-Match", "*"}, {"If-None-Match", "*"}}).status, 412);
  QCOMPARE(bench.upload("/upload/moons", plain, {{"Prefer", "wait=10"}, {"Prefer", "keep-replaced"}}).status, 200);
  QCOMPARE(FolderTrash(bench.path("models/.trash")).list().size(), 1u);
  const std::string now(bench.ask("GET", "/models/moons/model.json").etag());
  QCOMPARE(bench.ask("DELETE", "/models/moons", {{"If-Match", "\"x\""}, {"If-Match", now}}).status, 200);
}

void TestPrecondition::emptyConditionsAreNotAbsent() {
  Bench bench(false);
  const auto plain = partsOf(QStringLiteral("plain")), other = partsOf(QStringLiteral("optimizer"));
  bench.upload("/upload/moons", plain);
  for (const char* empty : {"", " ", ", ,"}) {
    const Answer refused = bench.ask("DELETE", "/models/moons", {{"If-Match", empty}});
    QCOMPARE(refused.status, 400);
    QCOMPARE(refused.code(), QByteArray("E306"));
    QCOMPARE(bench.upload("/upload/moons", other, {{"If-Match", empty}}).status, 400);
    QCOMPARE(bench.upload("/upload/moons", other, {{"If-None-Match", empty}}).status, 400);
  }
  QCOMPARE(bench.ask("GET", "/models/moons/model.weights.bin").body,
           capture(QStringLiteral("plain")).weightData->joined());
}

/// The place cannot be read just after it was written: the answer says that the model is there, once and for all.
void TestPrecondition::aStoredModelIsNoFailure() {
  QFETCH(bool, isStore);
  Bench bench(isStore);
  const auto plain = partsOf(QStringLiteral("plain"));
  for (const ErrorKind kind : {ErrorKind::Busy, ErrorKind::Io}) {
    const std::string key = toString(kind), target = "/upload/" + key;
    bench.repository().overtake = [&] { throw Error(kind, "Not now."); };
    const Answer stored = bench.upload(target, plain, {{"Idempotency-Key", key}});
    QVERIFY2(stored.status == 200, stored.body.constData());
    QVERIFY(stored.etag().size() > 2);
    QVERIFY(stored.etag() != bench.ask("GET", "/models/" + key + "/model.json").etag());
    const Answer again = bench.upload(target, plain, {{"Idempotency-Key", key}});
    QCOMPARE(again.body, stored.body);
    QCOMPARE(std::string(fieldOf(again.fields, "Idempotency-Replayed")), std::string("true"));
  }
}

QTEST_GUILESS_MAIN(TestPrecondition)
#include "tst_Precondition.moc"

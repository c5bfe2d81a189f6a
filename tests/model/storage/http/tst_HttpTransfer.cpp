#include "model/storage/http/HttpTransfer.h"

#include "model/storage/ModelLibrary.h"
#include "model/storage/http/HttpStore.h"
#include "tests/support/QuickStore.h"
#include "tests/support/RandomCases.h"
#include "tests/support/RawPeer.h"

#include <QTemporaryDir>

#include <algorithm>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

QByteArray chunked(const QByteArray& body) {
  QByteArray text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (qsizetype at = 0; at < body.size(); at += 16) {
    const QByteArray piece = body.mid(at, 16);
    text += QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
  }
  return text + "0\r\n\r\n";
}

QByteArray gzipped(const QByteArray& bytes) {
  quint32 crc = ~0u;
  for (const char byte : bytes) {
    crc ^= quint8(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
  }
  QByteArray end;
  for (const quint32 number : {~crc, quint32(bytes.size())})
    for (int shift = 0; shift < 32; shift += 8) end += char(number >> shift & 0xff);
  return QByteArray("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + qCompress(bytes).mid(6).chopped(4) + end;
}

}  // namespace

/// Connections that fail, in every way a store sees them.
class TestHttpTransfer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cutAtEveryByte_data();
  void cutAtEveryByte();
  void goesOnWhereItWasCut();
  void anotherLoadGoesOn();
  void startsAnewWhenTheFileChanged();
  void givesUpAfterThreeTries();
  void waitsForABusyServer();
  void repeatsAPutButNoPost();
  void aBrokenReplyIsNoSuccess_data();
  void aBrokenReplyIsNoSuccess();
  void cancelsAtAnyTime();
  void decodesWhatIsCompressedUnasked();
  void refusesHeadersThatBreakTheRequest();
};

void TestHttpTransfer::cutAtEveryByte_data() {
  QTest::addColumn<QString>("framing");
  for (const char* framing : {"with length", "chunked", "neither"})
    QTest::newRow(framing) << QString::fromLatin1(framing);
}

/// The peer closes after byte n of its answer, for model.json and for the weights: an error each time, and what a copy
/// was to replace stays as it was.
void TestHttpTransfer::cutAtEveryByte() {
  QFETCH(QString, framing);
  const QByteArray json = modelJsonText("w"), weights = capture(QStringLiteral("plain")).weightData->joined();
  const auto answer = [&](const QByteArray& body) {
    if (framing == QStringLiteral("with length")) return reply("200 OK", body);
    return framing == QStringLiteral("chunked") ? chunked(body) : "HTTP/1.1 200 OK\r\n\r\n" + body;
  };
  QuickStore store;
  LoadOptions impatient;
  impatient.http.timeoutMs = 200;  // Qt does not notice the end of a connection that is cut between two chunks
  QTemporaryDir home;
  ModelLibrary library(home.filePath(QStringLiteral("store.sqlite")));
  dynamic_cast<HttpStore&>(library.store(QStringLiteral("http"))).transfer().setPause(dontWait);
  const QString kept = QStringLiteral("indexeddb://kept");
  const ModelArtifacts old = capture(QStringLiteral("optimizer"));
  const QString stamp = library.save(kept, old).stamp;
  QRandomGenerator random = randomCases();
  for (const bool cutsJson : {true, false}) {
    const QByteArray whole = answer(cutsJson ? json : weights);
    std::vector<qsizetype> cuts;
    for (qsizetype n = 0; n <= 64; ++n) cuts.push_back(n);
    for (int i = 0; i < 200; ++i) cuts.push_back(random.bounded(int(whole.size())));
    qsizetype cut = 0;
    RawPeer peer([&](const QByteArray& request) {
      const bool isJson = request.startsWith("GET /model.json");
      return isJson == cutsJson ? whole.left(cut) : answer(isJson ? json : weights);
    });
    for (const qsizetype one : cuts) {
      cut = std::min(one, whole.size() - 1);
      // The end of the last chunk alone may be missing: then every byte of the body is there.
      if (framing == QStringLiteral("chunked") && cut >= whole.size() - 7) continue;
      const Error error = errorOf([&] { library.copy(peer.url(), kept, true, impatient); });
      QCOMPARE(library.stamp(kept), stamp);
      const bool isNamed = error.code() == "E301" || error.code() == "E110" || error.code() == "E102" ||
                           (cutsJson && (error.code() == "E103" || error.code() == "E104"));
      QVERIFY2(isNamed, qPrintable(QStringLiteral("byte %1: %2").arg(cut).arg(QLatin1String(error.what()))));
    }
    QCOMPARE(wholeOf(library.load(kept)), wholeOf(old));
    QCOMPARE(library.trash().size(), 0u);
    cut = whole.size();
    QCOMPARE(store.load(peer.url()).weightData->joined(), weights);
  }
  RawPeer whole(
      [&](const QByteArray& request) { return answer(request.startsWith("GET /model.json") ? json : weights); });
  library.copy(whole.url(), kept, true, impatient);
  QCOMPARE(library.load(kept).weightData->joined(), weights);
}

void TestHttpTransfer::goesOnWhereItWasCut() {
  const QByteArray weights = sized(5000, 3).weightData->joined();
  ModelArtifacts model = sized(5000, 3);
  const QByteArray json = toJsonBytes(modelJson(model, singleGroup(model, "w")));
  const QByteArray tag = "ETag: \"one\"\r\n";
  RawPeer peer([&](const QByteArray& request) {
    if (request.startsWith("GET /model.json")) return reply("200 OK", json);
    const qsizetype start = rangeOf(request);
    if (start < 0) return reply("200 OK", weights, tag).chopped(12'000);
    const QByteArray range = "Content-Range: bytes " + QByteArray::number(start) + "-19999/20000\r\n";
    const QByteArray rest = reply("206 Partial Content", weights.mid(start), tag + range);
    return start < 12'000 ? rest.chopped(6'000) : rest;
  });
  QuickStore store;
  std::vector<std::int64_t> seen;
  LoadOptions options;
  options.progress = [&](std::int64_t done, std::int64_t total) {
    seen.push_back(done);
    return total >= done;
  };
  QCOMPARE(store.load(peer.url(), options).weightData->joined(), weights);
  QCOMPARE(store.pauses, (std::vector<int>{1'000, 4'000}));
  QCOMPARE(rangesAsked(peer), (std::vector<qsizetype>{-1, 8'000, 14'000}));
  QVERIFY(peer.requests.back().contains("\r\nIf-Range: \"one\"\r\n"));
  QVERIFY(std::ranges::is_sorted(seen));  // what is there is not fetched twice
  QCOMPARE(seen.back(), weights.size());
}

/// A person tries again after the program has given up.
void TestHttpTransfer::anotherLoadGoesOn() {
  const ModelArtifacts model = sized(5000, 3);
  const QByteArray weights = model.weightData->joined();
  std::vector<WeightsGroup> groups = singleGroup(model, "v");
  groups[0].paths = {"v", "w"};
  const QByteArray json = toJsonBytes(modelJson(model, groups));
  QByteArray jsonTag = "ETag: \"json\"\r\n", tag = "ETag: \"one\"\r\n", served = weights;
  constexpr qsizetype kCut = 8'000;
  bool isCutting = true;
  RawPeer peer([&](const QByteArray& request) {
    if (request.startsWith("GET /model.json")) return reply("200 OK", json, jsonTag);
    if (request.startsWith("GET /v ")) return reply("200 OK", served.left(100), tag);
    const QByteArray file = served.mid(100), wanted = request.mid(request.indexOf("If-Range: ") + 10);
    const bool isRest = rangeOf(request) > 0 && tag.mid(6) == wanted.left(wanted.indexOf("\r\n") + 2);
    const qsizetype start = isRest ? rangeOf(request) : 0;
    const QByteArray range = "Content-Range: bytes " + QByteArray::number(start) + "-19899/19900\r\n";
    const QByteArray whole =
        isRest ? reply("206 Partial Content", file.mid(start), tag + range) : reply("200 OK", file, tag);
    return isCutting ? whole.chopped(file.size() - std::max(start, kCut)) : whole;
  });
  QuickStore store;
  LoadOptions options;
  const auto lose = [&] {
    isCutting = true;
    const Error error = errorOf([&] { store.load(peer.url(), options); });
    isCutting = false;
    peer.requests.clear();
    return QString::fromStdString(error.message());
  };
  QVERIFY(lose().endsWith(QStringLiteral("lost after 7.81 KiB of 19.43 KiB. Nothing was changed. Try again.")));
  options.keepsUnfinished = true;
  QVERIFY(lose().endsWith(QStringLiteral("Nothing was changed. Try again: it goes on at 7.81 KiB.")));
  QVERIFY(lose().endsWith(QStringLiteral("Nothing was changed. Try again: it goes on at 7.81 KiB.")));
  QCOMPARE(store.load(peer.url(), options).weightData->joined(), weights);
  QCOMPARE(rangesAsked(peer), std::vector<qsizetype>{kCut});
  QVERIFY(!std::ranges::any_of(peer.requests, [](const QByteArray& one) { return one.startsWith("GET /v "); }));
  peer.requests.clear();
  QCOMPARE(store.load(peer.url(), options).weightData->joined(), weights);  // that one was finished
  QCOMPARE(rangesAsked(peer), std::vector<qsizetype>{-1});

  // Another version meanwhile, of the file that was cut or of the model; or nobody can tell.
  lose();
  tag = "ETag: \"two\"\r\n";
  served = served.left(100) + QByteArray(19'900, 'x');
  QCOMPARE(store.load(peer.url(), options).weightData->joined(), served);
  QCOMPARE(rangesAsked(peer), std::vector<qsizetype>{kCut});
  lose();
  jsonTag = "ETag: \"json 2\"\r\n";
  served = QByteArray(20'000, 'y');
  QCOMPARE(store.load(peer.url(), options).weightData->joined(), served);
  QCOMPARE(rangesAsked(peer).back(), -1);  // Qt may have repeated the request before
  jsonTag.clear();
  QVERIFY(lose().endsWith(QStringLiteral("Nothing was changed. Try again.")));
}

void TestHttpTransfer::startsAnewWhenTheFileChanged() {
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  RawPeer peer([&](const QByteArray& request) {
    if (request.startsWith("GET /model.json")) return reply("200 OK", modelJsonText("w"));
    if (rangeOf(request) < 0) return reply("200 OK", QByteArray(92, 'x'), "ETag: \"old\"\r\n").chopped(40);
    return reply("200 OK", weights, "ETag: \"new\"\r\n");  // If-Range does not hold: all of the new one
  });
  QuickStore store;
  QCOMPARE(store.load(peer.url()).weightData->joined(), weights);
  QCOMPARE(rangesAsked(peer), (std::vector<qsizetype>{-1, 52}));
  // A server that gives another part than the one asked for, that of a newer file (it knows no If-Range), or says that
  // there is none.
  const std::pair<const char*, QByteArray> answers[] = {
      {"206 Partial Content", "Content-Range: bytes 3-42/92\r\n"},
      {"206 Partial Content", "Content-Range: bytes 52-91/92\r\nETag: \"b\"\r\n"},
      {"416 Range Not Satisfiable", ""}};
  for (const auto& [status, headers] : answers) {
    bool isAskedForRest = false;
    RawPeer odd([&](const QByteArray& request) {
      if (request.startsWith("GET /model.json")) return reply("200 OK", modelJsonText("w"));
      if (rangeOf(request) < 0)
        return isAskedForRest ? reply("200 OK", weights) : reply("200 OK", weights, "ETag: \"a\"\r\n").chopped(40);
      isAskedForRest = true;
      return reply(status, QByteArray(40, 'x'), headers);
    });
    QCOMPARE(store.load(odd.url()).weightData->joined(), weights);
    QCOMPARE(rangesAsked(odd), (std::vector<qsizetype>{-1, 52, -1}));
  }
  // Without a validator nothing says that it is the same file still.
  int asked = 0;
  RawPeer plain([&](const QByteArray& request) {
    if (request.startsWith("GET /model.json")) return reply("200 OK", modelJsonText("w"));
    return ++asked == 1 ? reply("200 OK", QByteArray(92, 'x')).chopped(40) : reply("200 OK", weights);
  });
  QCOMPARE(store.load(plain.url()).weightData->joined(), weights);
  QCOMPARE(rangesAsked(plain), std::vector<qsizetype>{-1});
}

void TestHttpTransfer::givesUpAfterThreeTries() {
  RawPeer peer([](const QByteArray&) { return QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"); });
  QuickStore store;
  const Error error = errorOf([&] { store.load(peer.url()); });
  QCOMPARE(error.code(), std::string("E301"));
  QVERIFY2(error.message().find("lost after 1 bytes of 500 bytes. Nothing was changed.") != std::string::npos,
           error.what());
  QCOMPARE(store.pauses, (std::vector<int>{1'000, 4'000, 16'000}));
  QVERIFY(peer.requests.size() >= 4);
}

void TestHttpTransfer::waitsForABusyServer() {
  int asked = 0;
  RawPeer peer([&](const QByteArray& request) {
    if (!request.startsWith("GET /model.json"))
      return reply("200 OK", capture(QStringLiteral("plain")).weightData->joined());
    return ++asked < 3 ? reply("503 Busy", "later") : reply("200 OK", modelJsonText("w"));
  });
  QuickStore store;
  store.load(peer.url());
  QVERIFY(store.pauses.size() == 1 || store.pauses.size() == 2);  // Qt may have asked once more by itself
  RawPeer broken([](const QByteArray&) { return reply("500 Oops", "no"); });
  QuickStore once;
  COMPARE_ERROR(once.load(broken.url()), "E305");
  QCOMPARE(once.pauses.size(), 0u);
}

void TestHttpTransfer::repeatsAPutButNoPost() {
  for (const char* method : {"PUT", "POST"}) {
    int asked = 0;
    RawPeer peer(
        [&](const QByteArray&) { return ++asked < 3 ? reply("503 Busy", "later") : reply("200 OK", "stored"); });
    QuickStore store;
    SaveOptions options;
    options.http.method = QString::fromLatin1(method);
    if (options.http.method == QStringLiteral("PUT")) {
      QCOMPARE(store.save(peer.url("/up"), capture(QStringLiteral("plain")), options).httpStatus, 200);
      QVERIFY(peer.requests.size() >= 3);
      const auto key = [](const QByteArray& request) {
        const qsizetype mark = request.indexOf("\r\nIdempotency-Key: ");
        return request.mid(mark, request.indexOf("\r\n", mark + 2) - mark);
      };
      QVERIFY(key(peer.requests[0]).size() > 30);
      QCOMPARE(key(peer.requests[0]), key(peer.requests[2]));  // the server can tell that it is one save
    } else {
      COMPARE_ERROR(store.save(peer.url("/up"), capture(QStringLiteral("plain")), options), "E305");
      QCOMPARE(peer.requests.size(), 1u);
    }
  }
}

void TestHttpTransfer::aBrokenReplyIsNoSuccess_data() {
  QTest::addColumn<QByteArray>("answer");
  QTest::newRow("with length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nstore");
  QTest::newRow("no byte") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
}

void TestHttpTransfer::aBrokenReplyIsNoSuccess() {
  QFETCH(QByteArray, answer);
  RawPeer peer([&](const QByteArray&) { return answer; });
  for (const char* method : {"POST", "PUT"}) {
    QuickStore store;
    SaveOptions options;
    options.http.timeoutMs = 300;
    options.http.method = QString::fromLatin1(method);
    const Error error = errorOf([&] { store.save(peer.url("/up"), capture(QStringLiteral("plain")), options); });
    QCOMPARE(error.code(), std::string("E301"));
    QVERIFY2(error.message().find("answered with status 200, but its reply broke off") != std::string::npos,
             error.what());
    QVERIFY2(error.message().find("Nothing was changed") == std::string::npos, error.what());
  }
}

void TestHttpTransfer::cancelsAtAnyTime() {
  const ModelArtifacts model = sized(200'000);
  const QByteArray json = toJsonBytes(modelJson(model, singleGroup(model, "w")));
  RawPeer peer([&](const QByteArray& request) {
    return request.startsWith("GET /model.json") ? reply("200 OK", json) : reply("200 OK", model.weightData->joined());
  });
  int ticks = 0;
  LoadOptions counting;
  counting.progress = [&](std::int64_t, std::int64_t) { return ++ticks > 0; };
  QuickStore store;
  store.load(peer.url(), counting);
  QVERIFY(ticks > 1);
  for (int stop = 1; stop <= ticks; ++stop) {
    LoadOptions options;
    int left = stop;
    options.progress = [&](std::int64_t, std::int64_t) { return --left > 0; };
    try {
      store.load(peer.url(), options);
      QVERIFY(left > 0);  // it came in fewer pieces this time
    } catch (const Error& error) {
      QVERIFY(error.kind() == ErrorKind::Cancelled);
    }
  }
  RawPeer silent([&](const QByteArray& request) {
    return request.startsWith("GET /model.json") ? reply("200 OK", json) : QByteArray("silence");
  });
  LoadOptions options;
  QElapsedTimer timer;
  options.progress = [&](std::int64_t, std::int64_t) { return timer.elapsed() < 300; };
  timer.start();
  QVERIFY(errorOf([&] { store.load(silent.url(), options); }).kind() == ErrorKind::Cancelled);
  QVERIFY(timer.elapsed() < 10'000);
}

void TestHttpTransfer::refusesHeadersThatBreakTheRequest() {
  RawPeer peer([](const QByteArray&) { return reply("200 OK", "stored"); });
  const QList<std::pair<QString, QString>> bad{{QStringLiteral("A"), QStringLiteral("b\r\nEvil: s3cret")},
                                               {QStringLiteral("A\nB"), QStringLiteral("c")},
                                               {QStringLiteral("A B"), QStringLiteral("c")},
                                               {QStringLiteral("content-length"), QStringLiteral("3")},
                                               {QStringLiteral("Transfer-Encoding"), QStringLiteral("chunked")},
                                               {QStringLiteral("Content-Type"), QStringLiteral("text/plain")}};
  for (const auto& header : bad) {
    SaveOptions saving;
    LoadOptions loading;
    saving.http.headers = loading.http.headers = {header};
    const Error save = errorOf([&] { HttpStore().save(peer.url("/up"), capture(QStringLiteral("plain")), saving); });
    QVERIFY(save.kind() == ErrorKind::InvalidConfig);
    QVERIFY2(save.message().find("s3cret") == std::string::npos, save.what());
    QVERIFY(errorOf([&] { HttpStore().load(peer.url(), loading); }).kind() == ErrorKind::InvalidConfig);
  }
  QCOMPARE(peer.requests.size(), 0u);
}

/// Some servers always do so; a browser takes it.
void TestHttpTransfer::decodesWhatIsCompressedUnasked() {
  ModelArtifacts model = sized(100'000, 3);
  QByteArray zeros(model.weightData->size(), '\0');  // 1000 : 1
  const QByteArray json = toJsonBytes(modelJson(model, singleGroup(model, "w")));
  const QByteArray headers = "Content-Encoding: gzip\r\nETag: \"one\"\r\n";
  int asked = 0;
  RawPeer peer([&](const QByteArray& request) {
    if (request.startsWith("GET /model.json")) return reply("200 OK", gzipped(json), headers);
    const QByteArray whole = reply("200 OK", gzipped(zeros), headers);
    return ++asked == 1 ? whole.chopped(100) : whole;
  });
  QuickStore store;
  QCOMPARE(store.load(peer.url()).weightData->joined(), zeros);
  for (const QByteArray& request : peer.requests) QVERIFY(rangeOf(request) < 0);
  zeros = QByteArray(model.weightData->size() + 2 * 1024 * 1024, '\0');  // the limit is one of decoded bytes
  COMPARE_ERROR(store.load(peer.url()), "E130");
}

QTEST_GUILESS_MAIN(TestHttpTransfer)
#include "tst_HttpTransfer.moc"

#include "model/storage/HttpTransfer.h"

#include "model/storage/HttpStore.h"
#include "tests/support/RawPeer.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QTemporaryDir>

#include <algorithm>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

/// A store that does not wait between tries, and remembers how long it would have waited.
struct QuickStore {
  QuickStore() {
    store.transfer().setPause([this](int milliseconds, const std::function<bool()>& isWanted) {
      pauses.push_back(milliseconds);
      return isWanted();
    });
  }
  ModelArtifacts load(const QString& url, const LoadOptions& options = {}) { return store.load(url, options); }
  SaveResult save(const QString& url, const ModelArtifacts& artifacts, const SaveOptions& options = {}) {
    return store.save(url, artifacts, options);
  }
  HttpStore store;
  std::vector<int> pauses;
};

/// What a request asks for by "Range: bytes=N-"; -1 when it asks for all.
qsizetype rangeOf(const QByteArray& request) {
  const qsizetype mark = request.indexOf("\r\nRange: bytes=");
  return mark < 0 ? -1 : request.mid(mark + 15, request.indexOf('-', mark) - mark - 15).toLongLong();
}

/// Where the requests for the weights begin, one after the other; Qt repeats one whose connection was closed under it.
std::vector<qsizetype> rangesAsked(const RawPeer& peer) {
  std::vector<qsizetype> starts;
  for (const QByteArray& request : peer.requests)
    if (request.startsWith("GET /w ")) starts.push_back(rangeOf(request));
  const auto repeated = std::ranges::unique(starts);
  starts.erase(repeated.begin(), repeated.end());
  return starts;
}

QByteArray chunked(const QByteArray& body) {
  QByteArray text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (qsizetype at = 0; at < body.size(); at += 16) {
    const QByteArray piece = body.mid(at, 16);
    text += QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
  }
  return text + "0\r\n\r\n";
}

}  // namespace

/// Connections that fail, in every way a store sees them.
class TestHttpTransfer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cutAtEveryByte_data();
  void cutAtEveryByte();
  void goesOnWhereItWasCut();
  void startsAnewWhenTheFileChanged();
  void givesUpAfterThreeTries();
  void waitsForABusyServer();
  void repeatsAPutButNoPost();
  void cancelsAtAnyTime();
  void checksCertificates();
  void silenceEnds();
  void unreachable();
};

void TestHttpTransfer::cutAtEveryByte_data() {
  QTest::addColumn<QString>("framing");
  for (const char* framing : {"with length", "chunked", "neither"})
    QTest::newRow(framing) << QString::fromLatin1(framing);
}

/// The peer closes after byte n of its answer, for model.json and for the weights: an error each time, never a model.
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
  for (const bool cutsJson : {true, false}) {
    const QByteArray whole = answer(cutsJson ? json : weights);
    std::vector<qsizetype> cuts;
    for (qsizetype n = 0; n <= 64; ++n) cuts.push_back(n);
    for (int i = 0; i < 200; ++i) cuts.push_back(QRandomGenerator::global()->bounded(int(whole.size())));
    qsizetype cut = 0;
    RawPeer peer([&](const QByteArray& request) {
      const bool isJson = request.startsWith("GET /model.json");
      return isJson == cutsJson ? whole.left(cut) : answer(isJson ? json : weights);
    });
    for (const qsizetype one : cuts) {
      cut = std::min(one, whole.size() - 1);
      // The end of the last chunk alone may be missing: then every byte of the body is there.
      if (framing == QStringLiteral("chunked") && cut >= whole.size() - 7) continue;
      const Error error = errorOf([&] { store.load(peer.url(), impatient); });
      const bool isNamed = error.code() == "E301" || error.code() == "E110" || error.code() == "E102" ||
                           (cutsJson && (error.code() == "E103" || error.code() == "E104"));
      QVERIFY2(isNamed, qPrintable(QStringLiteral("byte %1: %2").arg(cut).arg(QLatin1String(error.what()))));
    }
    cut = whole.size();
    QCOMPARE(store.load(peer.url()).weightData->joined(), weights);
  }
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
  // A server that gives another part than the one asked for, or says that there is none.
  for (const bool isWrongPart : {true, false}) {
    bool isAskedForRest = false;
    RawPeer odd([&](const QByteArray& request) {
      if (request.startsWith("GET /model.json")) return reply("200 OK", modelJsonText("w"));
      if (rangeOf(request) < 0)
        return isAskedForRest ? reply("200 OK", weights) : reply("200 OK", weights, "ETag: \"a\"\r\n").chopped(40);
      isAskedForRest = true;
      return isWrongPart ? reply("206 Partial Content", QByteArray(10, 'x'), "Content-Range: bytes 3-12/92\r\n")
                         : reply("416 Range Not Satisfiable", "");
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
  QVERIFY(timer.elapsed() < 2'000);
}

void TestHttpTransfer::checksCertificates() {
  QTemporaryDir folder;
  const QString certificate = folder.filePath(QStringLiteral("cert.pem")),
                key = folder.filePath(QStringLiteral("key.pem"));
  QProcess openssl;
  openssl.start(QStringLiteral("openssl"),
                QStringLiteral("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=here -addext "
                               "subjectAltName=IP:127.0.0.1 -keyout %1 -out %2")
                    .arg(key, certificate)
                    .split(u' '));
  QVERIFY(openssl.waitForFinished(60'000));
  QVERIFY2(openssl.exitCode() == 0, openssl.readAllStandardError().constData());
  QFile certificateFile(certificate), keyFile(key);
  QVERIFY(certificateFile.open(QIODevice::ReadOnly) && keyFile.open(QIODevice::ReadOnly));
  QSslConfiguration tls;
  const QSslCertificate own(&certificateFile);
  tls.setLocalCertificate(own);
  tls.setPrivateKey(QSslKey(&keyFile, QSsl::Rsa));
  QSslServer server;
  server.setSslConfiguration(tls);
  int served = 0;
  QObject::connect(&server, &QTcpServer::pendingConnectionAvailable, &server, [&] {
    QTcpSocket* socket = server.nextPendingConnection();
    QObject::connect(socket, &QTcpSocket::readyRead, socket, [&served, socket] {
      ++served;
      socket->write(socket->readAll().startsWith("GET /model.json")
                        ? reply("200 OK", modelJsonText("w"))
                        : reply("200 OK", capture(QStringLiteral("plain")).weightData->joined()));
      socket->disconnectFromHost();
    });
  });
  QVERIFY(server.listen(QHostAddress::LocalHost));
  const QString url = QStringLiteral("https://127.0.0.1:%1/model.json").arg(server.serverPort());
  const Error error = errorOf([&] { HttpStore().load(url); });
  QCOMPARE(error.code(), std::string("E302"));
  const QByteArray fingerprint = own.digest(QCryptographicHash::Sha256).toHex(':').toUpper();
  QVERIFY2(error.message().find("The certificate of 127.0.0.1:") == 0 &&
               error.message().find("self-signed") != std::string::npos &&
               error.message().find(fingerprint.toStdString()) != std::string::npos &&
               error.message().find("Nothing was sent.") != std::string::npos,
           error.what());
  COMPARE_ERROR(HttpStore().save(url, capture(QStringLiteral("plain"))), "E302");
  QCOMPARE(served, 0);
  LoadOptions options;
  options.http.caFile = certificate;
  QCOMPARE(HttpStore().load(url, options).weightData->joined(), capture(QStringLiteral("plain")).weightData->joined());
  options.http.caFile.clear();
  options.http.checkCertificate = false;
  QCOMPARE(HttpStore().load(url, options).weightData->joined(), capture(QStringLiteral("plain")).weightData->joined());
  // From a safe address no redirect leads to one that is not.
  RawPeer plain([](const QByteArray&) { return reply("200 OK", "x"); });
  QSslServer redirecting;
  redirecting.setSslConfiguration(tls);
  QObject::connect(&redirecting, &QTcpServer::pendingConnectionAvailable, &redirecting, [&] {
    QTcpSocket* socket = redirecting.nextPendingConnection();
    QObject::connect(socket, &QTcpSocket::readyRead, socket, [&plain, socket] {
      socket->readAll();
      socket->write(reply("302 Found", "", "Location: " + plain.url().toLatin1() + "\r\n"));
      socket->disconnectFromHost();
    });
  });
  QVERIFY(redirecting.listen(QHostAddress::LocalHost));
  COMPARE_ERROR(HttpStore().load(QStringLiteral("https://127.0.0.1:%1/m").arg(redirecting.serverPort()), options),
                "E131");
  QCOMPARE(plain.requests.size(), 0u);
}

void TestHttpTransfer::silenceEnds() {
  RawPeer peer([](const QByteArray&) { return QByteArray("silence"); });
  LoadOptions options;
  options.http.timeoutMs = 300;
  QElapsedTimer timer;
  timer.start();
  COMPARE_ERROR(HttpStore().load(peer.url(), options), "E301");
  QVERIFY(timer.elapsed() < 5000);
}

void TestHttpTransfer::unreachable() {
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

QTEST_GUILESS_MAIN(TestHttpTransfer)
#include "tst_HttpTransfer.moc"

#include "model/server/HttpServer.h"

#include "model/core/Limits.h"
#include "model/server/RequestHandler.h"
#include "tests/support/Patience.h"

#include <QTcpSocket>
#include <QTest>

#include <chrono>
#include <thread>

using namespace layersmith;

namespace {

/// A disk that takes longer than any client may.
void workForLong() {
  std::this_thread::sleep_for(std::chrono::milliseconds(limits::kServerPaceMs + 1'000));
}

class SlowSink final : public BodySink {
 public:
  SlowSink() { workForLong(); }
  void write(std::string_view bytes) override { m_bytes += bytes; }
  HttpResponse finish() override { return jsonResponse(200, m_bytes); }

 private:
  std::string m_bytes;
};

class SlowSource final : public ByteSource {
 public:
  std::int64_t size() const override { return 6; }
  std::string read(std::int64_t offset, std::int64_t) override {
    if (offset == 0) workForLong();
    return std::string(1, char('a' + offset));
  }
};

class SlowService final : public RequestHandler {
 public:
  HttpDecision decide(const HttpRequest& request) override {
    if (request.method == "POST") return []() -> std::unique_ptr<BodySink> { return std::make_unique<SlowSink>(); };
    HttpResponse response;
    response.source = std::make_unique<SlowSource>();
    response.count = response.source->size();
    return response;
  }
  void complete(const HttpRequest&, HttpResponse&) override {}
  void tidy() override {}
};

/// A server in a thread of its own.
class Running {
 public:
  explicit Running(RequestHandler& handler) : m_server(settings(), handler), m_thread([this] { m_server.run(); }) {}
  ~Running() {
    m_server.stop();
    m_thread.join();
  }
  int port() const { return m_server.port(); }

 private:
  static HttpServer::Settings settings() {
    HttpServer::Settings settings;
    settings.port = 0;
    return settings;
  }

  HttpServer m_server;
  std::thread m_thread;
};

}  // namespace

class TestHttpServer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void itsOwnTimeIsNotTheClients();
};

/// Neither of one that waits for 100 Continue, nor of one that waits for the bytes of an answer.
void TestHttpServer::itsOwnTimeIsNotTheClients() {
  SlowService service;
  const Running server(service);
  QTcpSocket sending, receiving;
  for (QTcpSocket* socket : {&sending, &receiving}) {
    socket->connectToHost(QStringLiteral("127.0.0.1"), quint16(server.port()));
    QVERIFY(socket->waitForConnected(kPatienceMs));
  }
  receiving.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  sending.write(
      "POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n");
  QByteArray received;
  QTRY_VERIFY_WITH_TIMEOUT((received += sending.readAll()).endsWith("\r\n\r\n"), kPatienceMs);
  QCOMPARE(received, QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
  QTest::qWait(300);  // as long as a client may take to hear of it
  sending.write("body");
  received.clear();
  QTRY_VERIFY2_WITH_TIMEOUT((received += sending.readAll()).endsWith("\r\n\r\nbody"), received.constData(),
                            kPatienceMs);
  QVERIFY(received.startsWith("HTTP/1.1 200 OK\r\n"));
  received.clear();
  QTRY_VERIFY2_WITH_TIMEOUT((received += receiving.readAll()).endsWith("\r\n\r\nabcdef"), received.constData(),
                            kPatienceMs);
}

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_HttpServer.moc"

#include "model/storage/http/HttpRequest.h"

#include "tests/support/QuickStore.h"
#include "tests/support/RawPeer.h"

#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

/// A fresh certificate for 127.0.0.1, in cert.pem of the folder; without one when it could not be made.
QSslConfiguration makeTls(const QTemporaryDir& folder) {
  const QString certificate = folder.filePath(QStringLiteral("cert.pem")),
                key = folder.filePath(QStringLiteral("key.pem"));
  QProcess openssl;
  openssl.start(QStringLiteral("openssl"),
                QStringLiteral("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=here -addext "
                               "subjectAltName=IP:127.0.0.1 -keyout %1 -out %2")
                    .arg(key, certificate)
                    .split(u' '));
  QSslConfiguration tls;
  QFile certificateFile(certificate), keyFile(key);
  if (!openssl.waitForFinished(60'000) || openssl.exitCode() != 0 || !certificateFile.open(QIODevice::ReadOnly) ||
      !keyFile.open(QIODevice::ReadOnly))
    return tls;
  tls.setLocalCertificate(QSslCertificate(&certificateFile));
  tls.setPrivateKey(QSslKey(&keyFile, QSsl::Rsa));
  return tls;
}

}  // namespace

/// Connections with TLS.
class TestHttpRequest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void checksCertificates();
  void aTlsConnectionCutWithoutAWordIsNoEnd_data();
  void aTlsConnectionCutWithoutAWordIsNoEnd();
};

void TestHttpRequest::checksCertificates() {
  QTemporaryDir folder;
  const QString certificate = folder.filePath(QStringLiteral("cert.pem"));
  const QSslConfiguration tls = makeTls(folder);
  const QSslCertificate own = tls.localCertificate();
  QVERIFY(!own.isNull());
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
               error.message().find(". Its SHA-256 fingerprint is") != std::string::npos &&
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

void TestHttpRequest::aTlsConnectionCutWithoutAWordIsNoEnd_data() {
  QTest::addColumn<bool>("hasLength");
  QTest::newRow("with length") << true;
  QTest::newRow("neither") << false;
}

/// TCP ends, TLS does not (close_notify): somebody on the way may have cut it.
void TestHttpRequest::aTlsConnectionCutWithoutAWordIsNoEnd() {
  QFETCH(bool, hasLength);
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  QTemporaryDir folder;
  const QSslConfiguration tls = makeTls(folder);
  QVERIFY(!tls.localCertificate().isNull());
  QSslServer server;
  server.setSslConfiguration(tls);
  bool isCutting = true;
  QObject::connect(&server, &QTcpServer::pendingConnectionAvailable, &server, [&] {
    QTcpSocket* socket = server.nextPendingConnection();
    QObject::connect(socket, &QTcpSocket::readyRead, socket, [&, socket] {
      const bool isJson = socket->readAll().startsWith("GET /model.json");
      if (isJson || !isCutting) {
        socket->write(reply("200 OK", isJson ? modelJsonText("w") : weights));
        socket->disconnectFromHost();
        return;
      }
      const QByteArray whole = hasLength ? reply("200 OK", weights) : "HTTP/1.1 200 OK\r\n\r\n" + weights;
      socket->write(whole.chopped(40));
      while (socket->bytesToWrite() > 0 || static_cast<QSslSocket*>(socket)->encryptedBytesToWrite() > 0)
        if (!socket->flush()) break;
      ::shutdown(int(socket->socketDescriptor()), SHUT_RDWR);
    });
  });
  QVERIFY(server.listen(QHostAddress::LocalHost));
  LoadOptions options;
  options.http.caFile = folder.filePath(QStringLiteral("cert.pem"));
  const QString url = QStringLiteral("https://127.0.0.1:%1/model.json").arg(server.serverPort());
  QuickStore store;
  const Error error = errorOf([&] { store.load(url, options); });
  QVERIFY2(error.code() == "E301" || (!hasLength && error.code() == "E110"), error.what());
  if (hasLength) QCOMPARE(store.pauses.size(), 3u);
  isCutting = false;
  QCOMPARE(store.load(url, options).weightData->joined(), weights);
}

QTEST_GUILESS_MAIN(TestHttpRequest)
#include "tst_HttpRequest.moc"

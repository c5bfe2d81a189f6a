// Saves to our own server through the client, and what they say: over another program's work, after a reply that was
// cut, and where the server has no room.
#include "model/core/Error.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/folder/FolderTrash.h"
#include "model/storage/http/HttpStore.h"
#include "tests/support/ModelFixtures.h"
#include "tests/support/Patience.h"
#include "tests/support/ServerFixture.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace layersmith;
using namespace layersmith::fixtures;
using layersmith::testing::StoreServer;

namespace {

/// Stands between client and server, and closes the connection at the first byte of an answer.
class CuttingProxy : public QTcpServer {
 public:
  explicit CuttingProxy(int port) {
    listen(QHostAddress::LocalHost);
    connect(this, &QTcpServer::newConnection, this, [this, port] {
      QTcpSocket* client = nextPendingConnection();
      auto* server = new QTcpSocket(client);
      server->connectToHost(QHostAddress::LocalHost, quint16(port));
      connect(client, &QTcpSocket::readyRead, server, [client, server] { server->write(client->readAll()); });
      connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
      connect(server, &QTcpSocket::readyRead, client, [this, client, server] {
        if (!isCutting) {
          client->write(server->readAll());
          return;
        }
        client->abort();
      });
    });
  }
  QString url(const char* path) const {
    return QStringLiteral("http://127.0.0.1:%1%2").arg(serverPort()).arg(QLatin1String(path));
  }
  bool isCutting = true;
};

}  // namespace

class TestSavesOnServers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init();

  void aSecondSaveKeepsWhatAnotherProgramWrote();
  void savesOfOnesOwnGoOn();
  void aLoadTellsItsStamp();
  void aRepeatedSaveIsOneModel_data();
  void aRepeatedSaveIsOneModel();
  void saysWhenTheTryBeforeIsStillStored();
  void saysHowMuchTheServerTakes();
  void saysWhenTheServerIsFull();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  QString upload() const { return m_server->address() + QStringLiteral("/upload/m"); }
  QString model() const { return m_server->address() + QStringLiteral("/models/m/model.json"); }
  HttpOptions access() const {
    HttpOptions http;
    http.setBearerToken(m_server->token());
    return http;
  }
  SaveOptions replacing(const QString& base) const {
    SaveOptions options;
    options.http = access();
    options.overwrite = true;
    options.base = base;
    return options;
  }
  QByteArray weightsThere() {
    LoadOptions options;
    options.http = access();
    return m_library->load(model(), options).weightData->joined();
  }

  std::optional<QTemporaryDir> m_folder;
  std::optional<StoreServer> m_server;
  std::optional<ModelLibrary> m_library;
  ModelArtifacts m_plain, m_other;
};

void TestSavesOnServers::initTestCase() {
  m_plain = capture(QStringLiteral("plain"));
  m_other = capture(QStringLiteral("optimizer"));
}

void TestSavesOnServers::init() {
  m_server.reset();
  m_library.reset();
  m_folder.emplace();
  m_server.emplace(at("server"));
  m_library.emplace(at("home/store.sqlite"));
}

void TestSavesOnServers::aSecondSaveKeepsWhatAnotherProgramWrote() {
  const SaveResult mine = m_library->save(upload(), m_plain, replacing({}));
  QVERIFY(!mine.stamp.isEmpty());
  SaveOptions theirs;
  theirs.overwrite = true;
  m_server->models().publish(QStringLiteral("m"), m_other, theirs);
  const Error error = errorOf([&] { m_library->save(upload(), m_plain, replacing(mine.stamp)); });
  QCOMPARE(error.code(), std::string("E203"));
  QVERIFY(error.kind() == ErrorKind::Changed);
  QVERIFY2(
      error.message() == upload().toStdString() + " was changed by another program. Nothing was changed by this save.",
      error.what());
  QVERIFY2(error.hint().find("Replace it (the other version goes to the server's Trash)") == 0, error.hint().c_str());
  QCOMPARE(weightsThere(), m_other.weightData->joined());
  m_server->models().remove(QStringLiteral("m"), {});
  QCOMPARE(errorOf([&] { m_library->save(upload(), m_plain, replacing(mine.stamp)); }).code(), std::string("E203"));
  // A name that is taken is told apart from that.
  m_server->models().publish(QStringLiteral("m"), m_other, {});
  SaveOptions fresh = replacing(mine.stamp);
  fresh.overwrite = false;
  QVERIFY(errorOf([&] { m_library->save(upload(), m_plain, fresh); }).kind() == ErrorKind::AlreadyExists);
}

/// What they replace is in the server's Trash.
void TestSavesOnServers::savesOfOnesOwnGoOn() {
  const SaveResult first = m_library->save(upload(), m_plain, replacing({}));
  const SaveResult second = m_library->save(upload(), m_other, replacing(first.stamp));
  QVERIFY(!second.stamp.isEmpty() && second.stamp != first.stamp);
  m_library->save(upload(), m_plain, replacing(second.stamp));
  QCOMPARE(weightsThere(), m_plain.weightData->joined());
  QCOMPARE(FolderTrash(at("server/.trash")).list().size(), 2u);
}

void TestSavesOnServers::aLoadTellsItsStamp() {
  const SaveResult saved = m_library->save(upload(), m_plain, replacing({}));
  QString stamp;
  LoadOptions options;
  options.http = access();
  options.stamp = &stamp;
  m_library->load(model(), options);
  QCOMPARE(stamp, saved.stamp);
  QCOMPARE(m_library->stamp(model(), access()), saved.stamp);
  QCOMPARE(m_library->stamp(model()), QString());  // no request without a token
  m_library->save(upload(), m_other, replacing(stamp));
  QCOMPARE(errorOf([&] { m_library->save(upload(), m_plain, replacing(stamp)); }).code(), std::string("E203"));
  // Of places here, too.
  const QString here = QStringLiteral("indexeddb://m");
  const SaveResult kept = m_library->save(here, m_plain);
  m_library->load(here, options);
  QCOMPARE(stamp, kept.stamp);
}

void TestSavesOnServers::aRepeatedSaveIsOneModel_data() {
  QTest::addColumn<QString>("method");
  QTest::addColumn<QByteArray>("path");
  for (const char* method : {"POST", "PUT"})
    for (const char* path : {"/upload", "/upload/m"})
      QTest::addRow("%s %s", method, path) << QString::fromLatin1(method) << QByteArray(path);
}

/// The reply is cut; the person asks for another try.
void TestSavesOnServers::aRepeatedSaveIsOneModel() {
  QFETCH(QString, method);
  QFETCH(QByteArray, path);
  CuttingProxy proxy(m_server->port());
  HttpStore store;
  store.transfer().setPause([](int, const std::function<bool()>& isWanted) { return isWanted(); });
  SaveOptions options;
  options.http = access();
  options.http.method = method;
  options.idempotencyKey = QStringLiteral("one-save");
  const Error unknown = errorOf([&] { store.save(proxy.url(path.constData()), m_plain, options); });
  QCOMPARE(unknown.code(), std::string("E301"));
  QVERIFY2(unknown.message().find("Whether the model was stored is not known") != std::string::npos, unknown.what());
  proxy.isCutting = false;
  const SaveResult again = store.save(proxy.url(path.constData()), m_plain, options);
  QCOMPARE(again.httpStatus, 200);
  QVERIFY(again.replyHeaders.contains({QStringLiteral("Idempotency-Replayed"), QStringLiteral("true")}));
  const std::vector<ModelEntry> models = m_server->models().list();
  QCOMPARE(models.size(), 1u);
  QCOMPARE(again.stamp, m_library->stamp(m_server->address() + QStringLiteral("/models/") + models[0].name +
                                             QStringLiteral("/model.json"),
                                         access()));
  // Another save has a key of its own.
  options.idempotencyKey.clear();
  if (path == "/upload") {
    store.save(proxy.url("/upload"), m_plain, options);
    QCOMPARE(m_server->models().list().size(), 2u);
  } else {
    QVERIFY(errorOf([&] { store.save(proxy.url("/upload/m"), m_plain, options); }).kind() == ErrorKind::AlreadyExists);
  }
}

/// An upload with the same key that has not come to its end.
void TestSavesOnServers::saysWhenTheTryBeforeIsStillStored() {
  QTcpSocket before;
  before.connectToHost(QHostAddress::LocalHost, quint16(m_server->port()));
  before.write("POST /upload/m HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + m_server->token().toLatin1() +
               "\r\nIdempotency-Key: one-save\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n"
               "Content-Type: multipart/form-data; boundary=B\r\n\r\n");
  QTRY_VERIFY_WITH_TIMEOUT(before.bytesAvailable() > 0, kPatienceMs);  // 100 Continue: it is under way
  SaveOptions options;
  options.http = access();
  options.idempotencyKey = QStringLiteral("one-save");
  const Error error = errorOf([&] { m_library->save(upload(), m_plain, options); });
  QCOMPARE(error.code(), std::string("E203"));
  QVERIFY2(error.message() == upload().toStdString() +
                                  " is still storing this model from the try before. Wait a moment and try again.",
           error.what());
}

void TestSavesOnServers::saysHowMuchTheServerTakes() {
  m_server.reset();
  m_server.emplace(at("small"), 0, 1024);
  const Error error = errorOf([&] { m_library->save(upload(), m_other, replacing({})); });
  QCOMPARE(error.code(), std::string("E304"));
  QVERIFY2(
      error.message() == upload().toStdString() +
                             " refused the model as too large: it takes at most 1.00 KiB (status 413). Nothing was "
                             "changed. Raise the server's limit, or save without the optimizer.",
      error.what());
}

void TestSavesOnServers::saysWhenTheServerIsFull() {
  m_server.reset();
  m_server.emplace(at("full"), 0, 1 << 28, 1024);
  const Error error = errorOf([&] { m_library->save(upload(), m_other, replacing({})); });
  QCOMPARE(error.code(), std::string("E202"));
  QVERIFY(error.kind() == ErrorKind::NoSpace);
  QVERIFY2(
      error.message() == upload().toStdString() +
                             " has no room for the model (status 507). Nothing was changed. Delete models there, or "
                             "ask its administrator.",
      error.what());
  QVERIFY2(error.hint().find("The server said: Not saved: the server keeps at most 1024 bytes of models.") == 0,
           error.hint().c_str());
  QVERIFY(m_server->models().list().empty());
}

QTEST_GUILESS_MAIN(TestSavesOnServers)
#include "tst_SavesOnServers.moc"

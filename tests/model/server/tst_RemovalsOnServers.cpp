// Removing models of servers: of ours alone, since other web servers remove something else.
#include "model/core/Error.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/folder/FolderTrash.h"
#include "tests/support/RawPeer.h"
#include "tests/support/ServerFixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace layersmith;
using namespace layersmith::fixtures;
using layersmith::testing::StoreServer;

class TestRemovalsOnServers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void removesFromOurs();
  void sendsNothingToOthers_data();
  void sendsNothingToOthers();
  void refusesAddressesOfNoModel_data();
  void refusesAddressesOfNoModel();
};

void TestRemovalsOnServers::removesFromOurs() {
  QTemporaryDir folder;
  StoreServer server(folder.filePath(QStringLiteral("server")));
  ModelLibrary library(folder.filePath(QStringLiteral("store.sqlite")));
  HttpOptions http;
  http.setBearerToken(server.token());
  for (const char* end : {"", "/", "/model.json"}) {
    server.models().publish(QStringLiteral("m"), capture(QStringLiteral("plain")), {});
    const QString url = server.address() + QStringLiteral("/models/m") + QLatin1String(end);
    QCOMPARE(errorOf([&] { library.removeFromServer(url, {}); }).code(), std::string("E303"));
    library.removeFromServer(url, http);
    QVERIFY(!server.models().contains(QStringLiteral("m")));
    QVERIFY(errorOf([&] { library.removeFromServer(url, http); }).kind() == ErrorKind::NotFound);
  }
  QCOMPARE(FolderTrash(folder.filePath(QStringLiteral("server/.trash"))).list().size(), 3u);
}

void TestRemovalsOnServers::sendsNothingToOthers_data() {
  QTest::addColumn<QByteArray>("listed");
  QTest::addColumn<QByteArray>("said");
  const char* none = " gives no list of models, so it is no Layersmith server. Nothing was removed.";
  QTest::newRow("nothing there") << reply("404 Not Found", "") << QByteArray(none);
  QTest::newRow("no such method") << reply("405 Method Not Allowed", "") << QByteArray(none);
  QTest::newRow("a page of files") << reply("200 OK", "<!doctype html><a href='m'>") << QByteArray(none);
  QTest::newRow("another list") << reply("200 OK", R"({"data": []})") << QByteArray(none);
  QTest::newRow("a list of other models") << reply("200 OK", R"({"models": [{"name": "n", "url": "/models/n"}]})")
                                          << QByteArray(" is no model of that server. Nothing was removed.");
}

void TestRemovalsOnServers::sendsNothingToOthers() {
  QFETCH(QByteArray, listed);
  QFETCH(QByteArray, said);
  RawPeer peer([&](const QByteArray& request) {
    return request.startsWith("GET /dav/models ") ? listed : reply("204 No Content", "");
  });
  QTemporaryDir folder;
  ModelLibrary library(folder.filePath(QStringLiteral("store.sqlite")));
  const Error error = errorOf([&] { library.removeFromServer(peer.url("/dav/models/m/model.json"), {}); });
  QVERIFY2(error.message().ends_with(said.toStdString()), error.what());
  QVERIFY(error.kind() == ErrorKind::Unsupported || error.kind() == ErrorKind::NotFound);
  QVERIFY(std::ranges::none_of(peer.requests, [](const QByteArray& one) { return one.startsWith("DELETE"); }));
}

void TestRemovalsOnServers::refusesAddressesOfNoModel_data() {
  QTest::addColumn<QByteArray>("path");
  for (const char* path :
       {"/moons/model.json", "/moons", "/", "/models", "/models/", "/models/m/w.bin", "/models/m/model.json?key=1",
        "/models/m?key=1", "/models/m#1", "/?a=/models/m", "/upload/m"})
    QTest::newRow(path) << QByteArray(path);
}

/// WebDAV, say: the folder of a model there is not ours to remove.
void TestRemovalsOnServers::refusesAddressesOfNoModel() {
  QFETCH(QByteArray, path);
  RawPeer peer([](const QByteArray&) { return reply("200 OK", R"({"models": [{"name": "m", "url": "/models/m"}]})"); });
  QTemporaryDir folder;
  ModelLibrary library(folder.filePath(QStringLiteral("store.sqlite")));
  const Error error = errorOf([&] { library.removeFromServer(peer.url(path.constData()), {}); });
  QVERIFY(error.kind() == ErrorKind::InvalidConfig);
  QVERIFY2(error.message().ends_with(" is no model's address on a Layersmith server. Nothing was removed."),
           error.what());
  QVERIFY(peer.requests.empty());
}

QTEST_GUILESS_MAIN(TestRemovalsOnServers)
#include "tst_RemovalsOnServers.moc"

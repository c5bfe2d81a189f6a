#include "model/storage/http/HttpStore.h"

#include "model/core/Limits.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/WeightFileErrors.h"
#include "model/storage/http/HttpErrors.h"
#include "tests/support/Patience.h"
#include "tests/support/RawPeer.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace layersmith;
using namespace layersmith::fixtures;

class TestHttpStore : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void advisesByStatus_data();
  void advisesByStatus();
  void knowsWhatMayHaveArrived();
  void takesAModelsAddressWithoutItsFile();
  void listsFromBothAddresses();
  void showsPercentSignsAsTheyAre();
  void redirectsEnd();
  void refusesWhatIsNoWeightFile_data();
  void refusesWhatIsNoWeightFile();
  void refusesWhatIsNoModel();
  void putsFilesInTheirPlaces();
  void keepsWhatIsLongerThanTheManifest();
  void hashesNoticeDamage();
  void takesStampsOfOurServersAlone();
  void saysThatAModelMayBeRemoved();
  void worksOnAPlainThread();
};

void TestHttpStore::advisesByStatus_data() {
  QTest::addColumn<QString>("method");
  QTest::addColumn<QByteArray>("status");
  QTest::addColumn<bool>("hasToken");
  QTest::addColumn<QString>("words");
  QTest::addColumn<QString>("noWords");
  const auto row = [](const char* name, const char* method, const char* status, bool hasToken, const char* words,
                      const char* noWords) {
    QTest::newRow(name) << QString::fromLatin1(method) << QByteArray(status) << hasToken << QString::fromLatin1(words)
                        << QString::fromLatin1(noWords);
  };
  row("422", "POST", "422 Bad", false, "refused the model (status 422). Nothing was changed. The server said: Too few.",
      "Check the address");
  row("405 of GET", "GET", "405 No", false, "does not take GET at this address", "other of POST and PUT");
  row("405 of POST", "POST", "405 No", false, "Try the other of POST and PUT", "Check the address");
  row("418", "POST", "418 Teapot", false, "Its answer says why.", "Check the address");
  for (const char* method : {"GET", "POST"}) {
    row(qPrintable(QStringLiteral("401, none, ") + QLatin1String(method)), method, "401 No", false,
        "refused access without a token or password (status 401)", "s3cret");
    row(qPrintable(QStringLiteral("403, one, ") + QLatin1String(method)), method, "403 No", true,
        "refused access with the token or password given (status 403)", "s3cret");
  }
}

void TestHttpStore::advisesByStatus() {
  QFETCH(QString, method);
  QFETCH(QByteArray, status);
  QFETCH(bool, hasToken);
  QFETCH(QString, words);
  QFETCH(QString, noWords);
  RawPeer peer([&](const QByteArray&) {
    return reply(status.constData(), R"({"error": {"code": "E110", "message": "Too few."}})");
  });
  SaveOptions saving;
  if (hasToken) saving.http.setBearerToken(QStringLiteral("s3cret"));
  LoadOptions loading;
  loading.http = saving.http;
  const Error error = errorOf([&] {
    if (method == QStringLiteral("GET"))
      HttpStore().load(peer.url("/here"), loading);
    else
      HttpStore().save(peer.url("/here"), capture(QStringLiteral("plain")), saving);
  });
  const QString said = QString::fromStdString(error.message());
  QVERIFY2(said.contains(words) && !said.contains(noWords), error.what());
  QVERIFY(!said.contains(QStringLiteral("--auth-env")));  // each program says how it is given
}

/// What may have arrived must not be sent again unasked.
void TestHttpStore::knowsWhatMayHaveArrived() {
  const QUrl url(QStringLiteral("http://lab.example/up"));
  QVERIFY(mayHaveArrived(lostAfterUpload(url, 10)) && mayHaveArrived(silentAfterUpload(url, 1000, 10, 10)));
  QVERIFY(mayHaveArrived(tooSlowForUpload(url, 10, 10, 1000)) && mayHaveArrived(brokenReply(url, 200)));
  QVERIFY(!mayHaveArrived(unreachable(url)) && !mayHaveArrived(silentAfterUpload(url, 1000, 9, 10)));
  QVERIFY(!mayHaveArrived(tooSlowForUpload(url, 9, 10, 1000)) && !mayHaveArrived(silent(url, 1000, 0)));
}

void TestHttpStore::takesAModelsAddressWithoutItsFile() {
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  RawPeer peer([&](const QByteArray& request) {
    if (request.startsWith("GET /a%2Fb/models/moons.v2/model.json?k=1 ")) return reply("200 OK", modelJsonText("w"));
    return request.startsWith("GET /a%2Fb/models/moons.v2/w?k=1 ") ? reply("200 OK", weights)
                                                                   : reply("405 Method Not Allowed", "");
  });
  for (const char* address : {"/a%2Fb/models/moons.v2?k=1", "/a%2Fb/models/moons.v2/?k=1"}) {
    QCOMPARE(HttpStore().load(peer.url(address)).weightData->joined(), weights);
    QVERIFY(!HttpStore().loadStructure(peer.url(address), {}).weightSpecs.empty());
  }
  COMPARE_ERROR(HttpStore().load(peer.url("/other/moons")), "E305");
  const Error error =
      errorOf([&] { HttpStore().save(peer.url("/lab/models/moons"), capture(QStringLiteral("plain"))); });
  QVERIFY2(QString::fromStdString(error.message())
               .contains(QStringLiteral("A Layersmith server takes models at %1.").arg(peer.url("/lab/upload/moons"))),
           error.what());
  // A server that gives the model at that very address.
  RawPeer direct([&](const QByteArray& request) {
    return request.startsWith("GET /models/7 ") ? reply("200 OK", modelJsonText("w")) : reply("200 OK", weights);
  });
  QCOMPARE(HttpStore().load(direct.url("/models/7")).weightData->joined(), weights);
  QCOMPARE(direct.requests.size(), 2u);
}

void TestHttpStore::listsFromBothAddresses() {
  RawPeer peer([](const QByteArray& request) {
    return request.startsWith("GET /lab/models ")
               ? reply("200 OK", R"({"models": [{"name": "a", "url": "/lab/models/a/model.json"}]})")
               : reply("404 Not Found", "");
  });
  for (const char* address : {"/lab", "/lab/", "/lab/models", "/lab/models/"}) {
    const std::vector<ModelEntry> entries = HttpStore().listServer(peer.url(address), {});
    QCOMPARE(entries.size(), 1u);
    QCOMPARE(entries[0].url, peer.url("/lab/models/a/model.json"));
  }
  // A server behind a proxy does not know that it is reached at /lab; at /models there may be another.
  RawPeer proxied([](const QByteArray&) {
    return reply("200 OK", R"({"models": [{"name": "a", "url": "/models/a/model.json"},
                                           {"name": "../b", "url": "/models/b/model.json"}]})");
  });
  const std::vector<ModelEntry> entries = HttpStore().listServer(proxied.url("/lab?key=1"), {});
  QCOMPARE(entries.size(), 1u);
  QCOMPARE(entries[0].url, proxied.url("/lab/models/a/model.json"));
}

void TestHttpStore::showsPercentSignsAsTheyAre() {
  const char* path = "/models/a%3Ab%25%32Fc/model.json";
  RawPeer none([](const QByteArray&) { return reply("404 Not Found", ""); });
  const auto starts = [&](const Error& error, const QString& words) {
    return QString::fromStdString(error.message()).startsWith(shown(QUrl(none.url(path))) + words);
  };
  const Error load = errorOf([&] { HttpStore().load(none.url(path)); });
  QVERIFY2(starts(load, QStringLiteral(" answered with status 404. Nothing was changed. ")), load.what());
  const Error save = errorOf([&] { HttpStore().save(none.url(path), capture(QStringLiteral("plain"))); });
  QVERIFY2(starts(save, QStringLiteral(" answered with status 404. Nothing was changed. ")), save.what());
  const Error file = shortFile(QStringLiteral("a%2%3.bin"), 5, 7);
  QCOMPARE(file.message(), std::string("Weight file a%2%3.bin: 5 bytes, 7 expected by the manifest (2 too few). Copy "
                                       "or download it again."));
}

void TestHttpStore::redirectsEnd() {
  RawPeer round([](const QByteArray&) { return reply("302 Found", "", "Location: /model.json\r\n"); });
  const Error error = errorOf([&] { HttpStore().load(round.url()); });
  QVERIFY2(error.message().find("more than 5 times") != std::string::npos, error.what());
  QCOMPARE(round.requests.size(), 6u);
  RawPeer file([](const QByteArray&) { return reply("302 Found", "", "Location: file:///etc/passwd\r\n"); });
  COMPARE_ERROR(HttpStore().load(file.url()), "E131");
}

void TestHttpStore::refusesWhatIsNoWeightFile_data() {
  QTest::addColumn<QByteArray>("body");
  QTest::addColumn<QString>("code");
  QTest::addColumn<QString>("words");
  QTest::newRow("web page") << QByteArray("<!DOCTYPE html><p>404") << "E101"
                            << "/w returned a web page (status 200), not a model. Check the address; open it in a "
                               "browser.";
  QTest::newRow("git-lfs") << QByteArray("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 92\n")
                           << "E102"
                           << "/w is a git-lfs pointer, not a weight file. ";
  QTest::newRow("zip") << QByteArray("PK\x03\x04 and so on") << "E102"
                       << "/w is a zip archive, not a weight file. ";
  QTest::newRow("short")
      << QByteArray(90, 'x') << "E110"
      << "Weight file w: 90 bytes, 92 expected by the manifest (2 too few). Copy or download it again.";
}

void TestHttpStore::refusesWhatIsNoWeightFile() {
  QFETCH(QByteArray, body);
  QFETCH(QString, code);
  QFETCH(QString, words);
  RawPeer peer([&](const QByteArray& request) {
    return request.startsWith("GET /model.json") ? reply("200 OK", modelJsonText("w")) : reply("200 OK", body);
  });
  const Error error = errorOf([&] { HttpStore().load(peer.url("/model.json?token=s3cret")); });
  QCOMPARE(QString::fromStdString(error.code()), code);
  QVERIFY2(QString::fromStdString(error.message()).contains(words), error.what());
  QVERIFY2(error.message().find("s3cret") == std::string::npos, error.what());
}

void TestHttpStore::refusesWhatIsNoModel() {
  RawPeer html([](const QByteArray&) { return reply("200 OK", "<html>Sign in</html>"); });
  const Error error = errorOf([&] { HttpStore().load(html.url("/model.json?token=s3cret")); });
  QCOMPARE(error.code(), std::string("E101"));
  QVERIFY2(
      error.message().find("returned a web page (status 200), not a model. Check the address; open it in a browser.") !=
          std::string::npos,
      error.what());
  QVERIFY(error.message().find("s3cret") == std::string::npos);
}

/// Files of any length within a group: one block, in the order of the manifest.
void TestHttpStore::putsFilesInTheirPlaces() {
  ModelArtifacts model = capture(QStringLiteral("plain"));
  const QByteArray weights = model.weightData->joined();
  std::vector<WeightsGroup> groups = singleGroup(model, "");
  groups[0].paths = {"a", "b", "c"};
  const QByteArray json = toJsonBytes(modelJson(model, groups));
  const QList<std::pair<QByteArray, QByteArray>> files{
      {"/a", weights.left(1)}, {"/b", weights.mid(1, 70)}, {"/c", weights.mid(71)}};
  RawPeer peer([&](const QByteArray& request) {
    for (const auto& [name, bytes] : files)
      if (request.startsWith("GET " + name + ' ')) return reply("200 OK", bytes);
    return reply("200 OK", json);
  });
  const ModelArtifacts loaded = HttpStore().load(peer.url());
  QCOMPARE(loaded.weightData->joined(), weights);
  QCOMPARE(loaded.weightData->pieces().size(), 1u);
  QCOMPARE(loaded.groups[0].bytes, (std::vector<std::int64_t>{1, 70, 21}));
}

/// TensorFlow.js takes such files too. What is far longer is cut off.
void TestHttpStore::keepsWhatIsLongerThanTheManifest() {
  ModelArtifacts model = capture(QStringLiteral("plain"));
  const QByteArray weights = model.weightData->joined();
  std::vector<WeightsGroup> groups = singleGroup(model, "a");
  const std::int64_t first = 12 * 4;  // hidden/kernel
  groups.push_back({{"b"}, groups[0].weights - 1, {}});
  groups[0].weights = 1;
  const QByteArray json = toJsonBytes(modelJson(model, groups));
  QByteArray surplus(5, 'x');
  RawPeer peer([&](const QByteArray& request) {
    if (request.startsWith("GET /a ")) return reply("200 OK", weights.left(first) + surplus);
    return request.startsWith("GET /b ") ? reply("200 OK", weights.mid(first)) : reply("200 OK", json);
  });
  const ModelArtifacts loaded = HttpStore().load(peer.url());
  QCOMPARE(loaded.weightData->joined(), weights.left(first) + surplus + weights.mid(first));
  QCOMPARE(loaded.groups[0].bytes, std::vector<std::int64_t>{first + 5});
  QCOMPARE(loaded.groups[1].bytes, std::vector<std::int64_t>{weights.size() - first});
  surplus = QByteArray(limits::kMiB + 1, 'x');
  const Error error = errorOf([&] { HttpStore().load(peer.url()); });
  QCOMPARE(error.code(), std::string("E130"));
  QVERIFY2(error.message().find("/a is longer than 1.00 MiB. Refused. Nothing was changed.") != std::string::npos,
           error.what());
}

void TestHttpStore::hashesNoticeDamage() {
  QTemporaryDir home;
  ModelLibrary library(home.filePath(QStringLiteral("store.sqlite")));
  const QString folder = home.filePath(QStringLiteral("m"));
  library.save(folder, capture(QStringLiteral("plain")));
  const QByteArray json = bytesOf(folder + QStringLiteral("/model.json"));
  QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  RawPeer peer([&](const QByteArray& request) {
    return reply("200 OK", request.startsWith("GET /weights.bin") ? weights : json);
  });
  QCOMPARE(wholeOf(HttpStore().load(peer.url("/model.json"))), wholeOf(capture(QStringLiteral("plain"))));
  weights[3] = char(weights[3] ^ 1);
  const Error damaged = errorOf([&] { HttpStore().load(peer.url("/model.json")); });
  QCOMPARE(damaged.code(), std::string("E111"));
  QVERIFY2(
      damaged.message() ==
          "weights.bin was changed or damaged after saving (generation 1). Open anyway? Restore the previous version?",
      damaged.what());
  LoadOptions anyway;
  anyway.acceptChangedFiles = true;
  QCOMPARE(HttpStore().load(peer.url("/model.json"), anyway).weightData->joined(), weights);
}

/// Of other servers only what they gave with the model itself, and only what If-Match may say.
void TestHttpStore::takesStampsOfOurServersAlone() {
  const QByteArray weights = capture(QStringLiteral("plain")).weightData->joined();
  QByteArray body = R"({"url": "/models/m/model.json"})", headers = "ETag: \"one\"\r\n";
  RawPeer peer([&](const QByteArray& request) {
    if (request.startsWith("POST")) return reply("200 OK", body, headers);
    return request.contains("model.json") ? reply("200 OK", modelJsonText("w"), headers) : reply("200 OK", weights);
  });
  QString loaded;
  LoadOptions options;
  options.stamp = &loaded;
  const auto saved = [&] { return HttpStore().save(peer.url("/upload/m"), capture(QStringLiteral("plain"))).stamp; };
  QCOMPARE(saved(), QStringLiteral("\"one\""));
  HttpStore().load(peer.url("/models/m/model.json"), options);
  QCOMPARE(loaded, QStringLiteral("\"one\""));
  body = "stored";
  QCOMPARE(saved(), QString());
  for (const char* header : {"ETag: W/\"one\"\r\n", "ETag: one\r\n", "ETag: \"\"\r\n", ""}) {
    headers = header;
    HttpStore().load(peer.url(), options);
    QCOMPARE(loaded, QString());
  }
}

void TestHttpStore::saysThatAModelMayBeRemoved() {
  for (const QByteArray& answer : {QByteArray("silence"), QByteArray()}) {
    RawPeer peer([&](const QByteArray&) { return answer; });
    HttpOptions impatient;
    impatient.timeoutMs = 200;
    const Error error = errorOf([&] { HttpStore().removeFromServer(peer.url("/models/moons/model.json"), impatient); });
    QCOMPARE(error.code(), std::string("E301"));
    QVERIFY2(error.message().find("/models/moons was removed is not known: list") != std::string::npos, error.what());
  }
}

void TestHttpStore::worksOnAPlainThread() {
  RawPeer peer([](const QByteArray& request) {
    return request.startsWith("GET /model.json")
               ? reply("200 OK", modelJsonText("w"))
               : reply("200 OK", capture(QStringLiteral("plain")).weightData->joined());
  });
  const QString url = peer.url();
  std::atomic<bool> done = false, isRight = false;
  std::thread worker([&] {
    QTemporaryDir home;
    ModelLibrary library(home.filePath(QStringLiteral("store.sqlite")));
    isRight = library.load(url).weightData->joined() == capture(QStringLiteral("plain")).weightData->joined();
    done = true;
  });
  QTRY_VERIFY_WITH_TIMEOUT(done.load(), kPatienceMs);
  worker.join();
  QVERIFY(isRight);
}

QTEST_GUILESS_MAIN(TestHttpStore)
#include "tst_HttpStore.moc"

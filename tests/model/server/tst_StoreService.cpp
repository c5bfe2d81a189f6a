#include "model/server/StoreService.h"

#include "model/core/Limits.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/folder/FolderTrash.h"
#include "tests/support/ServiceBench.h"

#include <QTest>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

/// One dense layer of 6 MB.
ModelArtifacts largeDense() {
  const Json layer{{"class_name", "Dense"},
                   {"config", {{"name", "dense"}, {"units", 1500}, {"batch_input_shape", {nullptr, 1000}}}}};
  ModelArtifacts model = sized(1'500'000, 3);
  model.modelTopology = Json{{"class_name", "Sequential"}, {"config", {{"name", "large"}, {"layers", {layer}}}}};
  model.trainingConfig = nullptr;
  model.weightSpecs.front().name = "dense/kernel";
  model.weightSpecs.front().shape = {1000, 1500};
  WeightSpec bias = model.weightSpecs.front();
  bias.name = "dense/bias";
  bias.shape = {1500};
  model.weightSpecs.push_back(bias);
  WeightBytes bytes = *model.weightData;
  bytes.append(sized(1500, 4).weightData->pieces().front());
  model.weightData = std::make_shared<const WeightBytes>(std::move(bytes));
  return model;
}

std::vector<MultipartPart> withJson(const QByteArray& json) {
  return {{"model.json", "application/json", json}};
}

}  // namespace

class TestStoreService : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void keepsAndServes_data();
  void keepsAndServes();
  void keepsLargeModels_data() { keepsAndServes_data(); }
  void keepsLargeModels();
  void removesToTrash_data();
  void removesToTrash();
  void purgesWhatIsOldInTheTrash_data() { keepsAndServes_data(); }
  void purgesWhatIsOldInTheTrash();
  void takesBothNamings();
  void choosesFreeNames();
  void replacesOnlyWhenAsked();
  void answersAKeyOnce();
  void limitsThePlace();
  void refusesBadModels_data();
  void refusesBadModels();
  void tellsOfFaults();
  void acceptsTheCorpus();
  void routes_data();
  void routes();
  void wantsAToken();
  void refusesForeignHostsAndPages();
  void limitsUploads();
  void leavesOtherFilesAlone();
  void changesNothingThroughLinks();
};

void TestStoreService::keepsAndServes_data() {
  QTest::addColumn<bool>("isStore");
  QTest::newRow("folder") << false;
  QTest::newRow("store") << true;
}

/// What Chromium saved comes back byte for byte, whole and in ranges.
void TestStoreService::keepsAndServes() {
  QFETCH(bool, isStore);
  Bench bench(isStore);
  const ModelArtifacts model = capture(QStringLiteral("optimizer"));
  const Answer kept = bench.upload("/upload/moons", uploadParts(model));
  QCOMPARE(kept.status, 200);
  QVERIFY(kept.json().at("url") == Json("/models/moons/model.json"));
  QVERIFY(kept.json().at("modelArtifactsInfo").at("weightDataBytes") == Json(model.weightData->size()));
  QCOMPARE(bench.staged(), QStringList());

  const Answer json = bench.ask("GET", "/models/moons/model.json");
  QCOMPARE(json.status, 200);
  ModelArtifacts back = parseModelJson(json.body, QStringLiteral("model.json"));
  QCOMPARE(back.groups.size(), std::size_t(1));
  const std::string file = "/models/moons/" + back.groups[0].paths[0];
  const Answer weights = bench.ask("GET", file);
  QCOMPARE(weights.body, model.weightData->joined());
  back.weightData = std::make_shared<const WeightBytes>(weights.body);
  if (!isStore) {  // hashes that a folder adds are the one difference
    QVERIFY(json.body.contains(kept.json().at("weightsSha256").get<std::string>().c_str()));
    back.userDefinedMetadata = model.userDefinedMetadata;
  }
  back.groups.clear();
  back.memberOrder.clear();
  QCOMPARE(wholeOf(back), wholeOf(model));

  const Answer range = bench.ask("GET", file, {{"Range", "bytes=5-14"}});
  QCOMPARE(range.status, 206);
  QCOMPARE(range.body, model.weightData->joined().mid(5, 10));
  const std::string etag(fieldOf(json.fields, "ETag"));
  QCOMPARE(bench.ask("GET", "/models/moons/model.json", {{"If-None-Match", etag}}).status, 304);
  bench.upload("/upload/moons", uploadParts(model));
  QCOMPARE(bench.ask("GET", "/models/moons/model.json", {{"If-None-Match", etag}}).status, 200);

  const Json listed = bench.ask("GET", "/models").json().at("models");
  QCOMPARE(listed.size(), std::size_t(1));
  QVERIFY(listed[0].at("name") == Json("moons"));
  QVERIFY(listed[0].at("layers") == Json(2));
}

/// Larger than what is hashed in one piece, and than what lies in rows.
void TestStoreService::keepsLargeModels() {
  QFETCH(bool, isStore);
  Bench bench(isStore);
  const ModelArtifacts model = largeDense();
  QCOMPARE(bench.upload("/upload/large", uploadParts(model)).status, 200);
  const Json json = bench.ask("GET", "/models/large/model.json").json();
  const std::string file = json.at("weightsManifest")[0].at("paths")[0].get<std::string>();
  const Answer range = bench.ask("GET", "/models/large/" + file, {{"Range", "bytes=4999990-5000009"}});
  QCOMPARE(range.status, 206);
  QCOMPARE(range.body, model.weightData->joined().mid(4'999'990, 20));
  QCOMPARE(bench.ask("GET", "/models/large/" + file).body, model.weightData->joined());
  ModelLibrary library(bench.path("store.sqlite"));
  const QString url = isStore ? QStringLiteral("indexeddb://large") : bench.path("models/large");
  QCOMPARE(*library.load(url).weightData, *model.weightData);  // hashes checked
}

void TestStoreService::removesToTrash_data() {
  keepsAndServes_data();
}

void TestStoreService::removesToTrash() {
  QFETCH(bool, isStore);
  Bench bench(isStore);
  bench.upload("/upload/moons", partsOf(QStringLiteral("plain")));
  const Answer removed = bench.ask("DELETE", "/models/moons");
  QCOMPARE(removed.status, 200);
  QCOMPARE(bench.ask("GET", "/models/moons/model.json").status, 404);
  QCOMPARE(bench.ask("DELETE", "/models/moons").status, 404);
  const QString id = QString::fromStdString(removed.json().at("trashId").get<std::string>());
  if (isStore) {
    ModelLibrary library(bench.path("store.sqlite"));
    library.restore(id);
  } else {
    FolderTrash(bench.path("models/.trash")).restore(id);
  }
  QCOMPARE(bench.ask("GET", "/models/moons/model.json").status, 200);
}

void TestStoreService::purgesWhatIsOldInTheTrash() {
  QFETCH(bool, isStore);
  Bench bench(isStore);
  bench.upload("/upload/moons", partsOf(QStringLiteral("plain")));
  QCOMPARE(bench.ask("DELETE", "/models/moons").status, 200);
  const auto count = [&] {
    return isStore ? ModelLibrary(bench.path("store.sqlite")).trash().size()
                   : FolderTrash(bench.path("models/.trash")).list().size();
  };
  bench.service().tidy();
  QCOMPARE(count(), 1u);  // of today
  bench.repository().purgeTrash(QDateTime::currentDateTimeUtc().addSecs(1));
  QCOMPARE(count(), 0u);
}

void TestStoreService::takesBothNamings() {
  Bench bench(false);
  std::vector<MultipartPart> parts = partsOf(QStringLiteral("plain"));
  parts[0].name = "model_json";
  parts[1].name = "model_weights_bin";
  parts.push_back({"note", "text/plain", QByteArray("passed over")});
  std::swap(parts[0], parts[1]);  // weights first
  QCOMPARE(bench.upload("/upload/a", parts).status, 200);
  QCOMPARE(bench.ask("GET", "/models/a/model.weights.bin").body, capture(QStringLiteral("plain")).weightData->joined());
}

void TestStoreService::choosesFreeNames() {
  Bench bench(false);
  const auto nameOf = [&] { return bench.upload("/upload", partsOf(QStringLiteral("plain"))).json().at("name"); };
  QVERIFY(nameOf() == Json("capture_plain"));
  QVERIFY(nameOf() == Json("capture_plain-2"));
  QVERIFY(nameOf() == Json("capture_plain-3"));
}

void TestStoreService::replacesOnlyWhenAsked() {
  Bench bench(false);
  const auto parts = partsOf(QStringLiteral("plain"));
  QCOMPARE(bench.upload("/upload/a", parts, {{"If-None-Match", "*"}}).status, 200);
  QCOMPARE(bench.upload("/upload/a", partsOf(QStringLiteral("optimizer")), {{"If-None-Match", "*"}}).status, 412);
  QCOMPARE(bench.ask("GET", "/models/a/model.weights.bin").body, capture(QStringLiteral("plain")).weightData->joined());
  QCOMPARE(bench.upload("/upload/a", partsOf(QStringLiteral("optimizer"))).status, 200);
  QCOMPARE(bench.ask("GET", "/models/a/model.weights.bin").body,
           capture(QStringLiteral("optimizer")).weightData->joined());
  QCOMPARE(bench.upload("/upload/a", parts, {{"Prefer", "keep-replaced"}}).status, 200);
  const std::vector<TrashEntry> trash = FolderTrash(bench.path("models/.trash")).list();
  QCOMPARE(trash.size(), 1u);
  QCOMPARE(trash[0].name, QStringLiteral("a"));
}

void TestStoreService::answersAKeyOnce() {
  Bench bench(false);
  const auto parts = partsOf(QStringLiteral("plain"));
  const Answer first = bench.upload("/upload", parts, {{"Idempotency-Key", "k"}});
  const Answer again = bench.upload("/upload", parts, {{"Idempotency-Key", "k"}});
  QCOMPARE(again.status, 200);
  QCOMPARE(again.body, first.body);
  QCOMPARE(again.etag(), first.etag());
  const Answer another = bench.upload("/upload", partsOf(QStringLiteral("optimizer")), {{"Idempotency-Key", "k"}});
  QCOMPARE(another.status, 422);
  QVERIFY2(another.body.contains("Another model was sent with this Idempotency-Key"), another.body.constData());
  QVERIFY(bench.upload("/upload", parts, {{"Idempotency-Key", "l"}}).json().at("name") == Json("capture_plain-2"));
  QCOMPARE(bench.ask("GET", "/models").json().at("models").size(), std::size_t(2));
  // A refused upload leaves its key free: the client may mend and send again.
  QCOMPARE(bench.upload("/upload", withJson("{}"), {{"Idempotency-Key", "m"}}).status, 422);
  QCOMPARE(bench.upload("/upload", parts, {{"Idempotency-Key", "m"}}).status, 200);
}

/// Counted once, and then by what each change adds or takes away; other programs' changes when they matter.
void TestStoreService::limitsThePlace() {
  const auto parts = partsOf(QStringLiteral("plain"));
  Bench sizing(false);
  QCOMPARE(sizing.repository().usedBytes(), 0);
  QCOMPARE(sizing.upload("/upload/a", parts).status, 200);
  const std::int64_t one = sizing.repository().usedBytes();
  QVERIFY(one > capture(QStringLiteral("plain")).weightData->size());
  QCOMPARE(sizing.upload("/upload/a", parts).status, 200);
  QVERIFY(sizing.repository().usedBytes() < one + 10);  // "generation": 10, say, is a digit more
  QCOMPARE(sizing.ask("DELETE", "/models/a").status, 200);
  QCOMPARE(sizing.repository().usedBytes(), 0);

  Bench bench(false, {}, one * 5 / 2);
  QCOMPARE(bench.upload("/upload/a", parts).status, 200);
  QCOMPARE(bench.upload("/upload/b", parts).status, 200);
  const Answer full = bench.upload("/upload/c", parts);
  QCOMPARE(full.status, 507);
  QCOMPARE(full.code(), QByteArray("E202"));
  QVERIFY2(full.body.contains("keeps at most") && full.body.contains("Delete models"), full.body.constData());
  QCOMPARE(bench.staged(), QStringList());
  QVERIFY(QDir(bench.path("models/a")).removeRecursively());  // by hand
  QCOMPARE(bench.upload("/upload/c", parts).status, 200);
  QVERIFY(QDir().rename(bench.path("models/c"), bench.path("aside")));
  bench.service().tidy();
  QCOMPARE(bench.repository().usedBytes(), one);
  QVERIFY(QDir().rename(bench.path("aside"), bench.path("models/c")));
  QCOMPARE(bench.repository().usedBytes(), one);  // not walked again at each question
  bench.service().tidy();
  QCOMPARE(bench.repository().usedBytes(), 2 * one);
}

void TestStoreService::refusesBadModels_data() {
  QTest::addColumn<QByteArray>("json");
  QTest::addColumn<qsizetype>("weightBytes");  // -1: no part
  QTest::addColumn<int>("status");
  QTest::addColumn<QByteArray>("code");
  const ModelArtifacts model = capture(QStringLiteral("plain"));
  const QByteArray good = uploadParts(model)[0].bytes.joined();
  const qsizetype bytes = model.weightData->size();
  const auto changed = [&](const QByteArray& from, const QByteArray& to) {
    if (!good.contains(from)) qFatal("nothing to change: %s", from.constData());
    return QByteArray(good).replace(from, to);
  };
  QTest::newRow("web page") << QByteArray("<!doctype html>") << bytes << 422 << QByteArray("E101");
  QTest::newRow("git-lfs") << QByteArray("version https://git-lfs.github.com/spec/v1") << bytes << 422
                           << QByteArray("E102");
  QTest::newRow("broken") << good.left(good.size() / 2) << bytes << 422 << QByteArray("E103");
  QTest::newRow("empty object") << QByteArray("{}") << bytes << 422 << QByteArray("E104");
  QTest::newRow("no topology") << QByteArray(R"({"weightsManifest":[]})") << qsizetype(-1) << 422 << QByteArray("E104");
  QTest::newRow("list") << QByteArray("[1]") << bytes << 422 << QByteArray("E104");
  QTest::newRow("too deep") << QByteArray(100, '[') << bytes << 422 << QByteArray("E130");
  QTest::newRow("no weights") << good << qsizetype(-1) << 422 << QByteArray("E110");
  QTest::newRow("short weights") << good << bytes - 1 << 422 << QByteArray("E110");
  QTest::newRow("another shape") << changed("\"shape\":[4,3]", "\"shape\":[3,4]") << bytes << 422 << QByteArray("E112");
  QTest::newRow("another name") << changed("\"name\":\"hidden/kernel\"", "\"name\":\"lost/kernel\"") << bytes << 422
                                << QByteArray("E112");
  QTest::newRow("two files") << changed("[\"./model.weights.bin\"]", "[\"a.bin\",\"b.bin\"]") << bytes << 422
                             << QByteArray("E110");
}

void TestStoreService::refusesBadModels() {
  QFETCH(QByteArray, json);
  QFETCH(qsizetype, weightBytes);
  QFETCH(int, status);
  QFETCH(QByteArray, code);
  Bench bench(false);
  bench.upload("/upload/kept", partsOf(QStringLiteral("optimizer")));
  std::vector<MultipartPart> parts = withJson(json);
  if (weightBytes >= 0)
    parts.push_back({"model.weights.bin", "application/octet-stream", QByteArray(weightBytes, '\0')});
  const Answer answer = bench.upload("/upload/kept", parts);
  QVERIFY2(answer.status == status || (code == "E130" && answer.status == 413), answer.body.constData());
  QCOMPARE(answer.code(), code);
  QVERIFY2(!answer.body.contains(bench.path("").toUtf8()), answer.body.constData());
  QCOMPARE(bench.ask("GET", "/models/kept/model.weights.bin").body,
           capture(QStringLiteral("optimizer")).weightData->joined());
  QCOMPARE(bench.staged(), QStringList());
  QCOMPARE(bench.ask("GET", "/models").json().at("models").size(), std::size_t(1));
}

/// What the editor finds fault with is told; TensorFlow.js may think otherwise.
void TestStoreService::tellsOfFaults() {
  Bench bench(false);
  std::vector<MultipartPart> parts = partsOf(QStringLiteral("plain"));
  parts[0].bytes = parts[0].bytes.joined().replace("\"units\":3", "\"units\":\"three\"");
  const Answer answer = bench.upload("/upload/odd", parts);
  QCOMPARE(answer.status, 200);
  const Json issues = answer.json().at("issues");
  QVERIFY2(answer.body.contains("hidden") && issues.size() > 0, answer.body.constData());
}

/// Real models from public repositories, layers that are unknown here included, pass the check.
void TestStoreService::acceptsTheCorpus() {
  const QString shared = qEnvironmentVariable("LAYERSMITH_SHARED");
  if (shared.isEmpty()) QSKIP("LAYERSMITH_SHARED is not set");
  Bench bench(true);
  ModelLibrary library(bench.path("other.sqlite"));
  int models = 0;
  for (const QString& name : QDir(shared + QStringLiteral("/corpus")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
    const QString folder = shared + QStringLiteral("/corpus/") + name;
    if (!QFileInfo::exists(folder + QStringLiteral("/model.json")) || name.startsWith(QStringLiteral("neg-"))) continue;
    const Answer answer = bench.upload("/upload/" + name.toStdString(), uploadParts(library.load(folder)));
    QVERIFY2(answer.status == 200, qPrintable(name + QStringLiteral(": ") + QString::fromUtf8(answer.body)));
    ++models;
  }
  QVERIFY(models >= 20);
}

void TestStoreService::routes_data() {
  QTest::addColumn<QByteArray>("method");
  QTest::addColumn<QByteArray>("target");
  QTest::addColumn<int>("status");
  const auto row = [](const char* method, const char* target, int status) {
    QTest::addRow("%s %s", method, target) << QByteArray(method) << QByteArray(target) << status;
  };
  row("GET", "/ping", 200);
  row("HEAD", "/ping", 200);
  row("POST", "/ping", 405);
  row("GET", "/", 404);
  row("GET", "/pin", 404);
  row("GET", "/models", 200);
  row("POST", "/models", 405);
  row("GET", "/models/a", 405);
  row("GET", "/models/a/model.json", 404);
  row("PUT", "/models/a/model.json", 405);
  row("GET", "/upload", 405);
  row("DELETE", "/upload/a", 405);
  row("POST", "/upload", 415);
  row("POST", "/upload/.hidden", 400);
  row("POST", "/upload/a.json", 400);
  row("POST", "/upload/a/b", 400);
  row("POST", "/upload/", 400);
  row("POST", "/upload/%2e%2e", 400);
  row("POST", "/upload/a%00b", 400);
  row("POST", "/upload/a%5cb", 400);
  for (const char* name : {"..", ".", ".trash", ".staging", "%2e%2e", "a%2fb", "a\\b", "a%5cb", "a%00", "%00", "a b"})
    row("DELETE", (std::string("/models/") + name).c_str(), 404);
  for (const char* file :
       {"../../secret.bin", "..%2f..%2fsecret.bin", "%2e%2e/secret.bin", "..%5csecret.bin", "..\\secret.bin", "%00.bin",
        "secret.bin%00.bin", "/secret.bin", ".hidden.bin", "model.txt", "sub/x.bin", ""})
    row("GET", (std::string("/models/a/") + file).c_str(), 404);
  for (const QByteArray& nul : {QByteArray("/models/a\0/model.json", 21), QByteArray("/models/a/x\0.bin", 16)})
    QTest::addRow("NUL in %d bytes", int(nul.size())) << QByteArray("GET") << nul << 404;
  QTest::newRow("NUL in a name") << QByteArray("POST") << QByteArray("/upload/a\0b", 11) << 400;
}

void TestStoreService::routes() {
  QFETCH(QByteArray, method);
  QFETCH(QByteArray, target);
  QFETCH(int, status);
  Bench bench(false);
  write(bench.path("secret.bin"), "secret");
  const Answer answer = bench.ask(method.toStdString(), target.toStdString());
  QCOMPARE(answer.status, status);
  QCOMPARE(status == 405, !fieldOf(answer.fields, "Allow").empty());
}

void TestStoreService::wantsAToken() {
  Bench bench(false, "secret");
  const HttpFields right{{"Authorization", "Bearer secret"}}, wrong{{"Authorization", "Bearer secreu"}};
  const auto parts = partsOf(QStringLiteral("plain"));
  for (const char* target : {"/models", "/models/a/model.json", "/nothing"})
    QCOMPARE(bench.ask("GET", target).status, 401);
  QCOMPARE(bench.upload("/upload/a", parts).status, 401);
  QCOMPARE(bench.upload("/upload/a", parts, wrong).status, 401);
  QCOMPARE(bench.ask("DELETE", "/models/a", wrong).status, 401);
  QCOMPARE(bench.staged(), QStringList());
  QVERIFY(!QFileInfo::exists(bench.path("models/a")));
  QCOMPARE(bench.ask("GET", "/ping").status, 200);
  QCOMPARE(bench.upload("/upload/a", parts, right).status, 200);
  QCOMPARE(bench.ask("GET", "/models/a/model.json", right).status, 200);
  for (int i = 0; i < 10; ++i) bench.ask("GET", "/models", wrong);
  const Answer stopped = bench.ask("GET", "/models", right);
  QCOMPARE(stopped.status, 429);
  QVERIFY(!fieldOf(stopped.fields, "Retry-After").empty());
}

void TestStoreService::refusesForeignHostsAndPages() {
  Bench bench(false);
  HttpRequest request;
  request.method = "GET";
  request.path = "/models";
  request.fields = {{"Host", "evil.example"}};
  HttpDecision decision = bench.service().decide(request);
  QCOMPARE(std::get<HttpResponse>(decision).status, 421);
  QCOMPARE(bench.ask("GET", "/models", {{"Origin", "http://evil.example"}}).status, 403);
  QCOMPARE(bench.upload("/upload/a", partsOf(QStringLiteral("plain")), {{"Origin", "null"}}).status, 403);
  QCOMPARE(bench.upload("/upload/a", partsOf(QStringLiteral("plain")), {{"Origin", "http://127.0.0.1:8080"}}).status,
           200);
}

void TestStoreService::limitsUploads() {
  Bench bench(false);
  const auto declared = [&](std::int64_t bytes) {
    HttpRequest request;
    request.id = "x";
    request.method = "POST";
    request.path = "/upload/a";
    request.fields = {{"Host", "localhost"}, {"Content-Type", "multipart/form-data; boundary=B"}};
    request.contentLength = bytes;
    return request;
  };
  HttpDecision decision = bench.service().decide(declared(64 * limits::kMiB + 1));
  QCOMPARE(std::get<HttpResponse>(decision).status, 413);
  QVERIFY(Json::parse(std::get<HttpResponse>(decision).body).at("error").at("limit") == Json(64 * limits::kMiB));
  decision = bench.service().decide(declared(-1));
  QCOMPARE(std::get<HttpResponse>(decision).status, 411);

  // A body in chunks does not say how long it is: it is counted.
  HttpRequest chunked = declared(-1);
  chunked.isChunked = true;
  decision = bench.service().decide(chunked);
  const std::unique_ptr<BodySink> sink = std::get<2>(decision)();
  sink->write("--B\r\nContent-Disposition: form-data; name=\"model.weights.bin\"\r\n\r\n");
  const std::string piece(limits::kMiB, 'x');
  int pieces = 0;
  try {
    for (; pieces < 100; ++pieces) sink->write(piece);
  } catch (const Refusal& refusal) {
    QCOMPARE(refusal.status, 413);
  }
  QCOMPARE(pieces, 63);

  std::vector<MultipartPart> parts = withJson(QByteArray(33 * limits::kMiB, ' '));
  QCOMPARE(bench.upload("/upload/a", parts).status, 413);
}

void TestStoreService::leavesOtherFilesAlone() {
  Bench bench(false);
  QDir().mkpath(bench.path("models/mixed"));
  write(bench.path("models/mixed/holiday.jpg"), "picture");
  write(bench.path("secret.bin"), "secret");
  QVERIFY(QFile::link(bench.path("secret.bin"), bench.path("models/mixed/link.bin")));
  QCOMPARE(bench.upload("/upload/mixed", partsOf(QStringLiteral("plain"))).status, 200);
  QCOMPARE(bytesOf(bench.path("models/mixed/holiday.jpg")), QByteArray("picture"));
  QCOMPARE(bench.ask("GET", "/models/mixed/model.weights.bin").body,
           capture(QStringLiteral("plain")).weightData->joined());
  QCOMPARE(bench.ask("GET", "/models/mixed/link.bin").status, 404);
  QCOMPARE(bench.ask("GET", "/models/mixed/holiday.jpg").status, 404);
}

/// A link in the server's folder: what it leads to is not served, and not changed either.
void TestStoreService::changesNothingThroughLinks() {
  Bench bench(false);
  const ModelArtifacts model = capture(QStringLiteral("plain"));
  QCOMPARE(bench.upload("/upload/moons", uploadParts(model)).status, 200);
  QVERIFY(QDir().rename(bench.path("models/moons"), bench.path("outside")));
  QVERIFY(QFile::link(bench.path("outside"), bench.path("models/moons")));
  const QStringList files = QDir(bench.path("outside")).entryList(QDir::Files);
  const QByteArray json = bytesOf(bench.path("outside/model.json"));
  const auto isUntouched = [&] {
    return QFileInfo(bench.path("models/moons")).isSymLink() && bytesOf(bench.path("outside/model.json")) == json &&
           QDir(bench.path("outside")).entryList(QDir::Files) == files;
  };
  QCOMPARE(bench.ask("GET", "/models/moons/model.json").status, 404);
  QCOMPARE(bench.ask("GET", "/models").json().at("models").size(), std::size_t(0));
  const QByteArray form = multipartBody(uploadParts(capture(QStringLiteral("optimizer"))), "B").joined();
  const Answer refused = bench.ask("PUT", "/upload/moons", {{"Content-Type", "multipart/form-data; boundary=B"}}, form);
  QVERIFY2(refused.status == 422, refused.body);
  QVERIFY2(refused.body.contains("is a link in the server's folder. Nothing was changed."), refused.body);
  QVERIFY(isUntouched());
  QCOMPARE(bench.ask("DELETE", "/models/moons").status, 404);
  QCOMPARE(bench.ask("DELETE", "/models/moons", {{"If-Match", "*"}}).status, 412);
  QVERIFY(isUntouched());
}

QTEST_GUILESS_MAIN(TestStoreService)
#include "tst_StoreService.moc"

// Moves to, from and between store servers: read back and compared before the source goes.
#include "model/core/Error.h"
#include "model/storage/ModelLibrary.h"
#include "tests/support/ModelFixtures.h"
#include "tests/support/Patience.h"
#include "tests/support/RawPeer.h"
#include "tests/support/ServerFixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace layersmith;
using namespace layersmith::fixtures;
using layersmith::testing::StoreServer;

namespace {

const QString kHere = QStringLiteral("indexeddb://m");

}  // namespace

class TestMovesOnServers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();

  void movesThereAndBack();
  void takenNamesAreRefused();
  void keepsWhatCameMeanwhile();
  void anUnprovenCopyKeepsTheSource();
  void otherWebServersAreRefused();
  void cancelledAnywhere();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
  QString there(const char* name = "m") const {
    return m_server->address() + QStringLiteral("/models/") + QLatin1String(name) + QStringLiteral("/model.json");
  }
  ModelLibrary::ServerAccess access() const {
    HttpOptions http;
    http.setBearerToken(m_server->token());
    return {http, http};
  }
  QByteArray weightsThere() { return m_library->load(there(), loading()).weightData->joined(); }
  LoadOptions loading() const {
    LoadOptions options;
    options.http = access().source;
    return options;
  }
  SaveResult move(const QString& from, const QString& to, bool overwrite = false, const StoreProgress& tell = {}) {
    return m_library->move(from, to, overwrite, tell, access());
  }
  bool isOnServer(const char* name = "m") { return m_server->models().contains(QLatin1String(name)); }

  std::optional<QTemporaryDir> m_folder;
  std::optional<StoreServer> m_server;
  std::optional<ModelLibrary> m_library;
};

void TestMovesOnServers::init() {
  m_server.reset();
  m_library.reset();
  m_folder.emplace();
  m_server.emplace(at("server"));
  m_library.emplace(at("home/store.sqlite"));
}

/// Nothing is added or lost on the way: not the hashes that a server keeps beside its weights, no key.
void TestMovesOnServers::movesThereAndBack() {
  const ModelArtifacts model = capture(QStringLiteral("optimizer"));
  m_library->save(kHere, model);
  QCOMPARE(move(kHere, there()).url, there());
  QVERIFY(!m_library->contains(kHere) && isOnServer());
  QCOMPARE(m_library->trash().size(), 1u);
  move(there(), at("folder/m"));
  QVERIFY(!isOnServer());
  const ModelArtifacts back = m_library->load(at("folder/m"));
  QCOMPARE(back.weightData->joined(), model.weightData->joined());
  QVERIFY(back.userDefinedMetadata == model.userDefinedMetadata && back.trainingConfig == model.trainingConfig);
  QVERIFY(back.modelTopology == model.modelTopology);
}

void TestMovesOnServers::takenNamesAreRefused() {
  const ModelArtifacts mine = capture(QStringLiteral("plain")), theirs = capture(QStringLiteral("optimizer"));
  m_library->save(kHere, mine);
  m_server->models().publish(QStringLiteral("m"), theirs, {});
  const Error error = errorOf([&] { move(kHere, there()); });
  QVERIFY2(error.message().find("Nothing was changed") != std::string::npos, error.what());
  QVERIFY(m_library->contains(kHere));
  QCOMPARE(weightsThere(), theirs.weightData->joined());
  move(kHere, there(), true);
  QCOMPARE(weightsThere(), mine.weightData->joined());
}

/// Another program saves over the model on the server while it is moved away from there: that save stays. It is what
/// was read, too: two versions never mix.
void TestMovesOnServers::keepsWhatCameMeanwhile() {
  m_server->models().publish(QStringLiteral("m"), sized(10, 1), {});
  SaveOptions replace;
  replace.overwrite = true;
  int ticks = 0;
  const auto overtake = [&](std::int64_t done, std::int64_t) {
    if (done > 0 && ++ticks == 1) m_server->models().publish(QStringLiteral("m"), sized(10, 2), replace);
    return true;
  };
  const Error error = errorOf([&] { move(there(), kHere, false, overtake); });
  QCOMPARE(error.code(), std::string("E203"));
  QCOMPARE(weightsThere(), sized(10, 2).weightData->joined());
  QCOMPARE(m_library->load(kHere).weightData->joined(), sized(10, 2).weightData->joined());
}

/// A server that says it stored a model and gives back another.
void TestMovesOnServers::anUnprovenCopyKeepsTheSource() {
  m_library->save(kHere, capture(QStringLiteral("plain")));
  const QByteArray list = "{\"models\": []}", stored = "{}";
  RawPeer liar([&](const QByteArray& request) {
    if (request.startsWith("POST")) return reply("200 OK", stored);
    if (request.startsWith("GET /models ")) return reply("200 OK", list);
    if (request.startsWith("GET /models/m/model.json")) return reply("200 OK", modelJsonText("w.bin"));
    return reply("200 OK", QByteArray(capture(QStringLiteral("plain")).weightData->size(), 'x'));
  });
  QThread client;
  std::optional<Error> error;
  QObject job;
  job.moveToThread(&client);
  client.start();
  QMetaObject::invokeMethod(&job, [&] {
    error = errorOf([&] { ModelLibrary(at("home/store.sqlite")).move(kHere, liar.url("/models/m/model.json")); });
  });
  QTRY_VERIFY_WITH_TIMEOUT(error.has_value(), kPatienceMs);
  client.quit();
  client.wait();
  QCOMPARE(error->code(), std::string("E111"));
  QVERIFY2(error->message().find("The original stays where it is.") != std::string::npos, error->what());
  QVERIFY(m_library->contains(kHere));
}

/// Before anything is sent or written.
void TestMovesOnServers::otherWebServersAreRefused() {
  m_library->save(kHere, capture(QStringLiteral("plain")));
  const QString wrong = m_server->address() + QStringLiteral("/elsewhere/models/m/model.json");
  QVERIFY(!errorOf([&] { move(kHere, wrong); }).message().empty());
  QVERIFY(!errorOf([&] { move(wrong, at("n")); }).message().empty());
  QVERIFY(m_library->contains(kHere) && !isOnServer() && !QFile::exists(at("n")));
  QVERIFY(errorOf([&] { move(kHere, m_server->address() + QStringLiteral("/upload/m")); }).kind() ==
          ErrorKind::Unsupported);
}

/// Wherever it ends, one whole model is left, and the source stays until the copy was compared.
void TestMovesOnServers::cancelledAnywhere() {
  const ModelArtifacts model = capture(QStringLiteral("optimizer"));
  for (const bool isToServer : {true, false}) {
    for (int last = 0;; ++last) {
      init();
      if (isToServer)
        m_library->save(kHere, model);
      else
        m_server->models().publish(QStringLiteral("m"), model, {});
      int ticks = 0;
      bool isDone = false;
      try {
        move(isToServer ? kHere : there(), isToServer ? there() : kHere, false,
             [&](std::int64_t, std::int64_t) { return ticks++ < last; });
        isDone = true;
      } catch (const Error& error) {
        QVERIFY2(error.kind() == ErrorKind::Cancelled, error.what());
        QVERIFY2(error.message().starts_with("Stopped."), error.what());
      }
      const bool hasSource = isToServer ? m_library->contains(kHere) : isOnServer();
      QCOMPARE(hasSource, !isDone);
      if (isDone) break;
      QCOMPARE(isToServer ? m_library->load(kHere).weightData->joined() : weightsThere(), model.weightData->joined());
    }
  }
}

QTEST_GUILESS_MAIN(TestMovesOnServers)
#include "tst_MovesOnServers.moc"

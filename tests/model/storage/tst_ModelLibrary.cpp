#include "model/storage/ModelLibrary.h"

#include "model/storage/StorePreview.h"
#include "tests/support/ModelFixtures.h"

#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>
#include <csignal>

using namespace layersmith;
using namespace layersmith::fixtures;

class TestModelLibrary : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_library = std::make_unique<ModelLibrary>(at("home/store.sqlite"));
  }
  void readsPlaces_data();
  void readsPlaces();
  void refusesPlaces_data();
  void refusesPlaces();
  void takesNamesWithSlashes();
  void tellsNamesFromThoseWithABlank_data();
  void tellsNamesFromThoseWithABlank();
  void copiesLoseNothing();
  void movesOnlyWhatArrived();
  void movesBetweenAnyTwoStores_data();
  void movesBetweenAnyTwoStores();
  void losesNothingWhereAFailedMoveStops_data();
  void losesNothingWhereAFailedMoveStops();
  void asksWhenTheBaseIsStale_data() { cancelsAnywhere_data(); }
  void asksWhenTheBaseIsStale();
  void cancelsAnywhere_data();
  void cancelsAnywhere();
  void cancelsCopiesAndMovesAnywhere_data() { movesBetweenAnyTwoStores_data(); }
  void cancelsCopiesAndMovesAnywhere();
  void keepsWhatCameDuringAMove();
  void refusesMovesThatCannotBeProven();
  void keepsSecretsFromASecondServer();
  void goesThroughBrowserDumps();
  void countsAsTensorFlowJs_data();
  void countsAsTensorFlowJs();
  void listsEverything();
  void restoresFromAnyTrash();
  void previewsAreExact();
  void previewsMaskSecrets();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<ModelLibrary> m_library;
};

void TestModelLibrary::readsPlaces_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("scheme");
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("url");
  const auto row = [](const char* text, const char* scheme, const char* name, const char* url) {
    QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(scheme) << QString::fromUtf8(name)
                        << QString::fromUtf8(url);
  };
  row("/tmp/a", "file", "/tmp/a", "file:///tmp/a");
  row("/tmp/x/../a/model.json", "file", "/tmp/a/model.json", "file:///tmp/a/model.json");
  row("file:///tmp/with%20space", "file", "/tmp/with space", "file:///tmp/with%20space");
  row("file:///data/run#2", "file", "/data/run#2", "file:///data/run%232");
  row("file:///data/why?/%231%3F", "file", "/data/why?/#1?", "file:///data/why%3F/%231%3F");
  row("localstorage://moons", "localstorage", "moons", "localstorage://moons");
  row("/tmp/a ", "file", "/tmp/a ", "file:///tmp/a%20");
  row("file:///tmp/a ", "file", "/tmp/a ", "file:///tmp/a%20");
  row(" indexeddb://moons ", "indexeddb", "moons ", "indexeddb://moons ");
  row(" https://h.org/model.json\n", "https", "https://h.org/model.json", "https://h.org/model.json");
  row("IndexedDB://größe ☃", "indexeddb", "größe ☃", "indexeddb://größe ☃");
  row("https://h.org/m/model.json?t=1", "https", "https://h.org/m/model.json?t=1", "https://h.org/m/model.json?t=1");
}

void TestModelLibrary::readsPlaces() {
  QFETCH(QString, text);
  QFETCH(QString, scheme);
  QFETCH(QString, name);
  QFETCH(QString, url);
  const Place place = parsePlace(text);
  QCOMPARE(place.scheme, scheme);
  QCOMPARE(place.name, name);
  QCOMPARE(place.url(), url);
}

void TestModelLibrary::refusesPlaces_data() {
  QTest::addColumn<QString>("text");
  for (const char* text : {"", "  ", "localstorage://", "ftp://x/y", "http://", "indexeddb://a\nb"})
    QTest::newRow(text) << QString::fromLatin1(text);
}

void TestModelLibrary::refusesPlaces() {
  QFETCH(QString, text);
  QVERIFY(errorOf([&] { parsePlace(text); }).kind() == ErrorKind::InvalidConfig);
}

/// TensorFlow.js takes them: its keys are tensorflowjs_models/PATH/info, whatever PATH is.
void TestModelLibrary::takesNamesWithSlashes() {
  for (const QString& url : {QStringLiteral("indexeddb://class/7b/moons"), QStringLiteral("localstorage://my/model")}) {
    m_library->save(url, capture(QStringLiteral("plain")));
    QCOMPARE(wholeOf(m_library->load(url)), wholeOf(capture(QStringLiteral("plain"))));
    const QByteArray dump = m_library->exportDump({url});
    m_library->rename(url, QStringLiteral("a/b"));
    m_library->rename(parsePlace(url).scheme + QStringLiteral("://a/b"), parsePlace(url).name);
    m_library->remove(url);
    QCOMPARE(m_library->importDump(dump, QStringLiteral("dump.json")), QStringList{url});
    QCOMPARE(wholeOf(m_library->load(url)), wholeOf(capture(QStringLiteral("plain"))));
  }
}

void TestModelLibrary::tellsNamesFromThoseWithABlank_data() {
  QTest::addColumn<QString>("place");
  for (const char* place : {"", "indexeddb://", "localstorage://"})
    QTest::newRow(*place ? place : "folder") << QString::fromLatin1(place);
}

/// "moons" and "moons " are two models, to folders and to browsers.
void TestModelLibrary::tellsNamesFromThoseWithABlank() {
  QFETCH(QString, place);
  const auto url = [&](const char* name) {
    return (place.isEmpty() ? at("models/") : place) + QString::fromLatin1(name);
  };
  const auto holds = [&](const char* name, float value) {
    return m_library->load(url(name)).weightData->joined() == sized(10, value).weightData->joined();
  };
  m_library->save(url("moons"), sized(10, 1));
  m_library->save(url("moons "), sized(10, 2));
  QVERIFY(holds("moons", 1) && holds("moons ", 2));
  m_library->rename(url("moons "), QStringLiteral("moons  "));
  QVERIFY(holds("moons", 1) && holds("moons  ", 2));
  const QString kept = m_library->remove(url("moons  ")).id;
  QVERIFY(holds("moons", 1) && !m_library->contains(url("moons  ")));
  m_library->restore(kept);
  QVERIFY(holds("moons", 1) && holds("moons  ", 2));
  if (place.isEmpty()) return;
  const QByteArray dump = m_library->exportDump({url("moons  ")});
  m_library->remove(url("moons  "));
  QCOMPARE(m_library->importDump(dump, QStringLiteral("dump.json")), QStringList{url("moons  ")});
  QVERIFY(holds("moons", 1) && holds("moons  ", 2));
}

void TestModelLibrary::copiesLoseNothing() {
  ModelArtifacts artifacts = capture(QStringLiteral("optimizer"));
  artifacts.unknownMembers["extra"] = Json{{"kept", {1, 2.5, nullptr}}};
  artifacts.signature = Json{{"inputs", Json::object()}};
  m_library->save(at("a"), artifacts);
  const QStringList round = {at("a"), QStringLiteral("localstorage://m"), QStringLiteral("indexeddb://m"),
                             at("pair.json"), at("b")};
  for (qsizetype i = 1; i < round.size(); ++i) m_library->copy(round[i - 1], round[i]);
  QCOMPARE(wholeOf(m_library->load(at("b"))), wholeOf(artifacts));
  QVERIFY(errorOf([&] { m_library->copy(at("a"), at("b")); }).kind() == ErrorKind::AlreadyExists);
  QVERIFY(errorOf([&] { m_library->copy(at("a"), at("a"), true); }).kind() == ErrorKind::AlreadyExists);
  QCOMPARE(wholeOf(m_library->load(at("a"))), wholeOf(artifacts));
}

void TestModelLibrary::movesOnlyWhatArrived() {
  const QString from = QStringLiteral("indexeddb://m");
  m_library->save(from, sized(100'000));
  m_library->setQuota(QStringLiteral("localstorage"), 1000);
  COMPARE_ERROR(m_library->move(from, QStringLiteral("localstorage://m")), "E202");
  QVERIFY(m_library->contains(from));
  m_library->move(from, at("m"));
  QVERIFY(!m_library->contains(from));
  QCOMPARE(m_library->load(at("m")).weightData->joined(), sized(100'000).weightData->joined());
  QCOMPARE(m_library->trash().size(), 1u);  // the source can still be had back
  QCOMPARE(m_library->restore(m_library->trash().front().id), from);
}

namespace {

const QStringList kPlaces = {QStringLiteral("folder"), QStringLiteral("mixed"), QStringLiteral("pair.json"),
                             QStringLiteral("localstorage://m"), QStringLiteral("indexeddb://m")};

}  // namespace

void TestModelLibrary::movesBetweenAnyTwoStores_data() {
  QTest::addColumn<QString>("from");
  QTest::addColumn<QString>("to");
  for (const QString& from : kPlaces)
    for (const QString& to : kPlaces) QTest::newRow(qPrintable(from + QStringLiteral(" to ") + to)) << from << to;
}

void TestModelLibrary::movesBetweenAnyTwoStores() {
  QFETCH(QString, from);
  QFETCH(QString, to);
  const auto placed = [&](const QString& place, const char* side) {
    if (place.contains(QStringLiteral("://"))) return place + QLatin1String(side);
    const QString path = at(side) + u'/' + place;
    QDir().mkpath(place == QStringLiteral("mixed") ? path : at(side));
    if (place == QStringLiteral("mixed")) write(path + QStringLiteral("/holiday.jpg"), "picture");
    return path;
  };
  const QString source = placed(from, "from"), target = placed(to, "to");
  ModelArtifacts artifacts = capture(QStringLiteral("optimizer"));
  artifacts.unknownMembers["extra"] = Json{{"kept", {1, 2.5, nullptr}}};
  m_library->save(source, artifacts);
  m_library->save(target, capture(QStringLiteral("plain")));
  QVERIFY(errorOf([&] { m_library->move(source, target); }).kind() == ErrorKind::AlreadyExists);
  QCOMPARE(wholeOf(m_library->load(source)), wholeOf(artifacts));
  QCOMPARE(wholeOf(m_library->load(target)), wholeOf(capture(QStringLiteral("plain"))));
  m_library->move(source, target, true);
  QVERIFY(!m_library->contains(source));
  QCOMPARE(wholeOf(m_library->load(target)), wholeOf(artifacts));
  QCOMPARE(m_library->trash().size(), 2u);  // the source, and what it replaced
  for (const TrashEntry& entry : m_library->trash())
    if (entry.url == parsePlace(source).url()) m_library->restore(entry.id);
  QCOMPARE(wholeOf(m_library->load(source)), wholeOf(artifacts));
}

void TestModelLibrary::losesNothingWhereAFailedMoveStops_data() {
  movesBetweenAnyTwoStores_data();
}

/// TensorFlow.js' moveModel removes the source first, and its failed overwrite deletes the old model.
void TestModelLibrary::losesNothingWhereAFailedMoveStops() {
  QFETCH(QString, from);
  QFETCH(QString, to);
  const auto placed = [&](const QString& place, const char* side) {
    if (place.contains(QStringLiteral("://"))) return place + QLatin1String(side);
    QDir().mkpath(at(side));
    return at(side) + u'/' + place;
  };
  const QString source = placed(from, "from"), target = placed(to, "to");
  m_library->save(source, sized(50'000, 2));
  m_library->save(target, sized(100, 1));
  const QString scheme = parsePlace(target).scheme;
  const StoreUsage usage = scheme == QStringLiteral("file") ? StoreUsage() : m_library->usage(scheme);
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
  if (usage.quota > 0) {
    m_library->setQuota(scheme, usage.used + 1000);
  } else {
    const rlimit small{100'000, old.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  const Error error = errorOf([&] { m_library->move(source, target, true); });
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, oldHandler);
  QCOMPARE(error.code(), std::string(usage.quota > 0 ? "E202" : "E201"));
  QCOMPARE(m_library->load(source).weightData->joined(), sized(50'000, 2).weightData->joined());
  QCOMPARE(m_library->load(target).weightData->joined(), sized(100, 1).weightData->joined());
}

void TestModelLibrary::cancelsAnywhere_data() {
  QTest::addColumn<QString>("place");
  for (const QString& place : kPlaces) QTest::newRow(qPrintable(place)) << place;
}

/// A model that another program wrote since it was loaded is not overwritten unasked.
void TestModelLibrary::asksWhenTheBaseIsStale() {
  QFETCH(QString, place);
  const QString url = place.contains(QStringLiteral("://")) ? place : at(qPrintable(place));
  QVERIFY(m_library->stamp(url).isEmpty());
  m_library->save(url, sized(10, 1));
  SaveOptions options;
  options.overwrite = true;
  options.base = m_library->stamp(url);
  QVERIFY(!options.base.isEmpty());
  m_library->save(url, sized(10, 2), options);  // nobody came between
  options.base = m_library->stamp(url);
  SaveOptions theirs;
  theirs.overwrite = true;
  ModelLibrary(at("home/store.sqlite")).save(url, sized(10, 3), theirs);
  const Error error = errorOf([&] { m_library->save(url, sized(10, 4), options); });
  QCOMPARE(error.code(), std::string("E203"));
  QVERIFY2(error.message().find(" was changed by another program at 20") != std::string::npos &&
               error.message().find("Nothing was written.") != std::string::npos,
           error.what());
  QCOMPARE(m_library->load(url).weightData->joined(), sized(10, 3).weightData->joined());
  m_library->remove(url);
  m_library->save(url, sized(10, 5), options);  // gone: nothing is lost by saving
}

/// At every tick of a save and of a load: it stops, the old model stays, and nothing is left lying about.
void TestModelLibrary::cancelsAnywhere() {
  QFETCH(QString, place);
  m_library->setQuota(QStringLiteral("localstorage"), 100'000'000);
  QDir().mkpath(at("work/mixed"));
  write(at("work/mixed/holiday.jpg"), "picture");
  const QString url = place.contains(QStringLiteral("://")) ? place : at("work/") + place;
  const ModelArtifacts old = sized(100, 1), fresh = sized(5'000'000, 2);
  m_library->save(url, old);
  const auto files = [&] {
    QStringList names;
    for (QDirIterator it(at("work"), QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
         it.hasNext();)
      names.append(it.next());
    names.sort();
    return names;
  };
  const QStringList before = files();
  SaveOptions replace;
  replace.overwrite = true;
  int ticks = 0;
  for (int stop = 1;; ++stop) {
    int left = stop;
    ticks = 0;
    const auto progress = [&](std::int64_t, std::int64_t) { return ++ticks, --left > 0; };
    try {
      m_library->save(url, fresh, replace, progress);
      break;
    } catch (const Error& error) {
      QVERIFY2(error.kind() == ErrorKind::Cancelled, error.what());
    }
    QCOMPARE(files(), before);
    QCOMPARE(m_library->load(url).weightData->joined(), old.weightData->joined());
  }
  QVERIFY(ticks > 0 || place.startsWith(QStringLiteral("localstorage")));
  for (int stop = 1;; ++stop) {
    int left = stop;
    LoadOptions options;
    options.progress = [&](std::int64_t, std::int64_t) { return --left > 0; };
    try {
      QCOMPARE(m_library->load(url, options).weightData->joined(), fresh.weightData->joined());
      break;
    } catch (const Error& error) {
      QVERIFY2(error.kind() == ErrorKind::Cancelled, error.what());
    }
  }
}

/// The same of copies and moves: what stands at the target stays, and so does the source.
void TestModelLibrary::cancelsCopiesAndMovesAnywhere() {
  QFETCH(QString, from);
  QFETCH(QString, to);
  m_library->setQuota(QStringLiteral("localstorage"), 100'000'000);
  const auto placed = [&](const QString& place, const char* side) {
    if (place.contains(QStringLiteral("://"))) return place + QLatin1String(side);
    QDir().mkpath(at(side));
    return at(side) + u'/' + place;
  };
  const QString source = placed(from, "from"), target = placed(to, "to");
  const ModelArtifacts model = sized(2'000'000, 1), old = sized(100, 2);
  m_library->save(source, model);
  for (const bool isMove : {false, true}) {
    SaveOptions replace;
    replace.overwrite = true;
    m_library->save(target, old, replace);
    const std::size_t trashed = m_library->trash().size();
    for (int stop = 1;; ++stop) {
      int left = stop;
      const StoreProgress progress = [&](std::int64_t, std::int64_t) { return --left > 0; };
      try {
        isMove ? m_library->move(source, target, true, progress) : m_library->copy(source, target, true, {}, progress);
        break;
      } catch (const Error& error) {
        QVERIFY2(error.kind() == ErrorKind::Cancelled, error.what());
      }
      QCOMPARE(m_library->load(source).weightData->joined(), model.weightData->joined());
      QCOMPARE(m_library->load(target).weightData->joined(), old.weightData->joined());
      QCOMPARE(m_library->trash().size(), trashed);
    }
    QCOMPARE(m_library->load(target).weightData->joined(), model.weightData->joined());
    QCOMPARE(m_library->contains(source), !isMove);
  }
}

/// Another program saves the source anew while it is moved: that save is not taken away.
void TestModelLibrary::keepsWhatCameDuringAMove() {
  for (const QString& from : {QStringLiteral("indexeddb://m"), at("from")}) {
    m_library->save(from, sized(100'000, 1));
    SaveOptions replace;
    replace.overwrite = true;
    int ticks = 0;
    const auto overtake = [&](std::int64_t done, std::int64_t) {
      if (done > 0 && ++ticks == 1) ModelLibrary(at("home/store.sqlite")).save(from, sized(100'000, 2), replace);
      return true;
    };
    const Error error = errorOf([&] { m_library->move(from, at("to/m"), true, overtake); });
    QCOMPARE(error.code(), std::string("E203"));
    QVERIFY2(error.message().find("was changed by another program at 20") != std::string::npos, error.what());
    QCOMPARE(m_library->load(from).weightData->joined(), sized(100'000, 2).weightData->joined());
    QCOMPARE(m_library->load(at("to/m")).weightData->joined(), sized(100'000, 1).weightData->joined());
  }
}

void TestModelLibrary::refusesMovesThatCannotBeProven() {
  m_library->save(at("m"), capture(QStringLiteral("plain")));
  const Error upload = errorOf([&] { m_library->move(at("m"), QStringLiteral("http://127.0.0.1:9/upload")); });
  QVERIFY(upload.kind() == ErrorKind::Unsupported);
  QVERIFY2(upload.message().find("cannot be read back") != std::string::npos, upload.what());
  QVERIFY(m_library->contains(at("m")));
  const Error download = errorOf([&] { m_library->move(QStringLiteral("http://127.0.0.1:9/model.json"), at("n")); });
  QVERIFY(download.kind() == ErrorKind::Unsupported);
  QVERIFY(!QFile::exists(at("n")));
}

void TestModelLibrary::keepsSecretsFromASecondServer() {
  LoadOptions options;
  options.http.setBearerToken(QStringLiteral("s3cret"));
  const Error error = errorOf([&] {
    m_library->copy(QStringLiteral("http://127.0.0.1:9/model.json"), QStringLiteral("http://127.0.0.2:9/up"), false,
                    options);
  });
  QVERIFY(error.kind() == ErrorKind::InvalidConfig);
  QVERIFY2(error.message().find("Nothing was copied.") != std::string::npos, error.what());
}

void TestModelLibrary::goesThroughBrowserDumps() {
  const QByteArray local = bytesOf(path(QStringLiteral("captures/localstorage.json")));
  const QByteArray indexed = bytesOf(path(QStringLiteral("captures/indexeddb.json")));
  QCOMPARE(m_library->importDump(local, QStringLiteral("dump.json")).size(), 2);
  QCOMPARE(m_library->importDump(indexed, QStringLiteral("dump.json"), {QStringLiteral("indexeddb://plain")}).size(),
           1);
  QVERIFY(errorOf([&] {
            m_library->importDump(indexed, QStringLiteral("dump.json"), {QStringLiteral("indexeddb://x")});
          }).kind() == ErrorKind::NotFound);
  QVERIFY(errorOf([&] { m_library->importDump(local, QStringLiteral("dump.json")); }).kind() ==
          ErrorKind::AlreadyExists);
  m_library->importDump(indexed, QStringLiteral("dump.json"), {}, true);
  QCOMPARE(m_library->trash().size(), 1u);
  for (const char* name : {"plain", "optimizer"})
    for (const QString& scheme : {QStringLiteral("localstorage://"), QStringLiteral("indexeddb://")})
      QCOMPARE(wholeOf(m_library->load(scheme + QLatin1String(name))), wholeOf(capture(QLatin1String(name))));

  const Json both = Json::parse(m_library->exportDump().toStdString());
  QVERIFY(nlohmann::json(both["localStorage"]) == nlohmann::json(Json::parse(local.toStdString())));
  QCOMPARE(QString::fromStdString(both["indexedDB"].dump()),
           QString::fromStdString(Json::parse(indexed.toStdString()).dump()));
  const Json one = Json::parse(m_library->exportDump({QStringLiteral("localstorage://plain")}).toStdString());
  QCOMPARE(one.size(), 5u);
  QVERIFY(Json::parse(m_library->exportDump({QStringLiteral("indexeddb://plain")}).toStdString()).is_array());
  QVERIFY(errorOf([&] { m_library->exportDump({at("m")}); }).kind() == ErrorKind::InvalidConfig);

  QByteArray lacking = local;
  lacking.replace("plain/weight_specs", "plain/other");
  COMPARE_ERROR(
      m_library->importDump(lacking, QStringLiteral("dump.json"), {QStringLiteral("localstorage://plain")}, true),
      "E104");
  QByteArray damaged = indexed;
  damaged.replace("{\n                \"$arrayBuffer\": \"", "{\"$arrayBuffer\": \"!");
  damaged.replace("\"$arrayBuffer\": \"A", "\"$arrayBuffer\": \"!");
  COMPARE_ERROR(m_library->importDump(damaged, QStringLiteral("dump.json"), {}, true), "E104");
  COMPARE_ERROR(m_library->importDump("{\"a\":", QStringLiteral("dump.json")), "E103");
  COMPARE_ERROR(m_library->importDump("7", QStringLiteral("dump.json")), "E104");
  QCOMPARE(m_library->importDump("{\"theme\":\"dark\"}", QStringLiteral("dump.json")).size(), 0);
  QCOMPARE(wholeOf(m_library->load(QStringLiteral("indexeddb://plain"))), wholeOf(capture(QStringLiteral("plain"))));
}

void TestModelLibrary::countsAsTensorFlowJs_data() {
  QTest::addColumn<QString>("name");
  QTest::newRow("plain") << "plain";
  QTest::newRow("optimizer") << "optimizer";
}

/// The figures of each of the browser's four saves.
void TestModelLibrary::countsAsTensorFlowJs() {
  QFETCH(QString, name);
  const Json saves = jsonOf(path(QStringLiteral("captures/expected.json"))).at(name.toStdString()).at("saves");
  for (const QString& place : kPlaces) {
    const ModelArtifactsInfo info =
        m_library->save(place.contains(QStringLiteral("://")) ? place : at(qPrintable(place)), capture(name)).info;
    for (const auto& [scheme, theirs] : saves.items()) {
      QCOMPARE(info.modelTopologyType.toStdString(), theirs.at("modelTopologyType").get<std::string>());
      QCOMPARE(info.modelTopologyBytes, theirs.at("modelTopologyBytes").get<std::int64_t>());
      QCOMPARE(info.weightSpecsBytes, theirs.at("weightSpecsBytes").get<std::int64_t>());
      QCOMPARE(info.weightDataBytes, theirs.at("weightDataBytes").get<std::int64_t>());
    }
    QVERIFY(std::abs(info.dateSaved.msecsTo(QDateTime::currentDateTimeUtc())) < 60'000);
  }
}

void TestModelLibrary::listsEverything() {
  m_library->save(QStringLiteral("localstorage://a"), capture(QStringLiteral("plain")));
  m_library->save(QStringLiteral("indexeddb://b"), capture(QStringLiteral("plain")));
  m_library->save(at("models/c"), capture(QStringLiteral("plain")));
  m_library->setFolders({at("models"), at("gone")});
  QStringList urls;
  for (const ModelEntry& entry : m_library->list()) urls.append(entry.url);
  QCOMPARE(urls.size(), 4);
  QVERIFY(urls.contains(QStringLiteral("localstorage://a")) && urls.contains(QStringLiteral("indexeddb://b")));
  QVERIFY(urls.contains(parsePlace(at("models/c")).url()));
  QVERIFY(m_library->list().back().problem.contains(QStringLiteral("not reachable")));
}

void TestModelLibrary::restoresFromAnyTrash() {
  for (const QString& url :
       {QStringLiteral("localstorage://a"), QStringLiteral("indexeddb://a"), parsePlace(at("a")).url()}) {
    m_library->save(url, capture(QStringLiteral("optimizer")));
    const TrashEntry entry = m_library->remove(url);
    QCOMPARE(entry.url, url);
    QVERIFY(!m_library->contains(url));
    QCOMPARE(m_library->restore(entry.id), url);
    QCOMPARE(wholeOf(m_library->load(url)), wholeOf(capture(QStringLiteral("optimizer"))));
    QVERIFY(errorOf([&] { m_library->restore(entry.id); }).kind() == ErrorKind::NotFound);
  }
}

void TestModelLibrary::previewsAreExact() {
  const ModelArtifacts artifacts = capture(QStringLiteral("optimizer"));
  const StorePreview files = previewSave(at("m"), artifacts, {});
  m_library->save(at("m"), artifacts);
  for (const PreviewItem& item : files.items) QCOMPARE(bytesOf(at("m") + u'/' + item.name).size(), item.amount);
  QCOMPARE(files.items.size(), 2u);

  const StorePreview keys =
      previewSave(QStringLiteral("localstorage://m"), artifacts, {}, m_library->usage(QStringLiteral("localstorage")));
  m_library->save(QStringLiteral("localstorage://m"), artifacts);
  QCOMPARE(keys.items.size(), 5u);
  QCOMPARE(keys.total, m_library->usage(QStringLiteral("localstorage")).used);
  QVERIFY(keys.fits());
  QVERIFY(!previewSave(QStringLiteral("localstorage://n"), artifacts, {}, {100, 200}).fits());

  const StorePreview records = previewSave(QStringLiteral("indexeddb://m"), artifacts, {});
  m_library->save(QStringLiteral("indexeddb://m"), artifacts);
  QCOMPARE(records.total, m_library->usage(QStringLiteral("indexeddb")).used);
}

void TestModelLibrary::previewsMaskSecrets() {
  SaveOptions options;
  options.http.headers = {{QStringLiteral("Authorization"), QStringLiteral("Bearer s3cret")},
                          {QStringLiteral("X-Api-Key"), QStringLiteral("s3cret")},
                          {QStringLiteral("X-Model"), QStringLiteral("it's")}};
  const QString url = QStringLiteral("https://me:s3cret@h.org/up?v=1");
  const StorePreview preview = previewSave(url, capture(QStringLiteral("plain")), options);
  QVERIFY(preview.request.startsWith(QStringLiteral("POST /up HTTP/1.1\nHost: h.org\n")));
  QVERIFY(preview.request.contains(QStringLiteral("Authorization: Bearer ****")));
  QVERIFY(preview.request.contains(QStringLiteral("(92 bytes)")));
  QCOMPARE(preview.items.at(1).amount, 92);
  for (const QString& text : {preview.request, asCurl(url, options.http), asTfIoHttp(url, options.http)})
    QVERIFY2(!text.contains(QStringLiteral("s3cret")), qPrintable(text));
  QVERIFY(asCurl(url, options.http).contains(QStringLiteral("-H \"Authorization: Bearer $TOKEN\"")));
  QVERIFY(asCurl(url, options.http).contains(QStringLiteral("-H 'X-Model: it'\\''s'")));
  QCOMPARE(asTfIoHttp(QStringLiteral("http://h/up"), HttpOptions{}),
           QStringLiteral("await model.save(tf.io.http(\"http://h/up\", {requestInit: {method: \"POST\"}}));"));
}

QTEST_GUILESS_MAIN(TestModelLibrary)
#include "tst_ModelLibrary.moc"

#include "model/storage/ModelLibrary.h"

#include "model/storage/StorePreview.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>
#include <QTest>

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
  void copiesLoseNothing();
  void movesOnlyWhatArrived();
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
  row("localstorage://moons", "localstorage", "moons", "localstorage://moons");
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
  for (const char* text : {"", "  ", "localstorage://", "indexeddb://a/b", "ftp://x/y", "http://", "indexeddb://a\nb"})
    QTest::newRow(text) << QString::fromLatin1(text);
}

void TestModelLibrary::refusesPlaces() {
  QFETCH(QString, text);
  QVERIFY(errorOf([&] { parsePlace(text); }).kind() == ErrorKind::InvalidConfig);
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
  QCOMPARE(*m_library->load(at("m")).weightData, *sized(100'000).weightData);
  QCOMPARE(m_library->trash().size(), 1u);  // the source can still be had back
  QCOMPARE(m_library->restore(m_library->trash().front().id), from);
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

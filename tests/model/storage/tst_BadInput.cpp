#include "model/core/Limits.h"
#include "model/format/ModelReader.h"
#include "model/storage/LockHolder.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/browser/SqliteStore.h"
#include "model/storage/browser/StoreDatabase.h"
#include "model/storage/folder/FolderLock.h"
#include "tests/support/ModelFixtures.h"

#include <QLocale>
#include <QProcess>
#include <QTemporaryDir>

#include <sys/resource.h>
#include <unistd.h>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string_view>

using namespace layersmith;
using namespace layersmith::fixtures;

/// What a person reads when a model on disk or in a store is not what it should be: code and words of each message.
class TestBadInput : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_library = std::make_unique<ModelLibrary>(at("home/store.sqlite"));
  }
  void says_data();
  void says();
  void countsWhatIsNoNumber();
  void namesDamageInTheStore();
  void saysThatTheDiskIsFull();
  void saysThatTheFolderCannotBeWritten();
  void saysThatTheQuotaIsReached();
  void saysThatTheFolderIsDenied();
  void saysThatTheStoreIsDenied();
  void saysThatTheStoreIsNoDatabase();
  void saysWhatWasChangedAfterSaving();
  void saysThatWeightsAreTooLong();
  void saysWhoIsSaving();
  void saysWhoWritesTheStore();

 private:
  QString at(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<ModelLibrary> m_library;
};

namespace {

QByteArray modelText(const QByteArray& manifest) {
  return R"({"modelTopology":{"class_name":"Sequential","config":{"name":"m","layers":[]}},"weightsManifest":)" +
         manifest + "}";
}

QByteArray manifest(const QByteArray& paths, const QByteArray& weights) {
  return "[{\"paths\":" + paths + ",\"weights\":" + weights + "}]";
}

/// What a child of this test does: keeps a folder or a store locked until its standard input ends.
int hold(const QStringList& words) {
  std::optional<FolderLock> folder;
  std::unique_ptr<SqliteDatabase> store;
  std::optional<SqliteTransaction> writing;
  if (words[1] == QStringLiteral("--hold-folder")) {
    folder.emplace(words[2]);
  } else {
    store = openStoreDatabase(words[2]);
    writing.emplace(*store);
  }
  std::puts("held");
  std::fflush(stdout);
  return std::getchar() == EOF ? 0 : 1;
}

/// Another program that has a lock as long as this lives.
class Holder {
 public:
  Holder(const char* what, const QString& path) {
    m_program.start(QCoreApplication::applicationFilePath(), {QString::fromLatin1(what), path});
    if (!m_program.waitForReadyRead(20'000)) qFatal("nothing is locked");
  }
  ~Holder() {
    m_program.closeWriteChannel();
    m_program.waitForFinished();
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  QString name() const { return QStringLiteral("process %1 (tst_BadInput)").arg(m_program.processId()); }

 private:
  QProcess m_program;
};

constexpr QFile::Permissions kReadable =
    QFile::ReadOwner | QFile::ExeOwner | QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther;

const QByteArray kOne = R"([{"name":"d/kernel","shape":[4],"dtype":"float32"}])";

}  // namespace

void TestBadInput::says_data() {
  QTest::addColumn<QByteArray>("json");
  QTest::addColumn<QByteArray>("weights");
  QTest::addColumn<QString>("code");
  QTest::addColumn<QString>("words");
  const auto row = [](const char* name, const QByteArray& json, const QByteArray& weights, const char* code,
                      const char* words) {
    QTest::newRow(name) << json << weights << QString::fromLatin1(code) << QString::fromLatin1(words);
  };
  const QByteArray good = modelText(manifest("[\"w\"]", kOne)), sixteen(16, 'x');
  row("E101 a page as model.json", "<!DOCTYPE html><html>Sign in</html>", sixteen, "E101",
      "model.json holds a web page, not a model: what was saved is a server's answer. Download the file itself again.");
  row("E101 a page as weights", good, "<html>404", "E101", "w holds a web page, not a model");
  row("E102 git-lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n", sixteen, "E102",
      "model.json is a git-lfs pointer, not a model.json. Fetch the real file with `git lfs pull`.");
  row("E102 git-lfs weights", modelText(manifest("[\"w\"]", R"([{"name":"a","shape":[100],"dtype":"float32"}])")),
      "version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "E102",
      "w is a git-lfs pointer, not a weight file.");
  row("E102 pickle", "\x80\x04\x95rest", sixteen, "E102",
      "model.json is a Python pickle, not a model.json. Pickles can hold code and are never opened.");
  row("E102 zip", "PK\x03\x04rest", sixteen, "E102", "model.json is a zip archive, not a model.json.");
  row("E102 h5", "\x89HDF\r\n\x1a\nrest", sixteen, "E102", "model.json is a Keras HDF5 file, not a model.json.");
  row("E102 gzip", "\x1f\x8b\x08rest", sixteen, "E102", "model.json is a gzip file, not a model.json. Unpack it first");
  row("E102 empty", "", sixteen, "E102", "model.json is a file without content, not a model.json.");
  row("E103 broken", "{\"modelTopology\":\n {\"a\": tru}}", sixteen, "E103", "model.json, line 2, column");
  row("E103 cut", "{\"modelTopology\": {\"a\"", sixteen, "E103", "model.json, line 1, column");
  row("E103 a key twice", "{\"modelTopology\":{},\"modelTopology\":{}}", sixteen, "E103", "model.json, line 1, column");
  row("E104 no model", "{\"a\":1}", sixteen, "E104",
      "model.json: modelTopology is missing. This is JSON, but not a TensorFlow.js model.");
  row("E104 no paths", modelText("[{\"weights\":[]}]"), sixteen, "E104", "weightsManifest[0].paths");
  row("E104 wrong type", modelText(manifest("[\"w\"]", R"([{"name":7,"shape":[4],"dtype":"float32"}])")), sixteen,
      "E104", "weightsManifest[0].weights[0].name: expected a text, found");
  row("E104 unknown dtype", modelText(manifest("[\"w\"]", R"([{"name":"a","shape":[4],"dtype":"float8"}])")), sixteen,
      "E104", "expected one of float32, int32, bool");
  row("E104 negative shape", modelText(manifest("[\"w\"]", R"([{"name":"a","shape":[-4],"dtype":"float32"}])")),
      sixteen, "E104", "weightsManifest[0].weights[0].shape: expected sizes of 0 or more");
  row("E104 a name twice",
      modelText(manifest("[\"w\"]",
                         R"([{"name":"a","shape":[2],"dtype":"float32"},{"name":"a","shape":[2],"dtype":"float32"}])")),
      sixteen, "E104", "The weight \"a\" is named twice in the weights manifest.");
  row("E104 a scale that is none",
      modelText(manifest(
          "[\"w\"]",
          R"([{"name":"a","shape":[4],"dtype":"float32","quantization":{"dtype":"uint8","scale":"x","min":0}}])")),
      sixteen, "E104", "quantization.scale: expected a finite number");
  row("E104 keras", R"({"class_name":"Sequential","config":{"layers":[]}})", sixteen, "E104",
      "describes a Keras model without its weights");
  row("E110 short", good, QByteArray(12, 'x'), "E110",
      "Weight file w: 12 bytes, 16 expected by the manifest (4 too few). Copy or download it again.");
  row("E110 missing", modelText(manifest("[\"v\"]", kOne)), sixteen, "E110",
      "Weight file v is missing: 0 bytes, 16 expected by the manifest. Copy or download it again.");
  row("E130 rank", modelText(manifest("[\"w\"]", R"([{"name":"a","shape":[1,1,1,1,1,1,1,1,1],"dtype":"float32"}])")),
      sixteen, "E130", "is 9; the limit is 8.");
  row("E130 elements", modelText(manifest("[\"w\"]", R"([{"name":"a","shape":[1099511627776,2],"dtype":"float32"}])")),
      sixteen, "E130",
      "The shape (1099511627776, 2) has too many elements; the limit is 1099511627776 (setting tensor.elements).");
  row("E130 bytes", modelText(manifest("[\"w\"]", R"([{"name":"a","shape":[8589934592],"dtype":"float32"}])")), sixteen,
      "E130", "the size of all weights is 34359738368; the limit is 17179869184 (setting weights.bytes).");
  row("E130 depth", QByteArray("{\"modelTopology\":") + QByteArray(100, '[') + QByteArray(100, ']') + "}", sixteen,
      "E130", "model.json: the nesting depth is 65; the limit is 64.");
  row("E130 name",
      modelText(manifest("[\"w\"]", "[{\"name\":\"" + QByteArray(2000, 'a') + R"(","shape":[4],"dtype":"float32"}])")),
      sixteen, "E130", "is 2000; the limit is 1024 (setting name.bytes).");
  row("E131 up", modelText(manifest("[\"../w\"]", kOne)), sixteen, "E131",
      "../w points outside the model's folder. Refused.");
  row("E131 absolute", modelText(manifest("[\"/etc/passwd\"]", kOne)), sixteen, "E131",
      "/etc/passwd points outside the model's folder. Refused.");
  row("E131 backslash", modelText(manifest("[\"..\\\\w\"]", kOne)), sixteen, "E131",
      "points outside the model's folder");
  row("E131 nothing between", modelText(manifest("[\"a/../../w\"]", kOne)), sixteen, "E131",
      "points outside the model's folder");
}

void TestBadInput::says() {
  QFETCH(QByteArray, json);
  QFETCH(QByteArray, weights);
  QFETCH(QString, code);
  QFETCH(QString, words);
  QDir().mkpath(at("m"));
  write(at("m/model.json"), json);
  write(at("m/w"), weights);
  write(at("w"), weights);
  const Error error = errorOf([&] { m_library->load(at("m")); });
  QCOMPARE(QString::fromStdString(error.code()), code);
  QVERIFY2(QString::fromStdString(error.message()).contains(words), error.what());
}

void TestBadInput::countsWhatIsNoNumber() {
  ModelArtifacts artifacts = capture(QStringLiteral("plain"));
  QByteArray bytes = artifacts.weightData->joined();
  const float nan = std::nanf(""), infinity = INFINITY;
  std::memcpy(bytes.data() + 4, &nan, 4);
  std::memcpy(bytes.data() + 12, &infinity, 4);
  artifacts.weightData = std::make_shared<const WeightBytes>(bytes);
  m_library->save(QStringLiteral("indexeddb://m"), artifacts);
  const ReadModel model = readModel(m_library->load(QStringLiteral("indexeddb://m")));
  const auto issue = std::ranges::find(model.issues, "E121", &Issue::code);
  QVERIFY(issue != model.issues.end());
  QCOMPARE(issue->message, std::string("2 of 12 values in hidden/kernel are not numbers."));
}

void TestBadInput::namesDamageInTheStore() {
  m_library->importDump(bytesOf(path(QStringLiteral("captures/localstorage.json"))), QStringLiteral("dump"));
  const QByteArray text = m_library->exportDump({QStringLiteral("localstorage://plain")});
  QByteArray damaged = text;
  damaged.replace("AABAvwAAIL8", "AABA!!AAIL8");
  const Error error = errorOf([&] { m_library->importDump(damaged, QStringLiteral("dump"), {}, true); });
  QCOMPARE(error.code(), std::string("E110"));
  QVERIFY2(error.message() ==
               "localstorage://plain: weight_data is not base64: the stored weights are damaged. Nothing "
               "was imported.",
           error.what());
}

void TestBadInput::saysThatTheDiskIsFull() {
  m_library->save(at("m"), sized(10));
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  SaveOptions replace;
  replace.overwrite = true;
  const Error error = errorOf([&] { m_library->save(at("m"), sized(100'000), replace); });
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, oldHandler);
  QCOMPARE(error.code(), std::string("E201"));
  const QString message = QString::fromStdString(error.message());
  QVERIFY2(message.startsWith(QStringLiteral("Not saved: ")) && message.contains(QStringLiteral(" free, ")) &&
               message.endsWith(QStringLiteral("needed. Your old file is unchanged. Free space or save elsewhere.")),
           error.what());
}

void TestBadInput::saysThatTheFolderCannotBeWritten() {
  const Error error = errorOf([&] { m_library->save(QStringLiteral("/proc/self/m"), sized(10)); });
  QCOMPARE(error.code(), std::string("E201"));
  QVERIFY2(error.message().find("Not saved: /proc/self") == 0 &&
               error.message().find("Your old file is unchanged. Save elsewhere.") != std::string::npos,
           error.what());
}

void TestBadInput::saysThatTheQuotaIsReached() {
  m_library->save(QStringLiteral("localstorage://m"), sized(10));
  m_library->setQuota(QStringLiteral("localstorage"), 3000);
  SaveOptions replace;
  replace.overwrite = true;
  const auto refusal = [&](const QString& url) {
    const Error error = errorOf([&] { m_library->save(url, sized(3000), replace); });
    if (error.code() != "E202") qWarning("%s", error.what());
    return QString::fromStdString(error.message());
  };
  const auto units = [&](const QString& scheme) { return m_library->usage(scheme).used; };
  const QString alone = refusal(QStringLiteral("localstorage://m"));
  QVERIFY2(alone.startsWith(QStringLiteral("Not saved: needs 1")) &&
               alone.endsWith(QStringLiteral(" characters, 3000 characters of 3000 characters left in local storage. "
                                             "The stored 'm' is unchanged. Use IndexedDB or a folder.")),
           qPrintable(alone));
  // The largest three of the others, with what each takes.
  m_library->setQuota(QStringLiteral("localstorage"), 100'000);
  QStringList told;
  for (const int floats : {400, 100, 300, 200}) {
    const std::int64_t before = units(QStringLiteral("localstorage"));
    m_library->save(QStringLiteral("localstorage://of%1").arg(floats), sized(floats));
    told.append(
        QStringLiteral("'of%1' with %2 characters").arg(floats).arg(units(QStringLiteral("localstorage")) - before));
  }
  m_library->setQuota(QStringLiteral("localstorage"), units(QStringLiteral("localstorage")));
  const QString others = refusal(QStringLiteral("localstorage://m"));
  QVERIFY2(others.endsWith(QStringLiteral("The stored 'm' is unchanged. Delete models you no longer need (the largest: "
                                          "%1, %2, %3), or use IndexedDB or a folder.")
                               .arg(told[0], told[2], told[3])),
           qPrintable(others));
  m_library->save(QStringLiteral("indexeddb://big"), sized(10'000));
  m_library->setQuota(QStringLiteral("indexeddb"), 50'000);
  const QString database = refusal(QStringLiteral("indexeddb://m"));
  QVERIFY2(database.contains(QStringLiteral(" left in IndexedDB. The stored 'm' is unchanged. Delete models you no "
                                            "longer need (the largest: 'big' with %1), or use a folder.")
                                 .arg(QLocale::c().formattedDataSize(units(QStringLiteral("indexeddb"))))),
           qPrintable(database));
}

/// As who may not write there: root may anywhere.
void TestBadInput::saysThatTheFolderIsDenied() {
  QFile::setPermissions(m_folder->path(), kReadable);
  const bool isRoot = ::geteuid() == 0;
  QVERIFY(!isRoot || ::seteuid(65534) == 0);
  const Error folder = errorOf([&] { m_library->save(at("m"), sized(10)); });
  const Error pair = errorOf([&] { m_library->save(at("m.json"), sized(10)); });
  const Error store = errorOf([&] { m_library->save(QStringLiteral("indexeddb://m"), sized(10)); });
  QVERIFY(!isRoot || ::seteuid(0) == 0);
  QFile::setPermissions(m_folder->path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  for (const Error& error : {folder, pair}) {
    QCOMPARE(error.code(), std::string("E201"));
    QVERIFY2(error.message().find("Not saved: " + m_folder->path().toStdString() + "/") == 0 &&
                 error.message().find(": Permission denied. Your old file is unchanged. Save elsewhere.") !=
                     std::string::npos,
             error.what());
  }
  QCOMPARE(store.code(), std::string("E201"));
  QCOMPARE(QString::fromStdString(store.message()),
           QStringLiteral("The folder %1 of the store cannot be made: %1: Permission denied. Nothing was changed.")
               .arg(at("home")));
}

void TestBadInput::saysThatTheStoreIsDenied() {
  const QString store = at("home/store.sqlite");
  m_library->save(QStringLiteral("indexeddb://m"), sized(10));
  m_library.reset();
  QVERIFY(QFile::setPermissions(m_folder->path(), kReadable | QFile::WriteOwner));
  QVERIFY(QFile::setPermissions(store, QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther));
  const bool isRoot = ::geteuid() == 0;
  QVERIFY(!isRoot || ::seteuid(65534) == 0);
  ModelLibrary library(store);
  const Error error = errorOf([&] { library.save(QStringLiteral("indexeddb://n"), sized(10)); });
  QVERIFY(!isRoot || ::seteuid(0) == 0);
  QCOMPARE(error.code(), std::string("E201"));
  const QString message = QString::fromStdString(error.message());
  QVERIFY2(message.startsWith(QStringLiteral("The store %1 cannot be read or written: ").arg(store)) &&
               message.endsWith(
                   QStringLiteral(". Nothing was changed. Allow writing to it and to its folder, or save elsewhere.")),
           error.what());
}

void TestBadInput::saysThatTheStoreIsNoDatabase() {
  QDir().mkpath(at("home"));
  write(at("home/store.sqlite"), QByteArray(4096, 'x'));
  const Error error = errorOf([&] { m_library->load(QStringLiteral("indexeddb://m")); });
  QCOMPARE(error.code(), std::string("E205"));
  QVERIFY2(QString::fromStdString(error.message())
               .contains(QStringLiteral("The store %1 is damaged: file is not a database. Nothing was changed. Restore "
                                        "it from a backup, or use another store.")
                             .arg(at("home/store.sqlite"))),
           error.what());
}

void TestBadInput::saysWhatWasChangedAfterSaving() {
  m_library->save(at("m"), sized(10));
  QByteArray bytes = bytesOf(at("m/weights.bin"));
  write(at("m/weights.bin"), bytes.replace(0, 1, "x"));
  const Error folder = errorOf([&] { m_library->load(at("m")); });
  QCOMPARE(folder.code(), std::string("E111"));
  QCOMPARE(folder.message(), std::string("weights.bin was changed or damaged after saving (generation 1). Open "
                                         "anyway? Restore the previous version?"));
  m_library->save(QStringLiteral("indexeddb://m"), sized(10));
  SqliteDatabase(at("home/store.sqlite")).execute("UPDATE chunk SET bytes = zeroblob(40)");
  const Error store = errorOf([&] { m_library->load(QStringLiteral("indexeddb://m")); });
  QCOMPARE(store.code(), std::string("E111"));
  QCOMPARE(store.message(), std::string("indexeddb://m was changed or damaged after saving (generation 1). Open "
                                        "anyway? Restore the previous version?"));
}

/// TensorFlow.js loads such a model: it opens, and says so.
void TestBadInput::saysThatWeightsAreTooLong() {
  const ModelArtifacts plain = capture(QStringLiteral("plain"));
  SaveOptions plainly;
  plainly.addHashes = false;
  m_library->save(at("m"), plain, plainly);
  write(at("m/weights.bin"), plain.weightData->joined() + "surplus");
  m_library->save(QStringLiteral("indexeddb://m"), plain);
  SqliteDatabase(at("home/store.sqlite")).execute("UPDATE chunk SET bytes = CAST(bytes || 'surplus' AS BLOB)");
  LoadOptions anyway;
  anyway.acceptChangedFiles = true;
  for (const QString& url : {at("m"), QStringLiteral("indexeddb://m")}) {
    const ReadModel model = readModel(m_library->load(url, anyway));
    const auto issue = std::ranges::find(model.issues, "E110", &Issue::code);
    QVERIFY2(issue != model.issues.end(), qPrintable(url));
    QCOMPARE(issue->message,
             std::string("The weight files hold 7 bytes more than the manifest names. They are passed over."));
  }
}

void TestBadInput::saysWhoIsSaving() {
  m_library->save(at("m"), sized(10));
  SaveOptions replace;
  replace.overwrite = true;
  {
    const Holder other("--hold-folder", m_folder->path());
    const Error error = errorOf([&] { m_library->save(at("m"), sized(10, 2), replace); });
    QCOMPARE(error.code(), std::string("E203"));
    QCOMPARE(QString::fromStdString(error.message()),
             QStringLiteral("A model in %1 is being saved by %2. Nothing was changed. Try again in a moment.")
                 .arg(m_folder->path(), other.name()));
    QCOMPARE(m_library->load(at("m")).weightData->joined(), sized(10).weightData->joined());
  }
  m_library->save(at("m"), sized(10, 2), replace);
  QCOMPARE(lockHolder(m_folder->path()), QString());
}

void TestBadInput::saysWhoWritesTheStore() {
  const QString path = at("home/store.sqlite");
  m_library->save(QStringLiteral("indexeddb://m"), sized(10));
  const auto database = openStoreDatabase(path);
  database->waitForLocks(100);
  SqliteStore impatient(indexedDbFormat(), [&]() -> SqliteDatabase& { return *database; });
  SaveOptions replace;
  replace.overwrite = true;
  {
    const Holder other("--hold-store", path);
    const Error error = errorOf([&] { impatient.save(QStringLiteral("m"), sized(10, 2), replace); });
    QCOMPARE(error.code(), std::string("E203"));
    QCOMPARE(QString::fromStdString(error.message()),
             QStringLiteral("The store %1 is in use by %2. Nothing was changed. Try again in a moment.")
                 .arg(path, other.name()));
    QCOMPARE(impatient.load(QStringLiteral("m")).weightData->joined(), sized(10).weightData->joined());
  }
  impatient.save(QStringLiteral("m"), sized(10, 2), replace);
  QCOMPARE(lockHolder(path + QStringLiteral("-shm")), QString());
}

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  if (argc == 3 && std::string_view(argv[1]).starts_with("--hold-")) return hold(app.arguments());
  TestBadInput test;
  return QTest::qExec(&test, argc, argv);
}

#include "tst_BadInput.moc"
